//! Lost responses and journals: what is on the server is found again, or aborted. On every kind of server.

use crate::fixture::{Fixture, PART};
use std::fs;
use windlass_engine::{NoticeKind, Selection, Status};
use windlass_tests::{Act, Proxy, Server, When};

async fn behind_proxy(server: Server) -> (Fixture, Proxy) {
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    (fixture, proxy)
}

/// The upload was begun on the server, and its UploadId never arrived.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_to_create_leaves_nothing_behind() {
    for server in Server::all().await {
        let (fixture, proxy) = behind_proxy(server).await;
        // somebody else's work on the same key, with a part in it, is not ours to touch
        let theirs = fixture.reference.start_upload(&fixture.bucket, "k").await;
        fixture.reference.put_part(&fixture.bucket, "k", &theirs, 1, vec![1; 100]).await;
        proxy.on(When::create(), 2, Act::DropAnswer);
        let path = fixture.file("f", 1, 2 * PART);
        let id = fixture.queue(&path, "k").await;
        let detail = fixture.ended(id).await;
        assert_eq!(
            detail.row.status,
            Status::Done,
            "{}: {:?}",
            fixture.server.name,
            detail.row.fault
        );
        let left = fixture.reference.uploads(&fixture.bucket).await;
        assert_eq!(left.len(), 1, "{}: theirs, and none of ours: {left:?}", fixture.server.name);
        fixture.reference.abort_upload(&fixture.bucket, "k", &theirs).await;
        fixture.reference.assert_same(&fixture.bucket, "k", &path).await;
        fixture.assert_clean().await;
    }
}

/// Somebody else begins the same key in the moment in which our answer is lost, and stores a part a little later.
#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_begins_in_the_same_moment_is_not_taken_off() {
    let (fixture, proxy) = behind_proxy(Server::practice().await).await;
    proxy.on(When::create(), 2, Act::DropAnswer);
    proxy.on(When::part(2), 1, Act::Hold);
    let theirs = fixture.reference.start_upload(&fixture.bucket, "k").await;
    let path = fixture.file("f", 1, 2 * PART);
    let id = fixture.queue(&path, "k").await;
    proxy.until_held(1).await;
    fixture.reference.put_part(&fixture.bucket, "k", &theirs, 1, vec![1; 100]).await;
    proxy.release();
    let detail = fixture.ended(id).await;
    assert_eq!(detail.row.status, Status::Done, "{:?}", detail.row.fault);
    let left = fixture.reference.uploads(&fixture.bucket).await;
    assert_eq!(left, [("k".to_owned(), theirs)], "theirs, and none of ours");
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_before_the_answer_to_create() {
    for server in Server::all().await {
        let (fixture, proxy) = behind_proxy(server).await;
        proxy.on(When::create(), 1, Act::HoldAnswer);
        let path = fixture.file("f", 2, 2 * PART);
        let id = fixture.queue(&path, "k").await;
        proxy.until_held(1).await;
        fixture.engine.abort(Selection::All).await.unwrap();
        fixture.until(id, |detail| detail.row.status == Status::Aborted).await;
        fixture.assert_clean().await;
    }
}

/// The journal is lost: the same file, queued again, resumes with the parts on the server.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_journal_s_uploads_are_found_again_on_the_server() {
    for server in Server::all().await {
        let name = server.name;
        let (fixture, proxy) = behind_proxy(server).await;
        proxy.on(When::part(3), 1, Act::Hold);
        let path = fixture.file("f", 3, 4 * PART + 5);
        let id = fixture.queue(&path, "k").await;
        fixture.until(id, |detail| detail.row.parts_stored == 4).await;
        proxy.clear();
        let fixture = fixture
            .reopened_after(proxy.endpoint(), |state| {
                fs::write(state.join("journal.sqlite"), "no journal any more").unwrap();
            })
            .await;
        let notices = fixture.engine.notices();
        assert_eq!(notices[0].kind, NoticeKind::JournalAside, "{notices:?}");
        let aside = notices[0].path.clone().unwrap();
        assert_eq!(fs::read_to_string(aside).unwrap(), "no journal any more");
        let id = fixture.queue(&path, "k").await;
        let detail = fixture.ended(id).await;
        assert_eq!(detail.row.status, Status::Done, "{name}: {:?}", detail.row.fault);
        assert_eq!((detail.resumed, detail.sent), (3 * PART + 5, PART), "{name}");
        fixture.reference.assert_same(&fixture.bucket, "k", &path).await;
        fixture.assert_clean().await;
    }
}
