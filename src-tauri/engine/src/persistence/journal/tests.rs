//! The journal through kills, full disks and damage.

use super::*;
use crate::model::checksum::ChecksumMode;
use crate::model::history::Because;
use crate::model::key_conflict::{ExistingObject, Question, SameBytes};
use crate::model::object_options::Options;
use crate::model::part_table::Stored;
use crate::model::upload::{IfExists, Phase};
use crate::system::local_file::Fingerprint;
use std::collections::HashSet;
use std::fs;
use std::time::Duration;

fn new_entry(name: &str) -> NewEntry {
    NewEntry {
        path: format!("/footage/{name}").into(),
        name: name.into(),
        fingerprint: Fingerprint { size: 100 << 20, modified_ns: 1, file_id: 2, changed_ns: 3 },
        target: Target { connection: "c".into(), bucket: "b".into(), key: name.into() },
        if_exists: IfExists::Ask,
        options: Options::default(),
        wanted_part_size: None,
        added_at: 3,
    }
}

async fn with_uploads(path: &Path, count: usize) -> Journal {
    let (journal, aside) = Journal::open(path).unwrap();
    assert_eq!(aside, None);
    let entries = (0..count).map(|n| new_entry(&format!("clip {n:05}.mov"))).collect();
    assert_eq!(journal.add(entries).await.unwrap().len(), count);
    journal
}

async fn entry(journal: &Journal, id: Id) -> Entry {
    journal.get(id).await.unwrap().unwrap()
}

/// A copy of the files as a process that is killed would leave them.
fn as_killed(path: &Path, folder: &Path) -> std::path::PathBuf {
    let copy = folder.join("copy.sqlite");
    fs::copy(path, &copy).unwrap();
    let log = |path: &Path| std::path::PathBuf::from(format!("{}-wal", path.display()));
    if log(path).exists() {
        fs::copy(log(path), log(&copy)).unwrap();
    }
    copy
}

#[tokio::test]
async fn what_was_waited_for_outlives_a_kill_and_a_cancelled_upload_stays_cancelled() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    let journal = with_uploads(&path, 3).await;
    for (id, intent) in [(1, Intent::Run), (2, Intent::Pause), (3, Intent::Abort)] {
        let mut entry = entry(&journal, id).await;
        (entry.phase, entry.intent) = (Phase::Sending, intent);
        entry.upload_id = Some("u".into());
        entry.requested_at = vec![5, 9];
        journal.save(entry).await.unwrap();
    }
    let (journal, _) = Journal::open(&as_killed(&path, folder.path())).unwrap();
    let found = entry(&journal, 1).await;
    assert_eq!((&found.phase, found.requested_at), (&Phase::Waiting, vec![5, 9]));
    assert_eq!(entry(&journal, 2).await.phase, Phase::Waiting);
    assert_eq!(entry(&journal, 3).await.phase, Phase::Aborting);
    let next: Vec<Id> = journal
        .next(Room { large: 9, small: 9, ..Room::default() }, HashSet::new())
        .await
        .unwrap()
        .iter()
        .map(|entry| entry.id)
        .collect();
    assert_eq!(next, [3, 1], "those to be aborted first, and no paused ones");
}

#[tokio::test]
async fn a_full_disk_is_told_and_what_it_refused_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    let journal = with_uploads(&path, 1).await;
    let room = |pages: u32| {
        journal.read(move |connection| {
            connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
        })
    };
    room(1).await.unwrap();
    let entries = (0..500).map(|n| new_entry(&format!("more {n}"))).collect();
    let fault = journal.add(entries).await.unwrap_err();
    assert_eq!((fault.kind, fault.detail.contains("full")), (FaultKind::Storage, true), "{fault}");
    // nobody waits for these, but an older state must not overwrite a newer one
    let mut sending = entry(&journal, 1).await;
    (sending.phase, sending.etag) = (Phase::Sending, Some("x".repeat(100_000)));
    journal.save_soon(sending.clone());
    for number in 1..2000 {
        journal.part_stored(
            1,
            number,
            &Stored { etag: "e".repeat(32), crc64: 7, crc32: None, verified: false },
        );
    }
    (sending.phase, sending.etag) = (Phase::Completing, None);
    journal.save_soon(sending.clone());
    assert!(journal.settle().await.is_err());
    assert!(journal.trouble().is_some());

    room(1_000_000).await.unwrap();
    let healed = async {
        while journal.trouble().is_some() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), healed).await.expect("it goes on by itself");
    assert_eq!(journal.parts(1).await.unwrap().len(), 1999);
    assert_eq!(entry(&journal, 1).await.phase, Phase::Completing);
    assert_eq!(
        journal.counts().await.unwrap().waiting.uploads,
        0,
        "the refused ones were not half added"
    );
}

