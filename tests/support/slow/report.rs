//! The measurements in Markdown.

use super::{
    cost::{Moment, middle_and_worst, used},
    peers::{Kept, OTHERS},
    rounds::Outcome,
    table::{Case, FILES, Files, GOAL_BYTES, GOAL_SECONDS, LINES, Line, WAYS, Way},
};
use std::fmt::Write as _;

type Row = (Case, Outcome);

const HOW: &str = "Bytes of requests' bodies that had crossed the line since the break before, less what the server had \
                   stored since then: they are sent again. In each cell the middle of all breaks and the worst, in MB \
                   and in seconds of the line.";

/// A line of which no more hundredths were used is told of: what did not cross it cannot be lost.
const USED: u64 = 80;

/// In all cases what must hold held, and no break cost more than it may.
pub(super) fn held(rows: &[Row]) -> bool {
    let holds = |(case, outcome): &Row| {
        outcome.flaw.is_none() && costs_no_more(case, outcome) && gets_on(case, outcome)
    };
    rows.iter().all(holds)
}

fn costs_no_more(case: &Case, outcome: &Outcome) -> bool {
    middle_and_worst(&outcome.moments).is_none_or(|(_, worst)| worst <= case.line.goal())
}

/// On the slowest lines no single life is long enough to cost too much. But where nothing was kept of many, the upload
/// would never end.
fn gets_on(case: &Case, outcome: &Outcome) -> bool {
    let crossed: u64 = outcome.moments.iter().map(|moment| moment.crossed).sum();
    crossed <= case.line.goal() || outcome.moments.iter().any(|moment| moment.kept > 0)
}

/// One case, as soon as it is through.
pub(super) fn line(case: &Case, outcome: &Outcome) -> String {
    let moment = |moment: &Moment| format!("{:.1}/{:.1}", mb(moment.cost()), mb(moment.crossed));
    let moments: Vec<_> = outcome.moments.iter().map(moment).collect();
    let end = match (&outcome.flaw, outcome.aborted) {
        (Some(flaw), _) => format!("IT DID NOT HOLD: {flaw}"),
        (None, true) => "the rest was given up, and nothing was left on the server".into(),
        (None, false) => "all bytes were read back".into(),
    };
    format!(
        "{}: MB again, of MB that crossed: {}; {} % of the line used; {} uploads done; {end}",
        case.name(),
        moments.join(" "),
        used(&outcome.moments, case.line.bytes_per_second),
        outcome.finished
    )
}

/// A table for each way, and what did not hold.
pub(super) fn tables(rows: &[Row]) -> String {
    let mut text = format!("{HOW}\n");
    for way in WAYS {
        let of_way: Vec<&Row> = rows.iter().filter(|(case, _)| case.way == way).collect();
        if !of_way.is_empty() {
            table(&mut text, way, &of_way);
        }
    }
    let mut notes = Vec::new();
    for (case, outcome) in rows {
        let idle = outcome.moments.iter().filter(|moment| moment.crossed == 0).count();
        if idle > 0 {
            let all = outcome.moments.len();
            notes
                .push(format!("{}: not a byte crossed before {idle} of {all} breaks", case.name()));
        }
        if !gets_on(case, outcome) {
            let all = outcome.moments.len();
            notes.push(format!("**{}: nothing was kept at any of {all} breaks**", case.name()));
        }
        let used = used(&outcome.moments, case.line.bytes_per_second);
        if used < USED && !outcome.moments.is_empty() {
            notes.push(format!("{}: {used} % of the line were used", case.name()));
        }
        if let Some(flaw) = &outcome.flaw {
            notes.push(format!("**{}: {}**", case.name(), flaw.replace('\n', " ")));
        }
    }
    if !notes.is_empty() {
        let _ = writeln!(text, "\n- {}", notes.join("\n- "));
    }
    let aborted = rows.iter().filter(|(_, outcome)| outcome.aborted).count();
    let finished: usize = rows.iter().map(|(_, outcome)| outcome.finished).sum();
    let _ = writeln!(
        text,
        "\n{} breaks; {finished} uploads were finished and read back, {aborted} given up at the end because their rest \
         takes more than a minute. A break may cost {GOAL_SECONDS} s of the line or {} MiB, whichever is more; and where more \
         than that crossed, something must have been kept at some break.",
        rows.iter().map(|(_, outcome)| outcome.moments.len()).sum::<usize>(),
        GOAL_BYTES >> 20,
    );
    text
}

fn table(text: &mut String, way: Way, rows: &[&Row]) {
    let lines = LINES.iter().filter(|line| rows.iter().any(|(case, _)| case.line == *line));
    let sets: Vec<&Files> =
        FILES.iter().filter(|files| rows.iter().any(|(case, _)| case.files == *files)).collect();
    let heads: Vec<_> = sets.iter().map(|files| files.name).collect();
    let _ = writeln!(text, "\n## {}\n\n| line | {} | at most |", way.says(), heads.join(" | "));
    let _ = writeln!(text, "|---|{}---|", "---|".repeat(sets.len()));
    for line in lines {
        let cell = |files: &&Files| {
            let here = |row: &&&Row| row.0.line == line && row.0.files == *files;
            rows.iter().find(here).map_or(String::new(), |(case, outcome)| cell(case, outcome))
        };
        let cells: Vec<_> = sets.iter().map(cell).collect();
        let (name, cells) = (line.name, cells.join(" | "));
        let _ = writeln!(text, "| {name} | {cells} | {} |", both(line, line.goal()));
    }
}

fn cell(case: &Case, outcome: &Outcome) -> String {
    let Some((middle, worst)) = middle_and_worst(&outcome.moments) else {
        return "**failed**".into();
    };
    let mark = if costs_no_more(case, outcome) { "" } else { "**" };
    let failed = if outcome.flaw.is_some() { ", **failed**" } else { "" };
    format!("{} / {mark}{}{mark}{failed}", both(case.line, middle), both(case.line, worst))
}

