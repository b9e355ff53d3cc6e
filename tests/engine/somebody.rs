//! Whose an incomplete upload is: another list's of this user, or another file's. What is not ours stays unchanged.

use crate::fixture::Fixture;
use crate::unfinished::{THEIRS, adopted, begun, discard, done, reason, refused};
use windlass_engine::{Detail, Reason, Status};
use windlass_tests::{Act, Proxy, Server, When, files};

/// The window and a run in the terminal have lists of their own, and know of each other's.
#[tokio::test(flavor = "multi_thread")]
async fn what_another_list_of_this_user_goes_on_with_is_neither_discarded_nor_gone_on_with() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    proxy.on(When::part(2), 1, Act::Hold);
    let terminal = Fixture::by_way_of(server.at(&server.endpoint), proxy.endpoint()).await;
    let lists = terminal.folder.path().join("lists");
    terminal.engine.keep_in_mind(&lists);
    let path = terminal.file("film", 1, 3 * THEIRS);
    let id = terminal.queue(&path, "film").await;
    proxy.until_held(1).await;
    let (key, upload_id) = terminal.reference.uploads(&terminal.bucket).await.remove(0);

    let mut window = Fixture::on(server).await;
    window.bucket = terminal.bucket.clone();
    window.engine.keep_in_mind(&lists);
    let discarded =
        window.engine.discard_unfinished(discard(&window, &[(&key, &upload_id)])).await.unwrap();
    assert_eq!(discarded.gone, 0);
    let is_elsewhere =
        |of: &Reason| matches!(of, Reason::HeldElsewhere { folder } if folder.contains("state"));
    assert!(is_elsewhere(&reason(&discarded.faults[0].fault)), "{discarded:?}");
    assert!(is_elsewhere(&refused(&window, &key, &upload_id, &path).await));
    proxy.release();
    done(&terminal, id).await;
    // what ended is held by nobody
    let left = begun(&window, "film", None, (1, 3 * THEIRS), &[1]).await;
    let discarded =
        window.engine.discard_unfinished(discard(&window, &[("film", &left)])).await.unwrap();
    assert_eq!(discarded.gone, 1, "{discarded:?}");
}

/// Disk images have the same zeros: a part of them says nothing of whose the others are.
#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_zeros_proves_nothing() {
    let fixture = Fixture::on(Server::practice().await).await;
    let size = 3 * THEIRS + 5;
    let upload_id = begun(&fixture, "k", None, (7, size), &[2, 3, 4]).await;
    let zeros = vec![0; usize::try_from(THEIRS).unwrap()];
    fixture.reference.put_part(&fixture.bucket, "k", &upload_id, 1, zeros.clone()).await;
    let before = fixture.reference.parts(&fixture.bucket, "k", &upload_id).await;
    let path = fixture.file("image", 8, size);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[..zeros.len()].copy_from_slice(&zeros);
    std::fs::write(&path, bytes).unwrap();
    let id = adopted(&fixture, "k", &upload_id, &path).await;
    let failed = |detail: &Detail| detail.row.status == Status::Failed;
    let detail = fixture.until_whatever(id, failed).await;
    assert_eq!(reason(&detail.row.fault.unwrap()), Reason::OtherFile { parts: 4 });
    assert_eq!(detail.sent, 0);
    assert_eq!(fixture.reference.parts(&fixture.bucket, "k", &upload_id).await, before);
}

/// One part is the same, and two are another file's: nobody's work is written over for that.
#[tokio::test(flavor = "multi_thread")]
async fn where_most_parts_differ_nothing_is_written_over() {
    let fixture = Fixture::on(Server::practice().await).await;
    let size = 3 * THEIRS + 5;
    let upload_id = begun(&fixture, "k", None, (7, size), &[1, 2, 3]).await;
    let path = fixture.file("other", 8, size);
    let mut bytes = std::fs::read(&path).unwrap();
    files::fill(7, 0, &mut bytes[..usize::try_from(THEIRS).unwrap()]);
    std::fs::write(&path, bytes).unwrap();
    let id = adopted(&fixture, "k", &upload_id, &path).await;
    let failed = |detail: &Detail| detail.row.status == Status::Failed;
    let detail = fixture.until_whatever(id, failed).await;
    assert_eq!(reason(&detail.row.fault.unwrap()), Reason::OtherFile { parts: 3 });
    assert_eq!(detail.sent, 0);
}
