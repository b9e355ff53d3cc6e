//! Wall-clock time in the computer's time zone, and a monotonic clock that includes sleep.

use crate::scheduling::bandwidth_schedule::{Day, WallTime};
use chrono::{DateTime, Datelike as _, Local, Timelike as _};
use std::time::{Duration, SystemTime};

/// The current minute, and how long until the next one starts.
pub(crate) fn wall() -> (WallTime, Duration) {
    let now = Local::now();
    let left = 60 - u64::from(now.second().min(59));
    (minute_of(&now), Duration::from_secs(left))
}

/// What the clock shows at a time.
pub(crate) fn at(time: SystemTime) -> WallTime {
    minute_of(&DateTime::from(time))
}

fn minute_of(time: &DateTime<Local>) -> WallTime {
    let day = usize::try_from(time.weekday().num_days_from_monday()).unwrap_or_default();
    let minute = u16::try_from(time.num_seconds_from_midnight() / 60).unwrap_or_default();
    WallTime { day: Day::ALL[day], minute }
}

/// A clock that is not affected by changes of the wall clock, and includes sleep.
#[cfg(target_os = "linux")]
pub(crate) fn running() -> Duration {
    since_boot(rustix::time::ClockId::Boottime)
}

/// Apple's includes sleep; `Instant` does not.
#[cfg(target_vendor = "apple")]
pub(crate) fn running() -> Duration {
    since_boot(rustix::time::ClockId::Monotonic)
}

/// Windows' `Instant` includes sleep.
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
pub(crate) fn running() -> Duration {
    static FIRST: std::sync::LazyLock<std::time::Instant> =
        std::sync::LazyLock::new(std::time::Instant::now);
    FIRST.elapsed()
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn since_boot(clock: rustix::time::ClockId) -> Duration {
    let now = rustix::time::clock_gettime(clock);
    let (seconds, ns) = (u64::try_from(now.tv_sec), u32::try_from(now.tv_nsec));
    Duration::new(seconds.unwrap_or_default(), ns.unwrap_or_default())
}
