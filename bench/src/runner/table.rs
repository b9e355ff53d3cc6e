//! The results as Markdown tables of medians and ratios. A failed run is named in its row and left out of every figure.

use super::{
    peers::Role,
    rounds::{Row, Run},
};
use crate::spread::Spread;
use std::{collections::BTreeMap, fmt::Write};

/// What throughput and CPU time are counted in.
pub(super) struct Unit {
    /// heads of the two columns
    pub(super) rate: &'static str,
    pub(super) cpu: &'static str,
    /// one of them, by which calls and switches are counted
    pub(super) each: &'static str,
    /// units in the job, for the rate
    pub(super) amount: f64,
    /// CPU seconds are divided by this
    pub(super) cpu_amount: f64,
}

/// Numbers of one row; none where a run failed.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    wall: Spread,
    rate: Spread,
    cpu: Spread,
    mib: Spread,
    /// what the kernel was asked for, by the unit: on every machine about the same
    voluntary: Spread,
    involuntary: Spread,
    page_faults: Spread,
    syscalls: Option<f64>,
}

#[expect(clippy::cast_precision_loss, reason = "KiB of memory and calls are few")]
fn line(row: &Row, unit: &Unit) -> Option<Line> {
    if row.runs.iter().any(|run| run.failed.is_some()) {
        return None;
    }
    let of = |value: &dyn Fn(&Run) -> f64| Spread::from_values(row.runs.iter().map(value));
    let each = |count: u64| count as f64 / unit.amount;
    Some(Line {
        wall: of(&|run| run.used.wall)?,
        rate: of(&|run| unit.amount / run.counted.seconds)?,
        cpu: of(&|run| (run.used.user + run.used.system) / unit.cpu_amount)?,
        mib: of(&|run| run.used.max_rss_kib as f64 / 1024.0)?,
        voluntary: of(&|run| each(run.used.voluntary))?,
        involuntary: of(&|run| each(run.used.involuntary))?,
        page_faults: of(&|run| each(run.used.page_faults))?,
        syscalls: row.syscalls.map(each),
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
        best_cpu: of(&peers, |line| line.cpu.median).into_iter().min_by(f64::total_cmp),
        transfer_manager_cpu: of(&[Role::TransferManager], |line| line.cpu.median).first().copied(),
        floor_cpu: of(&[Role::Floor], |line| line.cpu.median).first().copied(),
        best_rate: of(&peers, |line| line.rate.median).into_iter().max_by(f64::total_cmp),
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
        let name = name(row);
        let Some(line) = line else {
            let why = row.runs.iter().find_map(|run| run.failed.as_deref()).unwrap_or("never ran");
            let _ = writeln!(text, "| {name} | FAILED: {why} |{}", " |".repeat(9));
            continue;
        };
        let to = |value: Spread, mark: Option<f64>| {
            mark.map_or(String::new(), |m| format!("{:.2}", value.median / m))
        };
        let counted = row.runs.last().map(|run| &run.counted);
        let (whole, parts) = counted.map(|c| (said(&c.whole), said(&c.styles))).unwrap_or_default();
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} | {} | {} | {} | {} | {whole} | {parts} |",
            line.wall.text(2),
            count(line.rate),
            line.cpu.text(3),
            line.mib.text(0),
            to(line.cpu, marks.best_cpu),
            to(line.cpu, marks.transfer_manager_cpu),
            to(line.cpu, marks.floor_cpu),
            to(line.rate, marks.best_rate),
        );
    }
    text.push_str("\nThe rate is from the first request to the last answer; wall and CPU are the whole program's.\n");
    text.push_str(&asked(rows, &lines, unit.each));
    text
}

/// A second table: what does not depend on how fast the machine is.
fn asked(rows: &[Row], lines: &[(Role, Option<Line>)], each: &str) -> String {
    let mut text = format!(
        "\n| uploader | syscalls/{each} | voluntary switches/{each} | involuntary switches/{each} | page faults/{each} |\n\
         |---|---|---|---|---|\n"
    );
    for (row, (_, line)) in rows.iter().zip(lines) {
        let Some(line) = line else { continue };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            name(row),
            line.syscalls.and_then(|calls| Spread::from_values([calls])).map_or("-".into(), count),
            count(line.voluntary),
            count(line.involuntary),
            count(line.page_faults),
        );
    }
    // or the line that follows would be a row of the table
    text.push('\n');
    text
}

/// There are few of a thing in a file, and many in a GiB.
fn count(spread: Spread) -> String {
    spread.text(if spread.median < 100.0 { 2 } else { 0 })
}

fn name(row: &Row) -> String {
    if row.role == Role::Ours { format!("**{}**", row.name) } else { row.name.clone() }
}

/// The most frequent, which is what the file's own requests said.
fn said(counts: &BTreeMap<String, u64>) -> &str {
    counts.iter().max_by_key(|(_, count)| **count).map_or("", |(what, _)| what.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{measured::Used, sink::Counted};

    fn row(name: &str, role: Role, cpu: &[f64], failed: bool) -> Row {
        let run = |cpu: &f64| Run {
            used: Used {
                wall: 2.5,
                user: *cpu,
                max_rss_kib: 10 << 10,
                voluntary: 4_000,
                involuntary: 2,
                ..Used::default()
            },
            counted: Counted { seconds: 2.0, ..Counted::default() },
            failed: failed.then(|| "exit code 1".into()),
        };
        let syscalls = (role == Role::Ours).then_some(80_000);
        Row { name: name.into(), role, runs: cpu.iter().map(run).collect(), syscalls }
    }

    #[test]
    fn ratios_are_to_peers_and_a_failure_has_no_part_in_them() {
        let unit =
            Unit { rate: "GiB/s", cpu: "CPU s/GiB", each: "GiB", amount: 4.0, cpu_amount: 4.0 };
        let rows = [
            row("ours", Role::Ours, &[2.0, 9.0, 2.0], false),
            row("quick", Role::Peer, &[0.1], true),
            row("tm", Role::TransferManager, &[4.0], false),
            row("floor", Role::Floor, &[1.0], false),
        ];
        let text = markdown(&rows, &unit);
        let ours =
            "| **ours** | 2.50 | 2.00 | 0.500 (0.500–2.250) | 10 | 0.50 | 0.50 | 2.00 | 1.00 |";
        assert!(text.contains(ours), "{text}");
        assert!(text.contains("| quick | FAILED: exit code 1 |"), "{text}");
        let asked = "| **ours** | 20000 | 1000 | 0.50 | 0.00 |\n| tm | - | 1000 | 0.50 | 0.00 |";
        assert!(text.contains(asked), "{text}");
    }
}
