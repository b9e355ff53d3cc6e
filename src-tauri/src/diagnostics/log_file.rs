//! The log file: one JSON object a line, redacted, in a few files of limited size.
//!
//! A message is a fixed text, and whatever varies is a field, so that a report can leave out the names that fields hold.

use super::redact::redacted;
use serde_json::{Map, Value};
use std::fmt::{Debug, Write as _};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::layer::{Context, Layer};

/// The newest file; older ones are `windlass.1.log` and so on.
const NAME: &str = "windlass";
/// A file that is longer is moved aside.
const LONGEST: u64 = 1 << 20;
/// How many older files are kept.
const OLDER: u32 = 3;
/// Lines that are remembered until there is a file.
const EARLY: usize = 200;

/// Writes events to the file. Clones write to the same one.
#[derive(Clone, Default)]
pub(crate) struct LogFile(Arc<Mutex<Open>>);

#[derive(Default)]
struct Open {
    early: Vec<String>,
    folder: Option<PathBuf>,
    file: Option<File>,
    length: u64,
}

impl LogFile {
    /// Writes to this folder, which is made for its owner only, and what was logged before.
    ///
    /// # Errors
    /// The system's, if folder or file cannot be made.
    pub(crate) fn open(&self, folder: &Path) -> io::Result<()> {
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(folder)?;
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.folder = Some(folder.to_owned());
        open.begin()?;
        for line in std::mem::take(&mut open.early) {
            open.write(&line);
        }
        Ok(())
    }

    /// The lines of all files, the oldest first.
    pub(super) fn lines(folder: &Path) -> Vec<String> {
        let older = (1..=OLDER).rev().map(|number| aside(folder, number));
        let files = older.chain([newest(folder)]);
        let read = files.filter_map(|file| std::fs::read(file).ok());
        read.flat_map(|bytes| {
            String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
    }
}

/// The newest file of a folder.
fn newest(folder: &Path) -> PathBuf {
    folder.join(format!("{NAME}.log"))
}

fn aside(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{NAME}.{number}.log"))
}

impl Open {
    fn begin(&mut self) -> io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let mut options = OpenOptions::new();
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.append(true).create(true).open(newest(folder))?;
        self.length = file.metadata()?.len();
        self.file = Some(file);
        Ok(())
    }

    /// A log that cannot be written is no reason to stop, and there is nowhere to say so.
    fn write(&mut self, line: &str) {
        if self.folder.is_none() {
            if self.early.len() < EARLY {
                self.early.push(line.to_owned());
            }
            return;
        }
        if self.length > LONGEST {
            self.rotate();
        }
        if let Some(file) = &mut self.file
            && file.write_all(line.as_bytes()).is_ok()
        {
            self.length += line.len() as u64;
        }
    }

    fn rotate(&mut self) {
        let Some(folder) = self.folder.clone() else { return };
        // Windows does not rename a file that is open
        self.file = None;
        for number in (1..OLDER).rev() {
            let _ = std::fs::rename(aside(&folder, number), aside(&folder, number + 1));
        }
        let _ = std::fs::rename(newest(&folder), aside(&folder, 1));
        let _ = self.begin();
    }
}

impl<S: Subscriber> Layer<S> for LogFile {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut line = Map::new();
        let mut time = String::new();
        if SystemTime.format_time(&mut Writer::new(&mut time)).is_ok() {
            line.insert("time".into(), time.into());
        }
        line.insert("level".into(), event.metadata().level().as_str().into());
        line.insert("target".into(), event.metadata().target().into());
        event.record(&mut Fields(&mut line));
        let line = format!("{}\n", Value::Object(line));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(&line);
    }
}

/// An event's fields: numbers stay numbers, and everything else becomes text without secrets.
struct Fields<'a>(&'a mut Map<String, Value>);

impl Fields<'_> {
    fn set(&mut self, field: &Field, value: Value) {
        self.0.insert(field.name().to_owned(), value);
    }
}

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = String::new();
        let _ = write!(text, "{value:?}");
        self.set(field, redacted(&text).into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, redacted(value).into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field, value.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing_subscriber::layer::SubscriberExt as _;

    fn logged(file: &LogFile, work: impl FnOnce()) {
        tracing::subscriber::with_default(tracing_subscriber::registry().with(file.clone()), work);
    }

    #[test]
    fn what_was_logged_before_there_was_a_file_is_in_it_and_no_secret_is() {
        let folder = tempfile::tempdir().unwrap();
        let (folder, file) = (folder.path().join("logs"), LogFile::default());
        logged(&file, || {
            tracing::error!(error = %"password=hunter2 refused", "early");
            file.open(&folder).unwrap();
            tracing::info!(number = 7, kind = ?io::ErrorKind::NotFound, "late");
        });
        let lines = LogFile::lines(&folder);
        let line = |at: usize| serde_json::from_str::<Value>(&lines[at]).unwrap();
        assert_eq!((lines.len(), &line(0)["message"]), (2, &"early".into()));
        assert_eq!(line(0)["error"], "password=[redacted] refused");
        assert_eq!((&line(1)["number"], &line(1)["kind"]), (&7.into(), &"NotFound".into()));
        assert!(line(1)["time"].as_str().unwrap().contains('T'), "{lines:?}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&folder), mode(&newest(&folder))), (0o700, 0o600));
        }
    }

    #[test]
    fn old_lines_go_and_the_files_stay_small() {
        let folder = tempfile::tempdir().unwrap();
        let file = LogFile::default();
        file.open(folder.path()).unwrap();
        let long = "x".repeat(100_000);
        for number in 0..60 {
            let line = format!("{}\n", serde_json::json!({ "number": number, "long": long }));
            file.0.lock().unwrap().write(&line);
        }
        let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().flatten().collect();
        assert_eq!(u32::try_from(files.len()), Ok(OLDER + 1));
        for file in files {
            assert!(file.metadata().unwrap().len() < LONGEST + 200_000);
        }
        let numbers: Vec<u64> = LogFile::lines(folder.path())
            .iter()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["number"].as_u64().unwrap())
            .collect();
        let first = numbers[0];
        assert!(first > 0 && numbers == (first..60).collect::<Vec<_>>(), "{numbers:?}");
    }
}
