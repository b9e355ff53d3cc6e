//! Adapts the number of concurrent parts, requests and bytes in flight. Time is an argument.
//!
//! Both are one decision, made by what the line carries: what is in flight stays within ten seconds of it.

mod budget;
mod load;
mod measured;

pub(crate) use load::Load;

use crate::model::link_estimate::LinkEstimate;
use crate::model::part_plan::MIN_PART;
use crate::model::time::EngineTime;
use crate::scheduling::in_flight::{self, FEW};
use budget::BUDGET_SECONDS;
use measured::Measured;
use std::time::Duration;

const FEWEST: usize = 1;
/// Concurrent parts while nothing is known of the link: as much as may be lost on a slow one.
const FIRST: usize = 2;
/// Concurrent requests while nothing is known, including small files.
const FIRST_REQUESTS: usize = 8;
/// On a long-distance link that loses one packet in a thousand, a connection has some 10 Mbit/s: many together use the
/// link.
const MOST: usize = 128;
/// On a short link without loss, a fraction of this is enough.
const NEAR: usize = 32;
/// How long sent bytes are trusted at the start; by then the first parts are stored, or the link is slow.
const TRUSTS: Duration = Duration::from_secs(6);
/// How long a rate is measured while the number still doubles, and later, when one slow part must not decide.
const FIRST_LOOK: Duration = Duration::from_millis(500);
const LOOK: Duration = Duration::from_secs(3);
/// A link that stores this many parts in this short a time is known to be fast before the first measurement.
const QUICK: Duration = Duration::from_millis(500);
const QUICK_PARTS: u64 = 4;
const LONGEST_LOOK: f64 = 20.0;
/// A doubling that gains this much is followed by another.
const PAYS_WELL: f64 = 1.25;
/// A step up must gain this much, or it is reverted.
const PAYS: f64 = 1.05;
/// A step down may cost this much in total, and if one part more is much of the link's time.
const COSTS: f64 = 0.98;
const FEW_COST: f64 = 0.9;
/// Share of the user's limit: at that point the limit is the bottleneck, and more connections do not help.
const AT_LIMIT: f64 = 0.9;
/// A link with less than this share of its earlier rate has changed.
const SLOWER: f64 = 0.5;
/// Bytes per second and connection, below which more connections only slow down each part: 16 MiB in 80 s.
const WORTH: f64 = 200_000.0;
/// How long not to increase after throttling.
const THROTTLE_PAUSE: Duration = Duration::from_secs(10);
/// Responses to requests that were sent together arrive within this time.
const COUNTS_ONCE: Duration = Duration::from_secs(2);
/// How long to wait after a step that did not pay: links change, but rarely within seconds.
const SETTLED: Duration = Duration::from_secs(30);

/// A step on trial: the earlier number, and its rate.
#[derive(Clone, Copy, Debug)]
enum Trial {
    Up { from: usize, rate: f64 },
    Down { from: usize, rate: f64 },
}

/// The number of concurrent parts to one server, found by trying: doubled while throughput keeps rising, then changed
/// in small steps that are kept if they pay, and reset to a few when the link becomes slow.
#[derive(Clone, Debug)]
pub(crate) struct ConcurrencyController {
    fixed: Option<usize>,
    allowed: usize,
    /// Minimum number of requests, unless the server throttles: small files do not wait for large parts.
    requests: usize,
    /// The number is not known yet, and doubles.
    doubles: bool,
    /// When sending started, and whether that was so recent that nothing can be stored yet.
    sends_since: Option<EngineTime>,
    trusts: bool,
    /// The last doubling, from this number, did not pay.
    doubtful: Option<usize>,
    trial: Option<Trial>,
    /// The next step to try, once the link is settled.
    then_down: bool,
    /// Nothing is tried before.
    rests_until: EngineTime,
    throttled_until: EngineTime,
    throttled_at: Option<EngineTime>,
    measured: Measured,
    /// Sent bytes go into buffers on the way.
    is_buffered: bool,
    /// The link's throughput, in bytes per second.
    rate: Option<f64>,
    /// The rate at the last decision.
    judged: Option<f64>,
    /// The rate of the measurement before, while nothing can be concluded from it.
    before: f64,
    limit: Option<f64>,
    part: u64,
    link_estimate: Option<LinkEstimate>,
    /// The estimate is from another session, and not confirmed yet in this one.
    is_old: bool,
}

