//! The report that a user saves for whoever looks into a problem. It is written where the user chooses, and sent nowhere.
//!
//! Secrets are in none of its sources. Names (of files, buckets, keys, servers) are left out unless the user includes them:
//! what is kept of the log is then chosen by field, so that a new one is left out until somebody has decided.

use super::log_file::LogFile;
use super::panics::{self, Panicked};
use serde_json::{Map, Value, json};
use std::io::{self, Write as _};
use std::path::Path;
use windlass_engine::{Connection, Engine, Fault, FaultKind, PageQuery, Row, Sort, View};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The newest uploads that a report has.
const UPLOADS: u32 = 1000;
/// Fields of a log line whose text is never a name. Numbers are kept whatever they are called.
const NO_NAMES: [&str; 5] = ["time", "level", "target", "kind", "location"];

/// What a report is made of.
pub(crate) struct Report {
    panicked: Option<Panicked>,
    settings: Value,
    connections: Vec<Connection>,
    uploads: Vec<Row>,
    log: Vec<String>,
}

impl Report {
    /// Collects it; `logs` is the log's folder.
    ///
    /// # Errors
    /// `Storage`, if the list of uploads cannot be read.
    pub(crate) async fn collect(engine: &Engine, logs: &Path) -> Result<Report, Fault> {
        let query = PageQuery {
            view: View::All,
            filter: String::new(),
            sort: Sort::Newest,
            offset: 0,
            limit: UPLOADS,
        };
        Ok(Report {
            panicked: panics::last(),
            settings: serde_json::to_value(engine.settings()).unwrap_or_default(),
            connections: engine.connections(),
            uploads: engine.queue_page(query).await?.rows,
            log: LogFile::lines(logs),
        })
    }

    /// Writes it as a zip file, with or without names.
    ///
    /// # Errors
    /// `Storage`, if it cannot be written.
    pub(crate) fn save(&self, path: &Path, names: bool) -> Result<(), Fault> {
        self.write(path, names).map_err(|error| {
            let detail = format!("{} cannot be written: {error}", path.display());
            Fault::new(FaultKind::Storage, detail)
        })
    }

    fn write(&self, path: &Path, names: bool) -> io::Result<()> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        let mut zip = ZipWriter::new(std::fs::File::create(path)?);
        for (name, text) in self.files(names) {
            zip.start_file(name, options)?;
            zip.write_all(text.as_bytes())?;
        }
        zip.finish()?.sync_all()
    }

    /// The files by name, with their text.
    fn files(&self, names: bool) -> [(&'static str, String); 5] {
        let pretty = |value: &Value| format!("{value:#}\n");
        let connections = self.connections.iter().map(|one| connection(one, names)).collect();
        let uploads = self.uploads.iter().map(|one| upload(one, names)).collect();
        let log = self.log.iter().filter_map(|line| logged(line, names));
        [
            ("about.json", pretty(&about(self.panicked.as_ref(), names))),
            ("settings.json", pretty(&self.settings)),
            ("connections.json", pretty(&Value::Array(connections))),
            ("uploads.json", pretty(&Value::Array(uploads))),
            ("log.jsonl", log.map(|line| line + "\n").collect()),
        ]
    }
}

/// The program and the system that it runs on.
fn about(panicked: Option<&Panicked>, names: bool) -> Value {
    let environment = |name: &str| std::env::var(name).ok();
    json!({
        "windlass": env!("CARGO_PKG_VERSION"),
        "debugBuild": cfg!(debug_assertions),
        "system": std::env::consts::OS,
        "architecture": std::env::consts::ARCH,
        "systemRelease": release(),
        "webView": tauri::webview_version().ok(),
        "desktop": environment("XDG_CURRENT_DESKTOP"),
        "session": environment("XDG_SESSION_TYPE"),
        "language": environment("LANG"),
        "sandbox": environment("container").or_else(|| environment("SNAP_NAME")),
        "panic": panicked,
        "names": names,
    })
}

/// The name and version of a Linux distribution.
fn release() -> Option<String> {
    let text = std::fs::read_to_string("/etc/os-release").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    Some(line.trim_matches('"').to_owned())
}

/// What matters of a connection; of what it signs in with, the way alone.
fn connection(connection: &Connection, names: bool) -> Value {
    let mut kept = json!({
        "preset": connection.preset,
        "amazon": connection.endpoint.is_none(),
        "pathStyle": connection.path_style,
        "practice": connection.practice,
        "signedIn": connection.signed_in,
        "ownCertificates": connection.ca_bundle.is_some(),
        "hasRole": connection.role.is_some(),
        "endpointOptions": connection.endpoint_options,
        "ifExists": connection.if_exists,
    });
    if names {
        kept["id"] = json!(connection.id);
        kept["name"] = json!(connection.name);
        kept["endpoint"] = json!(connection.endpoint.as_deref().map(super::redact::redacted));
        kept["region"] = json!(connection.region);
        kept["bucket"] = json!(connection.bucket);
        kept["prefix"] = json!(connection.prefix);
    }
    kept
}

