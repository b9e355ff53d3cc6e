//! How many requests at once. Takes time as an argument; knows no connections.

use crate::part::Tick;
use serde::{Deserialize, Serialize};
use std::time::Duration;

const FEWEST: usize = 1;
/// What a link is left with where fewer would do as well: one connection that hangs must not be half of all.
const FEWEST_BY_CHOICE: usize = 4;
/// Enough for a near link, and for a far one without loss (four connections reach 0.9 of 1 Gbit/s at 80 ms).
const FIRST: usize = 8;
/// A far link that loses one packet in a thousand leaves a connection some 10 Mbit/s: many together fill it.
const MOST: usize = 128;
/// After a change new connections find their speed, and the system's buffers fill, before the rate says anything.
const SETTLES: Duration = Duration::from_millis(500);
/// Over so long the rate is taken while the number still doubles, and later, when one slow part must not decide.
const FIRST_LOOK: Duration = Duration::from_millis(750);
const LOOK: Duration = Duration::from_secs(3);
/// A doubling that pays by this much is followed by the next one.
const PAYS_WELL: f64 = 1.25;
/// A step up must pay by this much, or it is taken back.
const PAYS: f64 = 1.05;
/// A step down may cost so much, together with those before it.
const COSTS: f64 = 0.98;
/// Bytes a second and connection, under which more of them only make each part slower to arrive: 16 MiB in 80 s.
const WORTH: f64 = 200_000.0;
/// Quiet time after a server asked for less.
const HUSH: Duration = Duration::from_secs(10);
/// After a step that did not pay, the next try waits this long: links change, seldom by the second.
const SETTLED: Duration = Duration::from_secs(30);

/// What a link was found to carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    pub connections: u32,
    /// Bytes a second over each.
    pub rate: u64,
}

/// A step that is looked at: how many there were before, and the rate that they made.
#[derive(Clone, Copy, Debug)]
enum Trial {
    Up { from: usize, rate: f64 },
    Down { from: usize, rate: f64 },
}

/// The number of connections to one server, found by trying: doubled while that pays, then a step up or down now and
/// again, kept where it paid.
#[derive(Clone, Debug)]
pub struct Pace {
    fixed: Option<usize>,
    allowed: usize,
    /// The number is not known yet, and doubles.
    doubles: bool,
    /// The last doubling did not pay.
    doubtful: bool,
    trial: Option<Trial>,
    /// What is tried next, once the link is taken for settled.
    then_down: bool,
    /// Nothing is tried before.
    rests_until: Tick,
    /// When the look began, and what had moved by then.
    look: Option<(Tick, u64)>,
    /// The look begins then.
    looks_from: Option<Tick>,
    carried: Option<Carried>,
    /// What was carried is of another day, and not looked at yet in this one.
    is_old: bool,
}

impl Pace {
    /// `fixed` is the user's number; none means automatic.
    pub fn new(fixed: Option<usize>) -> Self {
        Self {
            fixed,
            allowed: fixed.unwrap_or(FIRST).max(FEWEST),
            doubles: fixed.is_none(),
            doubtful: false,
            trial: None,
            then_down: false,
            rests_until: Tick::ZERO,
            look: None,
            looks_from: None,
            carried: None,
            is_old: false,
        }
    }

    /// Begins with what was found before, and goes on from there in small steps.
    pub fn known(carried: Carried) -> Self {
        let allowed = usize::try_from(carried.connections).unwrap_or(MOST);
        let allowed = allowed.clamp(FEWEST_BY_CHOICE, MOST);
        let carried = Some(carried);
        Self { allowed, doubles: false, carried, is_old: true, ..Self::new(None) }
    }

    pub fn allowed(&self) -> usize {
        self.allowed
    }

    /// What the link was found to carry, once it was; before, what it was at another time.
    pub fn carried(&self) -> Option<Carried> {
        self.carried
    }

    /// The number to go back to, where the one on trial does not pay.
    fn found(&self) -> usize {
        match self.trial {
            Some(Trial::Up { from, .. } | Trial::Down { from, .. }) => from,
            None => self.allowed,
        }
    }

