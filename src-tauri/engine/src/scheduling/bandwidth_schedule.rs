//! Scheduled bandwidth limits: which one applies at a time of the week, and until when.

use serde::{Deserialize, Serialize};

/// Minutes of a day, and of a week.
const DAY: u16 = 24 * 60;
const WEEK: u16 = 7 * DAY;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub enum Day {
    Mo,
    Tu,
    We,
    Th,
    Fr,
    Sa,
    Su,
}

impl Day {
    pub const ALL: [Self; 7] =
        [Self::Mo, Self::Tu, Self::We, Self::Th, Self::Fr, Self::Sa, Self::Su];

    /// In English.
    pub(crate) fn short(self) -> &'static str {
        match self {
            Self::Mo => "Mon",
            Self::Tu => "Tue",
            Self::We => "Wed",
            Self::Th => "Thu",
            Self::Fr => "Fri",
            Self::Sa => "Sat",
            Self::Su => "Sun",
        }
    }
}

/// A limit for certain hours of certain days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct ScheduledLimit {
    /// The days on which it starts.
    pub days: Vec<Day>,
    /// Minute of the day.
    pub from: u16,
    /// Minute of the day, or of the next day if it is not after `from`. The same as `from` is a whole day.
    pub until: u16,
    /// Bytes per second. `None` is unlimited.
    pub limit: Option<u64>,
}

/// A minute of the week, in local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct WallTime {
    pub day: Day,
    /// Minute of the day.
    pub minute: u16,
}

/// The limit that applies now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InForce {
    /// Bytes per second. `None` is unlimited.
    pub limit: Option<u64>,
    /// When the next one applies, or `None` if it never changes.
    pub until: Option<WallTime>,
}

impl ScheduledLimit {
    /// `minute` of the week, from Monday 00:00.
    fn covers(&self, minute: u16) -> bool {
        // a file that was edited by hand may contain anything
        let (from, until) = (self.from % DAY, self.until % DAY);
        let length = if until > from { until - from } else { until + DAY - from };
        self.days.iter().any(|day| {
            let begins = *day as u16 * DAY + from;
            (minute + WEEK - begins) % WEEK < length
        })
    }
}

impl WallTime {
    fn of_the_week(self) -> u16 {
        self.day as u16 * DAY + self.minute % DAY
    }

    fn at(minute: u16) -> Self {
        let minute = minute % WEEK;
        Self { day: Day::ALL[usize::from(minute / DAY)], minute: minute % DAY }
    }
}