impl ConcurrencyController {
    /// `fixed` is the user's number. `None` is automatic.
    pub(crate) fn new(fixed: Option<usize>) -> Self {
        Self {
            fixed,
            allowed: fixed.unwrap_or(FIRST).max(FEWEST),
            requests: fixed.unwrap_or(FIRST_REQUESTS).max(FEWEST),
            doubles: fixed.is_none(),
            sends_since: None,
            trusts: true,
            doubtful: None,
            trial: None,
            then_down: false,
            rests_until: EngineTime::ZERO,
            throttled_until: EngineTime::ZERO,
            throttled_at: None,
            measured: Measured::default(),
            is_buffered: false,
            rate: None,
            judged: None,
            before: 0.0,
            limit: None,
            part: MIN_PART,
            link_estimate: None,
            is_old: false,
        }
    }

    /// Starts from an earlier estimate, and continues in small steps.
    pub(crate) fn known(link_estimate: LinkEstimate) -> Self {
        let allowed =
            usize::try_from(link_estimate.connections).unwrap_or(MOST).clamp(FEWEST, MOST);
        #[allow(clippy::cast_precision_loss)] // a rate compared to a few percent
        let rate = link_estimate.rate as f64 * f64::from(link_estimate.connections);
        let (rate, link_estimate) = (Some(rate), Some(link_estimate));
        let requests = allowed.max(FIRST_REQUESTS);
        Self {
            allowed,
            requests,
            doubles: false,
            rate,
            link_estimate,
            is_old: true,
            ..Self::new(None)
        }
    }

    /// Maximum number of concurrent requests.
    pub(crate) fn allowed(&self) -> usize {
        self.requests.max(self.allowed)
    }

    /// The estimate of the link: measured, or from an earlier session until then.
    pub(crate) fn link_estimate(&self) -> Option<LinkEstimate> {
        self.link_estimate
    }

    /// The number to return to if the one on trial does not pay.
    fn found(&self) -> usize {
        match self.trial {
            Some(Trial::Up { from, .. } | Trial::Down { from, .. }) => from,
            None => self.allowed,
        }
    }

    /// Called a few times per second.
    pub(crate) fn observe(&mut self, now: EngineTime, load: Load) {
        if load.part > 0 {
            self.part = load.part;
        }
        self.is_buffered = load.buffered;
        self.heed_limit(now, rate_of(load.limit));
        self.trusts = now.saturating_sub(*self.sends_since.get_or_insert(now)) < TRUSTS;
        // idle connections say nothing about whether more would be faster; connections that are being closed say
        // nothing about fewer
        let most = if in_flight::is_small(self.part) { self.allowed() } else { self.allowed };
        let overlaps = usize::from(most < FEW);
        let is_idle = !load.has_demand || load.used > most + overlaps;
        if is_idle || now < self.throttled_until {
            self.measured.idle();
            return;
        }
        if !self.measured.see(now, &load) {
            return;
        }
        self.heed_recent(now);
        if now < self.rests_until {
            self.measured.end_look();
            return;
        }
        let span = match self.trial {
            _ if self.doubles || self.is_old => FIRST_LOOK,
            Some(Trial::Down { from, rate }) if from <= FEW => self.turns(rate).max(LOOK),
            _ => LOOK,
        };
        // if nothing at all is sent, buffers are full, and nothing can be concluded
        let Some(rate) = self.measured.look(span).filter(|rate| *rate > 0.0) else { return };
        let before = match self.trial {
            // many small files are in flight already, or fewer parts than the earlier number
            None if self.fixed.is_none() => self.room().parts.max(load.used),
            _ => self.allowed,
        };
        self.allowed = before;
        self.heed_the_past(rate);
        self.rate = Some(rate);
        self.judged = Some(rate);
        let is_limited = self.is_at_limit(rate);
        self.judge(now, rate, is_limited);
        if !self.doubles && self.fixed.is_none() && !is_limited {
            let connections = u32::try_from(self.found()).unwrap_or(u32::MAX);
            #[allow(clippy::cast_precision_loss)] // at most 128
            let rate = whole(rate / before.max(1) as f64);
            self.link_estimate = Some(LinkEstimate { connections, rate });
        }
        if self.allowed != before {
            self.measured.restart();
        }
        tracing::debug!(rate, before, now = self.allowed, "connections judged");
    }

