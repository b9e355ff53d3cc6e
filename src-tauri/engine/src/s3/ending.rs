//! When the credentials of a connection end, and what follows, as far as that is known without asking anybody. For the deadline
//! line.

use super::S3;
use std::time::SystemTime;

/// The end of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ending {
    pub(crate) at: SystemTime,
    pub(crate) then: Then,
}

/// What follows when credentials end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// They are renewed without the user, for good: those of a role, a machine, or a `credential_process`.
    Renewed,
    /// They are renewed without the user until then.
    RenewedUntil(SystemTime),
    /// The user signs in again, or enters another MFA code.
    SignIn,
    /// Nothing: temporary keys that the environment has.
    Nothing,
}

impl Ending {
    /// When nothing but the user can help any more.
    fn last(&self) -> SystemTime {
        match self.then {
            Then::RenewedUntil(until) => until.max(self.at),
            Then::Renewed | Then::SignIn | Then::Nothing => self.at,
        }
    }
}

impl S3 {
    /// When the credentials end. `None` before they were first used, or if nothing says so.
    pub(crate) fn ending(&self) -> Option<Ending> {
        let signer = self.signer.as_ref()?;
        let sessions = signer.assumed.iter().filter_map(|role| role.session_ends());
        let sessions = sessions.map(|at| Ending { at, then: Then::SignIn });
        let sign_in = signer.sign_in.as_ref().and_then(|sign_in| sign_in.ending());
        let given = signer.given_until.map(|at| Ending { at, then: Then::Nothing });
        // of several, such as a session of a role that a sign-in is behind, the first ends the upload
        sessions.chain(sign_in).chain(given).min_by_key(Ending::last).or_else(|| {
            let at = self.keys.as_ref()?.expiry()?;
            Some(Ending { at, then: Then::Renewed })
        })
    }
}
