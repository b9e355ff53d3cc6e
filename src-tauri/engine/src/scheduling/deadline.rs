//! The deadline line: what will end before an upload does, at the rate that it has. Knows seconds from now and no clock.

use crate::fault::duration_text::lasted;
use crate::fault::number_text::{counted, decimal};
use crate::scheduling::bandwidth_schedule::WallTime;
use serde::{Deserialize, Serialize};
use std::fmt;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// What is known of an upload, and of what may end before it. All times are seconds from now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outlook {
    /// Bytes that are still to be sent.
    pub(crate) left: u64,
    /// Bytes a second; 0 where nobody knows.
    pub(crate) rate: u64,
    pub(crate) credentials: Option<Credentials>,
    /// When the server aborts an upload that is not complete, after so many days, and who told it to.
    pub(crate) aborts: Vec<(Aborts, u16, u64)>,
}

/// Credentials that end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Credentials {
    pub(crate) ends: u64,
    pub(crate) renewal: Renewal,
}

/// Whether credentials that end are followed by others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Renewal {
    /// By themselves and for good, like those of a role or a machine.
    Always,
    /// By themselves, until the sign-in behind them ends: in so many seconds, and as the clock on the wall shows it then.
    Until(u64, WallTime),
    /// By a person who signs in again.
    SignIn,
    /// Not at all: a temporary key that somebody typed in.
    Never,
}

/// Who makes the server abort an upload that is not complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Aborts {
    /// A lifecycle rule of the bucket.
    Rule,
    /// The provider, for all buckets: R2 after seven days.
    Provider,
}

/// What ends before the upload does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Deadline {
    /// Bytes a second, rounded to two digits.
    pub rate: u64,
    /// Seconds that the upload still needs, rounded for reading.
    pub needs: u64,
    pub ends: Ends,
}

/// What ends. Times in seconds from now, rounded for reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Ends {
    /// A sign-in that renews its credentials until then.
    SignInRenewed {
        within: u64,
        until: WallTime,
        /// That is within a day: the day of the week need not be named.
        soon: bool,
    },
    SignIn {
        within: u64,
    },
    TemporaryKey {
        within: u64,
    },
    /// The server aborts the upload.
    Upload {
        within: u64,
        days: u16,
        by: Aborts,
    },
}

/// A lifecycle rule of a bucket that aborts incomplete uploads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AbortRule {
    pub(crate) days: u32,
    /// Applies to keys that begin with it.
    pub(crate) prefix: String,
}

/// After how many days the rules of a bucket abort the upload of a key: the fewest of all that apply.
pub(crate) fn days_by_rules(rules: &[AbortRule], key: &str) -> Option<u16> {
    let apply = rules.iter().filter(|rule| key.starts_with(&rule.prefix));
    // longer than a century is never
    apply.filter_map(|rule| u16::try_from(rule.days).ok()).min()
}

/// What ends first, of all that ends before the upload does; None where nothing does, or the rate is not known.
pub(crate) fn deadline(outlook: &Outlook) -> Option<Deadline> {
    if outlook.left == 0 || outlook.rate == 0 {
        return None;
    }
    let needs = outlook.left.div_ceil(outlook.rate);
    let credentials = outlook.credentials.and_then(|credentials| {
        let within = rounded(credentials.ends);
        Some(match credentials.renewal {
            Renewal::Always => return None,
            Renewal::Until(until, wall) => {
                let ends = Ends::SignInRenewed { within, until: wall, soon: until < DAY };
                // it is renewed meanwhile, and the first end costs nothing
                (until.max(credentials.ends), ends)
            }
            Renewal::SignIn => (credentials.ends, Ends::SignIn { within }),
            Renewal::Never => (credentials.ends, Ends::TemporaryKey { within }),
        })
    });
    let aborts = outlook.aborts.iter().map(|(by, days, within)| {
        (*within, Ends::Upload { within: rounded(*within), days: *days, by: *by })
    });
    let ends = credentials.into_iter().chain(aborts);
    // what has ended already says so itself
    let ends = ends.filter(|(within, _)| (1..needs).contains(within));
    let (_, ends) = ends.min_by_key(|(within, _)| *within)?;
    Some(Deadline { rate: two_digits(outlook.rate), needs: rounded(needs), ends })
}

/// Coarse enough that it does not flicker: minutes, then five of them, hours, days.
fn rounded(seconds: u64) -> u64 {
    let step = match seconds {
        0..HOUR => MINUTE,
        HOUR..36_000 => 5 * MINUTE,
        36_000..172_800 => HOUR,
        _ => DAY,
    };
    (seconds + step / 2) / step * step
}

fn two_digits(rate: u64) -> u64 {
    let mut step = 1;
    while rate / step >= 100 {
        step *= 10;
    }
    (rate + step / 2) / step * step
}

/// "40 min", "9 h", "7 days"
fn about(seconds: u64) -> String {
    match seconds {
        0..MINUTE => lasted(MINUTE),
        MINUTE..172_800 => lasted(seconds),
        _ => counted(seconds / DAY, "day"),
    }
}

impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rate, needs) = (decimal(self.rate), about(self.needs));
        write!(f, "At {rate}/s this needs {needs}; {}", self.ends)
    }
}

