//! The sets by name.

mod big;
mod even;
mod link;
mod small;

use super::{bench::Bench, wan};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    BigHttp,
    BigHttps,
    Headers,
    Small,
    Queued,
    Far,
    Slow,
    Limit,
    Fair,
}

impl Set {
    pub(super) const ALL: [Self; 9] = [
        Self::BigHttp,
        Self::BigHttps,
        Self::Headers,
        Self::Small,
        Self::Queued,
        Self::Far,
        Self::Slow,
        Self::Limit,
        Self::Fair,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::BigHttp => "big-http",
            Self::BigHttps => "big-https",
            Self::Headers => "headers",
            Self::Small => "small",
            Self::Queued => "queued",
            Self::Far => "far",
            Self::Slow => "slow",
            Self::Limit => "limit",
            Self::Fair => "fair",
        }
    }

    pub(super) fn named(name: &str) -> Result<Self, String> {
        let set = Self::ALL.into_iter().find(|set| set.name() == name);
        set.ok_or_else(|| format!("there is no set {name}"))
    }

    /// Why it cannot be measured here.
    pub(super) fn left_out(self) -> Option<String> {
        if matches!(self, Self::Far | Self::Slow) { wan::impossible() } else { None }
    }
}

/// The set's section of the page.
pub(super) fn run(set: Set, bench: &Bench) -> Result<String, String> {
    match set {
        Set::BigHttp => big::big(bench, false),
        Set::BigHttps => big::big(bench, true),
        Set::Headers => big::headers(bench),
        Set::Small => small::small(bench),
        Set::Queued => small::queued(bench),
        Set::Far => link::far(bench),
        Set::Slow => link::slow(bench),
        Set::Limit => even::limit(bench),
        Set::Fair => even::fair(bench),
    }
}
