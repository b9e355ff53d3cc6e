//! Checks a release's files before anybody can download them: `cargo xtask release-check DIR`.

use crate::{package::VERSION, shell};
use std::{collections::BTreeSet, fs, path::Path, process::Command};

const SUMS: &str = "SHA256SUMS";

/// Each file that a release has, and no other.
fn expected(version: &str) -> BTreeSet<String> {
    [
        format!("windlass_{version}_amd64.deb"),
        format!("windlass_{version}_arm64.deb"),
        format!("windlass-{version}-1.x86_64.rpm"),
        format!("windlass-{version}-1.aarch64.rpm"),
        format!("windlass-cli-{version}-linux-x86_64.tar.gz"),
        format!("windlass-cli-{version}-linux-aarch64.tar.gz"),
        format!("Windlass_{version}_universal.dmg"),
        format!("windlass-{version}-x86_64-setup.exe"),
        format!("windlass-{version}-x86_64-portable.zip"),
        SUMS.to_owned(),
    ]
    .into()
}

pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let [folder] = args else { return Err("cargo xtask release-check DIR".into()) };
    check(Path::new(folder), VERSION)?;
    println!("every file of {VERSION} is there, and is what {SUMS} says");
    Ok(())
}

fn check(folder: &Path, version: &str) -> Result<(), String> {
    let told = |why: std::io::Error| format!("{}: {why}", folder.display());
    let entries = fs::read_dir(folder).map_err(told)?.flatten();
    let found: BTreeSet<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let expected = expected(version);
    let missing = expected.difference(&found).map(|name| format!("{name} is missing"));
    let other = found.difference(&expected).map(|name| format!("{name} does not belong here"));
    let mut wrong: Vec<String> = missing.chain(other).collect();

    let sums = fs::read_to_string(folder.join(SUMS)).unwrap_or_default();
    // `SUM  NAME`, or `SUM *NAME`
    let summed: BTreeSet<&str> = sums.lines().filter_map(|line| line.get(66..)).collect();
    let unsummed = found.iter().filter(|name| *name != SUMS && !summed.contains(name.as_str()));
    wrong.extend(unsummed.map(|name| format!("{name} is not in {SUMS}")));
    if wrong.is_empty() {
        let mut sha256sum = Command::new("sha256sum");
        return shell::must(
            sha256sum.args(["--check", "--strict", "--quiet", SUMS]).current_dir(folder),
        );
    }
    Err(wrong.join("\n"))
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_whole_or_refused() {
        let folder = std::env::temp_dir().join(format!("windlass-release-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for name in expected("1.2.3").iter().filter(|name| *name != SUMS) {
            fs::write(folder.join(name), name).unwrap();
        }
        let sum = || {
            let sums = "sha256sum -- $(ls | grep -v SHA256SUMS) > ../s && mv ../s SHA256SUMS";
            let sums = sums.replace("../s", &format!("{}.sums", folder.display()));
            shell::must(Command::new("sh").args(["-c", &sums]).current_dir(&folder)).unwrap();
        };
        let refused = |word: &str| {
            let why = check(&folder, "1.2.3").unwrap_err();
            assert!(why.contains(word), "{why}");
        };
        refused("SHA256SUMS is missing");
        sum();
        check(&folder, "1.2.3").unwrap();
        refused_version(&folder);

        let deb = folder.join("windlass_1.2.3_amd64.deb");
        fs::write(&deb, "damaged").unwrap();
        refused("sha256sum");
        fs::remove_file(&deb).unwrap();
        refused("windlass_1.2.3_amd64.deb is missing");
        fs::write(&deb, "new").unwrap();
        fs::write(folder.join("notes.txt"), "").unwrap();
        sum();
        refused("notes.txt does not belong here");
        fs::remove_dir_all(&folder).unwrap();
    }

    fn refused_version(folder: &Path) {
        let why = check(folder, "1.2.4").unwrap_err();
        assert!(why.contains("windlass_1.2.4_amd64.deb is missing"), "{why}");
    }
}
