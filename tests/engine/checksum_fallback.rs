//! The fallback order of checksum modes, each on a server that supports no more; and servers that differ from S3, played by the fault
//! proxy from their documented answers.

use crate::fixture::{Fixture, PART};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use windlass_engine::{
    Capabilities, ChecksumMode, Compared, Detail, FaultKind, Known, Probed, Proof, Status, Support,
};
use windlass_tests::proxy::ServerQuirk;
use windlass_tests::{Act, Proxy, Server, When};

/// By way of the proxy, to a server of this preset, with these capabilities where they are known.
async fn fixture_for(
    server: Server,
    proxy: &Proxy,
    preset: &str,
    capabilities: Option<Capabilities>,
) -> Fixture {
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    let mut connection = fixture.connection();
    connection.endpoint = Some(proxy.endpoint().into());
    connection.preset = preset.into();
    connection.bucket = Some(fixture.bucket.clone());
    connection.probed = capabilities.map(|capabilities| Probed { at: 1, capabilities });
    fixture.engine.set_session_connection(connection, fixture.secret()).unwrap();
    fixture
}

fn on(checksum_mode: ChecksumMode) -> Capabilities {
    Capabilities {
        checksum_mode,
        checks_parts: Support::Yes,
        etag_md5: Support::Yes,
        ..Capabilities::default()
    }
}

fn said(proof: &Proof) -> (&str, &str, Compared) {
    (proof.algorithm.as_str(), proof.kind.as_str(), proof.compared)
}

/// Three parts, one of them damaged on its way: seen, sent again, and proved as far as this checksum mode goes.
async fn climbs(fixture: &Fixture, proxy: &Proxy) -> Detail {
    proxy.on(When::part(2), 1, Act::Flip(1234));
    let path = fixture.file("film", 1, 2 * PART + 77);
    let detail = fixture.hauled(&path, "film").await;
    assert_eq!(proxy.count(&When::part(2)), 2, "the damaged part was seen");
    detail
}

