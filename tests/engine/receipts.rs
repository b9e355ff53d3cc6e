//! Receipts: what they contain, that they are kept, and that verifying again reports the current state.

use crate::fixture::{Fixture, PART};
use std::path::Path;
use windlass_engine::{
    Compared, FaultKind, Held, Id, Receipt, SaveReceipt, Selection, Status, Target, Verdict,
    Verification, VerifyRequest, What,
};
use windlass_tests::{Proxy, Server, When, files};

async fn ended(fixture: &Fixture, number: u32) -> Verification {
    for _ in 0..2_000 {
        let now = fixture.engine.verification(number).unwrap();
        if !now.running {
            fixture.engine.forget_verification(number);
            return now;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("a verification that does not end")
}

async fn verified(fixture: &Fixture, id: Id, file: bool) -> Verification {
    let number = fixture.engine.verify(VerifyRequest { id, file }).await.unwrap();
    ended(fixture, number).await
}

fn held(verification: &Verification, what: What) -> Option<Held> {
    verification.findings.iter().find(|finding| finding.what == what).map(|finding| finding.held)
}

fn change_a_byte(path: &Path, at: u64) {
    let mut bytes = std::fs::read(path).unwrap();
    let at = usize::try_from(at).unwrap();
    bytes[at] = !bytes[at];
    std::fs::write(path, bytes).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_holds_what_was_sent_and_lasts() {
    let fixture = Fixture::on(Server::practice().await).await;
    let path = fixture.file("film", 1, 3 * PART + 9);
    let detail = fixture.hauled(&path, "a/film").await;
    let id = detail.row.id;
    let receipt = fixture.engine.receipt(id).await.unwrap();
    assert_eq!(
        (receipt.bucket.as_str(), receipt.key.as_str()),
        (fixture.bucket.as_str(), "a/film")
    );
    assert_eq!(
        (receipt.size, receipt.sent, receipt.part_size),
        (3 * PART + 9, 3 * PART + 9, Some(PART))
    );
    assert_eq!(receipt.checksum.compared, Compared::WholeObject);
    assert_eq!(receipt.checksum.value, receipt.crc64nvme);
    let sizes: Vec<u64> = receipt.parts.iter().map(|part| part.size).collect();
    assert_eq!(sizes, [PART, PART, PART, 9]);
    assert!(
        receipt.started_at <= receipt.finished_at && receipt.modified_at <= receipt.finished_at
    );
    let text = serde_json::to_string(&receipt).unwrap();
    assert!(!text.contains(&fixture.server.secret_access_key));

    // as a file, and in the journal after the row is gone and the engine was closed
    let saved = fixture.folder.path().join("film.receipt.json");
    let save = SaveReceipt { id, path: saved.display().to_string() };
    fixture.engine.save_receipt(save).await.unwrap();
    assert_eq!(Receipt::read(&saved).unwrap(), receipt);
    fixture.engine.forget(Selection::All).await.unwrap();
    let state = fixture.folder.path().join("state");
    let kept = Receipt::last_of(&state, &fixture.bucket, "a/film").unwrap();
    assert_eq!(kept.as_ref(), Some(&receipt), "while the engine runs");
    let endpoint = fixture.server.endpoint.clone();
    let fixture = fixture.reopened(&endpoint).await;
    assert_eq!(Receipt::last_of(&state, &fixture.bucket, "a/film").unwrap(), Some(receipt));
    assert_eq!(Receipt::last_of(&state, &fixture.bucket, "b").unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_cannot_be_written_or_read_is_told() {
    let fixture = Fixture::on(Server::practice().await).await;
    let path = fixture.file("note", 1, 100);
    let id = fixture.hauled(&path, "note").await.row.id;
    let nowhere = fixture.folder.path().join("no/folder/r.json");
    let save = SaveReceipt { id, path: nowhere.display().to_string() };
    assert_eq!(fixture.engine.save_receipt(save).await.unwrap_err().kind, FaultKind::Storage);
    let fault = Receipt::read(&path).unwrap_err();
    assert!(fault.detail.starts_with("this is no receipt of Windlass"), "{}", fault.detail);
    std::fs::write(&path, "x").unwrap();
    assert_eq!(Receipt::read(&nowhere).unwrap_err().kind, FaultKind::Storage);
}

#[tokio::test(flavor = "multi_thread")]
async fn verified_again_it_is_the_same_and_nothing_is_downloaded() {
    for server in Server::all().await {
        let name = server.name;
        let proxy = Proxy::to(&server.endpoint);
        let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
        for (key, size) in [("film", 2 * PART + 9), ("note", 700)] {
            let path = fixture.file(key, 1, size);
            let id = fixture.hauled(&path, key).await.row.id;
            for file in [false, true] {
                let found = verified(&fixture, id, file).await;
                assert_eq!(
                    (found.fault.clone(), found.verdict),
                    (None, Some(Verdict::Same)),
                    "{name}"
                );
                assert!(
                    found.findings.iter().all(|finding| finding.held != Held::Differs),
                    "{name} {:?}",
                    found.findings
                );
                assert_eq!(held(&found, What::File), file.then_some(Held::Same), "{name} {key}");
            }
        }
        let downloads = When::method("GET").path("/film").without_query("attributes");
        assert_eq!(proxy.count(&downloads.without_query("uploadId")), 0, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_overwritten_or_deleted_since_is_told() {
    for server in Server::all().await {
        let name = server.name;
        let fixture = Fixture::on(server).await;
        let path = fixture.file("film", 1, 2 * PART);
        let id = fixture.hauled(&path, "film").await.row.id;
        // as long as the other, and another
        let other = files::bytes(2, usize::try_from(2 * PART).unwrap());
        fixture.reference.put(&fixture.bucket, "film", other).await;
        let found = verified(&fixture, id, false).await;
        assert_eq!(found.verdict, Some(Verdict::Differs), "{name} {:?}", found.findings);
        fixture
            .reference
            .client
            .delete_object()
            .bucket(&fixture.bucket)
            .key("film")
            .send()
            .await
            .unwrap();
        let found = verified(&fixture, id, false).await;
        assert_eq!(found.verdict, Some(Verdict::Gone), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_verification_found_stays_with_its_upload() {
    let server = Server::practice().await;
    let endpoint = server.endpoint.clone();
    let fixture = Fixture::on(server).await;
    let path = fixture.file("film", 1, 2 * PART);
    let id = fixture.hauled(&path, "film").await.row.id;
    let row = |fixture: &Fixture| {
        let engine = fixture.engine.clone();
        async move { engine.detail(id).await.unwrap().row }
    };
    assert_eq!(row(&fixture).await.verification, None);
    let other = files::bytes(2, usize::try_from(2 * PART).unwrap());
    fixture.reference.put(&fixture.bucket, "film", other).await;
    verified(&fixture, id, false).await;
    let found = row(&fixture).await;
    assert_eq!(found.status, Status::Done, "it was uploaded");
    let kept = found.verification.unwrap();
    assert_eq!(kept.verdict, Verdict::Differs);
    assert!(kept.at > 0);

    let fixture = fixture.reopened(&endpoint).await;
    assert_eq!(row(&fixture).await.verification, Some(kept), "over a restart, too");
    let bytes = std::fs::read(&path).unwrap();
    fixture.reference.put(&fixture.bucket, "film", bytes).await;
    verified(&fixture, id, false).await;
    assert_eq!(row(&fixture).await.verification.unwrap().verdict, Verdict::Same);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_changed_since_is_told_with_its_part() {
    let fixture = Fixture::on(Server::practice().await).await;
    let path = fixture.file("film", 1, 3 * PART);
    let id = fixture.hauled(&path, "film").await.row.id;
    change_a_byte(&path, PART + 5);
    let found = verified(&fixture, id, true).await;
    assert_eq!(found.verdict, Some(Verdict::Same), "the object is what was sent");
    let file = found.findings.iter().find(|finding| finding.what == What::File).unwrap();
    assert_eq!(file.held, Held::Differs);
    assert_eq!(file.said.to_string(), "it has changed since the upload, in part 2");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(held(&verified(&fixture, id, true).await, What::File), Some(Held::Untold));
}

/// An object that somebody else sent, against a file: by what the server tells, whatever it was sent with.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_receipt_a_file_is_held_against_the_object() {
    for server in Server::all().await {
        let name = server.name;
        let fixture = Fixture::on(server).await;
        let path = fixture.file("film", 1, 2 * PART + 3);
        let bytes = std::fs::read(&path).unwrap();
        fixture.reference.put(&fixture.bucket, "whole", bytes.clone()).await;
        let upload_id = fixture.reference.start_upload(&fixture.bucket, "parts").await;
        let part = usize::try_from(PART).unwrap();
        let mut done = Vec::new();
        for (index, piece) in bytes.chunks(part).enumerate() {
            let number = i32::try_from(index + 1).unwrap();
            let sent = fixture.reference.client.upload_part().bucket(&fixture.bucket).key("parts");
            let sent = sent.upload_id(&upload_id).part_number(number);
            let sent = sent.body(piece.to_vec().into()).send().await.unwrap();
            let part = aws_sdk_s3::types::CompletedPart::builder().part_number(number);
            done.push(part.e_tag(sent.e_tag().unwrap()).build());
        }
        let list = aws_sdk_s3::types::CompletedMultipartUpload::builder().set_parts(Some(done));
        let complete = fixture.reference.client.complete_multipart_upload().bucket(&fixture.bucket);
        let complete = complete.key("parts").upload_id(upload_id).multipart_upload(list.build());
        complete.send().await.unwrap();
        for key in ["whole", "parts"] {
            let target = Target {
                connection: "test".into(),
                bucket: fixture.bucket.clone(),
                key: key.into(),
            };
            let against = |path: &Path| {
                let file = Some(path.to_owned());
                fixture.engine.verify_object(target.clone(), None, file, None).unwrap()
            };
            let found = ended(&fixture, against(&path)).await;
            assert_eq!(found.verdict, Some(Verdict::Same), "{name} {key} {:?}", found.findings);
            let other = fixture.file("other", 9, 2 * PART + 3);
            let found = ended(&fixture, against(&other)).await;
            // Ceph tells how many parts there are and not how long: another cut could still be the same bytes
            let unsure = name == "ceph" && key == "parts";
            let want = if unsure { Verdict::SizeOnly } else { Verdict::Differs };
            assert_eq!(found.verdict, Some(want), "{name} {key} {:?}", found.findings);
        }
    }
}
