//! One upload as a row of the journal: its columns, and how they are read and written.

use crate::fault::{Fault, FaultKind};
use crate::model::checksum::ChecksumMode;
use crate::model::key_conflict::{Answer, ExistingObject, Question};
use crate::model::object_options::Options;
use crate::model::part_plan::Plan;
use crate::model::proof::{LastVerification, Proof};
use crate::model::upload::{Id, IfChanging, IfExists, Intent, Phase, Target};
use crate::system::local_file::Fingerprint;
use rusqlite::types::Type;
use rusqlite::{Connection, Row, named_params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::PathBuf;

/// The journal's record of one upload, without its parts and history.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) id: Id,
    pub(crate) position: f64,
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    pub(crate) size: u64,
    pub(crate) modified_ns: i64,
    pub(crate) file_id: u64,
    pub(crate) changed_ns: i64,
    pub(crate) target: Target,
    pub(crate) if_exists: IfExists,
    pub(crate) options: Options,
    pub(crate) wanted_part_size: Option<u64>,
    pub(crate) intent: Intent,
    pub(crate) phase: Phase,
    pub(crate) plan: Option<Plan>,
    pub(crate) upload_id: Option<String>,
    /// The checksum mode that the multipart upload was created with.
    pub(crate) checksum_mode: ChecksumMode,
    pub(crate) stored_bytes: u64,
    pub(crate) stored_parts: u16,
    pub(crate) sent: u64,
    pub(crate) resumed: u64,
    pub(crate) retries: u32,
    pub(crate) etag: Option<String>,
    pub(crate) version_id: Option<String>,
    pub(crate) proof: Option<Proof>,
    pub(crate) added_at: u64,
    pub(crate) started_at: Option<u64>,
    pub(crate) finished_at: Option<u64>,
    pub(crate) if_changing: IfChanging,
    /// A copy that is sent instead of the file, because the file keeps changing.
    pub(crate) copy: Option<PathBuf>,
    /// Number of parts that were resent because the file changed.
    pub(crate) resent: u32,
    /// When (ms since 1970) CreateMultipartUpload or PutObject was sent without a recorded response. The result may
    /// exist on the server under an unknown UploadId.
    pub(crate) requested_at: Vec<u64>,
    /// The multipart upload was found on the server, and no part of it is known to match the file yet.
    pub(crate) adopted: bool,
    /// When (ms since 1970, this computer's clock) the multipart upload was created.
    pub(crate) created_at: Option<u64>,
    /// CompleteMultipartUpload was sent, so an existing object may be this upload's.
    pub(crate) complete_requested: bool,
    /// Cancelled, and not to be aborted on the server yet, because the user may undo that. Kept as a `view` of "aborted"
    /// with a `phase` of "aborting"; ends with the process.
    pub(crate) undoable: bool,
    /// What the user was asked about the object that has its key, and the answer.
    pub(crate) question: Option<Question>,
    /// What came of the last *Verify again* of a finished upload.
    pub(crate) verification: Option<LastVerification>,
}

/// A new upload, as it is queued.
#[derive(Clone, Debug)]
pub(crate) struct NewEntry {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) target: Target,
    pub(crate) if_exists: IfExists,
    pub(crate) options: Options,
    pub(crate) wanted_part_size: Option<u64>,
    pub(crate) added_at: u64,
}

/// Lists the columns once: `COLUMNS` for SELECT, and the index of each in a row. By name, rusqlite would compare strings for
/// every column of every row.
macro_rules! columns {
    ($first:ident $first_name:literal, $($at:ident $name:literal,)*) => {
        pub(crate) const COLUMNS: &str = concat!($first_name $(, ", ", $name)*);

        mod at {
            #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
            enum Index { $first, $($at,)* }
            pub(super) const $first: usize = Index::$first as usize;
            $(pub(super) const $at: usize = Index::$at as usize;)*
        }
    };
}

columns! {
    ID "id", POSITION "position", PATH "path", PATH_BYTES "path_bytes", NAME "name", SIZE "size",
    MODIFIED_NS "modified_ns", FILE_ID "file_id", CONNECTION "connection", BUCKET "bucket", KEY "key",
    IF_EXISTS "if_exists", OPTIONS "options", WANTED_PART_SIZE "wanted_part_size", INTENT "intent", PHASE "phase",
    FAULT "fault", PART_SIZE "part_size", PARTS "parts", UPLOAD_ID "upload_id", CHECKSUM_MODE "checksum_mode",
    STORED_BYTES "stored_bytes", STORED_PARTS "stored_parts", SENT "sent", RESUMED "resumed", RETRIES "retries",
    ETAG "etag", VERSION_ID "version_id", PROOF "proof", ADDED_AT "added_at", STARTED_AT "started_at",
    FINISHED_AT "finished_at", REQUESTED_AT "requested_at", IF_CHANGING "if_changing", COPY "copy", RESENT "resent",
    ADOPTED "adopted", CHANGED_NS "changed_ns", CREATED_AT "created_at", COMPLETE_REQUESTED "complete_requested",
    VIEW "view", QUESTION "question", VERIFICATION "verification",
}