/// The first line that covers the time, or the default limit.
#[must_use]
pub(crate) fn in_force(
    lines: &[ScheduledLimit],
    default_limit: Option<u64>,
    at: WallTime,
) -> InForce {
    let limit = |minute: u16| {
        let line = lines.iter().find(|line| line.covers(minute));
        line.map_or(default_limit, |line| line.limit).filter(|limit| *limit > 0)
    };
    let now = at.of_the_week();
    let until = lines.iter().flat_map(|line| {
        line.days.iter().flat_map(|day| {
            let day = *day as u16 * DAY;
            let until =
                line.until % DAY + if line.until % DAY <= line.from % DAY { DAY } else { 0 };
            [day + line.from % DAY, day + until]
        })
    });
    let until = until
        .map(|edge| edge % WEEK)
        .filter(|edge| limit(*edge) != limit(now))
        .min_by_key(|edge| (edge + WEEK - now) % WEEK);
    InForce { limit: limit(now), until: until.map(WallTime::at) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Day::{Fr, Mo, Sa, Su, Th, Tu, We};
    use proptest::prelude::*;

    const WORKDAYS: [Day; 5] = [Mo, Tu, We, Th, Fr];
    const MB: u64 = 1_000_000;

    fn hm(hour: u16, minute: u16) -> u16 {
        hour * 60 + minute
    }

    fn line(days: &[Day], from: u16, until: u16, limit: Option<u64>) -> ScheduledLimit {
        ScheduledLimit { days: days.to_vec(), from, until, limit }
    }

    fn at(lines: &[ScheduledLimit], day: Day, minute: u16) -> (Option<u64>, Option<(Day, u16)>) {
        let now = in_force(lines, Some(9), WallTime { day, minute });
        (now.limit, now.until.map(|until| (until.day, until.minute)))
    }

    #[test]
    fn office_hours() {
        let lines = [line(&WORKDAYS, hm(8, 0), hm(18, 0), Some(2 * MB))];
        let until = |day, hour| Some((day, hm(hour, 0)));
        assert_eq!(at(&lines, Mo, hm(7, 59)), (Some(9), until(Mo, 8)));
        assert_eq!(at(&lines, Mo, hm(8, 0)), (Some(2 * MB), until(Mo, 18)));
        assert_eq!(at(&lines, Mo, hm(17, 59)), (Some(2 * MB), until(Mo, 18)));
        assert_eq!(at(&lines, Mo, hm(18, 0)), (Some(9), until(Tu, 8)));
        assert_eq!(at(&lines, Fr, hm(18, 0)), (Some(9), until(Mo, 8)), "over the weekend");
        assert_eq!(at(&lines, Su, hm(23, 59)), (Some(9), until(Mo, 8)));
    }

    #[test]
    fn a_night_belongs_to_the_day_on_which_it_begins() {
        let lines = [line(&[Su], hm(22, 0), hm(6, 0), None)];
        assert_eq!(at(&lines, Su, hm(21, 0)), (Some(9), Some((Su, hm(22, 0)))));
        assert_eq!(at(&lines, Su, hm(23, 0)), (None, Some((Mo, hm(6, 0)))));
        assert_eq!(at(&lines, Mo, hm(5, 59)), (None, Some((Mo, hm(6, 0)))));
        assert_eq!(at(&lines, Mo, hm(6, 0)), (Some(9), Some((Su, hm(22, 0)))));
    }

    #[test]
    fn the_first_line_wins_and_a_line_without_days_never_holds() {
        let lines = [
            line(&[], 0, 0, Some(1)),
            line(&[We], hm(12, 0), hm(13, 0), None),
            line(&Day::ALL, hm(8, 0), hm(20, 0), Some(MB)),
        ];
        assert_eq!(at(&lines, We, hm(11, 0)), (Some(MB), Some((We, hm(12, 0)))));
        assert_eq!(at(&lines, We, hm(12, 30)), (None, Some((We, hm(13, 0)))));
        assert_eq!(at(&lines, Th, hm(12, 30)), (Some(MB), Some((Th, hm(20, 0)))));
    }

    #[test]
    fn the_same_time_twice_is_a_whole_day() {
        assert_eq!(at(&[line(&Day::ALL, 0, 0, Some(MB))], Tu, 5), (Some(MB), None));
        let sunday = [line(&[Sa], hm(9, 0), hm(9, 0), None)];
        assert_eq!(at(&sunday, Su, hm(8, 59)), (None, Some((Su, hm(9, 0)))));
        assert_eq!(at(&sunday, Sa, hm(8, 59)), (Some(9), Some((Sa, hm(9, 0)))));
    }

    #[test]
    fn a_change_to_the_same_is_none() {
        let lines =
            [line(&[Mo], hm(8, 0), hm(12, 0), Some(7)), line(&[Mo], hm(12, 0), hm(18, 0), Some(7))];
        assert_eq!(at(&lines, Mo, hm(9, 0)), (Some(7), Some((Mo, hm(18, 0)))));
        assert_eq!(at(&[], Mo, 0), (Some(9), None));
        assert_eq!(at(&[line(&[Mo], 0, 60, Some(9))], Mo, 0), (Some(9), None), "as usual");
    }

    fn lines() -> impl Strategy<Value = Vec<ScheduledLimit>> {
        let days = prop::collection::vec(prop::sample::select(Day::ALL.to_vec()), 0..4);
        let limit = prop::option::of(0u64..3);
        let line = (days, 0u16..2000, 0u16..2000, limit);
        let line =
            line.prop_map(|(days, from, until, limit)| ScheduledLimit { days, from, until, limit });
        prop::collection::vec(line, 0..5)
    }

    proptest! {
        /// The limit is the same until then, and changes then.
        #[test]
        fn what_is_told_comes_true(lines in lines(), default_limit in prop::option::of(1u64..3), now in 0u16..WEEK) {
            let of = |minute: u16| in_force(&lines, default_limit, WallTime::at(minute)).limit;
            let until = in_force(&lines, default_limit, WallTime::at(now)).until.map(WallTime::of_the_week);
            let mut changes = (1..WEEK).map(|ahead| (now + ahead) % WEEK);
            prop_assert_eq!(until, changes.find(|minute| of(*minute) != of(now)));
        }
    }
}
