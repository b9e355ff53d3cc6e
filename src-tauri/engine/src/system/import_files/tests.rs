use super::*;
use crate::model::connection::Sign;
use crate::model::secret::ExposeSecret;

const HOME: &str = "/home/ada";

fn shown(program: Program, system: System, env: &[(&str, &str)]) -> Vec<String> {
    let env = |name: &str| {
        env.iter().find(|(other, _)| *other == name).map(|(_, value)| OsString::from(value))
    };
    let places = places(program, system, Path::new(HOME), env);
    places.iter().map(|place| place.display().to_string().replace('\\', "/")).collect()
}

#[test]
fn each_program_is_looked_for_where_it_keeps_its_file() {
    type Row = (Program, System, &'static [(&'static str, &'static str)], &'static [&'static str]);
    let table: [Row; 14] = [
        (
            Program::Rclone,
            System::Linux,
            &[],
            &["/home/ada/.config/rclone/rclone.conf", "/home/ada/.rclone.conf"],
        ),
        (
            Program::Rclone,
            System::Mac,
            &[("XDG_CONFIG_HOME", "/xdg")],
            &["/xdg/rclone/rclone.conf", "/home/ada/.rclone.conf"],
        ),
        (
            Program::Rclone,
            System::Windows,
            &[("APPDATA", "/roaming")],
            &[
                "/roaming/rclone/rclone.conf",
                "/home/ada/.config/rclone/rclone.conf",
                "/home/ada/.rclone.conf",
            ],
        ),
        (Program::Rclone, System::Linux, &[("RCLONE_CONFIG", "/own.conf")], &["/own.conf"]),
        (
            Program::Cyberduck,
            System::Mac,
            &[],
            &[
                "/home/ada/Library/Group Containers/G69SCX94XU.duck/Library/Application Support/duck",
                "/home/ada/Library/Application Support/Cyberduck",
            ],
        ),
        (Program::Cyberduck, System::Windows, &[("APPDATA", "/roaming")], &["/roaming/Cyberduck"]),
        (Program::Cyberduck, System::Windows, &[], &["/home/ada/AppData/Roaming/Cyberduck"]),
        (Program::Cyberduck, System::Linux, &[], &["/home/ada/.duck"]),
        (Program::S3cmd, System::Linux, &[], &["/home/ada/.s3cfg"]),
        (Program::S3cmd, System::Windows, &[("APPDATA", "/roaming")], &["/roaming/s3cmd.ini"]),
        (Program::S3cmd, System::Mac, &[("S3CMD_CONFIG", "/own")], &["/own"]),
        (
            Program::Mc,
            System::Mac,
            &[],
            &["/home/ada/.mc/config.json", "/home/ada/.mcli/config.json"],
        ),
        (
            Program::Mc,
            System::Windows,
            &[],
            &["/home/ada/mc/config.json", "/home/ada/mcli/config.json"],
        ),
        (Program::Mc, System::Linux, &[("MC_CONFIG_DIR", "/own")], &["/own/config.json"]),
    ];
    for (program, system, env, want) in table {
        assert_eq!(shown(program, system, env), want, "{program} {system:?} {env:?}");
    }
}

/// The one reason that a file is refused with, and that it is the whole file.
fn refused(program: Program, file: &Path) -> WhyNot {
    let mut contents = read(Some(program), Some(file));
    assert!(contents.found.is_empty() && contents.not.len() == 1, "{contents:?}");
    let not = contents.not.remove(0);
    assert_eq!((not.program, not.name), (program, None));
    not.why
}

#[test]
fn a_bad_file_is_refused_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config");
    let of = |program, bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        refused(program, &path)
    };
    assert_eq!(of(Program::Rclone, b"[half\ntype = s3\n"), WhyNot::Malformed);
    assert_eq!(of(Program::Rclone, b"# x\n\nRCLONE_ENCRYPT_V0:\nabc\n"), WhyNot::Encrypted);
    assert_eq!(of(Program::Rclone, b"[a]\ntype = s3\nname = \xe4\xf6\n"), WhyNot::NotUtf8);
    assert_eq!(of(Program::Rclone, b"\xff\xfe[\0a\0]\0"), WhyNot::NotUtf8);
    assert_eq!(of(Program::S3cmd, b"[a]\0\0\0"), WhyNot::NotUtf8);
    assert_eq!(of(Program::S3cmd, b"host_base = s3.example.com\n"), WhyNot::Malformed);
    assert_eq!(of(Program::Mc, b"{\"aliases\": "), WhyNot::Malformed);
    assert_eq!(of(Program::Mc, b"[]"), WhyNot::Malformed);
    assert_eq!(of(Program::Cyberduck, b"bplist00 and no more"), WhyNot::Malformed);
    assert_eq!(of(Program::Cyberduck, b"<dict><key>Protocol</key>"), WhyNot::Malformed);
    // a hole of a terabyte would be read for hours
    let bytes = 1 << 40;
    let huge = std::fs::File::create(&path).unwrap();
    huge.set_len(bytes).unwrap();
    for program in [Program::Rclone, Program::Cyberduck, Program::S3cmd, Program::Mc] {
        assert_eq!(refused(program, &path), WhyNot::TooLarge { bytes });
    }
    let is_missing = |why| matches!(why, WhyNot::Unreadable { cause } if cause.contains("no such"));
    assert!(is_missing(refused(Program::Mc, &folder.path().join("none"))));
    assert!(is_missing(refused(Program::Cyberduck, &folder.path().join("none"))));
    assert_eq!(refused(Program::Rclone, folder.path()), WhyNot::NotAFile);
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_devices_are_not_read() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let real = folder.path().join("real.conf");
    std::fs::write(&real, "[a]\ntype = s3\nprovider = AWS\naccess_key_id = AK\n").unwrap();
    let link = folder.path().join("link.conf");
    symlink(&real, &link).unwrap();
    let contents = read(Some(Program::Rclone), Some(&link));
    assert_eq!(contents.found.len(), 1, "{contents:?}");

    let broken = folder.path().join("broken.conf");
    symlink(folder.path().join("gone"), &broken).unwrap();
    let why = refused(Program::Rclone, &broken);
    assert_eq!(why, WhyNot::Unreadable { cause: "the link points to nothing".into() });
    let zero = folder.path().join("zero.conf");
    symlink("/dev/zero", &zero).unwrap();
    assert_eq!(refused(Program::Rclone, &zero), WhyNot::NotAFile);

    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o000)).unwrap();
    // the superuser reads it all the same
    if std::fs::read(&real).is_err() {
        let why = refused(Program::Rclone, &real);
        assert_eq!(why, WhyNot::Unreadable { cause: "no permission".into() });
    }
}