    /// A part of `size` bytes was stored, `took` after the first one started; `stored` is the total so far.
    pub(crate) fn heed_stored(&mut self, now: EngineTime, took: Duration, size: u64, stored: u64) {
        let is_unknown = self.doubles && self.rate.is_none() && self.limit.is_none();
        let is_quick = took <= QUICK && stored >= size.saturating_mul(QUICK_PARTS);
        if !is_unknown || !is_quick || in_flight::is_small(size) || now < self.throttled_until {
            return;
        }
        #[allow(clippy::cast_precision_loss)] // judged to a few percent
        let rate = stored as f64 / took.as_secs_f64().max(0.001);
        self.part = size;
        (self.rate, self.judged) = (Some(rate), Some(rate));
        self.up(now, rate, rate);
        self.measured.restart();
        tracing::debug!(rate, now = self.allowed, "connections begun with");
    }

    /// A lower limit applies at once; a higher one is filled like an unknown link.
    fn heed_limit(&mut self, now: EngineTime, limit: Option<f64>) {
        if limit == self.limit {
            return;
        }
        let is_raised = limit.is_none_or(|limit| self.limit.is_some_and(|before| limit > before));
        self.limit = limit;
        if self.fixed.is_some() {
            return;
        }
        (self.trial, self.doubtful, self.judged) = (None, None, None);
        if is_raised {
            (self.doubles, self.then_down, self.rests_until) = (true, false, now);
        } else {
            self.allowed = self.allowed.min(limit.map_or(MOST, |limit| self.fewest(limit)));
        }
        self.measured.restart();
    }

    /// Updates the link's rate. If the link became slow, a few parts remain and the number is found again.
    fn heed_recent(&mut self, now: EngineTime) {
        let Some(rate) = self.measured.recent() else { return };
        self.rate = Some(rate);
        let Some(judged) = self.judged.filter(|_| self.fixed.is_none()) else { return };
        // on trial, fewer connections may have a proportionally lower rate
        #[allow(clippy::cast_precision_loss)] // at most 128
        let share = match self.trial {
            Some(Trial::Down { from, .. }) => self.allowed as f64 / from as f64,
            _ => 1.0,
        };
        if rate < judged * SLOWER * share {
            let fewest = self.fewest(rate).min(self.allowed);
            (self.trial, self.doubtful, self.judged) = (None, None, Some(rate));
            if fewest < self.allowed {
                (self.allowed, self.rests_until) = (fewest, now);
                (self.doubles, self.then_down) = (true, false);
                self.measured.restart();
            }
        } else if judged > 0.0 && rate > judged / SLOWER && now < self.rests_until {
            (self.doubles, self.then_down, self.rests_until) = (true, false, now);
        }
    }

    /// A link that is much faster than before is treated as a new one.
    fn heed_the_past(&mut self, rate: f64) {
        let Some(link_estimate) = self.link_estimate.filter(|_| std::mem::take(&mut self.is_old))
        else {
            return;
        };
        #[allow(clippy::cast_precision_loss)] // compared to a factor of two
        let before = link_estimate.rate as f64 * f64::from(link_estimate.connections);
        self.doubles = rate > before * 2.0;
        self.then_down = rate < before / 2.0;
    }

    fn judge(&mut self, now: EngineTime, rate: f64, is_limited: bool) {
        if let Some(fixed) = self.fixed {
            // only the way back after throttling is left to climb
            self.allowed = (self.allowed + self.step()).min(fixed.max(FEWEST));
            self.requests = self.allowed;
            return;
        }
        match self.trial.take() {
            Some(Trial::Up { rate: before, .. }) if is_limited && rate >= before * PAYS => {
                (self.doubles, self.doubtful) = (false, None);
                self.rest(now, true);
            }
            Some(Trial::Up { from, rate: before }) if self.doubles => {
                if rate >= before * PAYS_WELL {
                    self.doubtful = None;
                    self.up(now, rate, rate);
                } else if self.doubtful.is_none() && !is_limited {
                    // on a link that loses packets, new connections are faster at first than they can stay: one
                    // doubling that does not pay is not trusted before the next
                    self.doubtful = Some(from);
                    self.up(now, rate, before);
                } else {
                    self.end_doubling(rate, before, from);
                }
            }
            Some(Trial::Up { from, rate: before }) => {
                if rate < before * PAYS {
                    self.allowed = from;
                    self.rest(now, true);
                } else {
                    self.doubles = rate >= before * PAYS_WELL;
                    self.up(now, rate, rate);
                }
            }
            Some(Trial::Down { from, rate: before }) => {
                if rate < before * if from <= FEW { FEW_COST } else { COSTS } {
                    let has_room = from < self.most_within(self.budget());
                    (self.allowed, self.doubles) = (from, has_room && rate < before / PAYS_WELL);
                    self.then_down = false;
                    if !self.doubles {
                        self.rest(now, false);
                    }
                } else {
                    // compared with the rate before the first step, or a hundred small losses would pass unnoticed
                    self.down(now, rate, before);
                }
            }
            None if self.then_down || is_limited => self.down(now, rate, rate),
            None => self.up(now, rate, rate),
        }
    }

