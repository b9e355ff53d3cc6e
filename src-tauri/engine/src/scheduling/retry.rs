//! What follows a fault: retry, wait for the network, or stop. Randomness is an argument.

use crate::fault::{Fault, FaultKind};
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Again(Duration),
    /// Does not count as an attempt: the part is sent again when the server can be reached, or the user has signed in.
    WaitForNetwork,
    Stop,
}

/// How often a request is sent, and the waits between.
struct Waits {
    /// The upper bound of the wait after the first attempt. It doubles from one to the next; with full jitter, half of it is
    /// waited on average.
    first: Duration,
    /// Up to this.
    longest: Duration,
    /// All attempts, the first one with them.
    attempts: u16,
}

/// Half an hour of a failing server: an upload of days must not end sooner.
const SERVER: Waits =
    Waits { first: Duration::from_millis(800), longest: Duration::from_secs(30), attempts: 120 };
/// A server that throttles gets more time: an hour and more.
const THROTTLED: Waits = Waits { attempts: 300, ..SERVER };
/// Damage in transit is retried once, at once; twice is no accident.
const CHECKSUM: Waits = Waits { first: Duration::ZERO, longest: Duration::ZERO, attempts: 2 };
/// The second attempt is signed by the server's clock. If that is rejected too, it is retried once more, in case of an
/// accident.
const CLOCK: Waits = Waits { attempts: 3, ..SERVER };
/// A server that calls new keys ended again and again has another reason.
const EXPIRED_ATTEMPTS: u16 = 5;
/// A longer Retry-After is an outage rather than throttling, and the server is polled instead.
pub(crate) const LONGEST_WISH: Duration = Duration::from_secs(300);

/// What to do after `attempt` (from 1) failed. `chance` is in 0..1, for full jitter as AWS describes it in
/// <https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/>.
fn after(fault: &Fault, attempt: u16, chance: f64) -> Next {
    if fault.is_code("NoSuchUpload") {
        // a definite answer, which would stay the same
        return Next::Stop;
    }
    // a new kind does not compile until it is handled here
    let waits = match fault.kind {
        // somebody signs in, and it goes on by itself
        FaultKind::SignIn if fault.has_expired() && attempt >= EXPIRED_ATTEMPTS => {
            return Next::Stop;
        }
        FaultKind::Offline | FaultKind::SignIn => return Next::WaitForNetwork,
        FaultKind::WrongPlace if fault.stranger => return Next::WaitForNetwork,
        FaultKind::Throttled => THROTTLED,
        FaultKind::Server => SERVER,
        FaultKind::Checksum => CHECKSUM,
        FaultKind::Clock => CLOCK,
        FaultKind::WrongPlace
        | FaultKind::Credentials
        | FaultKind::Keychain
        | FaultKind::Denied
        | FaultKind::Exists
        | FaultKind::SourceMissing
        | FaultKind::SourceChanged
        | FaultKind::Unsupported
        | FaultKind::Storage
        | FaultKind::Bug => return Next::Stop,
    };
    match attempt < waits.attempts {
        true => Next::Again(waits.after(attempt, fault, chance)),
        false => Next::Stop,
    }
}

/// The failed attempts of one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attempts {
    /// After which it was sent again.
    made: u16,
    /// Checksum and clock faults.
    damaged: u16,
    /// Requests that were rejected because the credentials had expired.
    expired: u16,
}

impl Attempts {
    /// Counts a failure, and says what follows it. Checksum and clock faults are counted separately from failures of the
    /// server, and expired credentials from both; a network that is gone is not counted. `chance` is in 0..1.
    pub(crate) fn after(&mut self, fault: &Fault, chance: f64) -> Next {
        let next = after(fault, self.count(fault), chance);
        if let Next::Again(_) = next {
            self.made = self.made.saturating_add(1);
        }
        next
    }

    /// After how many failures the request was sent again.
    pub(crate) fn made(self) -> u16 {
        self.made
    }

    fn count(&mut self, fault: &Fault) -> u16 {
        let counted = match fault.kind {
            FaultKind::Checksum | FaultKind::Clock => &mut self.damaged,
            FaultKind::SignIn if fault.has_expired() => &mut self.expired,
            _ => return self.made.saturating_add(1),
        };
        *counted = counted.saturating_add(1);
        *counted
    }
}

impl Waits {
    /// The wait after this attempt, from 1; never less than what the server asks for.
    fn after(&self, attempt: u16, fault: &Fault, chance: f64) -> Duration {
        let doubled = self.first.saturating_mul(1 << (attempt.clamp(1, 10) - 1)).min(self.longest);
        let asked = Duration::from_millis(fault.retry_after.unwrap_or(0)).min(LONGEST_WISH);
        doubled.mul_f64(chance.clamp(0.0, 1.0)).max(asked)
    }
}

