//! Incomplete multipart uploads of a server: listed, adopted, aborted, and the lifecycle rule that aborts them. On every kind
//! of server.

use crate::fixture::{Fixture, MIB, PART, answer_to};
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumType};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use crc_fast::CrcAlgorithm;
use std::path::Path;
use std::time::Duration;
use windlass_engine::{
    Adopt, Detail, Discard, Fault, FaultKind, Id, IfExists, LookUnfinished, Reason, Selection,
    Status, Unfinished, UnfinishedName, UnfinishedQuery,
};
use windlass_tests::{Act, Proxy, Server, When, files};

/// Another client's part size, which is not ours.
pub(crate) const THEIRS: u64 = 6 * MIB;

fn looks_at(fixture: &Fixture) -> LookUnfinished {
    LookUnfinished {
        connection: "test".into(),
        bucket: fixture.bucket.clone(),
        prefix: String::new(),
    }
}

async fn looked(fixture: &Fixture, offset: u32, limit: u32) -> Unfinished {
    let id = fixture.engine.look_unfinished(looks_at(fixture));
    loop {
        let now = fixture.engine.unfinished(UnfinishedQuery { id, offset, limit }).await.unwrap();
        if !now.running {
            assert_eq!(now.fault, None, "{}", fixture.server.name);
            fixture.engine.forget_unfinished(id);
            return now;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub(crate) fn adoption(fixture: &Fixture, key: &str, upload_id: &str, path: &Path) -> Adopt {
    Adopt {
        connection: "test".into(),
        bucket: fixture.bucket.clone(),
        key: key.into(),
        upload_id: upload_id.into(),
        path: path.display().to_string(),
        if_exists: IfExists::Ask,
        customer_key: None,
    }
}

pub(crate) async fn adopted(fixture: &Fixture, key: &str, upload_id: &str, path: &Path) -> Id {
    let wanted = adoption(fixture, key, upload_id, path);
    fixture.engine.adopt(wanted).await.unwrap_or_else(|fault| panic!("{fault:?}")).ids[0]
}

pub(crate) async fn refused(fixture: &Fixture, key: &str, upload_id: &str, path: &Path) -> Reason {
    let fault = fixture.engine.adopt(adoption(fixture, key, upload_id, path)).await.unwrap_err();
    reason(&fault)
}

pub(crate) fn reason(fault: &Fault) -> Reason {
    assert_eq!(fault.kind, FaultKind::Unsupported, "{fault:?}");
    fault.reason.get().cloned().unwrap_or_else(|| panic!("{fault:?}"))
}

pub(crate) fn discard(fixture: &Fixture, named: &[(&str, &str)]) -> Discard {
    let name = |(key, upload_id): &(&str, &str)| UnfinishedName {
        key: (*key).into(),
        upload_id: (*upload_id).into(),
    };
    Discard {
        connection: "test".into(),
        bucket: fixture.bucket.clone(),
        uploads: named.iter().map(name).collect(),
    }
}

/// Somebody else's client begins an upload of a file in parts of its own size, and stops after these.
pub(crate) async fn begun(
    fixture: &Fixture,
    key: &str,
    of: Option<(ChecksumAlgorithm, ChecksumType)>,
    (seed, size): (u64, u64),
    numbers: &[u16],
) -> String {
    let client = &fixture.reference.client;
    let (algorithm, kind) = of.unzip();
    let begun = client.create_multipart_upload().bucket(&fixture.bucket).key(key);
    let begun = begun.set_checksum_algorithm(algorithm.clone()).set_checksum_type(kind);
    let upload_id = begun.send().await.unwrap().upload_id().unwrap().to_owned();
    for number in numbers {
        let start = u64::from(number - 1) * THEIRS;
        let mut part_bytes = vec![0; usize::try_from(THEIRS.min(size - start)).unwrap()];
        files::fill(seed, start, &mut part_bytes);
        let part = client.upload_part().bucket(&fixture.bucket).key(key).upload_id(&upload_id);
        let sum = |of: ChecksumAlgorithm, how, bytes: usize| {
            let sum = crc_fast::checksum(how, &part_bytes).to_be_bytes();
            (algorithm == Some(of)).then(|| BASE64.encode(&sum[8 - bytes..]))
        };
        let part = part
            .part_number((*number).into())
            .set_checksum_crc64_nvme(sum(ChecksumAlgorithm::Crc64Nvme, CrcAlgorithm::Crc64Nvme, 8))
            .set_checksum_crc32(sum(ChecksumAlgorithm::Crc32, CrcAlgorithm::Crc32IsoHdlc, 4))
            .set_checksum_crc32_c(sum(ChecksumAlgorithm::Crc32C, CrcAlgorithm::Crc32Iscsi, 4));
        part.body(part_bytes.into()).send().await.unwrap();
    }
    upload_id
}

pub(crate) async fn done(fixture: &Fixture, id: Id) -> Detail {
    let detail = fixture.ended(id).await;
    let (name, fault) = (fixture.server.name, &detail.row.fault);
    assert_eq!(detail.row.status, Status::Done, "{name}: {fault:?}");
    detail
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_tells_what_stands_there() {
    for server in Server::all().await {
        let proxy = Proxy::to(&server.endpoint);
        let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
        let name = fixture.server.name;
        let (a, b) = (begun(&fixture, "a", None, (1, 2 * THEIRS), &[1, 2]).await, "b/empty");
        fixture.reference.start_upload(&fixture.bucket, b).await;
        // one of our own, under way
        proxy.on(When::part(2), 9, Act::Hold);
        let path = fixture.file("f", 1, 2 * PART);
        let own = fixture.queue(&path, "own").await;
        fixture.until(own, |detail| detail.row.parts_stored == 1).await;

        let found = looked(&fixture, 0, 100).await;
        let reported: Vec<_> = found
            .uploads
            .iter()
            .map(|one| (one.key.as_str(), one.parts, one.bytes, one.ours))
            .collect();
        let right = [
            ("a", Some(2), Some(2 * THEIRS), None),
            (b, Some(0), Some(0), None),
            ("own", Some(1), Some(PART), Some(own)),
        ];
        assert_eq!(reported, right, "{name}");
        assert_eq!((found.count, found.sized, found.bytes), (3, 3, 2 * THEIRS + PART), "{name}");
        assert_eq!(found.uploads[0].upload_id, a, "{name}");
        assert!(found.uploads[0].initiated.is_some_and(|at| at > 1_700_000_000_000), "{name}");

        let id = fixture
            .engine
            .look_unfinished(LookUnfinished { prefix: "b/".into(), ..looks_at(&fixture) });
        let query = UnfinishedQuery { id, offset: 0, limit: 100 };
        while fixture.engine.unfinished(query).await.unwrap().running {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let some = fixture.engine.unfinished(query).await.unwrap();
        assert_eq!((some.count, some.uploads[0].key.as_str()), (1, b), "{name}");
        fixture.engine.forget_unfinished(id);
        let fault = fixture.engine.unfinished(query).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Bug);

        // all of them go; ours by way of its worker
        let all: Vec<(&str, &str)> =
            found.uploads.iter().map(|one| (one.key.as_str(), one.upload_id.as_str())).collect();
        let gone = fixture.engine.discard_unfinished(discard(&fixture, &all)).await.unwrap();
        assert_eq!((gone.gone, gone.faults), (3, vec![]), "{name}");
        let detail = fixture.ended(own).await;
        assert_eq!(detail.row.status, Status::Aborted, "{name}");
        fixture.assert_clean().await;
        assert_eq!(looked(&fixture, 0, 100).await.count, 0, "{name}");
    }
}

/// Whose parts may not be listed is told in its row, and the others all the same.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_keeps_its_parts_to_itself() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let mine = begun(&fixture, "mine", None, (1, THEIRS), &[1]).await;
    begun(&fixture, "theirs", None, (1, THEIRS), &[1]).await;
    proxy.on(When::list_parts().path("theirs"), 99, Act::answer(403, "AccessDenied"));
    let found = looked(&fixture, 0, 100).await;
    assert_eq!((found.count, found.sized, found.bytes), (2, 2, THEIRS));
    assert_eq!(found.uploads[0].upload_id, mine);
    let fault = found.uploads[1].fault.as_ref().unwrap();
    assert_eq!((fault.kind, found.uploads[1].parts), (FaultKind::Denied, None));
    // and one that may not be aborted does not keep the others
    proxy.on(When::abort().path("theirs"), 99, Act::answer(403, "AccessDenied"));
    let all: Vec<(&str, &str)> =
        found.uploads.iter().map(|one| (one.key.as_str(), one.upload_id.as_str())).collect();
    let gone = fixture.engine.discard_unfinished(discard(&fixture, &all)).await.unwrap();
    assert_eq!((gone.gone, gone.faults[0].fault.kind), (1, FaultKind::Denied));
    assert_eq!(gone.faults[0].key, "theirs");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_may_not_be_listed() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    proxy.on(When::method("GET").query_name("uploads"), 99, Act::answer(403, "AccessDenied"));
    let id = fixture.engine.look_unfinished(looks_at(&fixture));
    let query = UnfinishedQuery { id, offset: 0, limit: 1 };
    while fixture.engine.unfinished(query).await.unwrap().running {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let fault = fixture.engine.unfinished(query).await.unwrap().fault.unwrap();
    assert_eq!(fault.kind, FaultKind::Denied);
}

/// More than a page of the server's, and than a page of ours.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_and_one() {
    let fixture = Fixture::on(Server::practice().await).await;
    let keys: Vec<String> = (0..1001).map(|n| format!("k{n:04}")).collect();
    for some in keys.chunks(50) {
        let begin = some.iter().map(|key| fixture.reference.start_upload(&fixture.bucket, key));
        let begun: Vec<_> = begin.map(Box::pin).collect();
        for one in begun {
            one.await;
        }
    }
    let found = looked(&fixture, 0, 2000).await;
    assert_eq!((found.count, found.sized, found.uploads.len()), (1001, 1001, 1000));
    let rest = looked(&fixture, 1000, 2000).await;
    assert_eq!(rest.uploads.len(), 1);
    assert_eq!(rest.uploads[0].key, "k1000");
    let all: Vec<(&str, &str)> =
        found.uploads.iter().map(|one| (one.key.as_str(), one.upload_id.as_str())).collect();
    let gone = fixture.engine.discard_unfinished(discard(&fixture, &all)).await.unwrap();
    assert_eq!((gone.gone, gone.faults), (1000, vec![]));
    assert_eq!(fixture.reference.uploads(&fixture.bucket).await.len(), 1);
}

/// Begun by another client, with whatever checksums: what is stored is not sent again.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_else_s_upload_is_gone_on_with() {
    let whole = |algorithm| Some((algorithm, ChecksumType::FullObject));
    let composite = |algorithm| Some((algorithm, ChecksumType::Composite));
    for server in Server::all().await {
        let fixture = Fixture::on(server).await;
        let name = fixture.server.name;
        let size = 3 * THEIRS + 5;
        let path = fixture.file("f", 7, size);
        let mut ways = vec![None];
        if name != "ceph" {
            ways.push(whole(ChecksumAlgorithm::Crc64Nvme));
            ways.push(whole(ChecksumAlgorithm::Crc32));
            ways.push(composite(ChecksumAlgorithm::Crc32));
        }
        if name == "practice" {
            // LocalStack takes a CRC32C that follows its part for two checksums, for one's name begins as the other's
            ways.push(composite(ChecksumAlgorithm::Crc32C));
            ways.push(whole(ChecksumAlgorithm::Crc32C));
        }
        for (n, way) in ways.into_iter().enumerate() {
            let key = format!("k{n}");
            let upload_id = begun(&fixture, &key, way.clone(), (7, size), &[1, 3, 4]).await;
            let id = adopted(&fixture, &key, &upload_id, &path).await;
            let detail = done(&fixture, id).await;
            assert_eq!(
                (detail.sent, detail.resumed, detail.part_size),
                (THEIRS, 2 * THEIRS + 5, Some(THEIRS)),
                "{name} {way:?}"
            );
            fixture.reference.assert_same(&fixture.bucket, &key, &path).await;
            fixture.assert_clean().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_differs_is_sent_again() {
    for server in Server::all().await {
        let fixture = Fixture::on(server).await;
        let size = 3 * THEIRS + 5;
        let upload_id = begun(&fixture, "k", None, (7, size), &[1, 2, 3, 4]).await;
        let path = fixture.file("f", 7, size);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[usize::try_from(THEIRS).unwrap() + 9] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        let id = adopted(&fixture, "k", &upload_id, &path).await;
        let detail = done(&fixture, id).await;
        let name = fixture.server.name;
        assert_eq!((detail.sent, detail.resumed), (THEIRS, 2 * THEIRS + 5), "{name}");
        fixture.reference.assert_same(&fixture.bucket, "k", &path).await;
        fixture.assert_clean().await;
    }
}

/// Nothing is sent, and what stands on the server outlives whatever is done with the row.
#[tokio::test(flavor = "multi_thread")]
async fn another_file_is_refused_and_the_server_s_upload_stays() {
    for server in Server::all().await {
        let fixture = Fixture::on(server).await;
        let name = fixture.server.name;
        let size = 3 * THEIRS + 5;
        let upload_id = begun(&fixture, "k", None, (7, size), &[1, 2, 4]).await;
        let before = fixture.reference.parts(&fixture.bucket, "k", &upload_id).await;
        let path = fixture.file("other", 8, size);
        let id = adopted(&fixture, "k", &upload_id, &path).await;
        let failed = |detail: &Detail| detail.row.status == Status::Failed;
        for _ in 0..2 {
            let detail = fixture.until_whatever(id, failed).await;
            let fault = detail.row.fault.unwrap();
            assert_eq!(reason(&fault), Reason::OtherFile { parts: 3 }, "{name}");
            assert_eq!(detail.sent, 0, "{name}");
            // once more, and nothing else comes of it
            fixture.engine.retry(Selection::All).await.unwrap();
            fixture.until_whatever(id, |detail| !failed(detail)).await;
        }
        fixture.until_whatever(id, failed).await;
        fixture.engine.abort(Selection::Ids { ids: vec![id] }).await.unwrap();
        fixture.until_whatever(id, |detail| detail.row.status == Status::Aborted).await;
        fixture.engine.forget(Selection::All).await.unwrap();
        assert_eq!(
            fixture.reference.parts(&fixture.bucket, "k", &upload_id).await,
            before,
            "{name}"
        );
        // the right one adopts it all the same
        let path = fixture.file("f", 7, size);
        let id = adopted(&fixture, "k", &upload_id, &path).await;
        let detail = done(&fixture, id).await;
        assert_eq!((detail.sent, detail.resumed), (THEIRS, 2 * THEIRS + 5), "{name}");
        fixture.reference.assert_same(&fixture.bucket, "k", &path).await;
        fixture.assert_clean().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_gone_on_with_is_told_before_it_is_queued() {
    let fixture = Fixture::on(Server::practice().await).await;
    let size = 3 * THEIRS + 5;
    let path = fixture.file("f", 7, size);
    let sha = Some((ChecksumAlgorithm::Sha256, ChecksumType::Composite));
    let upload_id = begun(&fixture, "sha", sha, (7, size), &[]).await;
    let other = Reason::OtherSums { algorithm: "SHA256".into() };
    assert_eq!(refused(&fixture, "sha", &upload_id, &path).await, other);

    let upload_id = begun(&fixture, "k", None, (7, size), &[1, 2]).await;
    let short = fixture.file("short", 7, THEIRS);
    let too_short = Reason::FileTooShort { size: THEIRS, reaches: 2 * THEIRS };
    assert_eq!(refused(&fixture, "k", &upload_id, &short).await, too_short);
    fixture.reference.put_part(&fixture.bucket, "k", &upload_id, 3, vec![1; 7 << 20]).await;
    assert_eq!(refused(&fixture, "k", &upload_id, &path).await, Reason::UnevenParts);
    assert_eq!(refused(&fixture, "k", "nobody-has-this", &path).await, Reason::UnfinishedGone);
    let missing = fixture.folder.path().join("missing");
    let wanted = adoption(&fixture, "k", &upload_id, &missing);
    let fault = fixture.engine.adopt(wanted).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::SourceMissing);
}

/// An upload of our own list is not adopted twice, and one without parts accepts any file.
#[tokio::test(flavor = "multi_thread")]
async fn one_upload_is_held_once() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let upload_id = fixture.reference.start_upload(&fixture.bucket, "k").await;
    let path = fixture.file("f", 7, 2 * PART);
    proxy.on(When::any_part(), 1, Act::Hold);
    let id = adopted(&fixture, "k", &upload_id, &path).await;
    assert_eq!(refused(&fixture, "k", &upload_id, &path).await, Reason::HeldAlready);
    proxy.until_held(1).await;
    proxy.clear();
    proxy.release();
    done(&fixture, id).await;
    fixture.reference.assert_same(&fixture.bucket, "k", &path).await;
    fixture.assert_clean().await;
    assert_eq!(refused(&fixture, "k", &upload_id, &path).await, Reason::UnfinishedGone);
}

/// An object at the key is asked about first, and nothing was compared or sent until then.
#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_is_there_is_asked_about() {
    for (answer, keys) in
        [(IfExists::Replace, vec!["k.bin"]), (IfExists::KeepBoth, vec!["k (2).bin", "k.bin"])]
    {
        let fixture = Fixture::on(Server::practice().await).await;
        fixture.reference.put(&fixture.bucket, "k.bin", vec![1; 10]).await;
        let upload_id = begun(&fixture, "k.bin", None, (7, 3 * THEIRS), &[1, 2]).await;
        let path = fixture.file("f", 7, 3 * THEIRS);
        let id = adopted(&fixture, "k.bin", &upload_id, &path).await;
        let detail = fixture.until_whatever(id, |detail| detail.row.status == Status::NeedsAnswer);
        assert!(detail.await.row.existing.is_some());
        fixture.engine.answer_exists(answer_to(vec![id], answer)).await.unwrap();
        let detail = fixture.until_whatever(id, |detail| detail.row.status == Status::Done).await;
        assert_eq!(fixture.reference.keys(&fixture.bucket, "").await, keys);
        fixture.reference.assert_same(&fixture.bucket, &detail.row.key, &path).await;
        // parts belong to their key: under another, all of it goes, and what stood there stands
        let left = fixture.reference.uploads(&fixture.bucket).await.len();
        let right = if answer == IfExists::Replace { (THEIRS, 0) } else { (3 * THEIRS, 1) };
        assert_eq!((detail.sent, left), right, "{answer:?}");
    }
}

/// Finished by its own client after it was taken over: nothing is sent a second time.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_goes_meanwhile() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let upload_id = begun(&fixture, "k", None, (7, 3 * THEIRS), &[1, 2]).await;
    let path = fixture.file("f", 7, 3 * THEIRS);
    proxy.on(When::head(), 1, Act::Hold);
    let id = adopted(&fixture, "k", &upload_id, &path).await;
    proxy.until_held(1).await;
    fixture.reference.abort_upload(&fixture.bucket, "k", &upload_id).await;
    proxy.clear();
    proxy.release();
    let detail = fixture.until_whatever(id, |detail| detail.row.status == Status::Failed).await;
    assert_eq!(reason(&detail.row.fault.unwrap()), Reason::UnfinishedGone);
    assert_eq!(detail.sent, 0);
    // asked for again, it is an upload like any other
    fixture.engine.retry(Selection::All).await.unwrap();
    let detail = fixture.until_whatever(id, |detail| detail.row.status == Status::Done).await;
    assert_eq!(detail.sent, 3 * THEIRS);
    fixture.assert_clean().await;
}

/// Killed while it was compared: what is not proved yet is proved by the next start.
#[tokio::test(flavor = "multi_thread")]
async fn a_restart_before_it_is_proved() {
    let server = Server::practice().await;
    let endpoint = server.endpoint.clone();
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let upload_id = begun(&fixture, "k", None, (7, 3 * THEIRS), &[1, 2]).await;
    let path = fixture.file("other", 8, 3 * THEIRS);
    proxy.on(When::head(), 99, Act::Hold);
    let id = adopted(&fixture, "k", &upload_id, &path).await;
    proxy.until_held(1).await;
    let fixture = fixture.reopened(&endpoint).await;
    let detail = fixture.until_whatever(id, |detail| detail.row.status == Status::Failed).await;
    assert_eq!(reason(&detail.row.fault.unwrap()), Reason::OtherFile { parts: 2 });
    assert_eq!(fixture.reference.parts(&fixture.bucket, "k", &upload_id).await.len(), 2);
    // by name it goes all the same, and the row with it
    let named = discard(&fixture, &[("k", &upload_id)]);
    assert_eq!(fixture.engine.discard_unfinished(named).await.unwrap().gone, 1);
    fixture.assert_clean().await;
    assert_eq!(fixture.engine.detail(id).await.unwrap().row.status, Status::Aborted);
}