    /// `rate` is the current one, `before` the one to compare it with.
    fn up(&mut self, now: EngineTime, rate: f64, before: f64) {
        let from = self.allowed;
        #[allow(clippy::cast_precision_loss)] // at most 128
        let thin = rate / (from as f64) < WORTH;
        let more = match self.doubles {
            true if from <= FIRST => FIRST_REQUESTS - from,
            true => from,
            false => self.step(),
        };
        let most = self.most_within(self.budget());
        self.allowed = if thin { from } else { (from + more).min(most).max(from) };
        if self.allowed > from {
            self.trial = Some(Trial::Up { from, rate: before });
        } else if !thin && from < self.most_within(whole(rate * BUDGET_SECONDS)).min(MOST) {
            // the link may be faster than the stored bytes show so far
            self.doubtful = None;
        } else if self.doubles && self.doubtful.is_some() {
            self.end_doubling(rate, before, from);
            if self.trial.is_none() {
                self.rest(now, true);
            }
        } else if self.doubles && rate >= self.before * PAYS_WELL {
            // the connections are still ramping up
            self.before = rate;
        } else if std::mem::take(&mut self.doubles) && from <= FEW && self.fewest(rate) < from {
            self.down(now, rate, rate);
        } else {
            self.rest(now, true);
        }
    }

    /// Doublings that gained nothing are reverted at once. Whether that was right is checked for longer, because bytes
    /// in the system's buffers were counted as sent.
    fn end_doubling(&mut self, rate: f64, before: f64, from: usize) {
        let to = self.doubtful.take().unwrap_or(from).max(self.fewest(rate));
        (self.doubles, self.then_down) = (false, true);
        // beyond what a short link ever needs, losses are misleading: smaller steps from here
        if rate < before * PAYS && to < self.allowed && self.allowed <= NEAR {
            self.trial = Some(Trial::Down { from: self.allowed, rate });
            self.allowed = to;
        }
    }

    /// The time of two consecutive parts: only then the loss between them is visible.
    fn turns(&self, rate: f64) -> Duration {
        #[allow(clippy::cast_precision_loss)] // seconds
        let seconds = 2.0 * self.part as f64 / rate.max(1.0);
        Duration::from_secs_f64(seconds.min(LONGEST_LOOK))
    }

    fn down(&mut self, now: EngineTime, rate: f64, before: f64) {
        let from = self.allowed;
        self.doubles = false;
        self.allowed = from.saturating_sub(self.step()).max(self.fewest(rate).min(from));
        if self.allowed == from {
            return self.rest(now, false);
        }
        self.trial = Some(Trial::Down { from, rate: before });
    }

    fn rest(&mut self, now: EngineTime, then_down: bool) {
        self.then_down = then_down;
        self.rests_until = now + SETTLED;
    }

    fn step(&self) -> usize {
        (self.allowed / 4).max(1)
    }

    /// The server throttled: halve the number, and do not increase for a while.
    pub(crate) fn throttled(&mut self, now: EngineTime) {
        // the requests in flight are rejected together, and count once
        if self.throttled_at.is_none_or(|at| now.saturating_sub(at) >= COUNTS_ONCE) {
            self.requests = (self.allowed() / 2).max(FEWEST);
            self.allowed = self.allowed.min(self.requests);
            (self.trial, self.doubles, self.then_down) = (None, false, false);
            (self.doubtful, self.judged) = (None, None);
            self.throttled_at = Some(now);
        }
        self.throttled_until = now + THROTTLE_PAUSE;
    }
}

fn rate_of(limit: Option<u64>) -> Option<f64> {
    #[allow(clippy::cast_precision_loss)] // a rate compared to a few percent
    limit.filter(|limit| *limit > 0).map(|limit| limit as f64)
}

fn whole(bytes: f64) -> u64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // saturates
    let whole = bytes as u64;
    whole
}

#[cfg(test)]
mod tests;