fn both(line: &Line, bytes: u64) -> String {
    format!("{:.1} MB {:.1} s", mb(bytes), line.seconds(bytes))
}

/// What would have been kept of each one's work, ours beside it where it was measured.
pub(super) fn peers(rows: &[Row], kept: &[Kept]) -> String {
    let heads: Vec<_> = OTHERS.iter().map(|other| other.name()).collect();
    let mut text = format!(
        "\n## Others, killed in mid-upload of one file of 300 MiB\n\nWhat ListParts shows of what had crossed the line, all \
         kills together. The others do not resume by themselves.\n\n| line | {} | windlass-cli |\n|---|{}---|\n",
        heads.join(" | "),
        "---|".repeat(heads.len())
    );
    for line in LINES.iter().filter(|line| kept.iter().any(|one| one.line == *line)) {
        let others = OTHERS.iter().map(|other| {
            let one = kept.iter().find(|one| one.line == line && one.other == *other);
            one.map_or(String::new(), |one| match &one.lives {
                Ok(lives) => kept_of(lives),
                Err(reason) => reason.replace(['|', '\n'], " "),
            })
        });
        let ours = |(case, _): &&Row| {
            case.line == line && case.files == &FILES[0] && case.way == Way::Killed
        };
        let ours =
            rows.iter().find(ours).map_or("-".into(), |(_, outcome)| kept_of(&outcome.moments));
        let cells: Vec<_> = others.chain([ours]).collect();
        let _ = writeln!(text, "| {} | {} |", line.name, cells.join(" | "));
    }
    text
}

fn kept_of(moments: &[Moment]) -> String {
    let kept = moments.iter().map(|moment| moment.kept).sum();
    let crossed = moments.iter().map(|moment| moment.crossed).sum();
    format!("{:.1} of {:.1} MB", mb(kept), mb(crossed))
}

#[expect(clippy::cast_precision_loss, reason = "megabytes for people")]
fn mb(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slow::{peers::Other, table};
    use std::time::Duration;

    fn moment(crossed: u64, kept: u64) -> Moment {
        Moment { crossed, kept, life: Duration::from_secs(10) }
    }

    fn row(words: [&str; 3], costs: &[u64]) -> Row {
        let case = table::chosen(&words.map(String::from)).unwrap()[0];
        let of_cost = |cost: &u64| moment(20_000_000, 20_000_000 - cost);
        (case, Outcome { moments: costs.iter().map(of_cost).collect(), ..Outcome::default() })
    }

    #[test]
    fn a_table_has_a_row_for_each_line_and_a_column_for_each_set_of_files() {
        let rows = [
            row(["killed", "limit-2", "300MiB"], &[0, 1_000_000, 9_000_000]),
            row(["killed", "unknown-0.3", "20GB"], &[600_000, 11_000_000, 300_000]),
        ];
        let text = tables(&rows);
        let lines = [
            "| line | 300 MiB | 20 GB | at most |",
            "|---|---|---|---|",
            "| `--limit 2MB/s` | 1.0 MB 0.5 s / 9.0 MB 4.5 s |  | 20.0 MB 10.0 s |",
            "| unknown, 0.3 MB/s |  | 0.6 MB 2.0 s / **11.0 MB 36.7 s** | 10.5 MB 35.0 s |",
        ];
        assert!(text.contains(&lines.join("\n")), "{text}");
        assert!(held(&rows[..1]) && !held(&rows));
    }

    #[test]
    fn an_upload_that_never_gets_on_does_not_hold_however_slow_its_line() {
        let lives = |kept| vec![moment(6_000_000, 0), moment(6_000_000, kept)];
        let mut rows = [row(["killed", "unknown-0.3", "300MiB"], &[])];
        rows[0].1.moments = lives(0);
        assert!(!held(&rows) && tables(&rows).contains("nothing was kept at any of 2 breaks"));
        rows[0].1.moments = lives(1);
        assert!(held(&rows) && !tables(&rows).contains("nothing was kept"));
    }

    #[test]
    fn what_did_not_hold_is_told() {
        let mut failed = row(["slept", "limit-2", "300MiB"], &[0]);
        failed.1.flaw = Some("it ended\nwith 1".into());
        let rows = [failed];
        let text = tables(&rows);
        assert!(text.contains("**slept limit-2 300MiB: it ended with 1**"), "{text}");
        assert!(!text.contains("Killed") && !held(&rows));
    }

    #[test]
    fn lives_in_which_nothing_crossed_are_no_proof_of_anything() {
        let mut idle = row(["slept", "limit-2", "300MiB"], &[0, 0]);
        idle.1.moments[1] = moment(0, 0);
        let text = tables(&[idle]);
        assert!(text.contains("not a byte crossed before 1 of 2 breaks"), "{text}");
        assert!(text.contains("slept limit-2 300MiB: 50 % of the line were used"), "{text}");
    }

    #[test]
    fn others_stand_beside_ours() {
        let ours = row(["killed", "unknown-12", "300MiB"], &[5_000_000, 5_000_000]);
        let lives = vec![moment(50_000_000, 10_000_000); 2];
        let line = ours.0.line;
        let kept = [
            Kept { line, other: Other::S5cmd, lives: Ok(lives) },
            Kept { line, other: Other::Aws, lives: Err("not installed".into()) },
        ];
        let text = peers(&[ours], &kept);
        let wanted = "| unknown, 12 MB/s | not installed |  | 20.0 of 100.0 MB | 30.0 of 40.0 MB |";
        assert!(text.contains(wanted), "{text}");
    }
}
