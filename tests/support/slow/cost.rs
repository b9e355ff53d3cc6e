//! What one interruption cost: bytes that had crossed the line and were not stored.

use std::time::Duration;

/// What has crossed the line, and what the server has stored, at one instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) crossed: u64,
    pub(super) stored: u64,
}

/// From one break, or from the start, to the next break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) crossed: u64,
    /// Of these bytes.
    pub(super) kept: u64,
    /// For so long they could be sent.
    pub(super) life: Duration,
}

impl Moment {
    pub(super) fn between(before: Mark, now: Mark, life: Duration) -> Moment {
        let crossed = now.crossed.saturating_sub(before.crossed);
        Moment { crossed, kept: now.stored.saturating_sub(before.stored).min(crossed), life }
    }

    /// What has to be sent again.
    pub(super) fn cost(self) -> u64 {
        self.crossed - self.kept
    }
}

/// What the moments of one case cost, in the middle and at worst.
pub(super) fn middle_and_worst(moments: &[Moment]) -> Option<(u64, u64)> {
    let mut costs: Vec<u64> = moments.iter().map(|moment| moment.cost()).collect();
    costs.sort_unstable();
    let (half, worst) = (costs.len() / 2, *costs.last()?);
    let middle =
        if costs.len() % 2 == 1 { costs[half] } else { costs[half - 1].midpoint(costs[half]) };
    Some((middle, worst))
}

/// How much of a line of this rate was used, in hundredths: one that lies idle has nothing to lose.
pub(super) fn used(moments: &[Moment], bytes_per_second: u64) -> u64 {
    let millis: u128 = moments.iter().map(|moment| moment.life.as_millis()).sum();
    let could = u64::try_from(millis).unwrap_or(u64::MAX).saturating_mul(bytes_per_second) / 1000;
    moments.iter().map(|moment| moment.crossed).sum::<u64>().saturating_mul(100) / could.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: Duration = Duration::from_secs(2);

    fn moment(crossed: u64, kept: u64) -> Moment {
        Moment { crossed, kept, life: LIFE }
    }

    #[test]
    fn a_line_is_used_by_what_crosses_it() {
        assert_eq!(used(&[moment(1000, 0), moment(600, 600)], 500), 80);
        assert_eq!(used(&[], 500), 0);
    }

    #[test]
    fn a_break_costs_what_crossed_and_is_not_stored() {
        let before = Mark { crossed: 100, stored: 90 };
        let now = Moment::between(before, Mark { crossed: 160, stored: 130 }, LIFE);
        assert_eq!((now, now.cost()), (moment(60, 40), 20));
        assert_eq!(Moment::between(before, before, LIFE).cost(), 0);
    }

    #[test]
    fn more_stored_than_crossed_costs_nothing() {
        // a request of the life before, which the server finished late
        let now = Moment::between(Mark::default(), Mark { crossed: 10, stored: 15 }, LIFE);
        assert_eq!((now, now.cost()), (moment(10, 10), 0));
    }

    #[test]
    fn the_middle_one_and_the_worst() {
        assert_eq!(middle_and_worst(&[]), None);
        let three = [moment(9, 0), moment(5, 4), moment(4, 2)];
        assert_eq!(middle_and_worst(&three), Some((2, 9)));
        assert_eq!(middle_and_worst(&three[..2]), Some((5, 9)));
    }
}
