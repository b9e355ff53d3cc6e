//! Connections as other programs keep them: what was found in their configuration, what could not be taken, and why. The
//! files of this folder each read one program's format, given as text; finding the files is `system/import_files`.

mod amazon;
pub(crate) mod cyberduck;
mod ini;
mod mc;
mod rclone;
mod s3cmd;

use crate::fault::number_text::exact;
use crate::model::connection::{Connection, Sign, SignedIn};
use crate::model::object_options::Options;
use crate::model::provider_presets;
use crate::model::secret::Secret;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A program whose connections can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Program {
    Rclone,
    Cyberduck,
    S3cmd,
    /// The MinIO client.
    Mc,
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rclone => "rclone",
            Self::Cyberduck => "Cyberduck",
            Self::S3cmd => "s3cmd",
            Self::Mc => "mc",
        })
    }
}

/// Where the secret of a connection is that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum FoundSecret {
    /// In the program's file; it goes to the keychain with the import.
    InFile,
    /// The program keeps it elsewhere, as Cyberduck does in the keychain: it has to be typed in once.
    NotInFile,
    /// A profile, the environment, or requests that are not signed.
    NotNeeded,
}

/// A connection in another program's configuration, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct FoundConnection {
    /// By which it is chosen: the same as long as the file keeps its place and the connection its name.
    pub id: String,
    pub program: Program,
    pub file: String,
    pub name: String,
    /// A preset's id.
    pub preset: String,
    /// None: Amazon's own for the region.
    pub endpoint: Option<String>,
    pub region: String,
    pub path_style: bool,
    pub sign: Sign,
    pub secret: FoundSecret,
    pub bucket: Option<String>,
    pub prefix: String,
    /// Settings of it that are not imported, by their names in the file.
    pub left_out: Vec<String>,
    /// Windlass has a connection to this endpoint with this key already.
    pub known: bool,
}

/// What could not be taken: a file, or a connection in one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct NotImportable {
    pub program: Program,
    pub file: String,
    /// The connection's name; None where it is the whole file.
    pub name: Option<String>,
    pub why: WhyNot,
}

/// Why a file, or a connection in it, cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum WhyNot {
    /// A password of its own protects the whole file.
    Encrypted,
    /// A file that is not written as this program writes it.
    Malformed,
    /// A text in another encoding, or no text at all.
    NotUtf8,
    TooLarge {
        bytes: u64,
    },
    /// A folder, a pipe, a device.
    NotAFile,
    Unreadable {
        cause: String,
    },
    /// Another protocol, as the program calls it.
    NotS3 {
        kind: String,
    },
    NoEndpoint,
    /// What stands for the endpoint is not an address.
    BadEndpoint,
    /// Neither an access key nor another way to sign in.
    NoKeys,
    /// S3's old signature, which Windlass does not make.
    SignatureV2,
}

impl fmt::Display for WhyNot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encrypted => f.write_str(
                "the file is encrypted with a password; remove the password in rclone config, import, then set it again",
            ),
            Self::Malformed => f.write_str("the file is damaged or not in the expected format"),
            Self::NotUtf8 => f.write_str("the file is not text in UTF-8"),
            Self::TooLarge { bytes } => {
                write!(f, "the file is too large to be a configuration ({})", exact(*bytes))
            }
            Self::NotAFile => f.write_str("this is not a regular file"),
            Self::Unreadable { cause } => write!(f, "the file cannot be read: {cause}"),
            Self::NotS3 { kind } => write!(f, "not S3 ({kind})"),
            Self::NoEndpoint => f.write_str("the endpoint is missing"),
            Self::BadEndpoint => f.write_str("the endpoint is not a valid address"),
            Self::NoKeys => f.write_str("it has no access key"),
            Self::SignatureV2 => {
                f.write_str("it signs with signature version 2, which Windlass does not support")
            }
        }
    }
}

/// A connection as a parser finds it, before defaults are filled in.
#[derive(Debug)]
struct Candidate {
    name: String,
    /// A preset's id, where the program names the provider.
    preset: Option<&'static str>,
    /// With or without a scheme. None or empty: the provider's own.
    endpoint: Option<String>,
    region: Option<String>,
    path_style: Option<bool>,
    sign: Sign,
    secret: Option<Secret>,
    bucket: Option<String>,
    prefix: String,
    ca_bundle: Option<String>,
    stored: Options,
    /// Settings that change what is uploaded or by whom, and are not imported.
    left_out: Vec<String>,
}

