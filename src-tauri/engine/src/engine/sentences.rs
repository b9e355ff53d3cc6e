//! Holds the terminal's English sentences and the window's together. Every kind of value that both put into words is here at least
//! once; this writes the values and their sentences to `ui/src/lib/wire/sentences.json`, and `ui/src/lib/sentences.test.ts`
//! expects the window to say the same. `cargo xtask wire` writes the file.
//!
//! Durations are such that both sides write them alike: whole hours and minutes, or less than a minute.

mod events;
mod findings;
mod options;
mod reasons;

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::{Debug, Display};
use std::path::Path;

#[derive(Serialize)]
struct Row {
    #[serde(rename = "type")]
    of: &'static str,
    value: serde_json::Value,
    english: String,
}

fn rows<T: Serialize + Display>(of: &'static str, values: Vec<T>) -> Vec<Row> {
    let row = |value: T| Row {
        of,
        value: serde_json::to_value(&value).unwrap(),
        english: value.to_string(),
    };
    values.into_iter().map(row).collect()
}

fn all() -> Vec<Row> {
    let note = |preset: crate::Preset| Row {
        of: "presetNote",
        value: preset.id.into(),
        english: preset.note,
    };
    let keys = |preset: crate::Preset| Row {
        of: "presetKeys",
        value: preset.id.into(),
        english: preset.keys,
    };
    let keys = crate::presets().into_iter().map(keys).filter(|row| !row.english.is_empty());
    let notes = crate::presets().into_iter().map(note).filter(|row| !row.english.is_empty());
    [
        rows("reason", reasons::samples()),
        rows("invalidOption", options::samples()),
        rows("event", events::samples()),
        rows("blockedOn", events::blocked()),
        rows("checked", findings::checked()),
        rows("evidence", findings::evidence()),
        rows("what", findings::whats()),
        rows("held", findings::helds()),
        rows("verdict", findings::verdicts()),
        rows("proof", findings::proofs()),
        rows("invalidBucketName", reasons::bucket_names()),
        rows("whyNot", reasons::why_not()),
        notes.collect(),
        keys.collect(),
        rows("deadline", reasons::deadlines()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The sentences that the window is tested with are these.
#[test]
fn wire_is_current() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/wire/sentences.json");
    let now = serde_json::to_string_pretty(&all()).unwrap() + "\n";
    if std::env::var_os("WINDLASS_WRITE_WIRE").is_some() {
        std::fs::write(&kept, &now).unwrap();
    }
    let before = std::fs::read_to_string(&kept).unwrap();
    assert!(before == now, "sentences.json is not current: cargo xtask wire");
}

#[test]
fn every_sentence_is_one() {
    for Row { value, english, .. } in all() {
        assert!(!english.is_empty() && english.trim() == english, "{value}");
        assert!(!english.contains("  "), "{english}");
    }
}

/// What is kept in the journal reads back as it was written.
#[test]
fn every_value_survives_the_journal() {
    fn survive<T: Serialize + DeserializeOwned + PartialEq + Debug>(values: Vec<T>) {
        for value in values {
            let json = serde_json::to_string(&value).unwrap();
            assert_eq!(serde_json::from_str::<T>(&json).unwrap(), value);
        }
    }
    survive(reasons::samples());
    survive(options::samples());
    survive(events::samples());
    survive(events::blocked());
}