fn upload(row: &Row, names: bool) -> Value {
    let fault = row.fault.as_ref().map(|fault| {
        let mut kept = json!({
            "kind": fault.kind,
            "part": fault.part,
            "status": fault.status,
            "code": fault.code,
            "requestId": fault.request_id,
        });
        if names {
            kept["detail"] = super::redact::redacted(&fault.detail).into();
        }
        kept
    });
    let mut kept = json!({
        "id": row.id,
        "size": row.size,
        "status": row.status,
        "stored": row.stored,
        "parts": row.parts,
        "partsStored": row.parts_stored,
        "rate": row.rate,
        "fault": fault,
    });
    if names {
        kept["connection"] = json!(row.connection);
        kept["path"] = json!(row.path);
        kept["bucket"] = json!(row.bucket);
        kept["key"] = json!(row.key);
    }
    kept
}

/// A line of the log as it goes into a report. Messages of our own are fixed texts; those of libraries may name anything.
fn logged(line: &str, names: bool) -> Option<String> {
    if names {
        return Some(line.to_owned());
    }
    // a line that was cut off by a crash
    let Value::Object(fields) = serde_json::from_str(line).ok()? else { return None };
    let is_own = fields
        .get("target")
        .and_then(Value::as_str)
        .is_some_and(|from| from.starts_with("windlass"));
    let kept: Map<String, Value> = fields
        .into_iter()
        .filter(|(name, value)| {
            !value.is_string() || NO_NAMES.contains(&name.as_str()) || (is_own && name == "message")
        })
        .collect();
    Some(Value::Object(kept).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;
    use windlass_engine::{EngineConfig, IfExists, NewUpload, Options, Target};

    const LINES: [&str; 3] = [
        r#"{"time":"T","level":"WARN","target":"windlass_engine::transfer","message":"an upload failed","id":3,"kind":"Denied","detail":"s3://vault/plan.mov was refused"}"#,
        r#"{"time":"T","level":"WARN","target":"aws_config","message":"the profile vault is broken"}"#,
        r#"{"time":"T","level":"WARN","tar"#,
    ];

    #[test]
    fn a_line_keeps_what_is_no_name() {
        let kept = LINES.map(|line| logged(line, false).unwrap_or_default());
        assert!(kept[0].contains("an upload failed") && kept[0].contains("Denied"), "{kept:?}");
        assert!(kept[0].contains(r#""id":3"#) && kept[1].contains("aws_config"), "{kept:?}");
        assert!(!kept.concat().contains("vault") && kept[2].is_empty(), "{kept:?}");
        assert_eq!(logged(LINES[1], true).as_deref(), Some(LINES[1]));
    }

    fn unzipped(path: &Path) -> String {
        let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
        let mut all = String::new();
        for at in 0..zip.len() {
            let mut file = zip.by_index(at).unwrap();
            all.push_str(&file.name().unwrap());
            file.read_to_string(&mut all).unwrap();
        }
        all
    }

    #[tokio::test]
    async fn a_report_has_names_only_if_they_are_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let logs = folder.path().join("logs");
        std::fs::create_dir(&logs).unwrap();
        std::fs::write(logs.join("windlass.log"), LINES.join("\n")).unwrap();
        let config = EngineConfig { folder: folder.path().join("data"), patience: None };
        let engine = Engine::open(&config).unwrap();
        let file = folder.path().join("secretplan.mov");
        std::fs::write(&file, "x").unwrap();
        let target = Target {
            connection: "vault".into(),
            bucket: "vault".into(),
            key: "vault/secretplan.mov".into(),
        };
        let upload = NewUpload {
            path: file,
            target,
            if_exists: IfExists::Ask,
            options: Options::default(),
            part_size: None,
        };
        engine.queue(vec![upload]).await.unwrap();

        let report = Report::collect(&engine, &logs).await.unwrap();
        let path = folder.path().join("report.zip");
        report.save(&path, false).unwrap();
        let text = unzipped(&path);
        assert!(!text.contains("vault") && !text.contains("secretplan"), "{text}");
        for part in ["about.json", "settings.json", "uploads.json", "log.jsonl", "an upload failed"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
        report.save(&path, true).unwrap();
        let text = unzipped(&path);
        assert!(text.contains("vault/secretplan.mov") && text.contains("was refused"), "{text}");
        let nowhere = folder.path().join("missing/report.zip");
        assert_eq!(report.save(&nowhere, false).unwrap_err().kind, FaultKind::Storage);
    }
}