/// The SET clause of columns whose parameters have their names.
macro_rules! set {
    ($first:literal, $($name:literal,)*) => {
        concat!($first, " = :", $first $(, ", ", $name, " = :", $name)*)
    };
}

/// The columns that change often. Only the indexes on `view` contain any of them.
macro_rules! changing {
    () => {
        set! {
            "modified_ns", "file_id", "key", "if_exists", "intent", "phase", "view", "fault", "part_size", "parts",
            "checksum_mode", "stored_bytes", "stored_parts", "sent", "resumed", "retries", "etag", "version_id",
            "proof", "started_at", "finished_at", "requested_at", "if_changing", "copy", "resent", "adopted",
            "changed_ns", "created_at", "complete_requested", "question", "verification",
        }
    };
}

/// Used if size and UploadId are unchanged: SQLite updates the indexes of every column that is set, even to the same
/// value.
const IN_PLACE: &str = concat!(
    "UPDATE OR FAIL uploads SET ",
    changing!(),
    " WHERE id = :id AND size = :size AND upload_id IS :upload_id"
);
const WHOLE: &str = concat!(
    "UPDATE OR FAIL uploads SET size = :size, upload_id = :upload_id, ",
    changing!(),
    " WHERE id = :id"
);

impl NewEntry {
    pub(crate) fn insert(&self, connection: &Connection) -> rusqlite::Result<Id> {
        connection
            .prepare_cached(
                "INSERT OR FAIL INTO uploads (position, path, path_bytes, name, size, modified_ns, file_id, changed_ns, connection, \
                 bucket, key, if_exists, options, wanted_part_size, intent, phase, view, added_at) VALUES ((SELECT \
                 coalesce(max(position), 0) + 1 FROM uploads), :path, :path_bytes, :name, :size, :modified_ns, :file_id, :changed_ns, \
                 :connection, :bucket, :key, :if_exists, :options, :wanted, 'run', 'waiting', 'waiting', :added_at)",
            )?
            .execute(named_params! {
                ":path": self.path.to_string_lossy(),
                ":path_bytes": path_bytes(&self.path),
                ":name": self.name,
                ":size": self.fingerprint.size.cast_signed(),
                ":modified_ns": self.fingerprint.modified_ns,
                ":file_id": self.fingerprint.file_id.cast_signed(),
                ":changed_ns": self.fingerprint.changed_ns,
                ":connection": self.target.connection,
                ":bucket": self.target.bucket,
                ":key": self.target.key,
                ":if_exists": json(&self.if_exists)?,
                // most files have no options, and the text is parsed at least twice
                ":options": if self.options == Options::default() { "{}".into() } else { json(&self.options)? },
                ":wanted": self.wanted_part_size.map(u64::cast_signed),
                ":added_at": self.added_at.cast_signed(),
            })?;
        Id::try_from(connection.last_insert_rowid())
            .map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))
    }
}

