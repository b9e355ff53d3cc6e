//! Files whose file system says of them what is not so: each becomes an object of its own bytes, or a fault that says why
//! not. Linux has such files at hand, in /sys and /proc.
#![cfg(target_os = "linux")]

use crate::fixture::Fixture;
use std::path::Path;
use windlass_engine::{FaultKind, Reason, Status};
use windlass_tests::{Proxy, Server, When};

/// 4,096 bytes by its size, and one line that can be read.
const GIVES_LESS: &str = "/sys/kernel/mm/transparent_hugepage/enabled";
/// No bytes by its size, and one line that can be read.
const GIVES_MORE: &str = "/proc/version";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_gives_less_than_its_size_fails_and_says_so() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let readable = std::fs::read(GIVES_LESS).unwrap().len() as u64;
    let id = fixture.queue(Path::new(GIVES_LESS), "less").await;
    let failed = |detail: &windlass_engine::Detail| detail.row.status == Status::Failed;
    let detail = fixture.until_whatever(id, failed).await;
    let fault = detail.row.fault.unwrap();
    assert_eq!(fault.kind, FaultKind::SourceMissing);
    let size = 4096;
    assert_eq!(fault.reason.get(), Some(&Reason::WrongSize { size, read: Some(readable) }));
    assert_eq!(proxy.count(&When::put_object()), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_gives_more_than_its_size_is_not_queued_as_an_empty_one() {
    let fixture = Fixture::on(Server::practice().await).await;
    let upload = fixture.upload(Path::new(GIVES_MORE), "more");
    let fault = fixture.engine.queue(vec![upload]).await.unwrap_err();
    assert_eq!(fault.reason.get(), Some(&Reason::WrongSize { size: 0, read: None }));
    assert!(fixture.reference.head(&fixture.bucket, "more").await.is_none());
}

/// `/proc/self/mem` has no bytes by its size, and its first one cannot be read.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_read_is_not_queued_as_an_empty_one() {
    let fixture = Fixture::on(Server::practice().await).await;
    let upload = fixture.upload(Path::new("/proc/self/mem"), "unread");
    let fault = fixture.engine.queue(vec![upload]).await.unwrap_err();
    assert!(matches!(fault.reason.get(), Some(Reason::ReadingFailed { .. })), "{fault:?}");
}
