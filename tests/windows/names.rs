//! Names that Windows writes in UTF-16, or keeps for devices, and the keys that are made of them.

use crate::fixture::{BUCKET, Fixture};
use serde_json::json;

/// Names of devices, with and without an ending, and names that end in a way that most programs cannot open.
const RESERVED: [&str; 8] =
    ["CON", "NUL", "aux.txt", "com1.log", "lpt9.tar.gz", "ends in a dot.", "a b ", "prn"];

#[tokio::test(flavor = "multi_thread")]
async fn names_are_keys_in_utf8_with_forward_slashes() {
    let fixture = Fixture::new().await;
    let names =
        ["Größe Äö/maß.mov", "日本/映画 🎬.mov", "a/b/c/100% #1 +&=;@.bin", "a/'quoted'.txt"];
    let files = names.map(|name| fixture.file(&format!("day 1/{name}"), 1, 1000));
    // as macOS writes it
    let decomposed = fixture.file("day 1/cafe\u{301}.txt", 2, 10);
    for folder in ["day 1", r".\day 1\", r".\day 1\..\day 1", "./day 1/"] {
        let output = fixture.run(&["upload", folder, "s3://bucket/x/", "--json"]).await;
        assert_eq!(output.code, Some(0), "{folder}: {output:?}");
        for (name, file) in names.iter().zip(&files) {
            fixture.reference.assert_same(BUCKET, &format!("x/day 1/{name}"), file).await;
        }
        fixture.reference.assert_same(BUCKET, "x/day 1/caf\u{e9}.txt", &decomposed).await;
        let keys = fixture.reference.keys(BUCKET, "").await;
        assert_eq!(keys.len(), names.len() + 1, "{folder}: {keys:?}");
        assert!(!keys.iter().any(|key| key.contains('\\')), "{folder}: {keys:?}");
    }
    // one file, and the same by its key
    let output = fixture.run(&["upload", r"day 1\Größe Äö\maß.mov", "s3://bucket/one/"]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    fixture.reference.assert_same(BUCKET, "one/maß.mov", &files[0]).await;
    assert!(output.out.contains("maß.mov"), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_named_like_a_device_is_a_file() {
    let fixture = Fixture::new().await;
    for (number, name) in RESERVED.iter().enumerate() {
        fixture.file(&format!("odd/{name}"), number as u64, 1000 + number as u64);
    }
    let output = fixture.run(&["upload", "odd", "s3://bucket/", "--json"]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    for name in RESERVED {
        let (key, file) = (format!("odd/{name}"), fixture.path("odd").join(name));
        fixture.reference.assert_same(BUCKET, &key, &file).await;
    }
    // one alone, as it is typed
    for typed in [r"odd\aux.txt", "odd/lpt9.tar.gz", r".\odd\ends in a dot.", r"odd\CON"] {
        let output = fixture.run(&["upload", typed, "s3://bucket/one/", "--json"]).await;
        assert_eq!(output.code, Some(0), "{typed}: {output:?}");
        let name = typed.rsplit(['\\', '/']).next().unwrap();
        assert_eq!(output.only("done")["key"], json!(format!("one/{name}")));
        let file = fixture.path("odd").join(name);
        fixture.reference.assert_same(BUCKET, &format!("one/{name}"), &file).await;
    }
}

/// Windows itself would open the device, and what is read of it is no file.
#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_not_uploaded() {
    let fixture = Fixture::new().await;
    for device in ["CON", "NUL", "COM1", r"\\.\NUL", r"\\.\PhysicalDrive0"] {
        let output = fixture.run(&["upload", device, "s3://bucket/k", "--json"]).await;
        let failed = output.only("failed");
        assert_eq!(
            (output.code, &failed["fault"]["kind"]),
            (Some(1), &json!("sourceMissing")),
            "{device}: {output:?}"
        );
    }
    assert_eq!(fixture.reference.keys(BUCKET, "").await, [""; 0]);
}

/// Files that Windows marks as hidden are left out as those that begin with a dot are.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_system_hides_is_left_out() {
    let fixture = Fixture::new().await;
    let folder = fixture.machine.wine.drive("data");
    std::fs::create_dir(&folder).unwrap();
    for name in ["seen.txt", "hidden.txt", "desktop.ini", "Thumbs.db"] {
        std::fs::write(folder.join(name), name).unwrap();
    }
    let marked = fixture.machine.wine.run(&["attrib", "+h", r"C:\data\hidden.txt"]);
    assert!(marked.status.success(), "{marked:?}");
    let output = fixture.run(&["upload", r"C:\data", "s3://bucket/", "--skip-hidden"]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert_eq!(fixture.reference.keys(BUCKET, "").await, ["data/seen.txt"], "{output:?}");
}
