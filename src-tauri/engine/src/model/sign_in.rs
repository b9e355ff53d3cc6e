//! Who signs in for a connection's keys: IAM Identity Center, a role, an MFA device. Holds no secret.

use serde::{Deserialize, Serialize};

/// An instance of IAM Identity Center, by the settings that the AWS configuration has for one.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct IdentityCenter {
    pub start_url: String,
    /// The instance's own, which need not be the bucket's.
    pub sso_region: String,
    /// The name under which the AWS tools share the sign-in. Without one, the start URL is the name.
    pub session_name: Option<String>,
}

impl IdentityCenter {
    /// What the AWS tools name the file of the token after.
    pub(crate) fn cache_key(&self) -> &str {
        self.session_name.as_deref().unwrap_or(&self.start_url)
    }
}

/// A role to assume with a connection's keys, or, without one, the MFA device that makes a session of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Role {
    /// None: a session of the keys' own user (GetSessionToken).
    pub role_arn: Option<String>,
    pub role_session_name: Option<String>,
    pub external_id: Option<String>,
    pub duration_seconds: Option<u32>,
    /// The ARN of a virtual MFA device, or the serial number of a hardware one.
    pub mfa_serial: Option<String>,
}

impl Role {
    /// The same without spaces around its values, and without values that are empty. None where nothing is left.
    #[must_use]
    pub fn trimmed(&self) -> Option<Self> {
        let text = |text: &Option<String>| {
            text.as_ref().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        let role = Self {
            role_arn: text(&self.role_arn),
            role_session_name: text(&self.role_session_name),
            external_id: text(&self.external_id),
            duration_seconds: self.duration_seconds,
            mfa_serial: text(&self.mfa_serial),
        };
        (role.role_arn.is_some() || role.mfa_serial.is_some()).then_some(role)
    }
}

/// The six digits that an MFA device shows, as they were typed. None where they are none.
pub(crate) fn mfa_code(typed: &str) -> Option<String> {
    let code: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
    (code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit())).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_six_digits() {
        for (typed, code) in [
            ("123456", Some("123456")),
            (" 123 456\n", Some("123456")),
            ("12345", None),
            ("1234567", None),
            ("12345a", None),
            ("١٢٣٤٥٦", None),
            ("", None),
        ] {
            assert_eq!(mfa_code(typed).as_deref(), code, "{typed:?}");
        }
    }

    #[test]
    fn empty_fields_are_no_role() {
        let blank = Role {
            role_arn: Some(" ".into()),
            external_id: Some("x".into()),
            duration_seconds: Some(900),
            ..Role::default()
        };
        assert_eq!(blank.trimmed(), None);
        let named = Role { role_arn: Some(" arn:aws:iam::1:role/r ".into()), ..blank };
        assert_eq!(named.trimmed().unwrap().role_arn.unwrap(), "arn:aws:iam::1:role/r");
    }
}