    /// Told often. `used` are the connections in use, `pressed` says that more were asked for than there are, `moved` are
    /// all bytes that left so far, those of tries that failed left out.
    pub fn observe(&mut self, now: Tick, used: usize, pressed: bool, moved: u64) {
        // connections that nobody asks for say nothing about whether more would be faster; those that are to be given
        // up, and are not yet, say nothing about fewer
        if !pressed || used > self.allowed || now < self.rests_until {
            (self.look, self.looks_from) = (None, None);
            return;
        }
        let from = *self.looks_from.get_or_insert(now + SETTLES);
        if now < from {
            return;
        }
        let (began, before) = *self.look.get_or_insert((now, moved));
        let span = if self.doubles { FIRST_LOOK } else { LOOK };
        if now - began < span {
            return;
        }
        #[allow(clippy::cast_precision_loss)] // a rate compared to a few percent
        let rate = moved.saturating_sub(before) as f64 / (now - began).as_secs_f64();
        (self.look, self.looks_from) = (None, None);
        let before = self.allowed;
        self.heed_the_past(rate);
        self.judge(now, rate);
        if !self.doubles && self.fixed.is_none() {
            let connections = u32::try_from(self.found()).unwrap_or(u32::MAX);
            #[allow(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss
            )] // a rate, at most 128
            let rate = (rate / before.max(1) as f64) as u64;
            self.carried = Some(Carried { connections, rate });
        }
        tracing::debug!(rate, before, now = self.allowed, "connections judged");
    }

    /// A link that is much faster than it was is another one, and begun with as one.
    fn heed_the_past(&mut self, rate: f64) {
        let Some(carried) = self.carried.filter(|_| std::mem::take(&mut self.is_old)) else {
            return;
        };
        #[allow(clippy::cast_precision_loss)] // compared to a factor of two
        let before = carried.rate as f64 * f64::from(carried.connections);
        self.doubles = rate > before * 2.0;
        self.then_down = rate < before / 2.0;
    }

    fn judge(&mut self, now: Tick, rate: f64) {
        if let Some(fixed) = self.fixed {
            // only the way back after throttling is left to climb
            self.allowed = (self.allowed + self.step()).min(fixed.max(FEWEST));
            return;
        }
        match self.trial.take() {
            Some(Trial::Up { rate: before, .. }) if self.doubles => {
                if rate >= before * PAYS_WELL {
                    self.doubtful = false;
                    self.up(now, rate);
                } else if !self.doubtful {
                    // the first bytes of new connections go faster than a line that loses packets lets them for long: one
                    // doubling that does not pay is held against that, and not believed before the next
                    self.doubtful = true;
                    self.up(now, before);
                } else {
                    // what filled the system's buffers was counted as sent: not taken back before a longer look
                    (self.doubles, self.then_down) = (false, true);
                }
            }
            Some(Trial::Up { from, rate: before }) => {
                if rate < before * PAYS {
                    self.allowed = from;
                    self.rest(now, true);
                } else {
                    self.up(now, rate);
                }
            }
            Some(Trial::Down { from, rate: before }) => {
                if rate < before * COSTS {
                    self.allowed = from;
                    self.rest(now, false);
                } else {
                    // held against what the first step began with, or a hundred small losses would be none
                    self.down(now, before);
                }
            }
            None if self.then_down => self.down(now, rate),
            None => self.up(now, rate),
        }
    }

    fn up(&mut self, now: Tick, rate: f64) {
        let from = self.allowed;
        #[allow(clippy::cast_precision_loss)] // at most 128
        let thin = rate / (from as f64) < WORTH;
        let more = if self.doubles { from } else { self.step() };
        self.allowed = if thin { from } else { (from + more).min(MOST) };
        if self.allowed == from {
            self.doubles = false;
            return self.rest(now, true);
        }
        self.trial = Some(Trial::Up { from, rate });
    }

    fn down(&mut self, now: Tick, rate: f64) {
        let from = self.allowed;
        self.allowed = from.saturating_sub(self.step()).max(FEWEST_BY_CHOICE.min(from));
        if self.allowed == from {
            return self.rest(now, false);
        }
        self.trial = Some(Trial::Down { from, rate });
    }

    fn rest(&mut self, now: Tick, then_down: bool) {
        self.then_down = then_down;
        self.rests_until = now + SETTLED;
    }

    fn step(&self) -> usize {
        (self.allowed / 4).max(1)
    }

    /// The server asked for less: half of it, and no step up for a while.
    pub fn throttled(&mut self, now: Tick) {
        // the requests that were under way are refused with the first: they count once
        if self.rests_until < now + HUSH {
            self.allowed = (self.allowed / 2).max(FEWEST);
            (self.trial, self.doubles, self.then_down) = (None, false, false);
            self.rests_until = now + HUSH;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Tick {
        Duration::from_secs(seconds)
    }

    /// Drives a pace over a link whose rate is made of the number of connections, for so many seconds from `from`.
    fn over(pace: &mut Pace, from: u64, seconds: u64, link: impl Fn(usize) -> f64) -> Vec<usize> {
        let mut moved = 0.0;
        let mut seen = vec![];
        for beat in 0..seconds * 4 {
            let now = at(from) + Duration::from_millis(250) * u32::try_from(beat).unwrap();
            moved += link(pace.allowed()) / 4.0;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            pace.observe(now, pace.allowed(), true, moved as u64);
            if seen.last() != Some(&pace.allowed()) {
                seen.push(pace.allowed());
            }
        }
        seen
    }

    fn lossy(connections: usize) -> f64 {
        (connections as f64 * 1_250_000.0).min(120_000_000.0)
    }

    #[test]
    fn a_lossy_far_link_is_filled_within_ten_seconds() {
        let mut pace = Pace::new(None);
        over(&mut pace, 0, 10, lossy);
        assert!(lossy(pace.allowed()) >= 0.9 * 120_000_000.0, "{}", pace.allowed());
    }

    #[test]
    fn a_burst_at_the_beginning_misleads_nobody() {
        let mut pace = Pace::new(None);
        // before the first packets are lost, eight go as fast as twenty do later
        over(&mut pace, 0, 2, |_| 27_000_000.0);
        over(&mut pace, 2, 8, lossy);
        assert!(pace.allowed() >= 64, "{}", pace.allowed());
    }

    #[test]
    fn what_brings_nothing_is_taken_back() {
        let mut pace = Pace::new(None);
        let near = |connections: usize| (connections as f64 * 400_000_000.0).min(900_000_000.0);
        let seen = over(&mut pace, 0, 60, near);
        assert_eq!(seen, [8, 16, 32, 24, 18, 14, 11, 9, 7, 6, 5, 4]);
        assert_eq!(pace.carried().unwrap().connections, 4);
    }

    #[test]
    fn a_slow_link_keeps_its_connections_few() {
        let mut pace = Pace::new(None);
        let seen = over(&mut pace, 0, 60, |_| 1_250_000.0);
        assert!(seen.iter().all(|&allowed| allowed <= FIRST), "{seen:?}");
        assert_eq!(pace.allowed(), FEWEST_BY_CHOICE);
    }

    #[test]
    fn steps_down_do_not_add_up_to_a_loss() {
        let mut pace = Pace::known(Carried { connections: 64, rate: 1_250_000 });
        over(&mut pace, 0, 600, lossy);
        let kept = lossy(pace.found());
        assert!(kept >= 0.93 * lossy(96), "{} {kept}", pace.allowed());
    }

    #[test]
    fn a_link_that_is_another_by_now_is_found_anew() {
        let mut pace = Pace::known(Carried { connections: 8, rate: 20_000 });
        over(&mut pace, 0, 14, lossy);
        assert!(pace.allowed() >= 64, "{}", pace.allowed());
    }

    #[test]
    fn a_pool_that_is_not_full_stays() {
        let mut pace = Pace::new(None);
        for second in 1..100 {
            pace.observe(at(second), 2, false, second * 1_000_000_000);
        }
        assert_eq!(pace.allowed(), FIRST);
    }

    #[test]
    fn a_new_number_is_not_judged_while_the_old_one_is_in_use() {
        let mut pace = Pace { allowed: 16, doubles: false, ..Pace::new(None) };
        pace.then_down = true;
        over(&mut pace, 0, 5, |_| 900_000_000.0);
        assert!(pace.allowed() < 16);
        let stepped = pace.allowed();
        for second in 5..60 {
            pace.observe(at(second), 16, true, second * 1_000);
        }
        assert_eq!(pace.allowed(), stepped);
    }

    #[test]
    fn throttling_halves_once_and_comes_back() {
        let mut pace = Pace::new(None);
        for _ in 0..8 {
            pace.throttled(at(5));
        }
        assert_eq!(pace.allowed(), FIRST / 2);
        over(&mut pace, 5, 9, lossy);
        assert_eq!(pace.allowed(), FIRST / 2);
        over(&mut pace, 15, 10, lossy);
        assert!(pace.allowed() > FIRST / 2);
    }

    #[test]
    fn a_fixed_number_is_kept() {
        let mut pace = Pace::new(Some(3));
        over(&mut pace, 0, 60, lossy);
        assert_eq!(pace.allowed(), 3);
        pace.throttled(at(60));
        assert_eq!(pace.allowed(), 1);
        over(&mut pace, 70, 20, lossy);
        assert_eq!(pace.allowed(), 3);
    }
}