/// How long to wait between polls of a server that cannot be reached.
pub(crate) fn poll_interval(times: u32) -> Duration {
    Duration::from_secs(u64::from(times).clamp(1, 5))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn credentials_that_expired_count_against_nothing_else() {
        let of = |kind| Fault::new(kind, "");
        let expired = of(FaultKind::SignIn).with_code("ExpiredToken");
        let mut attempts = Attempts::default();
        for _ in 1..EXPIRED_ATTEMPTS {
            assert_eq!(attempts.after(&expired, 1.0), Next::WaitForNetwork);
        }
        assert_eq!(attempts.made(), 0);
        let damaged = of(FaultKind::Checksum);
        assert_eq!(attempts.after(&damaged, 1.0), Next::Again(Duration::ZERO));
        for _ in 2..SERVER.attempts {
            assert!(matches!(attempts.after(&of(FaultKind::Server), 1.0), Next::Again(_)));
        }
        assert_eq!(attempts.made(), SERVER.attempts - 1);
        assert_eq!(attempts.after(&of(FaultKind::Server), 1.0), Next::Stop);
        assert_eq!(attempts.after(&damaged, 1.0), Next::Stop);
        assert_eq!(attempts.after(&expired, 1.0), Next::Stop);
        // nobody is signed in: waits, however long that takes
        assert_eq!(attempts.after(&of(FaultKind::SignIn), 1.0), Next::WaitForNetwork);
    }

    #[test]
    fn each_kind_has_its_answer() {
        let not_s3 = crate::fault::Reason::NotS3 { place: "x".into(), status: None, missing: None };
        let of = |kind, attempt| after(&Fault::new(kind, ""), attempt, 1.0);
        assert_eq!(of(FaultKind::Offline, 9999), Next::WaitForNetwork);
        assert_eq!(of(FaultKind::SignIn, 9999), Next::WaitForNetwork);
        assert_eq!(of(FaultKind::Server, 1), Next::Again(Duration::from_millis(800)));
        assert_eq!(of(FaultKind::Server, 9), Next::Again(SERVER.longest));
        assert_eq!(of(FaultKind::Server, SERVER.attempts), Next::Stop);
        assert_eq!(after(&Fault::by_stranger(not_s3), 9999, 1.0), Next::WaitForNetwork);
        assert_eq!(of(FaultKind::Checksum, 1), Next::Again(Duration::ZERO));
        assert_eq!(of(FaultKind::Checksum, 2), Next::Stop);
        assert_eq!(of(FaultKind::Clock, 1), Next::Again(Duration::from_millis(800)));
        assert_eq!(of(FaultKind::Clock, CLOCK.attempts), Next::Stop);
        let expired = Fault::new(FaultKind::SignIn, "").with_code("ExpiredToken");
        assert_eq!(after(&expired, 1, 1.0), Next::WaitForNetwork);
        assert_eq!(after(&expired, EXPIRED_ATTEMPTS, 1.0), Next::Stop);
        let mut gone = Fault::new(FaultKind::Server, "");
        gone.code = Some("NoSuchUpload".into());
        assert_eq!(after(&gone, 1, 1.0), Next::Stop);
        for kind in [
            FaultKind::Credentials,
            FaultKind::Keychain,
            FaultKind::Denied,
            FaultKind::WrongPlace,
            FaultKind::Exists,
            FaultKind::SourceMissing,
            FaultKind::SourceChanged,
            FaultKind::Unsupported,
            FaultKind::Storage,
            FaultKind::Bug,
        ] {
            assert_eq!(of(kind, 1), Next::Stop, "{kind:?}");
        }
    }

    proptest! {
        #[test]
        fn no_wait_is_longer_than_told_and_each_ends(attempt in 1u16..=u16::MAX, chance in -1.0f64..2.0, wish in proptest::option::of(0u64..=u64::MAX)) {
            for (kind, waits) in [
                (FaultKind::Server, SERVER),
                (FaultKind::Throttled, THROTTLED),
                (FaultKind::Checksum, CHECKSUM),
                (FaultKind::Clock, CLOCK),
            ] {
                let mut fault = Fault::new(kind, "");
                fault.retry_after = wish;
                let asked = Duration::from_millis(wish.unwrap_or(0)).min(LONGEST_WISH);
                match after(&fault, attempt, chance) {
                    Next::Again(wait) => {
                        prop_assert!(wait <= waits.longest.max(asked) && wait >= asked);
                        prop_assert!(attempt < waits.attempts);
                    }
                    Next::Stop => prop_assert!(attempt >= waits.attempts),
                    Next::WaitForNetwork => prop_assert!(false, "it was reached"),
                }
            }
        }
    }

    /// What docs/faults.md promises of a server that fails or throttles.
    #[test]
    fn half_an_hour_and_an_hour_are_waited() {
        let on_average = |waits: Waits| waits.longest * waits.attempts.into() / 2;
        assert_eq!(on_average(SERVER).as_secs(), 30 * 60);
        assert_eq!(on_average(THROTTLED).as_secs(), 75 * 60);
    }

    #[test]
    fn the_server_s_wish_is_a_lower_bound_and_jitter_spreads() {
        let mut fault = Fault::new(FaultKind::Throttled, "");
        assert_eq!(after(&fault, 3, 0.0), Next::Again(Duration::ZERO));
        assert_eq!(after(&fault, 3, 0.5), Next::Again(Duration::from_millis(1600)));
        fault.retry_after = Some(7_000);
        assert_eq!(after(&fault, 1, 0.5), Next::Again(Duration::from_secs(7)));
    }
}
