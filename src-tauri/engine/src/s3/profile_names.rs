//! Profiles whose names the AWS SDK does not read. It leaves out sections such as `[profile Acme Film]`, with a line in its log
//! and nothing else, while the AWS CLI uses them.

use std::path::PathBuf;

/// Whether the SDK reads a profile of this name.
pub(super) fn is_readable(name: &str) -> bool {
    let is_fine = |letter: char| letter.is_ascii_alphanumeric() || "_-/.%@:+".contains(letter);
    !name.is_empty() && name.chars().all(is_fine)
}

/// The names of the AWS configuration that the SDK does not read, in order.
pub(crate) fn unreadable_profiles() -> Vec<String> {
    let file = |variable: &str, name: &str| {
        let given = std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
        let path = given.or_else(|| Some(std::env::home_dir()?.join(".aws").join(name)))?;
        // the SDK says what is wrong with a file as a whole
        std::fs::read_to_string(path).ok()
    };
    let config = file("AWS_CONFIG_FILE", "config").unwrap_or_default();
    let credentials = file("AWS_SHARED_CREDENTIALS_FILE", "credentials").unwrap_or_default();
    let mut names = unreadable(&config, true);
    names.extend(unreadable(&credentials, false));
    names.sort();
    names.dedup();
    names
}

/// The name that is selected, if the SDK does not read it.
pub(super) fn selected_unreadable(selected: &str) -> Option<String> {
    (!is_readable(selected) && !selected.trim().is_empty()).then(|| selected.to_owned())
}

fn unreadable(text: &str, is_config: bool) -> Vec<String> {
    let name = |line: &str| {
        let section = line.strip_prefix('[')?.split_once(']')?.0.trim().to_owned();
        let name = match is_config {
            // other sections are no profiles
            true => section.strip_prefix("profile")?.strip_prefix([' ', '\t'])?.trim().to_owned(),
            false => section,
        };
        let name = name.trim_matches(['"', '\'']).to_owned();
        (!is_readable(&name) && !name.is_empty()).then_some(name)
    };
    text.lines().filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
    use aws_types::os_shim_internal::{Env, Fs};

    const CONFIG: &str = "[default]\nregion = eu-west-1\n[profile Acme Film]\nregion = eu-west-1\n\
                          [profile schönes-profil]\nregion = x\n[ profile  work ]\nregion = y\n\
                          [profile \"a b\"]\n[sso-session our own]\n# [profile no one]\n[profile a.b/c%@:+]\nregion = z\n";

    #[test]
    fn names_that_the_sdk_does_not_read_are_found() {
        assert_eq!(unreadable(CONFIG, true), ["Acme Film", "schönes-profil", "a b"]);
        let credentials = "[default]\n[Acme Film]\naws_access_key_id = AK\n[plain]\n[größe]\n";
        assert_eq!(unreadable(credentials, false), ["Acme Film", "größe"]);
        assert_eq!(unreadable("", true), Vec::<String>::new());
    }

    /// This list is needed only as long as the SDK leaves them out.
    #[tokio::test]
    async fn the_sdk_reads_the_others() {
        let files = EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, CONFIG);
        let (fs, env, files) = (Fs::real(), Env::from_slice(&[]), files.build());
        let set = aws_config::profile::load(&fs, &env, &files, None).await.unwrap();
        let mut read: Vec<&str> = set.profiles().collect();
        read.sort_unstable();
        assert_eq!(read, ["a.b/c%@:+", "default", "work"]);
    }
}