#[tokio::test(flavor = "multi_thread")]
async fn each_rung_that_has_a_checksum_proves_by_it() {
    for server in [Server::practice().await, Server::localstack().await] {
        for (checksum_mode, want) in [
            (ChecksumMode::Crc64Nvme, ("CRC64NVME", "FULL_OBJECT", Compared::WholeObject)),
            (ChecksumMode::Crc32c, ("CRC32C", "FULL_OBJECT", Compared::WholeObject)),
            (ChecksumMode::Crc32, ("CRC32", "FULL_OBJECT", Compared::WholeObject)),
            (ChecksumMode::Crc32cComposite, ("CRC32C", "COMPOSITE", Compared::Composite)),
            (ChecksumMode::Crc32Composite, ("CRC32", "COMPOSITE", Compared::Composite)),
        ] {
            for trailers in [Support::Yes, Support::No] {
                let proxy = Proxy::to(&server.endpoint);
                let capabilities = Capabilities { trailers, ..on(checksum_mode) };
                let fixture =
                    fixture_for(server.at(&server.endpoint), &proxy, "other", Some(capabilities))
                        .await;
                let proof = climbs(&fixture, &proxy).await.checksum.unwrap();
                // LocalStack answers that it sums CRC64NVME, whichever was asked for: its word is taken
                let best = ("CRC64NVME", "FULL_OBJECT", Compared::WholeObject);
                let as_asked = server.name == "practice" || said(&proof) != best;
                assert_eq!(
                    said(&proof),
                    if as_asked { want } else { best },
                    "{} {trailers:?}",
                    server.name
                );
                assert_eq!(proof.parts, Some(proof.algorithm), "{}", server.name);
                let by_trailer = When::any_part().header("x-amz-trailer");
                assert_eq!(proxy.count(&by_trailer) > 0, trailers.is_yes(), "one read of the file");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_checksums_the_etag_proves_and_is_called_so() {
    for server in [Server::practice().await, Server::localstack().await, Server::ceph().await] {
        let proxy = Proxy::to(&server.endpoint);
        proxy.plays(When::any(), ServerQuirk::mute_checksums());
        let name = server.name;
        let fixture = fixture_for(server, &proxy, "other", Some(on(ChecksumMode::Md5))).await;
        let proof = climbs(&fixture, &proxy).await.checksum.unwrap();
        assert_eq!(said(&proof), ("MD5", "COMPOSITE", Compared::Etag), "{name}");
        assert_eq!(proof.parts.as_deref(), Some("MD5"));
        let path = fixture.file("note", 2, 1_000);
        let proof = fixture.hauled(&path, "note").await.checksum.unwrap();
        assert_eq!(said(&proof), ("MD5", "FULL_OBJECT", Compared::Etag), "{name}");
    }
}

/// ETags that are no MD5s, and no checksum told: the size, and no more is claimed.
#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_is_told_the_size_is_all_that_is_claimed() {
    for (checks_parts, parts) in [(Support::Yes, Some("MD5")), (Support::Unknown, None)] {
        let server = Server::localstack().await;
        let proxy = Proxy::to(&server.endpoint);
        proxy.plays(When::any(), ServerQuirk::deaf_to_checksums());
        proxy.plays(When::any(), ServerQuirk::VeiledEtags);
        let capabilities =
            Capabilities { checks_parts, etag_md5: Support::No, ..on(ChecksumMode::Md5) };
        let fixture = fixture_for(server, &proxy, "other", Some(capabilities)).await;
        let proof = climbs(&fixture, &proxy).await.checksum.unwrap();
        assert_eq!(said(&proof), ("none", "SIZE", Compared::Size));
        assert_eq!(proof.parts.as_deref(), parts);
    }
}

/// What the server is given to check: each part's sum behind its bytes, the whole object's and its size at Complete.
#[tokio::test(flavor = "multi_thread")]
async fn the_server_is_given_all_that_it_can_check() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = fixture_for(server, &proxy, "aws", None).await;
    let path = fixture.file("film", 1, 3 * PART + 5);
    fixture.hauled(&path, "film").await;
    assert_eq!(proxy.count(&When::any_part().header("x-amz-trailer")), 4);
    let complete = When::complete().header("x-amz-mp-object-size");
    assert_eq!(proxy.count(&complete.header("x-amz-checksum-crc64nvme")), 1);
    let note = fixture.file("note", 2, 10);
    fixture.hauled(&note, "note").await;
    assert_eq!(proxy.count(&When::put_object().header("x-amz-checksum-crc64nvme")), 1);
}

/// A checksum inside Complete is malformed to some: completed without, and compared by what HeadObject tells.
#[tokio::test(flavor = "multi_thread")]
async fn complete_is_asked_again_without_what_it_refuses() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let refuses = |header| ServerQuirk::refuses(header, 400, "MalformedXML", "not well-formed");
    proxy.plays(When::complete(), refuses("x-amz-checksum-crc64nvme"));
    let fixture = fixture_for(server, &proxy, "aws", None).await;
    let path = fixture.file("film", 1, 2 * PART + 77);
    let detail = fixture.hauled(&path, "film").await;
    assert_eq!(detail.checksum.unwrap().compared, Compared::WholeObject);
    assert_eq!((proxy.count(&When::complete()), detail.retries), (2, 0));
    let path = fixture.file("second", 2, 2 * PART);
    fixture.hauled(&path, "second").await;
    assert_eq!(proxy.count(&When::complete()), 3, "it is known by then");
}

/// Cloudflare R2: bodies in chunks are not implemented, parts must be of one size; CRC64NVME goes in the header.
#[tokio::test(flavor = "multi_thread")]
async fn as_cloudflare_r2() {
    let server = Server::localstack().await;
    let proxy = Proxy::to(&server.endpoint);
    let not_implemented = "STREAMING-UNSIGNED-PAYLOAD-TRAILER not implemented";
    proxy.plays(
        When::any(),
        ServerQuirk::refuses("x-amz-trailer", 501, "NotImplemented", not_implemented),
    );
    let fixture = fixture_for(server, &proxy, "r2", None).await;
    let known = fixture.engine.capabilities("test").unwrap();
    assert_eq!((known.known, known.capabilities.aborts_after_days), (Known::Documented, Some(7)));
    let detail = climbs(&fixture, &proxy).await;
    assert_eq!(detail.checksum.unwrap().compared, Compared::WholeObject);
    let sizes: Vec<u64> = proxy
        .seen()
        .iter()
        .filter(|seen| When::any_part().fits(seen) && seen.status == Some(200))
        .map(|seen| seen.body_bytes)
        .collect();
    assert!(sizes.iter().filter(|size| **size != PART).count() <= 1, "{sizes:?}");
    assert_eq!(
        fixture.engine.capabilities("test").unwrap().known,
        Known::Documented,
        "nothing was asked"
    );
}

/// Backblaze B2: no header of the newer checksums, and not the question for them; asked, because it is not so everywhere.
#[tokio::test(flavor = "multi_thread")]
async fn as_backblaze_b2() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    for header in ["x-amz-checksum-*", "x-amz-sdk-checksum-algorithm", "x-amz-trailer"] {
        let said = format!("Unsupported header '{header}' received for this API call.");
        proxy.plays(When::any(), ServerQuirk::refuses(header, 400, "InvalidArgument", &said));
    }
    proxy.plays(When::any(), ServerQuirk::mute_checksums());
    let fixture = fixture_for(server, &proxy, "b2", None).await;
    // a small file first: tried, refused, asked, and sent by what it takes
    let path = fixture.file("note", 2, 1_000);
    let detail = fixture.hauled(&path, "note").await;
    assert_eq!(said(&detail.checksum.unwrap()), ("MD5", "FULL_OBJECT", Compared::Etag));
    let known = fixture.engine.capabilities("test").unwrap();
    assert_eq!((known.known, known.capabilities.checksum_mode), (Known::Probed, ChecksumMode::Md5));
    assert_eq!(
        known.capabilities.limits.max_object, 10_000_000_000_000,
        "what cannot be asked stays"
    );
    let detail = climbs(&fixture, &proxy).await;
    assert_eq!(said(&detail.checksum.unwrap()), ("MD5", "COMPOSITE", Compared::Etag));
    assert_eq!(
        fixture.reference.keys(&fixture.bucket, "").await,
        ["film", "note"],
        "nothing of the asking is left"
    );
}

