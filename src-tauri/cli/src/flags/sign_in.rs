//! What can be typed about signing in: IAM Identity Center without a profile, a role, an MFA device; and the command
//! `login`. The flags are named after the settings of the AWS configuration.

use super::{ProxyFlag, Server};
use clap::Args;
use std::path::PathBuf;
use windlass_engine::{IdentityCenter, Role};

#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "IAM Identity Center, without a profile")]
pub(crate) struct Center {
    /// The start URL of the access portal, like https://example.awsapps.com/start
    #[arg(
        long,
        value_name = "URL",
        requires = "sso_region",
        conflicts_with_all = ["profile", "connection"]
    )]
    pub(crate) sso_start_url: Option<String>,
    /// The region of IAM Identity Center, which need not be the bucket's
    #[arg(long, value_name = "REGION", requires = "sso_start_url")]
    pub(crate) sso_region: Option<String>,
    /// The session name under which the AWS tools share this sign-in [default: none, the start URL is its name]
    #[arg(long, value_name = "NAME", requires = "sso_start_url")]
    pub(crate) sso_session: Option<String>,
    /// The AWS account
    #[arg(long, value_name = "ID", requires_all = ["sso_start_url", "sso_role_name"])]
    pub(crate) sso_account_id: Option<String>,
    /// The role in it, which IAM Identity Center calls a permission set
    #[arg(long, value_name = "NAME", requires_all = ["sso_start_url", "sso_account_id"])]
    pub(crate) sso_role_name: Option<String>,
}

impl Center {
    pub(crate) fn named(&self) -> Option<IdentityCenter> {
        Some(IdentityCenter {
            start_url: self.sso_start_url.clone()?,
            sso_region: self.sso_region.clone()?,
            session_name: self.sso_session.clone(),
        })
    }
}

#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Role and MFA")]
pub(crate) struct RoleFlags {
    /// Assume this role with the keys that are found
    #[arg(long, value_name = "ARN", conflicts_with_all = ["connection", "no_sign_request"])]
    pub(crate) role_arn: Option<String>,
    /// The session's name in logs [default: windlass-TIME]
    #[arg(long, value_name = "NAME", requires = "role_arn")]
    pub(crate) role_session_name: Option<String>,
    /// The external ID that the role asks for
    #[arg(long, value_name = "ID", requires = "role_arn")]
    pub(crate) external_id: Option<String>,
    /// How long the session lasts [default: of AWS STS]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(900..=129_600))]
    pub(crate) duration_seconds: Option<u32>,
    /// The MFA device whose code is asked for
    #[arg(long, value_name = "ARN", conflicts_with_all = ["connection", "no_sign_request"])]
    pub(crate) mfa_serial: Option<String>,
    /// The code that the MFA device shows now, where nobody can be asked for it
    #[arg(long, value_name = "CODE")]
    pub(crate) mfa_code: Option<String>,
}

impl RoleFlags {
    /// None where no flag names one.
    pub(crate) fn role(&self) -> Option<Role> {
        let role = Role {
            role_arn: self.role_arn.clone(),
            role_session_name: self.role_session_name.clone(),
            external_id: self.external_id.clone(),
            duration_seconds: self.duration_seconds,
            mfa_serial: self.mfa_serial.clone(),
        };
        role.trimmed()
    }
}

const MORE: &str = "The token is kept where the AWS tools keep theirs (~/.aws/sso/cache), so that `aws` is signed in too, and a
sign-in with `aws sso login` is one for Windlass. Profiles of `aws login` are signed in by that program.

Without a profile, give --sso-start-url and --sso-region: the accounts and roles to choose from are listed.

Exit: 0 signed in, 1 not, 2 wrong usage, 130 interrupted.";

#[derive(Debug, Args)]
#[command(after_help = MORE)]
pub(crate) struct Login {
    /// A profile of the AWS configuration that uses IAM Identity Center, itself or by its source profile
    /// [default: AWS_PROFILE, or the profile named default]
    #[arg(long, value_name = "NAME", conflicts_with = "connection")]
    pub(crate) profile: Option<String>,
    /// A connection of the app, by its name
    #[arg(long, value_name = "NAME")]
    pub(crate) connection: Option<String>,
    #[command(flatten)]
    pub(crate) center: Center,
    /// Do not open the page in the browser, only print its address
    #[arg(long, help_heading = "General")]
    pub(crate) no_browser: bool,
    /// Sign in by a code that is typed into a page, on any device. Without a screen this is how it is done
    #[arg(long, help_heading = "General")]
    pub(crate) use_device_code: bool,
    /// Certificate authorities to trust besides the system's, in PEM form
    #[arg(long, value_name = "FILE", help_heading = "General")]
    pub(crate) ca_bundle: Option<PathBuf>,
    /// The proxy on the way, as for `upload`
    #[arg(long, value_name = "URL", conflicts_with = "connection", help_heading = "General")]
    pub(crate) proxy: Option<ProxyFlag>,
    /// Print one JSON object per line to stdout
    #[arg(long, help_heading = "General")]
    pub(crate) json: bool,
}

impl Login {
    /// The same as a server's flags, which name the connection.
    pub(crate) fn server(&self) -> Server {
        Server {
            endpoint_url: None,
            region: None,
            path_style: None,
            profile: self.profile.clone(),
            connection: self.connection.clone(),
            ca_bundle: self.ca_bundle.clone().filter(|_| self.connection.is_none()),
            no_sign_request: false,
            proxy: self.proxy.clone(),
            dual_stack: false,
            fips: false,
            accelerate: false,
            center: self.center.clone(),
            role: RoleFlags::default(),
        }
    }
}
