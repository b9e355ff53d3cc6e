//! A connection: an endpoint, a region and how requests are signed. Contains no secret.

use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::capabilities::Capabilities;
use crate::model::object_options::Options;
use crate::model::proxy::Proxy;
use crate::model::sign_in::{IdentityCenter, Role};
use crate::model::upload::IfExists;
use serde::{Deserialize, Serialize};

/// How requests are signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "with", rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Sign {
    #[serde(rename_all = "camelCase")]
    Keys { access_key_id: String },
    /// A profile of the AWS configuration, including SSO.
    Profile { profile: String },
    /// IAM Identity Center, without a profile.
    #[serde(rename_all = "camelCase")]
    IdentityCenter { center: IdentityCenter, account_id: String, role_name: String },
    /// The AWS SDK's default credential chain.
    Environment,
    /// Requests are not signed.
    Nothing,
}

/// Where a connection's secret is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum SignedIn {
    Keychain,
    /// In the memory of this process.
    Session,
    #[default]
    Missing,
    /// There is no secret to store: a profile, the environment, or unsigned requests.
    NotNeeded,
}

/// Which of Amazon's endpoints for a region is used.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/dual-stack-endpoints.html>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct EndpointOptions {
    /// Reached by IPv6 and IPv4.
    pub dual_stack: bool,
    /// With cryptography that FIPS 140 allows.
    pub fips: bool,
    /// By the edge location nearest by, for a bucket that has transfer acceleration enabled.
    pub accelerate: bool,
}

/// An endpoint, a region, how requests are signed, and defaults for uploads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Connection {
    pub id: String,
    pub name: String,
    /// The ID of a provider preset.
    pub preset: String,
    /// `None` is Amazon S3 in the region.
    pub endpoint: Option<String>,
    pub region: String,
    pub path_style: bool,
    pub sign: Sign,
    /// The role to assume with these credentials, or the MFA device that they need.
    #[serde(default)]
    pub role: Option<Role>,
    /// The default bucket.
    pub bucket: Option<String>,
    pub prefix: String,
    /// A PEM file with certificate authorities to trust in addition to the system's.
    pub ca_bundle: Option<String>,
    /// The proxy on the way to the server.
    #[serde(default)]
    pub proxy: Proxy,
    /// Which of Amazon's endpoints it is, where `endpoint` names no other.
    #[serde(default)]
    pub endpoint_options: EndpointOptions,
    /// Whether this is the practice store of this computer.
    #[serde(default)]
    pub practice: bool,
    /// Endpoint, addressing and certificates are final: the AWS configuration does not change them.
    #[serde(default)]
    #[cfg_attr(feature = "wire", ts(skip))]
    pub settled: bool,
    #[serde(default)]
    pub signed_in: SignedIn,
    /// The capabilities that the server was found to have, if it was probed.
    #[serde(default)]
    pub probed: Option<Probed>,
    /// Default options of new objects.
    #[serde(default)]
    pub stored: Options,
    /// What to do if an object exists, unless an upload says otherwise; `None` means as the settings say.
    #[serde(default)]
    pub if_exists: Option<IfExists>,
}

impl Connection {
    /// # Errors
    /// `WrongPlace` where options of Amazon's endpoints are set for another, or do not go together.
    pub(crate) fn check_endpoint_options(&self) -> Result<()> {
        let EndpointOptions { dual_stack, fips, accelerate } = self.endpoint_options;
        let wrong = |reason| Err(Fault::because(FaultKind::WrongPlace, reason));
        match &self.endpoint {
            Some(endpoint) if dual_stack || fips || accelerate => {
                wrong(Reason::AmazonOnly { endpoint: endpoint.clone() })
            }
            _ if accelerate && (fips || self.path_style) => wrong(Reason::AccelerateAlone),
            _ => Ok(()),
        }
    }

    /// Whether the AWS configuration decides the endpoint.
    pub(crate) fn asks_the_aws_configuration(&self) -> bool {
        let signs_by_it = matches!(self.sign, Sign::Profile { .. } | Sign::Environment);
        signs_by_it && self.endpoint.is_none() && !self.settled
    }
}

/// The capabilities that a server was found to have, and when it was probed (ms since 1970).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Probed {
    pub at: u64,
    pub capabilities: Capabilities,
}
