//! The clock on the wall, in the computer's time zone. Knows nothing of what happens when.

use crate::hours::{Day, WallTime};
use chrono::{Datelike as _, Local, Timelike as _};
use std::time::Duration;

/// Now; and how long it is until the next minute begins.
pub(crate) fn wall() -> (WallTime, Duration) {
    let now = Local::now();
    let day = usize::try_from(now.weekday().num_days_from_monday()).unwrap_or_default();
    let minute = u16::try_from(now.num_seconds_from_midnight() / 60).unwrap_or_default();
    let left = 60 - u64::from(now.second().min(59));
    (WallTime { day: Day::ALL[day], minute }, Duration::from_secs(left))
}
