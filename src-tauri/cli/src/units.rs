//! Parses and formats sizes, rates and durations.

use std::time::Duration;
use windlass_engine::{GIB, MIB, MIN_PART, Plan};

/// Parses a size: `8MiB`, `8M`, `8MB`, `1.5GiB`, or a number of bytes.
pub(crate) fn bytes(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = (&text[..end], text[end..].trim());
    let number: f64 = number.parse().map_err(|_| {
        format!("\"{text}\" is not a size; write, for example, 8MiB, 8MB or 8388608B")
    })?;
    let bytes = number * factor(unit)?;
    // 2^53: above it an f64 cannot represent every integer
    if bytes.fract() != 0.0 && unit.is_empty() || bytes > 9_007_199_254_740_992.0 {
        return Err(format!("\"{text}\" is too large"));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "its bounds are checked above"
    )]
    Ok(bytes.round() as u64)
}

fn factor(unit: &str) -> Result<f64, String> {
    if unit == "Mb" || unit == "Gb" || unit == "Kb" || unit.to_ascii_lowercase().contains("bit") {
        let whole = unit.chars().next().unwrap_or('M').to_ascii_uppercase();
        return Err(format!("\"{unit}\" means bits; write {whole}B or {whole}iB for bytes"));
    }
    Ok(match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" => 1e9,
        "tb" => 1e12,
        // a single letter is a power of two, as in dd, split and head
        "k" | "kib" => 1024.0,
        "m" | "mib" => 1_048_576.0,
        "g" | "gib" => 1_073_741_824.0,
        "t" | "tib" => 1_099_511_627_776.0,
        _ => return Err(format!("unknown unit \"{unit}\"; use KiB, MiB, GiB, or KB, MB, GB")),
    })
}

/// Parses a part size, within S3's limits.
pub(crate) fn part_size(text: &str) -> Result<u64, String> {
    let size = bytes(text)?;
    if Plan::for_size(0, Some(size)).is_ok() {
        return Ok(size);
    }
    let mib = bare(text).and_then(|number| number.checked_mul(MIB));
    if mib.is_some_and(|size| Plan::for_size(0, Some(size)).is_ok()) {
        return Err(format!("{size} has no unit; write {size}MiB"));
    }
    let near_miss = if (5_000_000..MIN_PART).contains(&size) {
        " (5MB is 5,000,000 bytes, less than 5MiB)"
    } else {
        ""
    };
    Err(format!("a part size of {size} bytes is outside S3's limits, 5MiB to 5GiB{near_miss}"))
}

/// Parses the part size of `--chunk_size`, which is in MiB if it has no unit.
pub(crate) fn chunk_size(text: &str) -> Result<u64, String> {
    let Some(number) = bare(text) else { return part_size(text) };
    let size = number.saturating_mul(MIB);
    if Plan::for_size(0, Some(size)).is_ok() {
        return Ok(size);
    }
    if size < MIN_PART {
        return Err(format!("a part size of {number} MiB is outside S3's limits, 5MiB to 5GiB"));
    }
    Err(format!(
        "a number without a unit is in MiB, as in upload.py, and {number} MiB is outside S3's limits, 5MiB to 5GiB; \
         for bytes, write {number}B"
    ))
}

/// A number without a unit. Numbers above the range of u64 become its maximum.
fn bare(text: &str) -> Option<u64> {
    let text = text.trim();
    let is_bare = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_bare.then(|| text.parse().unwrap_or(u64::MAX))
}

/// Parses a rate in bytes per second: a size, with or without `/s`.
pub(crate) fn rate(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let amount = text.strip_suffix("/s").unwrap_or(text);
    match (bytes(amount)?, bare(amount)) {
        (0, _) => Err("the limit cannot be 0".into()),
        // so slow that a unit was probably forgotten
        (rate @ ..1024, Some(_)) => {
            Err(format!("{rate} has no unit; write {rate}MB/s, or {rate}B/s for bytes"))
        }
        (rate, _) => Ok(rate),
    }
}

/// Parses an age: `7d`, `12h`, `90min`, `2w`.
pub(crate) fn age(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let wrong = || format!("\"{text}\" is not an age; write, for example, 7d, 12h or 90min");
    let end = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
    let number: u64 = text[..end].parse().map_err(|_| wrong())?;
    let seconds = match text[end..].trim() {
        "s" => 1,
        "min" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => return Err(wrong()),
    };
    number.checked_mul(seconds).map(Duration::from_secs).ok_or_else(wrong)
}

/// Formats a size, such as `1.20 GiB`.
pub(crate) fn size_text(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "only three digits are shown")]
    let over = |unit: u64| bytes as f64 / unit as f64;
    let digits = |value: f64| match value {
        100.0.. => 0,
        10.0.. => 1,
        _ => 2,
    };
    for (unit, name) in [(GIB * 1024, "TiB"), (GIB, "GiB"), (MIB, "MiB"), (1024, "KiB")] {
        if bytes >= unit {
            return format!("{:.*} {name}", digits(over(unit)), over(unit));
        }
    }
    format!("{bytes} B")
}