#[tokio::test]
async fn a_journal_that_is_none_any_more_is_put_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    fs::write(&path, "this was a journal once".repeat(1000)).unwrap();
    fs::write(folder.path().join("journal.damaged.sqlite"), "an earlier one").unwrap();
    let (journal, aside) = Journal::open(&path).unwrap();
    let aside = aside.unwrap();
    assert_eq!(aside.saved, 0);
    assert!(fs::read_to_string(&aside.path).unwrap().starts_with("this was"));
    assert!(journal.recreated_at().await.unwrap().is_some());
    assert_eq!(journal.add(vec![new_entry("a")]).await.unwrap(), [1]);
    let earlier = fs::read_to_string(folder.path().join("journal.damaged.sqlite")).unwrap();
    assert_eq!(earlier, "an earlier one");
}

#[tokio::test]
async fn a_page_that_is_damaged_costs_its_rows_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    let journal = with_uploads(&path, 2000).await;
    let mut third = entry(&journal, 3).await;
    (third.phase, third.upload_id) = (Phase::Sending, Some("u3".into()));
    journal.save(third).await.unwrap();
    journal.part_stored(
        3,
        1,
        &Stored { etag: "e".into(), crc64: u64::MAX, crc32: None, verified: false },
    );
    journal.settle().await.unwrap();
    journal
        .read(|connection| connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)"))
        .await
        .unwrap();
    let copy = as_killed(&path, folder.path());
    let mut bytes = fs::read(&copy).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 2 * 4096].fill(0xa5);
    fs::write(&copy, &bytes).unwrap();
    // a non-empty WAL, so that the file is checked
    fs::write(folder.path().join("copy.sqlite-wal"), [0; 40]).unwrap();

    let (journal, aside) = Journal::open(&copy).unwrap();
    let aside = aside.expect("the damage is noticed");
    assert!((1800..2000).contains(&aside.saved), "{}", aside.saved);
    let third = entry(&journal, 3).await;
    assert_eq!((third.upload_id.as_deref(), &third.phase), (Some("u3"), &Phase::Waiting));
    assert_eq!(journal.parts(3).await.unwrap()[0].1.crc64, u64::MAX);
    assert_eq!(journal.counts().await.unwrap().waiting.uploads, aside.saved);
    assert_eq!(fs::read(&aside.path).unwrap(), bytes, "the damaged one is left as it was");
}

#[tokio::test]
async fn an_older_journal_is_brought_up_and_a_newer_one_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    let old = Connection::open(&path).unwrap();
    old.execute_batch(open::MIGRATIONS[0]).unwrap();
    old.execute_batch(
        "INSERT INTO uploads (position, path, name, size, modified_ns, file_id, connection, bucket, key, if_exists, \
         options, intent, phase, view, added_at) VALUES (1, '/old', 'old', 1, 1, 2, 'c', 'b', 'old', '\"replace\"', '{}', \
         'run', 'waiting', 'waiting', 0)",
    )
    .unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    drop(old);
    let (journal, _) = Journal::open(&path).unwrap();
    assert_eq!(entry(&journal, 1).await.name, "old");
    journal.read(|connection| connection.pragma_update(None, "user_version", 999)).await.unwrap();
    drop(journal);
    // closing moves the rest of the WAL into the file
    let log = folder.path().join("journal.sqlite-wal");
    let closed = async {
        while log.exists() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), closed).await.expect("it is closed");
    let before = fs::read(&path).unwrap();
    let Err(fault) = Journal::open(&path) else { panic!("it was opened") };
    assert!(fault.kind == FaultKind::Storage && fault.detail.contains("newer"), "{fault}");
    assert!(fs::read(&path).unwrap() == before);
}

/// A journal of the version before 011-words.sql, with one active upload that has a stored part.
fn written_before_the_words_changed(path: &Path, uploads: u32) {
    let old = Connection::open(path).unwrap();
    for step in &open::MIGRATIONS[..10] {
        old.execute_batch(step).unwrap();
    }
    for id in 1..=uploads {
        old.execute(
            "INSERT INTO uploads (position, path, name, size, modified_ns, file_id, connection, bucket, key, if_exists, \
             options, intent, phase, view, added_at, part_size, parts, upload_id, rung, begun_at, asked, complete_asked) \
             VALUES (?1, '/old', 'old', 16777216, 1, 2, 'c', 'b', 'old', '\"replace\"', '{}', 'run', 'sending', 'active', \
             0, 8388608, 2, 'u' || ?1, 'crc32c-composite', 1700000000000, '[5,9]', 1)",
            [id],
        )
        .unwrap();
    }
    old.execute_batch(
        "INSERT INTO parts (upload, number, etag, crc64, crc32, vouched) VALUES (1, 2, 'e', 7, 8, 1); \
         INSERT INTO history VALUES (1, 1, '{\"did\":\"sentAgain\",\"part\":2,\"times\":1,\"fault\":{\"kind\":\"server\",\"detail\":\"d\"}}'), \
         (1, 2, '{\"did\":\"begunAgain\",\"because\":\"gone\"}'), (1, 3, '{\"did\":\"asked\"}'), (1, 4, 'a sentence'); \
         INSERT INTO facts VALUES ('begun_anew', 1600000000000)",
    )
    .unwrap();
    old.pragma_update(None, "user_version", 10).unwrap();
}