/// Google Cloud Storage: a body in chunks is a wrong signature, ETags are opaque, no checksum is told.
#[tokio::test(flavor = "multi_thread")]
async fn as_google_cloud_storage() {
    let server = Server::localstack().await;
    let proxy = Proxy::to(&server.endpoint);
    let wrong =
        ServerQuirk::refuses("x-amz-trailer", 403, "SignatureDoesNotMatch", "Invalid argument.");
    proxy.plays(When::any(), wrong);
    proxy.plays(When::any(), ServerQuirk::deaf_to_checksums());
    proxy.plays(When::any(), ServerQuirk::VeiledEtags);
    let fixture = fixture_for(server, &proxy, "gcs", None).await;
    let proof = climbs(&fixture, &proxy).await.checksum.unwrap();
    assert_eq!(
        (said(&proof), proof.parts.as_deref()),
        (("none", "SIZE", Compared::Size), Some("MD5"))
    );

    // where HeadObject tells its own hash of the object, that is compared
    let path = fixture.file("second", 3, 2 * PART + 1);
    let bytes = std::fs::read(&path).unwrap();
    let sum = crc_fast::checksum(crc_fast::CrcAlgorithm::Crc32Iscsi, &bytes);
    let sum = BASE64.encode(&sum.to_be_bytes()[4..]);
    let google = |sum: &str| ServerQuirk::says("x-goog-hash", &format!("crc32c={sum}"));
    proxy.plays(When::head().path("/second"), google(&sum));
    let proof = fixture.hauled(&path, "second").await.checksum.unwrap();
    assert_eq!(said(&proof), ("CRC32C", "FULL_OBJECT", Compared::WholeObject));
    proxy.plays(When::head().path("/third"), google("AAAAAA=="));
    let id = fixture.queue(&path, "third").await;
    let fault = fixture.ended(id).await.row.fault.unwrap();
    assert_eq!(fault.kind, FaultKind::Checksum, "a hash that contradicts never ends in done");
}

/// A server that stops supporting trailers is probed again, and the upload is restarted without them.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_refuses_what_it_used_to_take_is_asked_again() {
    for (status, code) in [(501, "NotImplemented"), (403, "SignatureDoesNotMatch")] {
        let server = Server::practice().await;
        let proxy = Proxy::to(&server.endpoint);
        let fixture = fixture_for(server, &proxy, "aws", None).await;
        let path = fixture.file("first", 1, 2 * PART);
        fixture.hauled(&path, "first").await;
        proxy.plays(When::any(), ServerQuirk::refuses("x-amz-trailer", status, code, "no more"));
        let path = fixture.file("second", 2, 2 * PART + 5);
        let detail = fixture.hauled(&path, "second").await;
        assert_eq!(detail.checksum.unwrap().compared, Compared::WholeObject, "{code}");
        let known = fixture.engine.capabilities("test").unwrap();
        assert_eq!(
            (known.known, known.capabilities.trailers),
            (Known::Probed, Support::No),
            "{code}"
        );
        let begun = When::create().path("/second");
        assert_eq!(proxy.count(&begun), 1, "the checksum is the same: what was stored is kept");
        assert_eq!(fixture.reference.keys(&fixture.bucket, "").await, ["first", "second"]);
    }
}

/// Twice is no accident: a fault with the part's number, however often the server failed before.
#[tokio::test(flavor = "multi_thread")]
async fn damage_is_counted_apart_from_a_server_that_fails() {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    proxy.on(When::part(2), 1, Act::answer(500, "InternalError"));
    proxy.on(When::part(2), 1, Act::Flip(1234));
    let fixture = fixture_for(server, &proxy, "aws", None).await;
    let path = fixture.file("film", 1, 3 * PART);
    fixture.hauled(&path, "film").await;
    proxy.on(When::part(3), 1, Act::answer(500, "InternalError"));
    proxy.on(When::part(3), 2, Act::Flip(1234));
    let id = fixture.queue(&path, "again").await;
    let detail = fixture.ended(id).await;
    assert_eq!(detail.row.status, Status::Failed);
    assert_eq!(detail.row.fault.unwrap().part, Some(3));
}
