//! Parses a scheduled bandwidth limit: days, hours and a rate in one argument.

use crate::units;
use windlass_engine::{Day, ScheduledLimit};

const LIKE: &str = "write, for example, \"mo-fr 08:00-18:00 2MB/s\" or \"22:00-06:00 full\"";
const NAMES: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Parses `mo-fr 08:00-18:00 2MB/s` or `sa,su 22:00-06:00 full`. Without days, the limit applies every day.
pub(crate) fn hours(text: &str) -> Result<ScheduledLimit, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let lacks = || format!("\"{text}\" has no hours or no rate; {LIKE}");
    let [list @ .., span, rate] = &words[..] else { return Err(lacks()) };
    if !span.contains(|c: char| c.is_ascii_digit()) {
        return Err(lacks());
    }
    let list = list.join(",");
    let days = if list.is_empty() { Day::ALL.to_vec() } else { days(&list)? };
    let Some((from, until)) = span.split_once('-') else {
        return Err(format!("\"{span}\" is not a time range; {LIKE}"));
    };
    let (from, until) = (time(from)?, time(until)?);
    let limit = if rate.eq_ignore_ascii_case("full") { None } else { Some(units::rate(rate)?) };
    Ok(ScheduledLimit { days, from, until, limit })
}

/// Parses `mo-fr`, `sa,su`, `fr-mo` in any combination. Each day is returned once.
fn days(list: &str) -> Result<Vec<Day>, String> {
    let mut days = Vec::new();
    for part in list.split(',').filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (day(first)?, day(last)?);
        let length = (last + 7 - first) % 7;
        days.extend((0..=length).map(|ahead| Day::ALL[(first + ahead) % 7]));
    }
    days.sort_unstable();
    days.dedup();
    Ok(days)
}

fn day(name: &str) -> Result<usize, String> {
    let name_so_far = name.to_ascii_lowercase();
    let known = NAMES.iter().position(|known| name.len() >= 2 && known.starts_with(&name_so_far));
    known.ok_or_else(|| format!("\"{name}\" is not a day; use mo, tu, we, th, fr, sa, su"))
}

/// Parses `8:00`, `08:30`, or `24:00`, which is midnight.
fn time(text: &str) -> Result<u16, String> {
    let wrong = || format!("\"{text}\" is not a time; write, for example, 08:00, up to 24:00");
    let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
    let [hour, minute] = [hour, minute].map(|digits| {
        let plain = (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        digits.parse::<u16>().ok().filter(|_| plain)
    });
    match (hour, minute) {
        (Some(24), Some(0)) => Ok(0),
        (Some(hour @ 0..24), Some(minute @ 0..60)) => Ok(hour * 60 + minute),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Day::{Fr, Mo, Sa, Su, Th, Tu, We};

    #[test]
    fn lines_as_people_write_them() {
        let line = |text: &str| hours(text).unwrap();
        let work = line("mo-fr 08:00-18:00 2MB/s");
        assert_eq!(work.days, [Mo, Tu, We, Th, Fr]);
        assert_eq!((work.from, work.until, work.limit), (480, 1080, Some(2_000_000)));
        let nights = line("22:00-6:30 full");
        assert_eq!((nights.days.len(), nights.from, nights.until), (7, 1320, 390));
        assert_eq!(nights.limit, None);
        assert_eq!(line("Sat, sunday 0:00-24:00 500KiB").days, [Sa, Su]);
        assert_eq!(line("fr-mo,we 00:00-24:00 FULL").days, [Mo, We, Fr, Sa, Su]);
        assert_eq!((line("mo 0:00-24:00 1M").from, line("mo 0:00-24:00 1M").until), (0, 0));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let table = [
            ("", "no hours"),
            ("mo-fr 2MB/s", "mo-fr"),
            ("mo-fr 08:00-18:00", "08:00-18:00"),
            ("xx 08:00-18:00 2MB/s", "is not a day"),
            ("mo-xx 08:00-18:00 2MB/s", "is not a day"),
            ("mo 08:00 2MB/s", "time range"),
            ("mo 8-18 2MB/s", "is not a time"),
            ("mo 08:60-18:00 2MB/s", "08:60"),
            ("mo 08:00-24:01 2MB/s", "24:01"),
            ("mo +8:00-18:00 2MB/s", "+8:00"),
            ("mo 08:00-18:00 2Mbit/s", "bits"),
            ("mo 08:00-18:00 0", "cannot be 0"),
        ];
        for (text, says) in table {
            let wrong = hours(text).unwrap_err();
            assert!(wrong.contains(says), "{text}: {wrong}");
        }
    }
}