impl Candidate {
    fn new(name: &str, sign: Sign) -> Self {
        Self {
            name: name.to_owned(),
            preset: None,
            endpoint: None,
            region: None,
            path_style: None,
            sign,
            secret: None,
            bucket: None,
            prefix: String::new(),
            ca_bundle: None,
            stored: Options::default(),
            left_out: vec![],
        }
    }
}

/// A connection as it stands in a file, or its name and what is in the way.
type Parsed = Result<Candidate, (String, WhyNot)>;

/// A connection that can be imported, with its secret where the file has it.
#[derive(Clone, Debug)]
pub(crate) struct Importable {
    /// Ready to be saved, but for its id.
    pub(crate) connection: Connection,
    pub(crate) secret: Option<Secret>,
    pub(crate) program: Program,
    pub(crate) file: String,
    left_out: Vec<String>,
}

/// What was found in one file, or several that belong together.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) found: Vec<Importable>,
    pub(crate) not: Vec<NotImportable>,
}

impl Contents {
    /// A file that could not be read or understood as a whole.
    pub(crate) fn refuse(&mut self, program: Program, file: &str, why: WhyNot) {
        self.not.push(NotImportable { program, file: file.to_owned(), name: None, why });
    }

    fn take(&mut self, program: Program, file: &str, parsed: Vec<Parsed>) {
        for parsed in parsed {
            let (name, left_out) = match &parsed {
                Ok(candidate) => (candidate.name.clone(), candidate.left_out.clone()),
                Err((name, _)) => (name.clone(), vec![]),
            };
            match parsed.map_err(|(_, why)| why).and_then(completed) {
                Ok((connection, secret)) => {
                    let file = file.to_owned();
                    self.found.push(Importable { connection, secret, program, file, left_out });
                }
                Err(why) => self.not.push(NotImportable {
                    program,
                    file: file.to_owned(),
                    name: Some(name),
                    why,
                }),
            }
        }
    }
}

/// Reads the one file of a program; Cyberduck's are read by `cyberduck::read`.
pub(crate) fn read(program: Program, file: &str, text: &str, into: &mut Contents) {
    let parsed = match program {
        Program::Rclone => rclone::read(text),
        Program::S3cmd => s3cmd::read(text),
        Program::Mc => mc::read(text),
        Program::Cyberduck => Err(WhyNot::Malformed),
    };
    match parsed {
        Ok(parsed) => into.take(program, file, parsed),
        Err(why) => into.refuse(program, file, why),
    }
}

impl Importable {
    /// By which it is chosen.
    pub(crate) fn id(&self) -> String {
        format!("{}:{}#{}", self.program, self.file, self.connection.name)
    }

    /// The same for the window, without the secret. `saved`: the connections that there are.
    pub(crate) fn shown(&self, saved: &[Connection]) -> FoundConnection {
        let Connection { name, preset, endpoint, region, path_style, sign, bucket, prefix, .. } =
            self.connection.clone();
        FoundConnection {
            id: self.id(),
            program: self.program,
            file: self.file.clone(),
            left_out: self.left_out.clone(),
            known: saved.iter().any(|saved| self.is_like(saved)),
            secret: match (&sign, &self.secret) {
                (Sign::Keys { .. }, Some(_)) => FoundSecret::InFile,
                (Sign::Keys { .. }, None) => FoundSecret::NotInFile,
                _ => FoundSecret::NotNeeded,
            },
            name,
            preset,
            endpoint,
            region,
            path_style,
            sign,
            bucket,
            prefix,
        }
    }

    fn is_like(&self, saved: &Connection) -> bool {
        let own = &self.connection;
        let trimmed = |endpoint: &Option<String>| {
            endpoint.as_ref().map(|endpoint| endpoint.trim_end_matches('/').to_ascii_lowercase())
        };
        trimmed(&own.endpoint) == trimmed(&saved.endpoint)
            && own.sign == saved.sign
            && (own.bucket.is_none() || own.bucket == saved.bucket)
    }
}

