//! What is known of a provider before its server is asked: the form's presets, and what its documentation says.

mod rows;

use crate::model::capabilities::{Capabilities, Support};
use crate::model::checksum::ChecksumMode;
use crate::model::connection::Connection;
use crate::model::part_plan::Limits;
use rows::{ROWS, Row};
use serde::Serialize;

/// Initial values of a connection's form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Preset {
    pub id: String,
    pub name: String,
    /// May contain `{region}` or `{account}`. `None` is Amazon S3.
    pub endpoint: Option<String>,
    pub region: String,
    pub path_style: bool,
    pub note: String,
    /// The page of the provider's console that makes the keys. None: a server of one's own.
    pub keys_page: Option<String>,
    /// Which keys they are, and where to make them; may be empty.
    pub keys: String,
}

const GB: u64 = 1_000_000_000;

const TB: u64 = 1000 * GB;

const TIB: u64 = 1 << 40;

/// A server's documented capabilities. `None` if they depend on its version or region, or are not documented: then it
/// is probed.
pub(crate) fn documented(connection: &Connection) -> Option<Capabilities> {
    let base = unprobed(connection);
    // <https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html>
    let amazon = || Capabilities {
        checks_parts: Support::Yes,
        checks_whole: Support::Yes,
        reports_checksum: Support::Yes,
        trailers: Support::Yes,
        object_size: Support::Yes,
        etag_md5: Support::Yes,
        conditional_put: Support::Yes,
        conditional_complete: Support::Yes,
        lists_parts: Support::Yes,
        lists_uploads: Support::Yes,
        attributes: Support::Yes,
        ..base.clone()
    };
    if connection.practice || connection.endpoint.is_none() {
        return Some(amazon());
    }
    match connection.preset.as_str() {
        "aws" => Some(amazon()),
        // <https://developers.cloudflare.com/r2/api/s3/api/>: CRC64NVME is the only whole-object checksum; chunked
        // bodies are rejected with NotImplemented
        "r2" => Some(Capabilities {
            checks_parts: Support::Yes,
            reports_checksum: Support::Yes,
            conditional_put: Support::Yes,
            lists_parts: Support::Yes,
            lists_uploads: Support::Yes,
            ..base
        }),
        // <https://cloud.google.com/storage/docs/xml-api/post-object-complete>: no MD5 of multipart objects; the ETag
        // is opaque, and If-None-Match is ignored
        "gcs" => Some(Capabilities {
            checksum_mode: ChecksumMode::Md5,
            checks_parts: Support::Yes,
            checks_whole: Support::No,
            reports_checksum: Support::No,
            object_size: Support::No,
            etag_md5: Support::No,
            conditional_put: Support::No,
            conditional_complete: Support::No,
            lists_parts: Support::Yes,
            lists_uploads: Support::Yes,
            ..base
        }),
        _ => None,
    }
}

/// What is known of a server before it is probed, and cannot be probed: limits, days until it aborts, equal part sizes.
pub(crate) fn unprobed(connection: &Connection) -> Capabilities {
    let limits = |max_part, max_object| Limits { max_part, max_object };
    let nothing = Capabilities::default();
    match connection.preset.as_str() {
        // 4.995 TiB; <https://developers.cloudflare.com/r2/platform/limits/>
        "r2" => Capabilities {
            equal_parts: true,
            aborts_after_days: Some(7),
            limits: limits(Limits::S3.max_part, TIB / 1000 * 4995),
            ..nothing
        },
        "b2" => Capabilities { limits: limits(5 * GB, 10 * TB), ..nothing },
        "wasabi" => Capabilities {
            aborts_after_days: Some(30),
            limits: limits(Limits::S3.max_part, 5 * TB),
            ..nothing
        },
        "gcs" => Capabilities { limits: limits(Limits::S3.max_part, 5 * TIB), ..nothing },
        "spaces" => Capabilities { limits: limits(5 * GB, 5 * TB), ..nothing },
        _ => nothing,
    }
}

/// The provider of a host, as a preset's id, and the region in its name.
pub(crate) fn of_host(host: &str) -> Option<(&'static str, Option<&str>)> {
    ROWS.iter().find_map(|row| {
        let region = row.hosts.iter().find_map(|hosts| hosts.region(host))?;
        Some((row.id, region))
    })
}

/// The preset of a provider by rclone's name for it.
pub(crate) fn of_rclone(provider: &str) -> Option<&'static str> {
    ROWS.iter().find(|row| row.rclone == Some(provider)).map(|row| row.id)
}

/// The presets, in the order of the form's list.
pub fn presets() -> Vec<Preset> {
    let preset = |row: &Row| Preset {
        id: row.id.into(),
        name: row.name.into(),
        endpoint: row.endpoint.map(Into::into),
        region: row.region.into(),
        path_style: row.path_style,
        note: row.note.into(),
        keys_page: row.keys_page.map(Into::into),
        keys: row.keys.into(),
    };
    ROWS.iter().map(preset).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// The mock backend of the window shows these presets. `cargo xtask wire` writes the file.
    #[test]
    fn wire_is_current() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/wire/presets.json");
        let now = serde_json::to_string_pretty(&presets()).unwrap() + "\n";
        if std::env::var_os("WINDLASS_WRITE_WIRE").is_some() {
            std::fs::write(&path, &now).unwrap();
        }
        let before = std::fs::read_to_string(&path).unwrap();
        assert!(before == now, "presets.json is not current: cargo xtask wire");
    }
}
