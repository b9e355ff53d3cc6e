//! Runs as a table: medians, ratios, Markdown. Knows numbers; must not run anything.
//! A run that failed is said in its row, and has no part in any number.

use super::{peers::Role, rounds::Row};
use std::{collections::BTreeMap, fmt::Write};

/// What throughput and CPU time are counted in.
pub(super) struct Unit {
    /// heads of the two columns
    pub(super) rate: &'static str,
    pub(super) cpu: &'static str,
    /// units in the job, for the rate
    pub(super) amount: f64,
    /// CPU seconds are divided by this
    pub(super) cpu_amount: f64,
}

/// Numbers of one row; none where a run failed.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    wall: f64,
    rate: f64,
    cpu: f64,
    mib: f64,
}

pub(super) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let high = *values.get(middle)?;
    Some(if values.len() % 2 == 1 { high } else { f64::midpoint(values[middle - 1], high) })
}

#[expect(clippy::cast_precision_loss, reason = "KiB of memory are few")]
fn line(row: &Row, unit: &Unit) -> Option<Line> {
    if row.runs.iter().any(|run| run.failed.is_some()) {
        return None;
    }
    let of =
        |value: &dyn Fn(&super::rounds::Run) -> f64| median(row.runs.iter().map(value).collect());
    Some(Line {
        wall: of(&|run| run.used.wall)?,
        rate: unit.amount / of(&|run| run.counted.seconds)?,
        cpu: of(&|run| run.used.user + run.used.system)? / unit.cpu_amount,
        mib: of(&|run| run.used.max_rss_kib as f64)? / 1024.0,
    })
}

/// What the ratios of a table are taken to.
#[derive(Debug, Default, PartialEq)]
struct Marks {
    best_cpu: Option<f64>,
    transfer_manager_cpu: Option<f64>,
    floor_cpu: Option<f64>,
    best_rate: Option<f64>,
}

fn marks(lines: &[(Role, Option<Line>)]) -> Marks {
    let of = |roles: &[Role], value: fn(&Line) -> f64| {
        let chosen = lines.iter().filter(|(role, _)| roles.contains(role));
        chosen.filter_map(|(_, line)| line.as_ref().map(value)).collect::<Vec<_>>()
    };
    let peers = [Role::Peer, Role::TransferManager];
    Marks {
        best_cpu: of(&peers, |line| line.cpu).into_iter().min_by(f64::total_cmp),
        transfer_manager_cpu: of(&[Role::TransferManager], |line| line.cpu).first().copied(),
        floor_cpu: of(&[Role::Floor], |line| line.cpu).first().copied(),
        best_rate: of(&peers, |line| line.rate).into_iter().max_by(f64::total_cmp),
    }
}

pub(super) fn markdown(rows: &[Row], unit: &Unit) -> String {
    let lines: Vec<_> = rows.iter().map(|row| (row.role, line(row, unit))).collect();
    let marks = marks(&lines);
    let mut text = format!(
        "| uploader | wall s | {} | {} | peak MiB | CPU to the best peer | CPU to the transfer manager | CPU to the limit | \
         throughput to the best peer | whole object | parts |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
        unit.rate, unit.cpu
    );
    for (row, (_, line)) in rows.iter().zip(&lines) {
        let name =
            if row.role == Role::Ours { format!("**{}**", row.name) } else { row.name.clone() };
        let Some(line) = line else {
            let why = row.runs.iter().find_map(|run| run.failed.as_deref()).unwrap_or("never ran");
            let _ = writeln!(text, "| {name} | FAILED: {why} |{}", " |".repeat(9));
            continue;
        };
        let to = |value: f64, mark: Option<f64>| {
            mark.map_or(String::new(), |m| format!("{:.2}", value / m))
        };
        let counted = row.runs.last().map(|run| &run.counted);
        let (whole, parts) = counted.map(|c| (said(&c.whole), said(&c.styles))).unwrap_or_default();
        let rate = if line.rate < 100.0 {
            format!("{:.2}", line.rate)
        } else {
            format!("{:.0}", line.rate)
        };
        let _ = writeln!(
            text,
            "| {name} | {:.2} | {rate} | {:.3} | {:.0} | {} | {} | {} | {} | {whole} | {parts} |",
            line.wall,
            line.cpu,
            line.mib,
            to(line.cpu, marks.best_cpu),
            to(line.cpu, marks.transfer_manager_cpu),
            to(line.cpu, marks.floor_cpu),
            to(line.rate, marks.best_rate),
        );
    }
    text.push_str("\nThe rate is from the first request to the last answer; wall and CPU are the whole program's.\n");
    text
}

/// The most frequent, which is what the file's own requests said.
fn said(counts: &BTreeMap<String, u64>) -> &str {
    counts.iter().max_by_key(|(_, count)| **count).map_or("", |(what, _)| what.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{measured::Used, runner::rounds::Run, sink::Counted};

    fn row(name: &str, role: Role, cpu: &[f64], failed: bool) -> Row {
        let run = |cpu: &f64| Run {
            used: Used { wall: 2.5, user: *cpu, max_rss_kib: 10 << 10, ..Used::default() },
            counted: Counted { seconds: 2.0, ..Counted::default() },
            failed: failed.then(|| "exit code 1".into()),
        };
        Row { name: name.into(), role, runs: cpu.iter().map(run).collect() }
    }

    #[test]
    fn the_middle_one_or_between_the_middle_two() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(Vec::new()), None);
    }

    #[test]
    fn ratios_are_to_peers_and_a_failure_has_no_part_in_them() {
        let unit = Unit { rate: "GiB/s", cpu: "CPU s/GiB", amount: 4.0, cpu_amount: 4.0 };
        let rows = [
            row("ours", Role::Ours, &[2.0, 9.0, 2.0], false),
            row("quick", Role::Peer, &[0.1], true),
            row("tm", Role::TransferManager, &[4.0], false),
            row("floor", Role::Floor, &[1.0], false),
        ];
        let text = markdown(&rows, &unit);
        assert!(
            text.contains("| **ours** | 2.50 | 2.00 | 0.500 | 10 | 0.50 | 0.50 | 2.00 | 1.00 |"),
            "{text}"
        );
        assert!(text.contains("| quick | FAILED: exit code 1 |"), "{text}");
    }
}
