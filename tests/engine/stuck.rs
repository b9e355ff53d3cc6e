//! A disk that does not answer: its own files fail after a while and say so, and nothing else waits for it.
#![cfg(target_os = "linux")]

use crate::fixture::{Fixture, PART};
use std::sync::Arc;
use windlass_engine::{Detail, FaultKind, Id, Reason, Selection, Status};
use windlass_tests::Server;
use windlass_tests::stuck::Stuck;

/// As many as the runtime has threads, and more.
const FILES: u32 = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_disk_that_does_not_answer_stops_its_own_files_only() {
    let fixture = Fixture::on(Server::practice().await).await;
    let (large, small) = (Stuck::with_files_of(3 * PART), Stuck::with_files_of(100_000));
    let disks = [Arc::new(large), Arc::new(small)];
    let mut ids: Vec<Id> = Vec::new();
    for (disk, stuck) in disks.iter().enumerate() {
        for number in 0..FILES {
            ids.push(fixture.queue(&stuck.file(number), &format!("stuck {disk} {number}")).await);
        }
    }
    for held in disks.clone() {
        tokio::task::spawn_blocking(move || held.until_held(2)).await.unwrap();
    }

    // a good disk is read, and what a person wants is done
    let good = fixture.file("good", 1, 2 * PART);
    fixture.hauled_beside(&good, "good").await;
    for cancelled in [ids.remove(0), ids.pop().unwrap()] {
        fixture.engine.abort(Selection::Ids { ids: vec![cancelled] }).await.unwrap();
        let detail = fixture.until(cancelled, |detail| detail.row.status == Status::Aborted).await;
        assert_eq!(detail.row.fault, None);
    }

    for id in ids {
        let failed = |detail: &Detail| detail.row.status == Status::Failed;
        let fault = fixture.until_whatever(id, failed).await.row.fault.unwrap();
        assert_eq!(fault.kind, FaultKind::SourceMissing);
        assert!(matches!(fault.reason.get(), Some(Reason::DiskSilent { .. })), "{fault:?}");
    }
    assert!(disks.iter().all(|stuck| stuck.is_stuck()), "they failed before the disk answered");
    fixture.assert_clean().await;
}
