//! A disk that does not respond: its own files fail after a while and say so, and nothing else waits for it.
#![cfg(target_os = "linux")]

use crate::fixture::{Fixture, PART};
use std::sync::Arc;
use windlass_engine::{Detail, FaultKind, Id, Reason, Selection, Status};
use windlass_tests::stuck::Stuck;
use windlass_tests::{Act, Proxy, Server, When};

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

/// A file on a good disk, by a link on one that stops answering in mid-upload: the look at whether it is still the same may
/// wait, and nothing else waits for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_path_that_leads_over_a_disk_that_does_not_answer_stops_nothing_else() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    proxy.on(When::put_object(), FILES as usize, Act::HoldAnswer);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let stuck = Arc::new(Stuck::with_link_to(fixture.folder.path()));
    let mut ids: Vec<Id> = Vec::new();
    for number in 0..FILES {
        let name = format!("linked {number}");
        fixture.file(&name, number.into(), 5_000);
        ids.push(fixture.queue(&stuck.link().join(&name), &name).await);
    }
    proxy.until_held(FILES as usize).await;
    stuck.hold_link();
    proxy.release();
    let good = fixture.file("good", 1, 2 * PART);
    fixture.hauled_beside(&good, "good").await;
    for id in ids {
        let failed = |detail: &Detail| detail.row.status == Status::Failed;
        let fault = fixture.until_whatever(id, failed).await.row.fault.unwrap();
        assert!(matches!(fault.reason.get(), Some(Reason::DiskSilent { .. })), "{fault:?}");
    }
    assert!(stuck.is_stuck());
}