/// Formats a rate, such as `98.1 MiB/s`. Empty if the time is too short to tell.
pub(crate) fn speed(bytes: u64, seconds: f64) -> String {
    if seconds < 0.001 {
        return String::new();
    }
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "only three digits are shown"
    )]
    let rate = (bytes as f64 / seconds) as u64;
    format!("{}/s", size_text(rate))
}

/// Formats a duration, such as `1 h 04 min`, `3 min 20 s` or `12 s`.
pub(crate) fn span(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60),
        _ => format!("{} d {:02} h", seconds / 86_400, seconds / 3600 % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_as_people_write_them() {
        let table = [
            ("104857600", 104_857_600),
            ("8MiB", 8 * MIB),
            ("8 mib", 8 * MIB),
            ("8M", 8 * MIB),
            ("8MB", 8_000_000),
            ("8mb", 8_000_000),
            ("1.5GiB", 3 * GIB / 2),
            ("64k", 65_536),
            ("0", 0),
            ("7B", 7),
        ];
        for (text, size) in table {
            assert_eq!(bytes(text), Ok(size), "{text}");
        }
        for bad in
            ["", "MiB", "8 parts", "-1", "1.5", "8Mb", "20Mbit", "1..5M", "99999999999T", "8MiB/s"]
        {
            assert!(bytes(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn rates_and_part_sizes_have_their_bounds() {
        assert_eq!(rate("20MB/s"), Ok(20_000_000));
        assert_eq!(rate("20MiB"), Ok(20 * MIB));
        assert!(rate("0").is_err());
        assert_eq!(part_size("5MiB"), Ok(5 * MIB));
        assert!(part_size("5MB").unwrap_err().contains("less than 5MiB"));
        assert!(part_size("6GiB").is_err());
    }

    #[test]
    fn a_bare_chunk_size_is_a_number_of_mib() {
        assert_eq!(chunk_size("6"), Ok(6 * MIB));
        assert_eq!(chunk_size(" 100 "), Ok(100 * MIB));
        assert_eq!(chunk_size("5120"), Ok(5 * GIB));
        assert_eq!(chunk_size("8MiB"), Ok(8 * MIB));
        assert_eq!(chunk_size("5242880B"), Ok(5 * MIB));
        for (bad, says) in [
            ("4", "5MiB to 5GiB"),
            ("0", "5MiB to 5GiB"),
            ("5121", "is in MiB"),
            ("104857600", "104857600B"),
            ("99999999999999999999", "is in MiB"),
            ("1MiB", "limits"),
            ("six", "not a size"),
            ("", "not a size"),
        ] {
            let wrong = chunk_size(bad).unwrap_err();
            assert!(wrong.contains(says), "{bad}: {wrong}");
        }
    }

    #[test]
    fn a_bare_small_number_is_told_to_have_no_unit() {
        for (wrong, says) in [
            (part_size("6"), "6MiB"),
            (part_size("100"), "100MiB"),
            (part_size("5120"), "5120MiB"),
            (rate("20"), "20MB/s"),
            (rate("1000"), "1000MB/s"),
        ] {
            let wrong = wrong.unwrap_err();
            assert!(wrong.contains("no unit") && wrong.contains(says), "{wrong}");
        }
        assert!(!part_size("6B").unwrap_err().contains("no unit"));
        assert_eq!(part_size("8388608"), Ok(8 * MIB), "a number of bytes that can be no other");
        assert_eq!((rate("20B/s"), rate("500000")), (Ok(20), Ok(500_000)));
    }

    #[test]
    fn ages_as_people_write_them() {
        let table =
            [("7d", 604_800), ("12h", 43_200), ("90min", 5400), ("2 w", 1_209_600), ("0s", 0)];
        for (text, seconds) in table {
            assert_eq!(age(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for bad in ["", "7", "d", "-1d", "1.5d", "7 days ago", "99999999999999999999w"] {
            assert!(age(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn figures_a_person_reads() {
        let table = [
            (0, "0 B"),
            (1023, "1023 B"),
            (1536, "1.50 KiB"),
            (430 * MIB, "430 MiB"),
            (GIB, "1.00 GiB"),
        ];
        for (size, text) in table {
            assert_eq!(size_text(size), text);
        }
        assert_eq!(speed(MIB, 2.0), "512 KiB/s");
        assert_eq!(speed(MIB, 0.0), "");
        let spans = [(0, "0 s"), (200, "3 min 20 s"), (3840, "1 h 04 min"), (90_000, "1 d 01 h")];
        for (seconds, text) in spans {
            assert_eq!(span(seconds), text);
        }
    }
}
