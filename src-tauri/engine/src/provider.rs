//! What is known beforehand of S3 and of those who speak it. Knows no requests.

use serde::Serialize;

/// A start for a connection's form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Preset {
    pub id: String,
    pub name: String,
    /// With `{region}` or `{account}` to be filled in; none is Amazon's own.
    pub endpoint: Option<String>,
    pub region: String,
    pub path_style: bool,
    pub note: String,
}

/// In the order of the form's list.
pub fn presets() -> Vec<Preset> {
    let rows = [
        ("aws", "Amazon S3", None, "us-east-1", false, "The region must be the bucket's own."),
        (
            "r2",
            "Cloudflare R2",
            Some("https://{account}.r2.cloudflarestorage.com"),
            "auto",
            true,
            "The account id is on R2's overview page.",
        ),
        (
            "b2",
            "Backblaze B2",
            Some("https://s3.{region}.backblazeb2.com"),
            "us-west-004",
            true,
            "Use an application key, not the master key.",
        ),
        ("wasabi", "Wasabi", Some("https://s3.{region}.wasabisys.com"), "us-east-1", true, ""),
        (
            "minio",
            "MinIO",
            Some("http://localhost:9000"),
            "us-east-1",
            true,
            "Your own server's address.",
        ),
        ("ceph", "Ceph", Some("https://s3.example.com"), "default", true, "The gateway's address."),
        (
            "gcs",
            "Google Cloud Storage",
            Some("https://storage.googleapis.com"),
            "auto",
            true,
            "Use an HMAC key of the bucket's project.",
        ),
        (
            "spaces",
            "DigitalOcean Spaces",
            Some("https://{region}.digitaloceanspaces.com"),
            "nyc3",
            false,
            "The endpoint of the region, without the Space's name.",
        ),
        ("other", "Other", Some("https://"), "us-east-1", true, "Any server that speaks S3."),
    ];
    let preset = |(id, name, endpoint, region, path_style, note): (
        &str,
        &str,
        Option<&str>,
        &str,
        bool,
        &str,
    )| Preset {
        id: id.into(),
        name: name.into(),
        endpoint: endpoint.map(Into::into),
        region: region.into(),
        path_style,
        note: note.into(),
    };
    rows.into_iter().map(preset).collect()
}