/// Fills in what the program leaves to the provider's defaults, as our own presets know them.
fn completed(candidate: Candidate) -> Result<(Connection, Option<Secret>), WhyNot> {
    if let Sign::Keys { access_key_id } = &candidate.sign
        && access_key_id.is_empty()
    {
        return Err(WhyNot::NoKeys);
    }
    let place = place(&candidate)?;
    let connection = Connection {
        proxy: Default::default(),
        endpoint_options: Default::default(),
        id: String::new(),
        name: candidate.name,
        preset: place.preset,
        endpoint: place.endpoint,
        region: place.region,
        path_style: place.path_style,
        sign: candidate.sign,
        role: None,
        bucket: candidate.bucket,
        prefix: candidate.prefix,
        ca_bundle: candidate.ca_bundle,
        practice: false,
        settled: false,
        signed_in: SignedIn::Missing,
        probed: None,
        stored: candidate.stored,
        if_exists: None,
    };
    Ok((connection, candidate.secret))
}

struct Endpoint {
    preset: String,
    endpoint: Option<String>,
    region: String,
    path_style: bool,
}

fn place(candidate: &Candidate) -> Result<Endpoint, WhyNot> {
    let given = candidate.endpoint.as_deref().map(str::trim).filter(|given| !given.is_empty());
    let region = candidate.region.as_deref().map(str::trim).filter(|region| !region.is_empty());
    let presets = provider_presets::presets();
    let by_id = |id: &str| presets.iter().find(|preset| preset.id == id);
    let Some(given) = given else {
        let preset = candidate.preset.and_then(by_id).ok_or(WhyNot::NoEndpoint)?;
        let region = region.unwrap_or(&preset.region).to_owned();
        let endpoint = preset.endpoint.as_ref().map(|at| at.replace("{region}", &region));
        // of one's own server, and of an account that is not named, nothing is known
        let own = preset.keys_page.is_none();
        if own || endpoint.as_ref().is_some_and(|endpoint| endpoint.contains('{')) {
            return Err(WhyNot::NoEndpoint);
        }
        let path_style = candidate.path_style.unwrap_or(preset.path_style);
        return Ok(Endpoint { preset: preset.id.clone(), endpoint, region, path_style });
    };
    let endpoint = address(given)?;
    let host = host_of(&endpoint);
    if let Some(amazon) = amazon::of_host(host) {
        let own_region = amazon.region.or(region).unwrap_or("us-east-1");
        return Ok(Endpoint {
            preset: "aws".into(),
            endpoint: (!amazon.is_default).then_some(endpoint.clone()),
            region: own_region.to_owned(),
            path_style: candidate.path_style.unwrap_or(false),
        });
    }
    let (known, its_region) = provider_presets::of_host(host).unwrap_or(("other", None));
    // the host tells more surely than a name that somebody chose from a list
    let id = if known == "other" { candidate.preset.unwrap_or("other") } else { known };
    let id = if id == "aws" { "other" } else { id };
    let preset = by_id(id).ok_or(WhyNot::NoEndpoint)?;
    let default = if known == "other" { "us-east-1" } else { preset.region.as_str() };
    Ok(Endpoint {
        region: region.or(its_region).unwrap_or(default).to_owned(),
        path_style: candidate.path_style.unwrap_or(preset.path_style),
        preset: preset.id.clone(),
        endpoint: Some(endpoint),
    })
}

/// With a scheme and without a slash at the end. Never with a user or password: a connection holds no secret.
fn address(given: &str) -> Result<String, WhyNot> {
    let (scheme, rest) = given.split_once("://").unwrap_or(("https", given));
    let rest = rest.trim_end_matches('/');
    let scheme = scheme.to_ascii_lowercase();
    let host = rest.split('/').next().unwrap_or_default();
    let fits = |letter: char| {
        !letter.is_whitespace() && !letter.is_control() && !"{}?#@\\<>\"".contains(letter)
    };
    match ["http", "https"].contains(&scheme.as_str()) && !host.is_empty() && rest.chars().all(fits)
    {
        true => Ok(format!("{scheme}://{rest}")),
        false => Err(WhyNot::BadEndpoint),
    }
}

fn host_of(endpoint: &str) -> &str {
    let rest = endpoint.split_once("://").map_or(endpoint, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default();
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    }
}

/// `/bucket/some/prefix` as a bucket and a prefix that ends in a slash.
fn bucket_and_prefix(path: &str) -> (Option<String>, String) {
    let path = path.trim().trim_matches('/');
    let (bucket, prefix) = path.split_once('/').unwrap_or((path, ""));
    let prefix = match prefix.is_empty() {
        true => String::new(),
        false => format!("{prefix}/"),
    };
    (Some(bucket.to_owned()).filter(|bucket| !bucket.is_empty()), prefix)
}

#[cfg(test)]
mod tests;
