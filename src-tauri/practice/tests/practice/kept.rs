//! What a store finds when it reopens its folder.

use std::fs;
use std::path::{Path, PathBuf};

use windlass_practice::Usage;

use crate::fixture::{BUCKET, Fixture, MIB, bytes, client, completed, crc64, start};

fn files_in(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test]
async fn objects_and_unfinished_uploads_outlive_the_store() {
    let fixture = Fixture::new().await;
    fixture.put("object", bytes(1000, 1)).await;
    let upload = fixture.create("k").await;
    let first = fixture.part("k", &upload, 1, bytes(5 * MIB, 2)).await;

    // dropped, not stopped: what was answered is on the disk
    let Fixture { folder, store, .. } = fixture;
    let keys = store.keys().clone();
    drop(store);
    let store = start(folder.path(), keys).await;
    let s3 = client(&store);
    let fixture = Fixture { folder, store, s3 };

    assert_eq!(fixture.get("object").await, bytes(1000, 1));
    let listed =
        fixture.s3.list_parts().bucket(BUCKET).key("k").upload_id(&upload).send().await.unwrap();
    assert_eq!(listed.parts()[0].e_tag(), first.e_tag());
    assert_eq!(listed.parts()[0].checksum_crc64_nvme().unwrap(), crc64(&bytes(5 * MIB, 2)));
    let second = fixture.part("k", &upload, 2, bytes(10, 3)).await;
    let complete =
        fixture.s3.complete_multipart_upload().bucket(BUCKET).key("k").upload_id(&upload);
    complete.multipart_upload(completed(vec![first, second])).send().await.unwrap();

    let fixture = fixture.again().await;
    assert_eq!(fixture.get("k").await, [bytes(5 * MIB, 2), bytes(10, 3)].concat());
    let uploads = fixture.s3.list_multipart_uploads().bucket(BUCKET).send().await.unwrap();
    assert!(uploads.uploads().is_empty());
}

#[tokio::test]
async fn an_emptied_store_holds_nothing_and_takes_what_comes() {
    let fixture = Fixture::new().await;
    fixture.put("object", bytes(1000, 1)).await;
    let upload = fixture.create("k").await;
    fixture.part("k", &upload, 1, bytes(5 * MIB, 2)).await;
    let holds = Usage { objects: 1, uploads: 1, bytes: 1000 + 5 * MIB as u64 };
    assert_eq!(fixture.store.usage().await.unwrap(), holds);

    fixture.store.empty().await.unwrap();
    assert_eq!(fixture.store.usage().await.unwrap(), Usage::default());
    assert_eq!(fixture.files(), 0, "no bytes are left on the disk");
    let uploads = fixture.s3.list_multipart_uploads().bucket(BUCKET).send().await.unwrap();
    assert!(uploads.uploads().is_empty());
    let late = fixture.s3.upload_part().bucket(BUCKET).key("k").upload_id(&upload).part_number(2);
    assert!(late.body(bytes(10, 3).into()).send().await.is_err(), "its upload is gone");

    let fixture = fixture.again().await;
    assert_eq!(fixture.store.usage().await.unwrap(), Usage::default(), "after a restart, too");
    fixture.put("object", bytes(500, 4)).await;
    assert_eq!(fixture.get("object").await, bytes(500, 4));
}

#[tokio::test]
async fn leftovers_are_swept() {
    let fixture = Fixture::new().await;
    fixture.put("k", bytes(1000, 1)).await;
    let fixture = fixture
        .again_after(|bucket| {
            fs::write(bucket.join("bytes/leftover"), b"half a part").unwrap();
            fs::write(bucket.join("objects/half.tmp"), b"{").unwrap();
            fs::create_dir(bucket.join("uploads/begun")).unwrap();
            fs::write(bucket.join("uploads/begun/part-00001.json"), b"{}").unwrap();
        })
        .await;
    assert_eq!(fixture.files(), 1);
    let bucket = fixture.folder.path().join(format!("bucket-{BUCKET}"));
    assert_eq!(files_in(&bucket.join("objects")).len(), 1);
    assert_eq!(files_in(&bucket.join("uploads")).len(), 0);
    assert_eq!(fixture.get("k").await, bytes(1000, 1));
}

#[tokio::test]
async fn a_damaged_record_is_passed_over_and_its_bytes_are_left() {
    let fixture = Fixture::new().await;
    fixture.put("whole", bytes(1000, 1)).await;
    let upload = fixture.create("k").await;
    fixture.part("k", &upload, 1, bytes(1000, 2)).await;
    fixture.part("k", &upload, 2, bytes(1000, 3)).await;
    let fixture = fixture
        .again_after(|bucket| {
            let part = bucket.join("uploads").join(&upload).join("part-00001.json");
            fs::write(part, b"{\"number\":1,\"fi").unwrap();
        })
        .await;
    let listed =
        fixture.s3.list_parts().bucket(BUCKET).key("k").upload_id(&upload).send().await.unwrap();
    assert_eq!(
        listed.parts().iter().filter_map(|part| part.part_number()).collect::<Vec<_>>(),
        [2]
    );
    assert_eq!(fixture.get("whole").await, bytes(1000, 1));
    assert_eq!(fixture.files(), 3, "what a damaged record named is not known, so nothing is swept");

    // sent again, the part has a record again, and the next opening sweeps
    fixture.part("k", &upload, 1, bytes(1000, 2)).await;
    let fixture = fixture.again().await;
    assert_eq!(fixture.files(), 3);
    let fixture = fixture.again_after(|bucket| damage_all(&bucket.join("objects"))).await;
    let listed = fixture.s3.list_objects_v2().bucket(BUCKET).send().await.unwrap();
    assert!(listed.contents().is_empty());
}

