//! Numbers and sizes as English text, for the terminal and the log; the window formats its own the same way
//! (`ui/src/lib/format.ts`).

/// Groups the digits: "1,024".
pub(crate) fn grouped(number: impl Into<u64>) -> String {
    let digits = number.into().to_string();
    let comma = |(at, digit): (usize, char)| {
        let here = at > 0 && (digits.len() - at).is_multiple_of(3);
        here.then_some(',').into_iter().chain([digit])
    };
    digits.chars().enumerate().flat_map(comma).collect()
}

/// A number and its noun, with an "s" for all but one: "1 part", "38 parts".
pub(crate) fn counted(number: impl Into<u64>, noun: &str) -> String {
    let number = number.into();
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

/// The exact size: "41,943,040 bytes".
pub(crate) fn exact(bytes: u64) -> String {
    counted(bytes, "byte")
}

/// A rounded size, as file managers show it: "41.2 GB".
pub(crate) fn decimal(bytes: u64) -> String {
    scaled(bytes, 1000, &["kB", "MB", "GB", "TB", "PB"])
}

/// A rounded part size, which S3 counts in powers of two: "80 MiB".
pub(crate) fn binary(bytes: u64) -> String {
    scaled(bytes, 1024, &["KiB", "MiB", "GiB", "TiB"])
}

#[expect(clippy::cast_precision_loss, reason = "three digits of it are shown")]
fn scaled(bytes: u64, base: u32, units: &[&str]) -> String {
    if bytes < u64::from(base) {
        return exact(bytes);
    }
    let base = f64::from(base);
    let (mut value, mut unit) = (bytes as f64 / base, 0);
    // 999.5 would be shown as 1000: it belongs to the next unit
    while unit + 1 < units.len() && value >= base - 0.5 {
        value /= base;
        unit += 1;
    }
    let decimals = match value {
        99.95.. => 0,
        9.995.. => 1,
        _ => 2,
    };
    let shown = format!("{value:.decimals$}");
    let shown = match shown.contains('.') {
        true => shown.trim_end_matches('0').trim_end_matches('.'),
        false => &shown,
    };
    format!("{shown} {}", units[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_counted() {
        assert_eq!((grouped(7u64), grouped(1_234_567u64)), ("7".into(), "1,234,567".into()));
        assert_eq!((exact(1), exact(41_943_040)), ("1 byte".into(), "41,943,040 bytes".into()));
        assert_eq!(
            (counted(1u32, "part"), counted(0u32, "part")),
            ("1 part".into(), "0 parts".into())
        );
    }

    #[test]
    fn sizes_are_rounded_to_three_digits() {
        let table = [
            (999, "999 bytes"),
            (1000, "1 kB"),
            (999_499, "999 kB"),
            (999_500, "1 MB"),
            (1_500_000, "1.5 MB"),
            (41_200_000_000, "41.2 GB"),
        ];
        for (bytes, text) in table {
            assert_eq!(decimal(bytes), text);
        }
        assert_eq!((binary(80 << 20), binary(50_000 << 30)), ("80 MiB".into(), "48.8 TiB".into()));
    }
}
