//! Measures what basic operations cost on this machine, before anybody uploads, so that tables from different machines can be
//! compared.

mod costs;

use crate::spread::Spread;
use costs::{COSTS, OFFSETS, PIECES};
use std::{
    fmt::Write,
    fs::File,
    io,
    path::Path,
    time::{Duration, Instant},
};

/// Of the file that is read: larger than a processor's caches.
pub(crate) const FILE: u64 = 256 << 20;

const ROUNDS: u32 = 5;
/// All rounds together; a slow machine has fewer of them.
const BUDGET: Duration = Duration::from_secs(8);

/// What was measured: by piece and offset, and by cost, each with its rounds. What cannot be measured here has none.
#[derive(Default)]
pub(crate) struct Primitives {
    reads: [[Vec<f64>; OFFSETS.len()]; PIECES.len()],
    costs: [Vec<f64>; COSTS.len()],
    rounds: u32,
    took: Duration,
}

/// The file has `FILE` bytes, and is in the page cache.
pub(crate) fn measured(file: &Path) -> io::Result<Primitives> {
    let file = File::open(file)?;
    let mut found = Primitives::default();
    let start = Instant::now();
    // in turn, so that what the machine does meanwhile falls on all of them
    while found.rounds < ROUNDS && found.took + found.took / found.rounds.max(1) < BUDGET {
        for (piece, row) in PIECES.into_iter().zip(&mut found.reads) {
            for (offset, rounds) in OFFSETS.into_iter().zip(row) {
                rounds.push(costs::read(&file, piece, offset)?);
            }
        }
        for (cost, rounds) in COSTS.iter().zip(&mut found.costs) {
            rounds.extend((cost.measure)());
        }
        found.rounds += 1;
        found.took = start.elapsed();
    }
    Ok(found)
}

pub(crate) fn markdown(found: &Primitives) -> String {
    let mut text = "| CPU s to read 1 GiB from the page cache, by the destination's bytes after a page's start |".to_string();
    // writing to a String cannot fail
    for offset in OFFSETS {
        let _ = write!(text, " +{offset} |");
    }
    let _ = writeln!(text, "\n|---|{}", "---|".repeat(OFFSETS.len()));
    for (piece, row) in PIECES.iter().zip(&found.reads) {
        let _ = write!(text, "| in pieces of {} KiB |", piece >> 10);
        for rounds in row {
            let _ = write!(text, " {} |", cell(rounds, 1.0, 3));
        }
        text.push('\n');
    }
    text.push_str("\n| what | cost |\n|---|---|\n");
    for (cost, rounds) in COSTS.iter().zip(&found.costs) {
        let value = cell(rounds, cost.unit.in_a_second(), cost.unit.digits());
        let _ = writeln!(text, "| {}, {} | {value} |", cost.name, cost.unit.name());
    }
    let _ = writeln!(
        text,
        "\nMedians (lowest–highest) of {} rounds, in {:.1} s.",
        found.rounds,
        found.took.as_secs_f64()
    );
    text
}

fn cell(rounds: &[f64], scale: f64, digits: usize) -> String {
    let spread = Spread::from_values(rounds.iter().map(|seconds| seconds * scale));
    spread.map_or("-".into(), |spread| spread.text(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_measured_is_a_table_and_what_was_not_a_dash() {
        let mut found =
            Primitives { rounds: 3, took: Duration::from_secs(4), ..Default::default() };
        for rounds in found.reads.as_flattened_mut() {
            *rounds = vec![0.1, 0.09, 0.12];
        }
        found.reads[1][1] = vec![0.3];
        found.costs[0] = vec![101e-9, 99e-9, 100e-9];
        found.costs[1] = vec![1.25e-6];
        let text = markdown(&found);
        assert!(text.contains("| +0 | +7 | +8 | +16 | +32 | +64 |\n|---|---|---|"), "{text}");
        let start = "| in pieces of 256 KiB | 0.100 (0.090–0.120) | 0.300 |";
        assert!(text.contains(start), "{text}");
        assert!(text.contains("| a syscall (getppid), CPU ns | 100 (99–101) |"), "{text}");
        assert!(text.contains(", CPU µs | 1.25 |"), "{text}");
        assert!(text.contains("AES-128-GCM, CPU s/GiB | - |"), "{text}");
        assert!(text.contains("of 3 rounds, in 4.0 s"), "{text}");
        let widths = text.lines().take(4).map(|line| line.matches('|').count());
        assert_eq!(widths.collect::<Vec<_>>(), [OFFSETS.len() + 2; 4]);
    }
}
