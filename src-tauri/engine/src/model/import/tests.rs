//! `samples/rclone.conf` was written by rclone 1.75 (`rclone config create`), `samples/rclone-encrypted.conf` by the same with
//! a password, and `samples/s3cfg` by s3cmd 2.4 (`s3cmd --dump-config`).

use super::*;
use crate::model::secret::ExposeSecret;
use cyberduck::Passwords;

fn contents(program: Program, text: &str) -> Contents {
    let mut contents = Contents::default();
    read(program, "file", text, &mut contents);
    contents
}

fn named<'a>(contents: &'a Contents, name: &str) -> &'a Importable {
    contents.found.iter().find(|one| one.connection.name == name).expect(name)
}

fn secret(one: &Importable) -> Option<&str> {
    one.secret.as_ref().map(|secret| secret.secret_access_key.expose_secret())
}

/// Preset, endpoint, region, path style.
fn place(one: &Importable) -> (&str, Option<&str>, &str, bool) {
    let Connection { preset, endpoint, region, path_style, .. } = &one.connection;
    (preset, endpoint.as_deref(), region, *path_style)
}

fn key(id: &str) -> Sign {
    Sign::Keys { access_key_id: id.into() }
}

fn reasons(contents: &Contents) -> Vec<(&str, &WhyNot)> {
    contents.not.iter().map(|not| (not.name.as_deref().unwrap_or(""), &not.why)).collect()
}