fn damage_all(folder: &Path) {
    for file in files_in(folder) {
        fs::write(file, b"\0\0\0").unwrap();
    }
}

#[tokio::test]
async fn a_part_whose_bytes_are_short_is_no_part() {
    let fixture = Fixture::new().await;
    let upload = fixture.create("k").await;
    fixture.part("k", &upload, 1, bytes(1000, 2)).await;
    let fixture = fixture
        .again_after(|bucket| {
            for file in files_in(&bucket.join("bytes")) {
                fs::File::options().write(true).open(file).unwrap().set_len(999).unwrap();
            }
        })
        .await;
    let listed =
        fixture.s3.list_parts().bucket(BUCKET).key("k").upload_id(&upload).send().await.unwrap();
    assert!(listed.parts().is_empty());
}

#[tokio::test]
async fn a_kill_between_the_object_and_the_end_of_its_upload() {
    let fixture = Fixture::new().await;
    let upload = fixture.create("k").await;
    let part = fixture.part("k", &upload, 1, bytes(1000, 2)).await;
    let uploads = fixture.folder.path().join(format!("bucket-{BUCKET}/uploads")).join(&upload);
    let records: Vec<_> =
        files_in(&uploads).into_iter().map(|path| (fs::read(&path).unwrap(), path)).collect();
    let complete =
        fixture.s3.complete_multipart_upload().bucket(BUCKET).key("k").upload_id(&upload);
    complete.multipart_upload(completed(vec![part])).send().await.unwrap();
    assert!(!uploads.exists());
    let fixture = fixture
        .again_after(|_| {
            fs::create_dir(&uploads).unwrap();
            for (record, path) in records {
                fs::write(path, record).unwrap();
            }
        })
        .await;
    let listed = fixture.s3.list_multipart_uploads().bucket(BUCKET).send().await.unwrap();
    assert!(listed.uploads().is_empty());
    assert_eq!(fixture.get("k").await, bytes(1000, 2));
}

/// A body that breaks off leaves nothing.
#[tokio::test]
async fn half_a_part_is_no_part() {
    use tokio::io::AsyncWriteExt as _;

    let fixture = Fixture::new().await;
    let upload = fixture.create("k").await;
    let part = fixture.s3.upload_part().bucket(BUCKET).key("k").upload_id(&upload).part_number(1);
    let expires =
        aws_sdk_s3::presigning::PresigningConfig::expires_in(std::time::Duration::from_secs(60))
            .unwrap();
    let presigned = part.presigned(expires).await.unwrap();
    let address = fixture.store.endpoint().strip_prefix("http://").unwrap();
    let target = presigned.uri().strip_prefix(fixture.store.endpoint()).unwrap();
    let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
    let head =
        format!("PUT {target} HTTP/1.1\r\nhost: {address}\r\ncontent-length: 1000000\r\n\r\n");
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.write_all(&bytes(600_000, 1)).await.unwrap();
    while fixture.files() == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    drop(socket);
    while fixture.files() > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let listed =
        fixture.s3.list_parts().bucket(BUCKET).key("k").upload_id(&upload).send().await.unwrap();
    assert!(listed.parts().is_empty());
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read_what_is_kept() {
    use std::os::unix::fs::PermissionsExt as _;
    fn modes(path: &std::path::Path, found: &mut Vec<(std::path::PathBuf, u32)>) {
        let metadata = path.metadata().unwrap();
        found.push((path.to_owned(), metadata.permissions().mode() & 0o777));
        if metadata.is_dir() {
            for entry in std::fs::read_dir(path).unwrap() {
                modes(&entry.unwrap().path(), found);
            }
        }
    }
    let opened = |path: &std::path::Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let fixture = Fixture::new().await;
    fixture.put("k", b"x".to_vec()).await;
    let upload = fixture.create("k").await;
    fixture.part("k", &upload, 1, bytes(10, 1)).await;
    let mut found = vec![];
    modes(&fixture.folder.path().join(format!("bucket-{BUCKET}")), &mut found);
    found.push((fixture.folder.path().join("lock"), 0o600));
    assert!(found.len() > 8, "{found:?}");
    for (path, mode) in found {
        let closed = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(format!("{mode:o}"), format!("{closed:o}"), "{}", path.display());
    }
    // as an older one made it
    opened(fixture.folder.path(), 0o755);
    let fixture = fixture.again_after(|bucket| opened(bucket, 0o755)).await;
    let bucket = fixture.folder.path().join(format!("bucket-{BUCKET}"));
    for folder in [fixture.folder.path(), &bucket] {
        assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }
}
