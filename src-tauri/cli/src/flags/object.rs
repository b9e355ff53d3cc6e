//! The flags for the object itself: storage class, encryption, metadata, tags and locks.

use clap::{ArgAction, Args, ValueEnum};
use std::path::PathBuf;
use windlass_engine::{LockMode, ObjectLock, Options};

#[derive(Debug, Args)]
#[command(next_help_heading = "Object")]
pub(crate) struct Object {
    /// Storage class, such as STANDARD_IA
    #[arg(long, value_name = "CLASS")]
    pub(crate) storage_class: Option<String>,
    /// Server-side encryption: AES256 or aws:kms
    #[arg(long, value_name = "HOW", value_parser = ["AES256", "aws:kms"], hide_possible_values = true)]
    pub(crate) sse: Option<String>,
    /// KMS key for aws:kms
    #[arg(long, value_name = "ID")]
    pub(crate) sse_kms_key_id: Option<String>,
    #[command(flatten)]
    pub(crate) customer_key: CustomerKeyFile,
    /// Tag of the object; can be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair, action = ArgAction::Append)]
    pub(crate) tag: Vec<(String, String)>,
    /// User-defined metadata of the object; can be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = metadata, action = ArgAction::Append)]
    pub(crate) metadata: Vec<(String, String)>,
    /// Content type [default: from the file name]
    #[arg(long, value_name = "TYPE")]
    pub(crate) content_type: Option<String>,
    /// Cache-Control header, such as "max-age=3600"
    #[arg(long, value_name = "HOW")]
    pub(crate) cache_control: Option<String>,
    /// Content-Disposition header, such as 'attachment; filename="a.mov"'
    #[arg(long, value_name = "HOW")]
    pub(crate) content_disposition: Option<String>,
    /// Canned ACL, such as bucket-owner-full-control
    #[arg(long, value_name = "ACL")]
    pub(crate) acl: Option<String>,
    /// Object Lock mode: governance (users with permission can remove it) or compliance (nobody can)
    #[arg(
        long,
        value_enum,
        value_name = "MODE",
        requires = "lock_days",
        hide_possible_values = true,
        ignore_case = true
    )]
    pub(crate) lock_mode: Option<Lock>,
    /// Object Lock retention in days, counted from the start of the upload
    #[arg(long, value_name = "N", requires = "lock_mode", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub(crate) lock_days: Option<u32>,
    /// Object Lock legal hold, which lasts until it is removed; --legal-hold=false overrides the
    /// connection's default
    #[arg(
        long,
        value_name = "true|false",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        hide_possible_values = true
    )]
    pub(crate) legal_hold: Option<bool>,
}

/// The customer key (SSE-C), for every command that needs one.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct CustomerKeyFile {
    /// File with the customer-provided encryption key (SSE-C): 32 bytes, raw, base64 or hexadecimal.
    /// The server does not store it: without this key nobody can read the object
    #[arg(long, value_name = "FILE")]
    pub(crate) sse_c_key_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lock {
    Governance,
    Compliance,
}

impl Lock {
    fn to_engine(self) -> LockMode {
        match self {
            Self::Governance => LockMode::Governance,
            Self::Compliance => LockMode::Compliance,
        }
    }
}

impl Object {
    /// The options of the upload: flags override the connection's `defaults`. `customer_key` is the MD5 of the key in the
    /// file.
    pub(crate) fn options(&self, defaults: &Options, customer_key: Option<String>) -> Options {
        // a KMS key implies aws:kms
        let kms = self.sse_kms_key_id.as_ref().map(|_| "aws:kms".to_owned());
        let encryption = self.sse.clone().or(kms);
        // one kind of encryption replaces another
        let (encryption, kms_key_id, customer_key) = match (encryption, customer_key) {
            (None, None) => (
                defaults.encryption.clone(),
                defaults.kms_key_id.clone(),
                defaults.customer_key.clone(),
            ),
            (encryption, customer_key) => {
                let of_defaults =
                    defaults.kms_key_id.clone().filter(|_| encryption == defaults.encryption);
                (encryption, self.sse_kms_key_id.clone().or(of_defaults), customer_key)
            }
        };
        let lock = self.lock_mode.zip(self.lock_days);
        let lock = lock.map(|(mode, days)| ObjectLock { mode: mode.to_engine(), days });
        let or =
            |given: &Option<String>, defaults: &Option<String>| given.clone().or(defaults.clone());
        Options {
            storage_class: or(&self.storage_class, &defaults.storage_class),
            encryption,
            kms_key_id,
            content_type: or(&self.content_type, &defaults.content_type),
            tags: over(&defaults.tags, &self.tag),
            metadata: over(&defaults.metadata, &self.metadata),
            cache_control: or(&self.cache_control, &defaults.cache_control),
            content_disposition: or(&self.content_disposition, &defaults.content_disposition),
            acl: or(&self.acl, &defaults.acl),
            lock: lock.or(defaults.lock),
            legal_hold: self.legal_hold.unwrap_or(defaults.legal_hold),
            customer_key,
        }
    }
}

