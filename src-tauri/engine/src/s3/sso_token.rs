//! The token file in the format of the AWS tools: its name is the SHA-1 of the session name or the start URL, and only its
//! owner can read it. <https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html>

use super::ending::{Ending, Then};
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::secret::{ExposeSecret, SecretString};
use crate::system::private;
use aws_runtime::fs_util::{Os, home_dir};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use aws_types::os_shim_internal::Env;
use serde::{Deserialize, Serialize, Serializer};
use sha1::{Digest as _, Sha1};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A token and the client that it was issued to, with botocore's field names.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Token {
    pub(super) start_url: String,
    pub(super) region: String,
    #[serde(serialize_with = "exposed")]
    pub(super) access_token: SecretString,
    pub(super) expires_at: String,
    pub(super) client_id: String,
    #[serde(serialize_with = "exposed")]
    pub(super) client_secret: SecretString,
    pub(super) registration_expires_at: String,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "exposed_if_any")]
    pub(super) refresh_token: Option<SecretString>,
}

/// Serializes the secret, for the token's file only.
fn exposed<S: Serializer>(secret: &SecretString, to: S) -> std::result::Result<S::Ok, S::Error> {
    to.serialize_str(secret.expose_secret())
}

#[allow(clippy::ref_option, reason = "serde's signature")]
fn exposed_if_any<S: Serializer>(
    secret: &Option<SecretString>,
    to: S,
) -> std::result::Result<S::Ok, S::Error> {
    secret.as_ref().map(ExposeSecret::expose_secret).serialize(to)
}

impl Token {
    /// Writes the file atomically: another program reads the old token or the new one.
    ///
    /// # Errors
    /// `Storage`.
    pub(super) fn write(&self, cache_key: &str) -> Result<()> {
        let Some(folder) = folder() else {
            let reason = Reason::NotWritten {
                path: "~/.aws/sso/cache".to_owned(),
                cause: "this user has no home folder".to_owned(),
            };
            return Err(Fault::because(FaultKind::Storage, reason));
        };
        self.write_in(&folder, cache_key)
    }

    fn write_in(&self, folder: &Path, cache_key: &str) -> Result<()> {
        let path = folder.join(file_name(cache_key));
        let failed = |cause: String| {
            let path = path.display().to_string();
            Fault::because(FaultKind::Storage, Reason::NotWritten { path, cause })
        };
        let json = serde_json::to_vec(self).map_err(|error| failed(error.to_string()))?;
        let write = || {
            private::folder_of_others(folder)?;
            // a temporary file is its owner's alone
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(&json)?;
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|error| error.error).map(|_| ())
        };
        write().map_err(|error: std::io::Error| failed(error.to_string()))
    }
}

/// The expiry times in a token file, whichever tool wrote it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    expires_at: String,
    registration_expires_at: Option<String>,
    refresh_token: Option<String>,
}

/// When the sign-in of this name expires. With a refresh token it is renewed until the client registration expires, or IAM
/// Identity Center ends the session, which it does not announce. `None` if there is no token.
pub(super) fn ending(cache_key: &str) -> Option<Ending> {
    ending_in(&folder()?, cache_key)
}

fn ending_in(folder: &Path, cache_key: &str) -> Option<Ending> {
    let json = std::fs::read(folder.join(file_name(cache_key))).ok()?;
    let written: Written = serde_json::from_slice(&json).ok()?;
    let time = |text: &str| {
        let time = DateTime::from_str(text, Format::DateTime).ok()?;
        SystemTime::try_from(time).ok()
    };
    let refreshed = written.refresh_token.is_some_and(|token| !token.is_empty());
    let until = written.registration_expires_at.filter(|_| refreshed);
    let then = until.and_then(|until| time(&until)).map_or(Then::SignIn, Then::RenewedUntil);
    Some(Ending { at: time(&written.expires_at)?, then })
}

/// The folder where the AWS tools keep tokens. `None` if the user has no home folder.
fn folder() -> Option<PathBuf> {
    let home = home_dir(&Env::real(), Os::real())?;
    Some(Path::new(&home).join(".aws").join("sso").join("cache"))
}

/// When the token of this name was written. `None` if there is no token.
pub(super) fn written(cache_key: &str) -> Option<SystemTime> {
    let path = folder()?.join(file_name(cache_key));
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}

fn file_name(cache_key: &str) -> PathBuf {
    let digest = Sha1::digest(cache_key.as_bytes());
    let name: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    PathBuf::from(name).with_extension("json")
}

/// The time in the format that botocore writes: `2026-11-28T02:49:58Z`.
pub(super) fn date(seconds: i64) -> String {
    DateTime::from_secs(seconds).fmt(Format::DateTime).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(refresh_token: Option<&str>) -> Token {
        Token {
            start_url: "https://d-123.awsapps.com/start".into(),
            region: "us-west-2".into(),
            access_token: "cachedtoken".into(),
            expires_at: date(1_640_467_800),
            client_id: "clientid".into(),
            client_secret: "secret".into(),
            registration_expires_at: date(1_671_975_000),
            refresh_token: refresh_token.map(Into::into),
        }
    }

    #[test]
    fn the_file_has_botocore_s_name_and_fields() {
        let folder = tempfile::tempdir().unwrap();
        let cache = folder.path().join(".aws").join("sso").join("cache");
        for (key, name) in [
            ("ours", "48537f613ab85111413f2369616ae97481429bd1.json"),
            ("https://d-123.awsapps.com/start", "2b829a45f04c9828cb45b7d092d8e4aa30818393.json"),
        ] {
            token(Some("again")).write_in(&cache, key).unwrap();
            let text = std::fs::read_to_string(cache.join(name)).unwrap();
            let json: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(
                json,
                serde_json::json!({
                    "startUrl": "https://d-123.awsapps.com/start",
                    "region": "us-west-2",
                    "accessToken": "cachedtoken",
                    "expiresAt": "2021-12-25T21:30:00Z",
                    "clientId": "clientid",
                    "clientSecret": "secret",
                    "registrationExpiresAt": "2022-12-25T13:30:00Z",
                    "refreshToken": "again",
                })
            );
        }
        token(None).write_in(&cache, "ours").unwrap();
        let text = std::fs::read_to_string(cache.join(file_name("ours"))).unwrap();
        assert!(!text.contains("refreshToken"), "written over, and nothing of it left");
        assert_eq!(std::fs::read_dir(&cache).unwrap().count(), 2, "nothing beside them");
    }

    #[test]
    fn the_end_is_read_from_it() {
        let folder = tempfile::tempdir().unwrap();
        let at = |seconds| SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        let ends = at(1_640_467_800);
        token(Some("again")).write_in(folder.path(), "ours").unwrap();
        let then = Then::RenewedUntil(at(1_671_975_000));
        assert_eq!(ending_in(folder.path(), "ours"), Some(Ending { at: ends, then }));
        token(None).write_in(folder.path(), "ours").unwrap();
        let then = Then::SignIn;
        assert_eq!(ending_in(folder.path(), "ours"), Some(Ending { at: ends, then }));
        assert_eq!(ending_in(folder.path(), "others"), None);
        let by_an_old_cli = r#"{"accessToken": "t", "expiresAt": "2021-12-25T21:30:00UTC"}"#;
        std::fs::write(folder.path().join(file_name("old")), by_an_old_cli).unwrap();
        assert_eq!(ending_in(folder.path(), "old"), None);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let cache = folder.path().join(".aws").join("sso").join("cache");
        token(None).write_in(&cache, "ours").unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&cache.join(file_name("ours"))), 0o600);
        assert_eq!(mode(&cache), 0o700);
    }
}