impl Entry {
    /// The file's state when the upload was planned.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        let Self { size, modified_ns, file_id, changed_ns, .. } = *self;
        Fingerprint { size, modified_ns, file_id, changed_ns }
    }

    pub(crate) fn set_fingerprint(&mut self, fingerprint: Fingerprint) {
        let Fingerprint { size, modified_ns, file_id, changed_ns } = fingerprint;
        (self.size, self.modified_ns, self.file_id, self.changed_ns) =
            (size, modified_ns, file_id, changed_ns);
    }

    pub(crate) fn update(&self, connection: &Connection) -> rusqlite::Result<()> {
        let fault = match &self.phase {
            Phase::Failed(fault) => Some(json(fault)?),
            _ => None,
        };
        let (part_size, parts) = match self.plan {
            None => (None, None),
            Some(Plan::Single) => (Some(0), Some(1)),
            Some(Plan::Multipart { part_size, parts }) => {
                (Some(part_size.cast_signed()), Some(parts))
            }
        };
        for sql in [IN_PLACE, WHOLE] {
            let changed = connection.prepare_cached(sql)?.execute(named_params! {
                ":id": self.id,
                ":size": self.size.cast_signed(),
                ":modified_ns": self.modified_ns,
                ":file_id": self.file_id.cast_signed(),
                ":changed_ns": self.changed_ns,
                ":key": self.target.key,
                ":if_exists": json(&self.if_exists)?,
                ":intent": intent_word(self.intent),
                ":phase": phase_word(&self.phase),
                ":view": self.view_word(),
                ":fault": fault,
                ":part_size": part_size,
                ":parts": parts,
                ":upload_id": self.upload_id,
                ":checksum_mode": self.checksum_mode.word(),
                ":if_changing": json(&self.if_changing)?,
                ":copy": self.copy.as_ref().map(|copy| copy.to_string_lossy()),
                ":resent": self.resent,
                ":adopted": self.adopted,
                ":created_at": self.created_at.map(u64::cast_signed),
                ":complete_requested": self.complete_requested,
                ":question": self.question.as_ref().map(json).transpose()?,
                ":verification": self.verification.as_ref().map(json).transpose()?,
                ":stored_bytes": self.stored_bytes.cast_signed(),
                ":stored_parts": self.stored_parts,
                ":sent": self.sent.cast_signed(),
                ":resumed": self.resumed.cast_signed(),
                ":retries": self.retries,
                ":etag": self.etag,
                ":version_id": self.version_id,
                ":proof": self.proof.as_ref().map(json).transpose()?,
                ":started_at": self.started_at.map(u64::cast_signed),
                ":finished_at": self.finished_at.map(u64::cast_signed),
                ":requested_at": (!self.requested_at.is_empty()).then(|| json(&self.requested_at)).transpose()?,
            })?;
            if changed > 0 {
                break;
            }
        }
        Ok(())
    }

    /// Whether a multipart upload exists on the server, or may exist because a response was lost.
    pub(crate) fn may_be_on_the_server(&self) -> bool {
        self.upload_id.is_some()
            || (!self.requested_at.is_empty() && matches!(self.plan, Some(Plan::Multipart { .. })))
    }

    /// The object at the key that the user allows to be replaced. The user is asked again about any other.
    pub(crate) fn replaceable(&self) -> Option<&ExistingObject> {
        let question = self.question.as_ref();
        question
            .filter(|question| question.answer == Some(Answer::Replace))
            .map(|question| &question.existing)
    }

    /// Whether the user was asked and chose to skip it.
    pub(crate) fn is_to_be_skipped(&self) -> bool {
        self.question.as_ref().is_some_and(|question| question.answer == Some(Answer::Skip))
    }

    /// Whether it ended without an upload, because the key exists. Whatever was uploaded has a proof.
    pub(crate) fn is_skipped(&self) -> bool {
        self.phase == Phase::Done && self.proof.is_none()
    }

    fn view_word(&self) -> &'static str {
        match &self.phase {
            Phase::Waiting if self.intent == Intent::Pause => "paused",
            Phase::Waiting => "waiting",
            Phase::Aborting if self.undoable => "aborted",
            Phase::Preparing | Phase::Sending | Phase::Completing | Phase::Aborting => "active",
            Phase::NeedsAnswer => "needsAnswer",
            Phase::Done if self.is_skipped() => "skipped",
            Phase::Done => "done",
            Phase::Failed(_) => "failed",
            Phase::Aborted => "aborted",
        }
    }
}

pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let count = |column: usize| row.get::<_, i64>(column).map(i64::cast_unsigned);
    let maybe = |column: usize| {
        row.get::<_, Option<i64>>(column).map(|value| value.map(i64::cast_unsigned))
    };
    let fault: Option<String> = row.get(at::FAULT)?;
    let phase = match row.get::<_, String>(at::PHASE)?.as_str() {
        "waiting" => Phase::Waiting,
        "preparing" => Phase::Preparing,
        "sending" => Phase::Sending,
        "completing" => Phase::Completing,
        "needsAnswer" => Phase::NeedsAnswer,
        "done" => Phase::Done,
        "aborting" => Phase::Aborting,
        "aborted" => Phase::Aborted,
        _ => Phase::Failed(match fault {
            Some(text) => from_json(&text)?,
            None => Fault::new(FaultKind::Bug, "the journal has no fault for a failed upload"),
        }),
    };
    let plan = match (maybe(at::PART_SIZE)?, row.get::<_, Option<u16>>(at::PARTS)?) {
        (Some(0), _) => Some(Plan::Single),
        (Some(part_size), Some(parts)) => Some(Plan::Multipart { part_size, parts }),
        _ => None,
    };
    let undoable = phase == Phase::Aborting
        && row.get_ref(at::VIEW)?.as_str().is_ok_and(|view| view == "aborted");
    Ok(Entry {
        undoable,
        id: row.get(at::ID)?,
        position: row.get(at::POSITION)?,
        path: path_of(row.get(at::PATH)?, row.get(at::PATH_BYTES)?),
        name: row.get(at::NAME)?,
        size: count(at::SIZE)?,
        modified_ns: row.get(at::MODIFIED_NS)?,
        file_id: count(at::FILE_ID)?,
        target: Target {
            connection: row.get(at::CONNECTION)?,
            bucket: row.get(at::BUCKET)?,
            key: row.get(at::KEY)?,
        },
        if_exists: from_json(&row.get::<_, String>(at::IF_EXISTS)?)?,
        options: from_json(&row.get::<_, String>(at::OPTIONS)?)?,
        wanted_part_size: maybe(at::WANTED_PART_SIZE)?,
        intent: match row.get::<_, String>(at::INTENT)?.as_str() {
            "pause" => Intent::Pause,
            "abort" => Intent::Abort,
            _ => Intent::Run,
        },
        phase,
        plan,
        upload_id: row.get(at::UPLOAD_ID)?,
        checksum_mode: match row.get::<_, Option<String>>(at::CHECKSUM_MODE)? {
            Some(word) => ChecksumMode::of_word(&word).unwrap_or(ChecksumMode::Md5),
            None => ChecksumMode::Md5,
        },
        stored_bytes: count(at::STORED_BYTES)?,
        stored_parts: row.get(at::STORED_PARTS)?,
        sent: count(at::SENT)?,
        resumed: count(at::RESUMED)?,
        retries: row.get(at::RETRIES)?,
        etag: row.get(at::ETAG)?,
        version_id: row.get(at::VERSION_ID)?,
        proof: row.get::<_, Option<String>>(at::PROOF)?.as_deref().map(from_json).transpose()?,
        added_at: count(at::ADDED_AT)?,
        started_at: maybe(at::STARTED_AT)?,
        finished_at: maybe(at::FINISHED_AT)?,
        if_changing: row
            .get::<_, Option<String>>(at::IF_CHANGING)?
            .as_deref()
            .map(from_json)
            .transpose()?
            .unwrap_or_default(),
        copy: row.get::<_, Option<String>>(at::COPY)?.map(PathBuf::from),
        resent: row.get(at::RESENT)?,
        adopted: row.get(at::ADOPTED)?,
        changed_ns: row.get(at::CHANGED_NS)?,
        created_at: maybe(at::CREATED_AT)?,
        complete_requested: row.get(at::COMPLETE_REQUESTED)?,
        question: row
            .get::<_, Option<String>>(at::QUESTION)?
            .as_deref()
            .map(from_json)
            .transpose()?,
        verification: row
            .get::<_, Option<String>>(at::VERIFICATION)?
            .as_deref()
            .map(from_json)
            .transpose()?,
        requested_at: row
            .get::<_, Option<String>>(at::REQUESTED_AT)?
            .as_deref()
            .map(from_json)
            .transpose()?
            .unwrap_or_default(),
    })
}

pub(crate) fn intent_word(intent: Intent) -> &'static str {
    match intent {
        Intent::Run => "run",
        Intent::Pause => "pause",
        Intent::Abort => "abort",
    }
}

fn phase_word(phase: &Phase) -> &'static str {
    match phase {
        Phase::Waiting => "waiting",
        Phase::Preparing => "preparing",
        Phase::Sending => "sending",
        Phase::Completing => "completing",
        Phase::NeedsAnswer => "needsAnswer",
        Phase::Done => "done",
        Phase::Failed(_) => "failed",
        Phase::Aborting => "aborting",
        Phase::Aborted => "aborted",
    }
}

fn json<T: Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))
}

fn from_json<T: DeserializeOwned>(text: &str) -> rusqlite::Result<T> {
    serde_json::from_str(text)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, e.into()))
}

/// The bytes of a path that is not UTF-8, which only Unix allows.
#[cfg(unix)]
fn path_bytes(path: &std::path::Path) -> Option<&[u8]> {
    use std::os::unix::ffi::OsStrExt;
    path.to_str().is_none().then(|| path.as_os_str().as_bytes())
}

#[cfg(not(unix))]
fn path_bytes(_path: &std::path::Path) -> Option<&[u8]> {
    None
}

#[cfg(unix)]
fn path_of(text: String, bytes: Option<Vec<u8>>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    bytes.map_or_else(|| PathBuf::from(text), |bytes| std::ffi::OsString::from_vec(bytes).into())
}

#[cfg(not(unix))]
fn path_of(text: String, _bytes: Option<Vec<u8>>) -> PathBuf {
    text.into()
}