/// The defaults, overridden by name with what was typed.
fn over(defaults: &[(String, String)], typed: &[(String, String)]) -> Vec<(String, String)> {
    let is_typed = |name: &str| typed.iter().any(|(typed, _)| typed == name);
    let kept = defaults.iter().filter(|(name, _)| !is_typed(name));
    kept.chain(typed).cloned().collect()
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("write KEY=VALUE".into()),
    }
}

/// Metadata is sent in HTTP headers, which allow only these characters.
fn metadata(text: &str) -> Result<(String, String), String> {
    let (key, value) = pair(text)?;
    if !key.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
        return Err("a metadata key can contain only letters, digits, - _ and .".into());
    }
    if !value.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
        return Err("a metadata value can contain only ASCII characters".into());
    }
    Ok((key, value))
}

#[cfg(test)]
mod tests {
    use crate::flags::{Command, Flags};
    use clap::Parser;
    use windlass_engine::Options;
    use windlass_engine::{LockMode, ObjectLock};

    fn options(line: &str, defaults: &Options, key: Option<&str>) -> Options {
        let words = ["windlass-cli", "upload", "f", "s3://b/"];
        let words = words.into_iter().chain(line.split_whitespace());
        let Command::Upload(flags) = Flags::try_parse_from(words).unwrap().command else {
            panic!()
        };
        flags.object.options(defaults, key.map(Into::into))
    }

    #[test]
    fn what_is_typed_wins_over_the_connection_s() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let defaults = Options {
            acl: Some("private".into()),
            cache_control: Some("no-cache".into()),
            lock: Some(ObjectLock { mode: LockMode::Compliance, days: 9 }),
            legal_hold: true,
            tags: vec![pair("a", "1"), pair("b", "2")],
            ..Options::default()
        };
        assert_eq!(options("", &defaults, None), defaults);
        let typed = options(
            "--acl public-read --lock-mode governance --lock-days 1 --legal-hold=false --tag b=3",
            &defaults,
            None,
        );
        assert_eq!(typed.acl.as_deref(), Some("public-read"));
        assert_eq!(typed.cache_control.as_deref(), Some("no-cache"));
        assert_eq!(typed.lock, Some(ObjectLock { mode: LockMode::Governance, days: 1 }));
        assert_eq!((typed.legal_hold, typed.tags), (false, vec![pair("a", "1"), pair("b", "3")]));
    }

    #[test]
    fn one_encryption_takes_the_place_of_another() {
        let kms = Options {
            encryption: Some("aws:kms".into()),
            kms_key_id: Some("k".into()),
            ..Options::default()
        };
        let own = Options { customer_key: Some("md5".into()), ..Options::default() };
        let of = |options: Options| (options.encryption, options.kms_key_id, options.customer_key);
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(of(options("", &kms, None)), (text("aws:kms"), text("k"), None));
        assert_eq!(of(options("", &kms, Some("md5"))), (None, None, text("md5")));
        assert_eq!(of(options("--sse AES256", &kms, None)), (text("AES256"), None, None));
        assert_eq!(of(options("--sse aws:kms", &kms, None)), (text("aws:kms"), text("k"), None));
        assert_eq!(
            of(options("--sse-kms-key-id x", &own, None)),
            (text("aws:kms"), text("x"), None)
        );
    }
}
