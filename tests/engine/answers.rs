//! Uploads whose key is taken: what is shown, each answer, a restart in between, and an object that has changed by the
//! time of the answer.

use crate::fixture::{Fixture, PART, answer_to};
use std::path::{Path, PathBuf};
use windlass_engine::{
    AnswerExists, Capabilities, Detail, Event, ExistingObject, Id, IfExists, NewUpload, PageQuery,
    Probed, SameBytes, Selection, Sort, Status, Support, View,
};
use windlass_tests::proxy::ServerQuirk;
use windlass_tests::{Act, Proxy, Server, When};

const OTHER: &[u8] = b"somebody else's";
const SIZES: [u64; 2] = [1_000, 3 * PART];

fn asking(fixture: &Fixture, path: &Path, key: &str) -> NewUpload {
    NewUpload { if_exists: IfExists::Ask, ..fixture.upload(path, key) }
}

/// A file of this size at whose key somebody else's object is.
async fn asked(fixture: &Fixture, key: &str, size: u64) -> (Id, PathBuf) {
    fixture.reference.put(&fixture.bucket, key, OTHER.to_vec()).await;
    let path = fixture.file(key, size, size);
    let id = fixture.engine.queue(vec![asking(fixture, &path, key)]).await.unwrap()[0];
    needs_answer(fixture, id).await;
    (id, path)
}

async fn needs_answer(fixture: &Fixture, id: Id) -> ExistingObject {
    let detail = fixture.until(id, |detail| detail.row.status == Status::NeedsAnswer).await;
    detail.row.existing.unwrap()
}

/// Uploaded, or skipped as it was answered.
async fn done(fixture: &Fixture, id: Id) -> Detail {
    let is_over = |detail: &Detail| matches!(detail.row.status, Status::Done | Status::Skipped);
    fixture.until(id, is_over).await
}

async fn answer(fixture: &Fixture, id: Id, answer: IfExists) {
    fixture.engine.answer_exists(answer_to(vec![id], answer)).await.unwrap();
}

async fn is_others(fixture: &Fixture, key: &str) -> bool {
    fixture.reference.get(&fixture.bucket, key).await == OTHER
}

#[tokio::test(flavor = "multi_thread")]
async fn it_waits_apart_and_each_answer_does_what_it_says() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    for size in SIZES {
        let keys = [format!("r{size}.mov"), format!("k{size}.mov"), format!("s{size}.mov")];
        let mut ids = Vec::new();
        for key in &keys {
            ids.push(asked(&fixture, key, size).await);
        }
        let totals = fixture.engine.totals().await.unwrap();
        assert_eq!((totals.needs_answer, totals.failed, totals.active), (3, 0, 0));
        let of_size = format!("{size}.mov");
        for request in [When::put_object(), When::any_part()] {
            assert_eq!(proxy.count(&request.path(&of_size)), 0, "nothing is sent");
        }
        let query = PageQuery {
            view: View::NeedsAnswer,
            filter: String::new(),
            sort: Sort::Queue,
            offset: 0,
            limit: 10,
        };
        assert_eq!(fixture.engine.queue_page(query.clone()).await.unwrap().total, 3);

        for ((id, _), what) in
            ids.iter().zip([IfExists::Replace, IfExists::KeepBoth, IfExists::Skip])
        {
            answer(&fixture, *id, what).await;
        }
        let [(replaced, path), (both, _), (skipped, _)] = &ids[..] else { panic!() };
        assert!(done(&fixture, *replaced).await.checksum.is_some());
        fixture.reference.assert_same(&fixture.bucket, &keys[0], path).await;
        assert_eq!(done(&fixture, *both).await.row.key, format!("k{size} (2).mov"));
        assert!(is_others(&fixture, &keys[1]).await);
        let detail = fixture.ended(*skipped).await;
        assert_eq!((detail.row.status, detail.checksum), (Status::Skipped, None));
        assert_eq!((detail.sent, detail.row.stored), (0, 0));
        let there = detail.row.existing.unwrap();
        assert_eq!(there.size, Some(OTHER.len() as u64), "it still shows what it was skipped for");
        let totals = fixture.engine.totals().await.unwrap();
        assert_eq!((totals.done, totals.skipped, totals.needs_answer), (2, 1, 0));
        let query = PageQuery { view: View::Skipped, ..query };
        assert_eq!(fixture.engine.queue_page(query).await.unwrap().rows[0].id, *skipped);
        assert!(is_others(&fixture, &keys[2]).await);
        let did = detail.history.into_iter().map(|line| line.what);
        let did: Vec<Event> = did.filter(|what| !matches!(what, Event::Probed)).collect();
        let answered = Event::Answered { answer: IfExists::Skip };
        let began = [Event::Queued, Event::Started, Event::KeyTaken, answered, Event::Resumed];
        assert_eq!(did, [began.to_vec(), vec![Event::Skipped]].concat());
        fixture.engine.forget(Selection::All).await.unwrap();
    }
    fixture.assert_clean().await;
}

