//! A connection: an endpoint, a region and a way to sign. Holds no secret.

use crate::model::capabilities::Capabilities;
use crate::model::object_options::Options;
use serde::{Deserialize, Serialize};

/// How requests are signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "with", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Sign {
    #[serde(rename_all = "camelCase")]
    Keys { access_key_id: String },
    /// A profile of the AWS configuration, SSO included.
    Profile { profile: String },
    /// The AWS SDK's own chain.
    Environment,
    /// Requests go out unsigned.
    Nothing,
}

/// Where a connection's secret is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum SignedIn {
    Keychain,
    /// In this process's memory only.
    Session,
    #[default]
    Missing,
    /// The secret is not ours to keep: a profile, the environment, or none at all.
    NotNeeded,
}

/// An endpoint, a region and a way to sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Connection {
    pub id: String,
    pub name: String,
    /// A preset's id.
    pub preset: String,
    /// None: Amazon's own for the region.
    pub endpoint: Option<String>,
    pub region: String,
    pub path_style: bool,
    pub sign: Sign,
    /// The usual destination.
    pub bucket: Option<String>,
    pub prefix: String,
    /// A PEM file with certificate authorities to trust besides the system's.
    pub ca_bundle: Option<String>,
    /// The practice store of this computer.
    #[serde(default)]
    pub practice: bool,
    /// Endpoint, addressing and certificates are as they are, whatever the AWS configuration says of them.
    #[serde(default)]
    #[cfg_attr(feature = "wire", ts(skip))]
    pub settled: bool,
    #[serde(default)]
    pub signed_in: SignedIn,
    /// What the server answered when it was asked what it takes.
    #[serde(default)]
    pub probed: Option<Probed>,
    /// How objects are stored where nobody says otherwise.
    #[serde(default)]
    pub stored: Options,
}

impl Connection {
    /// Whether the AWS configuration may say where the server is.
    pub(crate) fn asks_the_aws_configuration(&self) -> bool {
        let signs_by_it = matches!(self.sign, Sign::Profile { .. } | Sign::Environment);
        signs_by_it && self.endpoint.is_none() && !self.settled
    }
}

/// What a server was found to take, and when it was asked (ms since 1970).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Probed {
    pub at: u64,
    pub capabilities: Capabilities,
}