#[tokio::test]
async fn a_journal_from_before_the_answers_can_hold_a_question() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    let old = Connection::open(&path).unwrap();
    for step in &open::MIGRATIONS[..11] {
        old.execute_batch(step).unwrap();
    }
    old.execute_batch(
        "INSERT INTO uploads (position, path, name, size, modified_ns, file_id, connection, bucket, key, if_exists, \
         options, intent, phase, view, added_at) VALUES (1, '/old', 'old', 7, 1, 2, 'c', 'b', 'old', '\"ask\"', '{}', \
         'run', 'waiting', 'waiting', 0)",
    )
    .unwrap();
    old.pragma_update(None, "user_version", 11).unwrap();
    drop(old);
    let existing = ExistingObject {
        asked_at: 5,
        size: Some(3),
        modified_at: Some(4),
        etag: Some("\"e\"".into()),
        file_size: 7,
        file_modified_at: None,
        bytes: SameBytes::Differ,
    };
    let question = Question { existing, answer: None };
    let (journal, aside) = Journal::open(&path).unwrap();
    assert_eq!(aside, None);
    assert_eq!(entry(&journal, 1).await.question, None);
    let asks = question.clone();
    journal
        .change(vec![1], move |entry| {
            (entry.phase, entry.question) = (Phase::NeedsAnswer, Some(asks.clone()));
            true
        })
        .await
        .unwrap();
    assert_eq!(journal.need_answer_with(1).await.unwrap(), 1);
    drop(journal);
    let (journal, _) = Journal::open(&path).unwrap();
    let found = entry(&journal, 1).await;
    assert_eq!((found.phase, found.question), (Phase::NeedsAnswer, Some(question)));
    let counts = journal.counts().await.unwrap();
    assert_eq!((counts.needs_answer.uploads, counts.waiting.uploads), (1, 0));
    assert_eq!(journal.undecided_with(vec![1]).await.unwrap(), [1]);
}

async fn is_found_whole(journal: &Journal) {
    let found = entry(journal, 1).await;
    assert_eq!(found.upload_id.as_deref(), Some("u1"));
    assert_eq!(found.checksum_mode, ChecksumMode::Crc32cComposite);
    assert_eq!(found.created_at, Some(1_700_000_000_000));
    assert_eq!(found.requested_at, [5, 9]);
    assert!(found.complete_requested);
    assert_eq!((&found.phase, found.stored_bytes), (&Phase::Waiting, 8 << 20));
    let stored = Stored { etag: "e".into(), crc64: 7, crc32: Some(8), verified: true };
    assert_eq!(journal.parts(1).await.unwrap(), [(2, stored)]);
    let events: Vec<Event> =
        journal.history(1).await.unwrap().into_iter().map(|line| line.what).collect();
    let [Event::Resent { part: Some(2), fault, .. }, rest @ ..] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!(fault.detail, "d");
    let text = Event::Text { text: "a sentence".into() };
    assert_eq!(rest, [Event::Restarted { because: Because::Gone }, Event::Probed, text]);
}

#[tokio::test]
async fn a_journal_of_the_version_before_is_found_whole_and_its_old_columns_are_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    written_before_the_words_changed(&path, 1);
    let (journal, aside) = Journal::open(&path).unwrap();
    assert_eq!(aside, None);
    is_found_whole(&journal).await;
    assert_eq!(journal.recreated_at().await.unwrap(), Some(1_600_000_000_000));
    let columns: Vec<String> = journal
        .read(|connection| {
            let sql = "SELECT name FROM pragma_table_info('uploads') UNION ALL SELECT name FROM pragma_table_info('parts')";
            connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
        })
        .await
        .unwrap();
    for gone in ["rung", "sums", "begun_at", "asked", "complete_asked", "vouched"] {
        assert!(!columns.iter().any(|column| column == gone), "{gone} is still there");
    }
}

#[tokio::test]
async fn what_the_first_version_knew_of_checksums_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    written_before_the_words_changed(&path, 2);
    let old = Connection::open(&path).unwrap();
    old.execute_batch("UPDATE uploads SET rung = NULL, sums = id = 1").unwrap();
    drop(old);
    let (journal, _) = Journal::open(&path).unwrap();
    assert_eq!(entry(&journal, 1).await.checksum_mode, ChecksumMode::Crc64Nvme);
    assert_eq!(entry(&journal, 2).await.checksum_mode, ChecksumMode::Md5);
}

#[tokio::test]
async fn a_damaged_journal_of_the_version_before_is_salvaged_with_all_its_columns() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    written_before_the_words_changed(&path, 2000);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 2 * 4096].fill(0xa5);
    fs::write(&path, &bytes).unwrap();
    // a non-empty WAL, so that the file is checked
    fs::write(folder.path().join("journal.sqlite-wal"), [0; 40]).unwrap();
    let (journal, aside) = Journal::open(&path).unwrap();
    let saved = aside.expect("the damage is noticed").saved;
    assert!((1800..2000).contains(&saved), "{saved}");
    is_found_whole(&journal).await;
}