/// Size, date, and whether the bytes are the same by the server's checksum.
#[tokio::test(flavor = "multi_thread")]
async fn it_shows_whether_the_object_is_the_same_file() {
    for server in Server::all().await {
        let fixture = Fixture::on(server.at(&server.endpoint)).await;
        for size in SIZES {
            let path = fixture.file("film.mov", 1, size);
            fixture.hauled(&path, "film.mov").await;
            let same = fixture.engine.queue(vec![asking(&fixture, &path, "film.mov")]);
            let existing = needs_answer(&fixture, same.await.unwrap()[0]).await;
            assert_eq!((existing.size, existing.file_size), (Some(size), size), "{}", server.name);
            assert!(existing.modified_at > Some(0) && existing.file_modified_at > Some(0));
            let is_same = matches!(existing.bytes, SameBytes::Same { .. });
            assert!(is_same, "{} {:?}", server.name, existing.bytes);
            let other = fixture.file("other.mov", 2, size);
            let other = fixture.engine.queue(vec![asking(&fixture, &other, "film.mov")]);
            let existing = needs_answer(&fixture, other.await.unwrap()[0]).await;
            // an ETag of parts says nothing of parts cut in another way
            let is_etag_of_parts = server.name == "ceph" && size > PART;
            let told = if is_etag_of_parts { SameBytes::Unknown } else { SameBytes::Differ };
            assert_eq!(existing.bytes, told, "{} {size}", server.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_question_outlives_a_restart_and_so_does_the_answer() {
    let fixture = Fixture::on(Server::practice().await).await;
    let (id, path) = asked(&fixture, "film.mov", 3 * PART).await;
    let before = needs_answer(&fixture, id).await;
    let endpoint = fixture.server.endpoint.clone();
    let fixture = fixture.reopened(&endpoint).await;
    assert_eq!(needs_answer(&fixture, id).await, before);
    assert_eq!(fixture.engine.totals().await.unwrap().needs_answer, 1);
    // nothing takes it up by itself
    fixture.engine.retry(Selection::All).await.unwrap();
    fixture.engine.resume(Selection::All).await.unwrap();
    let other = fixture.file("other", 5, 10);
    fixture.hauled(&other, "other").await;
    assert_eq!(needs_answer(&fixture, id).await, before);

    // answered while the server is out of reach, and closed before it is back
    let fixture = fixture.reopened("http://127.0.0.1:1").await;
    answer(&fixture, id, IfExists::Replace).await;
    fixture.until(id, |detail| detail.row.status == Status::Offline).await;
    let fixture = fixture.reopened(&endpoint).await;
    done(&fixture, id).await;
    fixture.reference.assert_same(&fixture.bucket, "film.mov", &path).await;
}

/// The answer is about the object that was shown.
#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_changed_since_is_asked_about_again() {
    let fixture = Fixture::on(Server::practice().await).await;
    for size in SIZES {
        let key = format!("film-{size}.mov");
        let (id, path) = asked(&fixture, &key, size).await;
        let before = needs_answer(&fixture, id).await;
        fixture.reference.put(&fixture.bucket, &key, b"a third one".to_vec()).await;
        answer(&fixture, id, IfExists::Replace).await;
        let again = |detail: &Detail| {
            let existing = detail.row.existing.as_ref();
            existing.is_some_and(|existing| existing.etag != before.etag)
        };
        let now = fixture.until(id, again).await.row.existing.unwrap();
        assert_eq!(now.size, Some(11));
        assert_eq!(fixture.reference.get(&fixture.bucket, &key).await, b"a third one");
        // an answer that was given before this question does not count for it
        let late = AnswerExists {
            asked_until: Some(before.asked_at),
            ..answer_to(vec![id], IfExists::Replace)
        };
        fixture.engine.answer_exists(late).await.unwrap();
        assert_eq!(needs_answer(&fixture, id).await, now);
        answer(&fixture, id, IfExists::Replace).await;
        done(&fixture, id).await;
        fixture.reference.assert_same(&fixture.bucket, &key, &path).await;
    }
    fixture.assert_clean().await;
}

/// An upload that was answered with Replace, and whose last request is held.
async fn replacing(size: u64) -> (Fixture, Proxy, Id, PathBuf) {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let (id, path) = asked(&fixture, "film.mov", size).await;
    let last = if size > PART { When::complete() } else { When::put_object() };
    proxy.on(last, 1, Act::Hold);
    answer(&fixture, id, IfExists::Replace).await;
    proxy.until_held(1).await;
    (fixture, proxy, id, path)
}

/// It changes while the last request is on its way: the server itself compares (If-Match).
#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_changes_in_the_last_moment_is_not_replaced() {
    for size in SIZES {
        let (fixture, proxy, id, path) = replacing(size).await;
        fixture.reference.put(&fixture.bucket, "film.mov", b"a third one".to_vec()).await;
        proxy.release();
        let existing = needs_answer(&fixture, id).await;
        assert_eq!(existing.size, Some(11));
        assert_eq!(fixture.reference.get(&fixture.bucket, "film.mov").await, b"a third one");
        // what was sent is kept for the answer
        answer(&fixture, id, IfExists::Replace).await;
        done(&fixture, id).await;
        fixture.reference.assert_same(&fixture.bucket, "film.mov", &path).await;
        fixture.assert_clean().await;
        if size > PART {
            assert_eq!(proxy.count(&When::any_part()), 3);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_is_gone_in_the_last_moment_is_no_reason_to_stop() {
    for size in SIZES {
        let (fixture, proxy, id, path) = replacing(size).await;
        fixture.reference.delete(&fixture.bucket, "film.mov").await;
        proxy.release();
        done(&fixture, id).await;
        fixture.reference.assert_same(&fixture.bucket, "film.mov", &path).await;
        fixture.assert_clean().await;
    }
}

/// A server that does not support If-Match: Windlass checks the object again itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_if_match_is_looked_at_again() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let said = "A header you provided implies functionality that is not implemented";
    proxy.plays(When::any(), ServerQuirk::refuses("if-match", 501, "NotImplemented", said));
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let mut connection = fixture.connection();
    connection.endpoint = Some(proxy.endpoint().into());
    let capabilities = Capabilities {
        conditional_put: Support::Yes,
        conditional_complete: Support::Yes,
        ..Capabilities::default()
    };
    connection.probed = Some(Probed { at: 1, capabilities });
    fixture.engine.set_session_connection(connection, fixture.secret()).unwrap();
    for size in SIZES {
        let key = format!("film-{size}.mov");
        let (id, path) = asked(&fixture, &key, size).await;
        answer(&fixture, id, IfExists::Replace).await;
        done(&fixture, id).await;
        fixture.reference.assert_same(&fixture.bucket, &key, &path).await;
    }
    fixture.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_answer_is_enough_for_all_of_a_drop_and_for_no_other() {
    let fixture = Fixture::on(Server::practice().await).await;
    let mut drops = Vec::new();
    for drop in ["a", "b"] {
        let mut uploads = Vec::new();
        for number in 0..5 {
            let key = format!("{drop}{number}.mov");
            fixture.reference.put(&fixture.bucket, &key, OTHER.to_vec()).await;
            uploads.push(asking(&fixture, &fixture.file(&key, number, 1_000), &key));
        }
        drops.push(fixture.engine.queue(uploads).await.unwrap());
    }
    for id in drops.concat() {
        needs_answer(&fixture, id).await;
    }
    assert_eq!(fixture.engine.detail(drops[0][0]).await.unwrap().need_answer, 5);
    answer(&fixture, drops[0][1], IfExists::KeepBoth).await;
    assert_eq!(fixture.engine.detail(drops[0][0]).await.unwrap().need_answer, 4);
    let all = AnswerExists { all_of_drop: true, ..answer_to(vec![drops[0][0]], IfExists::Skip) };
    fixture.engine.answer_exists(all).await.unwrap();
    for id in &drops[0] {
        done(&fixture, *id).await;
    }
    assert!(is_others(&fixture, "a0.mov").await && is_others(&fixture, "a1.mov").await);
    assert_eq!(fixture.engine.detail(drops[0][1]).await.unwrap().row.key, "a1 (2).mov");
    assert_eq!(fixture.engine.totals().await.unwrap().needs_answer, 5);
}

/// Of 400, most have not asked by the time of the answer.
#[tokio::test(flavor = "multi_thread")]
async fn one_answer_is_for_what_is_still_to_be_asked_about_too() {
    let fixture = Fixture::on(Server::practice().await).await;
    let drops =
        [("s", IfExists::Skip, 400), ("k", IfExists::KeepBoth, 60), ("r", IfExists::Replace, 60)];
    for (drop, what, files) in drops {
        let mut uploads = Vec::new();
        for number in 0..files {
            let key = format!("{drop}{number}.txt");
            fixture.reference.put(&fixture.bucket, &key, OTHER.to_vec()).await;
            uploads.push(asking(&fixture, &fixture.file(&key, number, 40), &key));
        }
        let ids = fixture.engine.queue(uploads).await.unwrap();
        needs_answer(&fixture, ids[0]).await;
        let all = AnswerExists { all_of_drop: true, ..answer_to(vec![ids[0]], what) };
        fixture.engine.answer_exists(all.clone()).await.unwrap();
        for id in &ids {
            done(&fixture, *id).await;
        }
        // given twice, as by a double click: there is no question any more that it could be about
        fixture.engine.answer_exists(all).await.unwrap();
        for number in [0, files - 1] {
            let key = format!("{drop}{number}.txt");
            assert_eq!(is_others(&fixture, &key).await, what != IfExists::Replace, "{key}");
        }
        let last = fixture.engine.detail(*ids.last().unwrap()).await.unwrap();
        let key = if what == IfExists::KeepBoth { "k59 (2).txt" } else { &last.row.key };
        assert_eq!(last.row.key, key);
        assert_eq!(last.checksum.is_some(), what != IfExists::Skip);
    }
}

/// An answer to a question that was replaced by another one is for nothing of the drop.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_for_all_to_an_older_question_is_ignored() {
    let fixture = Fixture::on(Server::practice().await).await;
    let mut uploads = Vec::new();
    for key in ["a", "b"] {
        fixture.reference.put(&fixture.bucket, key, OTHER.to_vec()).await;
        uploads.push(asking(&fixture, &fixture.file(key, 1, 1_000), key));
    }
    let ids = fixture.engine.queue(uploads).await.unwrap();
    let asked_at = needs_answer(&fixture, ids[0]).await.asked_at;
    needs_answer(&fixture, ids[1]).await;
    let late = AnswerExists {
        all_of_drop: true,
        asked_until: Some(asked_at - 1),
        ..answer_to(vec![ids[0]], IfExists::Replace)
    };
    fixture.engine.answer_exists(late).await.unwrap();
    assert_eq!(fixture.engine.totals().await.unwrap().needs_answer, 2);
    // whichever of them was asked last, the answer to one of them is for both
    let in_time = AnswerExists {
        all_of_drop: true,
        asked_until: Some(asked_at),
        ..answer_to(vec![ids[0]], IfExists::Skip)
    };
    fixture.engine.answer_exists(in_time).await.unwrap();
    for id in ids {
        done(&fixture, id).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_was_cancelled_is_asked_about_anew() {
    let fixture = Fixture::on(Server::practice().await).await;
    let (id, _) = asked(&fixture, "film.mov", 3 * PART).await;
    fixture.engine.abort(Selection::Ids { ids: vec![id] }).await.unwrap();
    fixture.until(id, |detail| detail.row.status == Status::Aborted).await;
    // an answer that comes too late starts nothing
    answer(&fixture, id, IfExists::Replace).await;
    assert_eq!(fixture.engine.detail(id).await.unwrap().row.status, Status::Aborted);
    fixture.reference.put(&fixture.bucket, "film.mov", b"a third one".to_vec()).await;
    fixture.engine.retry(Selection::Ids { ids: vec![id] }).await.unwrap();
    assert_eq!(needs_answer(&fixture, id).await.size, Some(11));
}

/// Asked in the last moment, with everything stored; then cancelled.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_cancelled_leaves_nothing() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    proxy.on(When::complete(), 1, Act::Hold);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let path = fixture.file("film.mov", 1, 3 * PART);
    let id = fixture.engine.queue(vec![asking(&fixture, &path, "film.mov")]).await.unwrap()[0];
    proxy.until_held(1).await;
    fixture.reference.put(&fixture.bucket, "film.mov", OTHER.to_vec()).await;
    proxy.release();
    needs_answer(&fixture, id).await;
    fixture.engine.abort(Selection::Ids { ids: vec![id] }).await.unwrap();
    fixture.until(id, |detail| detail.row.status == Status::Aborted).await;
    assert!(is_others(&fixture, "film.mov").await);
    fixture.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn undoing_a_cancel_brings_the_question_back() {
    let fixture = Fixture::on(Server::practice().await).await;
    let (id, path) = asked(&fixture, "film.mov", 3 * PART).await;
    let before = fixture.engine.detail(id).await.unwrap().row.existing;
    fixture.engine.cancel(Selection::Ids { ids: vec![id] }).await.unwrap();
    fixture.until(id, |detail| detail.row.status == Status::Aborted).await;
    assert_eq!(fixture.engine.totals().await.unwrap().needs_answer, 0);
    assert_eq!(fixture.engine.undo_cancel(vec![id]).await.unwrap(), [id]);
    assert_eq!(Some(needs_answer(&fixture, id).await), before, "asked once");
    answer(&fixture, id, IfExists::Replace).await;
    done(&fixture, id).await;
    fixture.reference.assert_same(&fixture.bucket, "film.mov", &path).await;
}