#[test]
fn bookmarks_take_what_they_lack_from_profiles_and_passwords() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("Bookmarks/a.duck", include_str!("../../model/import/samples/lab.duck"));
    write("Bookmarks/note.txt", "no bookmark");
    write(
        "Profiles/lab.cyberduckprofile",
        include_str!("../../model/import/samples/lab.cyberduckprofile"),
    );
    write("credentials", "#Sat Nov 28\nhttps\\://LABKEY@s3.lab.example\\:9443=s\\=cr\\:t\n");
    let contents = read(Some(Program::Cyberduck), Some(folder.path()));
    assert!(contents.not.is_empty() && contents.found.len() == 1, "{contents:?}");
    let found = &contents.found[0];
    let connection = &found.connection;
    assert_eq!(connection.endpoint.as_deref(), Some("https://s3.lab.example:9443/gateway"));
    assert_eq!((connection.region.as_str(), connection.path_style), ("lab-1", true));
    assert_eq!(connection.sign, Sign::Keys { access_key_id: "LABKEY".into() });
    assert_eq!(
        (connection.bucket.as_deref(), connection.prefix.as_str()),
        (Some("scans"), "2026/")
    );
    let secret = found.secret.as_ref().unwrap();
    assert_eq!(secret.secret_access_key.expose_secret(), "s=cr:t");
}