impl fmt::Display for Ends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignInRenewed { within, until, soon } => {
                let day = if *soon { String::new() } else { format!("{} ", until.day.short()) };
                let (hour, minute) = (until.minute / 60, until.minute % 60);
                write!(
                    f,
                    "your sign-in ends in {} (it can be renewed until {day}{hour:02}:{minute:02})",
                    about(*within)
                )
            }
            Self::SignIn { within } => write!(f, "your sign-in ends in {}", about(*within)),
            Self::TemporaryKey { within } => {
                write!(f, "the temporary key ends in {} and cannot be renewed", about(*within))
            }
            Self::Upload { within, days, by } => {
                let days = counted(*days, "day");
                match by {
                    Aborts::Rule => write!(
                        f,
                        "a lifecycle rule of the bucket aborts it in {} ({days} after its start)",
                        about(*within)
                    ),
                    Aborts::Provider => write!(
                        f,
                        "the provider aborts it in {} ({days} after its start)",
                        about(*within)
                    ),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheduling::bandwidth_schedule::Day;

    const AT_SIX: WallTime = WallTime { day: Day::Fr, minute: 18 * 60 };
    /// 388.8 GB at 12 MB/s are nine hours.
    const NINE_HOURS: Outlook =
        Outlook { left: 388_800_000_000, rate: 12_000_000, credentials: None, aborts: Vec::new() };

    fn with(ends: u64, renewal: Renewal) -> Outlook {
        Outlook { credentials: Some(Credentials { ends, renewal }), ..NINE_HOURS }
    }

    fn aborted(aborts: &[(Aborts, u16, u64)]) -> Outlook {
        Outlook { aborts: aborts.to_vec(), ..NINE_HOURS }
    }

    #[test]
    fn what_ends_before_the_upload_is_said_and_nothing_else() {
        let (rule, provider) = (Aborts::Rule, Aborts::Provider);
        let begin = "At 12 MB/s this needs 9 h; ";
        let table = [
            (NINE_HOURS, ""),
            (with(HOUR, Renewal::SignIn), "your sign-in ends in 1 h"),
            (with(10 * HOUR, Renewal::SignIn), ""),
            (with(9 * HOUR, Renewal::SignIn), ""),
            (with(9 * HOUR - 1, Renewal::SignIn), "your sign-in ends in 9 h"),
            (with(HOUR, Renewal::Always), ""),
            (with(HOUR, Renewal::Until(12 * HOUR, AT_SIX)), ""),
            (
                with(HOUR, Renewal::Until(6 * HOUR, AT_SIX)),
                "your sign-in ends in 1 h (it can be renewed until 18:00)",
            ),
            (
                with(40 * MINUTE, Renewal::Never),
                "the temporary key ends in 40 min and cannot be renewed",
            ),
            // it ended already: the upload waits, and says for what
            (with(0, Renewal::SignIn), ""),
            (aborted(&[(provider, 7, 7 * DAY)]), ""),
            (
                aborted(&[(provider, 7, 5 * HOUR)]),
                "the provider aborts it in 5 h (7 days after its start)",
            ),
            (
                aborted(&[(rule, 1, 2 * HOUR)]),
                "a lifecycle rule of the bucket aborts it in 2 h (1 day after its start)",
            ),
            // the first of several
            (
                aborted(&[(provider, 7, 5 * HOUR), (rule, 1, 2 * HOUR)]),
                "a lifecycle rule of the bucket aborts it in 2 h (1 day after its start)",
            ),
            (
                Outlook { aborts: vec![(rule, 1, 2 * HOUR)], ..with(HOUR, Renewal::SignIn) },
                "your sign-in ends in 1 h",
            ),
            (
                Outlook { aborts: vec![(rule, 1, 2 * HOUR)], ..with(HOUR, Renewal::Always) },
                "a lifecycle rule of the bucket aborts it in 2 h (1 day after its start)",
            ),
            // nothing is known of a rate, or nothing is left
            (Outlook { rate: 0, ..with(HOUR, Renewal::SignIn) }, ""),
            (Outlook { left: 0, ..with(HOUR, Renewal::SignIn) }, ""),
        ];
        for (outlook, want) in table {
            let said = deadline(&outlook).map(|deadline| deadline.to_string());
            let want = (!want.is_empty()).then(|| format!("{begin}{want}"));
            assert_eq!(said, want, "{outlook:?}");
        }
    }

    #[test]
    fn of_several_rules_the_shortest_that_applies_counts() {
        let rule = |days, prefix: &str| AbortRule { days, prefix: prefix.into() };
        let rules = [rule(7, ""), rule(1, "tmp/"), rule(3, "raw/day"), rule(90_000, "old/")];
        let table = [
            (&rules[..], "reel.mov", Some(7)),
            (&rules, "tmp/reel.mov", Some(1)),
            (&rules, "tmp", Some(7)),
            (&rules, "raw/day-2.mov", Some(3)),
            (&rules[1..], "reel.mov", None),
            (&rules[3..], "old/reel.mov", None),
            (&[], "reel.mov", None),
        ];
        for (rules, key, want) in table {
            assert_eq!(days_by_rules(rules, key), want, "{key}");
        }
    }

    #[test]
    fn a_day_is_named_where_it_is_not_the_next() {
        let weeks = Outlook { left: u64::MAX / 2, ..with(HOUR, Renewal::Until(2 * DAY, AT_SIX)) };
        let said = deadline(&weeks).unwrap().ends.to_string();
        assert_eq!(said, "your sign-in ends in 1 h (it can be renewed until Fri 18:00)");
    }

    #[test]
    fn figures_are_as_coarse_as_they_are_read() {
        for (seconds, want) in [
            (1, "1 min"),
            (89, "1 min"),
            (91, "2 min"),
            (59 * MINUTE, "59 min"),
            (3 * HOUR + 7 * MINUTE, "3 h 5 min"),
            (11 * HOUR + 40 * MINUTE, "12 h"),
            (47 * HOUR, "47 h"),
            (7 * DAY + HOUR, "7 days"),
        ] {
            assert_eq!(about(rounded(seconds)), want, "{seconds}");
        }
        for (rate, want) in [(7, 7), (99, 99), (1_250_000, 1_300_000), (12_345_678, 12_000_000)] {
            assert_eq!(two_digits(rate), want);
        }
    }
}