#[test]
fn rclone_s_remotes() {
    let contents = contents(Program::Rclone, include_str!("samples/rclone.conf"));
    let table = [
        ("amazon", ("aws", None, "eu-central-1", false)),
        ("r2", ("r2", Some("https://9c1f.eu.r2.cloudflarestorage.com"), "auto", true)),
        ("minio", ("minio", Some("http://127.0.0.1:9000"), "us-east-1", true)),
        ("odd name", ("other", Some("https://s3.example.com:8443"), "us-east-1", false)),
        ("env", ("aws", None, "us-west-2", false)),
        ("studio", ("aws", None, "us-east-1", false)),
        ("public", ("aws", None, "us-east-1", false)),
        ("spaces", ("spaces", Some("https://ams3.digitaloceanspaces.com"), "ams3", false)),
        ("wasabi", ("wasabi", Some("https://s3.eu-central-1.wasabisys.com"), "eu-central-1", true)),
    ];
    for (name, want) in table {
        assert_eq!(place(named(&contents, name)), want, "{name}");
    }
    assert_eq!(contents.found.len(), table.len());

    let amazon = named(&contents, "amazon");
    assert_eq!(amazon.connection.sign, key("AKIAIOSFODNN7EXAMPLE"));
    assert_eq!(secret(amazon), Some("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));
    assert!(amazon.secret.as_ref().unwrap().session_token.is_none());
    let stored = &amazon.connection.stored;
    assert_eq!(stored.storage_class.as_deref(), Some("STANDARD_IA"));
    assert_eq!(stored.encryption.as_deref(), Some("aws:kms"));
    assert_eq!(stored.kms_key_id.as_deref(), Some("alias/films"));
    // its default, which many buckets refuse by now
    assert_eq!(named(&contents, "r2").connection.stored, Options::default());
    let odd = named(&contents, "odd name");
    assert_eq!(secret(odd), Some(r#"a#b;c = "d" 'e'"#));
    let token = odd.secret.as_ref().unwrap().session_token.as_ref().unwrap();
    assert_eq!(token.expose_secret(), "tok==en");
    assert_eq!(named(&contents, "env").connection.sign, Sign::Environment);
    assert_eq!(
        named(&contents, "studio").connection.sign,
        Sign::Profile { profile: "studio".into() }
    );
    assert_eq!(named(&contents, "public").connection.sign, Sign::Nothing);

    let kind = |kind: &str| WhyNot::NotS3 { kind: kind.into() };
    assert_eq!(
        reasons(&contents),
        [
            ("mirror", &kind("sftp")),
            ("nowhere", &WhyNot::NoEndpoint),
            ("old", &WhyNot::SignatureV2),
            ("vault", &kind("crypt")),
        ]
    );
}

#[test]
fn settings_that_are_not_imported_are_named() {
    let rclone = "[a]\ntype = s3\nprovider = AWS\nenv_auth = true\nrole_arn = arn:aws:iam::1:role/r\n\
                  sse_customer_key = 0123456789abcdef0123456789abcdef\nuse_dual_stack = false\nrequester_pays = true\n";
    let found = contents(Program::Rclone, rclone);
    let shown = named(&found, "a").shown(&[]);
    assert_eq!(shown.left_out, ["role_arn", "sse_customer_key", "requester_pays"]);
    let s3cmd = "[default]\naccess_key = A\nsecret_key = s\nhost_base = h.example\nencrypt = True\nproxy_host = \n\
                 acl_public = False\ncheck_ssl_certificate = False\n";
    let found = contents(Program::S3cmd, s3cmd);
    let shown = named(&found, "s3cmd").shown(&[]);
    assert_eq!(shown.left_out, ["encrypt", "check_ssl_certificate"]);
}

#[test]
fn an_encrypted_file_is_told_and_not_guessed_at() {
    let contents = contents(Program::Rclone, include_str!("samples/rclone-encrypted.conf"));
    assert!(contents.found.is_empty());
    assert_eq!(reasons(&contents), [("", &WhyNot::Encrypted)]);
}

#[test]
fn s3cmd_s_configuration() {
    let sample = include_str!("samples/s3cfg");
    let contents = contents(Program::S3cmd, sample);
    let found = named(&contents, "s3cmd");
    assert_eq!(place(found), ("other", Some("http://ceph.lab.example:7480"), "us-east-1", true));
    assert_eq!((&found.connection.sign, secret(found)), (&key("S3CMDKEY"), Some("s3cmd%secret")));
    assert_eq!(found.connection.ca_bundle.as_deref(), Some("/etc/lab-ca.pem"));

    let with = |changes: &[(&str, &str)]| {
        let text = changes.iter().fold(String::from("[default]\n"), |text, (key, value)| {
            format!("{text}{key} = {value}\n")
        });
        self::contents(Program::S3cmd, &text)
    };
    let amazon = with(&[
        ("access_key", "A"),
        ("secret_key", "S"),
        ("host_base", "s3.amazonaws.com"),
        ("host_bucket", "%(bucket)s.s3.amazonaws.com"),
        ("bucket_location", "EU"),
        ("use_https", "True"),
    ]);
    assert_eq!(place(&amazon.found[0]), ("aws", None, "eu-west-1", false));
    let unsigned = with(&[("host_base", "s3.amazonaws.com"), ("access_key", "")]);
    assert_eq!(unsigned.found[0].connection.sign, Sign::Environment);
    let table: [(&[(&str, &str)], WhyNot); 3] = [
        (&[("access_key", "A"), ("secret_key", "S")], WhyNot::NoEndpoint),
        (&[("secret_key", "S"), ("host_base", "h")], WhyNot::NoKeys),
        (&[("access_key", "A"), ("host_base", "h"), ("signature_v2", "True")], WhyNot::SignatureV2),
    ];
    for (changes, why) in table {
        assert_eq!(reasons(&with(changes)), [("default", &why)], "{changes:?}");
    }
}

#[test]
fn mc_s_aliases() {
    let contents = contents(Program::Mc, include_str!("samples/mc.json"));
    let studio = named(&contents, "studio");
    let at = "https://minio.studio.example:9000";
    assert_eq!(place(studio), ("other", Some(at), "us-east-1", true));
    assert_eq!(
        (&studio.connection.sign, secret(studio)),
        (&key("STUDIOKEY"), Some("studio-secret"))
    );
    let token = studio.secret.as_ref().unwrap().session_token.as_ref().unwrap();
    assert_eq!(token.expose_secret(), "studio-token");
    assert_eq!(named(&contents, "local").connection.sign, Sign::Nothing);
    assert_eq!(reasons(&contents), [("gcs", &WhyNot::NoKeys), ("old", &WhyNot::SignatureV2),]);
    // as versions before 10 wrote it
    let old = r#"{"version":"9","hosts":{"a":{"url":"http://a","accessKey":"A","secretKey":"S","api":"S3v4","lookup":"dns"}}}"#;
    let old = self::contents(Program::Mc, old);
    assert_eq!(place(&old.found[0]), ("other", Some("http://a"), "us-east-1", false));
}

#[test]
fn cyberduck_s_bookmarks() {
    let mut contents = Contents::default();
    let profile = cyberduck::profile(include_bytes!("samples/lab.cyberduckprofile")).unwrap();
    let profiles = [profile];
    let none = Passwords::new();
    for bytes in [
        include_bytes!("samples/lab.duck").as_slice(),
        include_bytes!("samples/amazon.duck"),
        include_bytes!("samples/ftp.duck"),
    ] {
        cyberduck::read("file", bytes, &profiles, &none, &mut contents);
    }
    let lab = named(&contents, "Lab – scans & more");
    let at = Some("https://s3.lab.example:9443/gateway");
    assert_eq!(place(lab), ("other", at, "lab-1", true));
    assert_eq!(
        (lab.connection.bucket.as_deref(), &lab.connection.prefix[..]),
        (Some("scans"), "2026/")
    );
    // Cyberduck has it in the keychain
    assert_eq!((secret(lab), lab.shown(&[]).secret), (None, FoundSecret::NotInFile));
    let amazon = named(&contents, "Amazon");
    assert_eq!(place(amazon), ("aws", None, "us-east-1", false));
    assert_eq!(amazon.connection.bucket, None);
    assert_eq!(reasons(&contents), [("Mirror", &WhyNot::NotS3 { kind: "ftp".into() })]);

    // without its profile, a bookmark says what it can
    let mut alone = Contents::default();
    cyberduck::read("file", include_bytes!("samples/lab.duck"), &[], &none, &mut alone);
    assert_eq!(place(&alone.found[0]).1, Some("https://s3.lab.example:9443"));
}

#[test]
fn what_is_shown_has_no_secret_and_knows_what_is_there() {
    let contents = contents(Program::Rclone, include_str!("samples/rclone.conf"));
    let amazon = named(&contents, "amazon");
    let shown = amazon.shown(&[]);
    assert_eq!((shown.secret, shown.known), (FoundSecret::InFile, false));
    let text = format!("{} {contents:?}", serde_json::to_string(&shown).unwrap());
    assert!(!text.contains("wJalrXUtnFEMI"), "{text}");
    let mut saved = amazon.connection.clone();
    saved.name = "by another name".into();
    assert!(amazon.shown(std::slice::from_ref(&saved)).known);
    saved.sign = key("ANOTHER");
    assert!(!amazon.shown(&[saved]).known);
}

#[test]
fn an_endpoint_is_an_address_without_a_user_in_it() {
    let table = [
        ("s3.example.com", Some("https://s3.example.com")),
        ("HTTP://s3.example.com:9000/", Some("http://s3.example.com:9000")),
        ("https://s3.example.com/path/", Some("https://s3.example.com/path")),
        ("https://[::1]:9000", Some("https://[::1]:9000")),
        ("https://user:password@s3.example.com", None),
        ("ftp://s3.example.com", None),
        ("https://", None),
        ("two words", None),
        ("https://{account}.example.com", None),
    ];
    for (given, want) in table {
        assert_eq!(address(given).ok().as_deref(), want, "{given}");
    }
    assert_eq!(bucket_and_prefix("/media/2026/08/"), (Some("media".into()), "2026/08/".into()));
    assert_eq!(bucket_and_prefix(" / "), (None, String::new()));
}
