//! Output for programs: one JSON object per line on stdout. Everything else goes to stderr.

pub(crate) mod connections;

use crate::incomplete_list::IncompleteList;
use crate::output::messages::{self, taken};
use crate::output::{Failure, Finished, Look, Output, Tally, stdio};
use serde::Serialize;
use std::path::Path;
use std::time::{Duration, Instant};
use windlass_engine::{
    Account, BlockedOn, Detail, ExistingObject, Fault, Finding, Held, NotDiscarded, Proof, Row,
    Scan, SignInPage, SkipReason, Skipped, Status, UnfinishedName, UnfinishedUpload, Verdict, What,
};

/// Interval between two progress events.
const TICK: Duration = Duration::from_secs(1);

#[derive(Default)]
pub(crate) struct Json {
    last: Option<Instant>,
}

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Event<'a> {
    Plan {
        path: &'a str,
        bucket: &'a str,
        key: &'a str,
        bytes: u64,
        parts: u16,
        part_size: u64,
    },
    /// Another object has the key; the question itself is on stderr.
    NeedsAnswer {
        path: &'a str,
        bucket: &'a str,
        key: &'a str,
        bytes: u64,
        existing: Option<&'a ExistingObject>,
    },
    Progress {
        done: u32,
        failed: u32,
        left: u32,
        bytes: u64,
        stored: u64,
        rate: u64,
        seconds_left: Option<u64>,
        connections: u32,
        offline: bool,
        uploads: Vec<Moving<'a>>,
    },
    Done {
        path: &'a str,
        bucket: &'a str,
        key: &'a str,
        bytes: u64,
        parts: u16,
        part_size: u64,
        sent: u64,
        resumed: u64,
        retries: u32,
        resent: u32,
        seconds: f64,
        checksum: Option<&'a Proof>,
        etag: Option<&'a str>,
        version_id: Option<&'a str>,
        /// The object existed, so nothing was sent.
        skipped: bool,
        /// The file that its receipt was written to.
        #[serde(skip_serializing_if = "Option::is_none")]
        receipt: Option<&'a Path>,
    },
    Failed {
        path: &'a str,
        bucket: &'a str,
        key: &'a str,
        fault: &'a Fault,
        kept: bool,
    },
    /// A file of a folder that was skipped without being a failure: a symbolic link, a socket, a file manager's own file.
    Skipped {
        path: &'a str,
        #[serde(flatten)]
        reason: &'a SkipReason,
    },
    Verified {
        bucket: &'a str,
        key: &'a str,
        verdict: Verdict,
        findings: Vec<Found>,
        /// Whether a receipt was compared.
        receipt: bool,
    },
    /// An incomplete multipart upload on the server.
    Unfinished {
        bucket: &'a str,
        #[serde(flatten)]
        upload: &'a UnfinishedUpload,
        /// It belongs to an upload of this computer.
        held: bool,
    },
    Listed {
        count: u32,
        bytes: u64,
        /// The bucket has more.
        more: bool,
    },
    Discarded {
        bucket: &'a str,
        #[serde(flatten)]
        name: &'a UnfinishedName,
    },
    NotDiscarded {
        bucket: &'a str,
        #[serde(flatten)]
        name: &'a UnfinishedName,
        fault: &'a Fault,
    },
    /// A bucket that exists and is ours.
    Bucket {
        bucket: &'a str,
    },
    /// A page that somebody is to sign in on.
    SignIn {
        #[serde(flatten)]
        page: &'a SignInPage,
    },
    SignedIn {
        start_url: &'a str,
        /// Seconds since 1970. It is refreshed before as long as IAM Identity Center allows.
        expires_at: i64,
    },
    /// A role in an account that somebody may choose.
    Role {
        #[serde(flatten)]
        account: &'a Account,
        role_name: &'a str,
    },
    /// The scratch upload of a probe, which these keys may not delete.
    LeftBehind {
        uri: &'a str,
        fault: &'a Fault,
    },
    NotCreated {
        bucket: &'a str,
        fault: &'a Fault,
    },
    NotListed {
        fault: &'a Fault,
    },
    /// The run was interrupted; it exits with 130.
    Interrupted {
        unfinished: u32,
    },
}

/// A finding of `verify`, with the sentence that the terminal shows.
#[derive(Serialize)]
struct Found {
    what: What,
    held: Held,
    said: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Moving<'a> {
    path: &'a str,
    bucket: &'a str,
    key: &'a str,
    status: Status,
    bytes: u64,
    stored: u64,
    in_flight: u64,
    parts: u16,
    parts_stored: u16,
    rate: u64,
    seconds_left: Option<u64>,
    /// What it waits for: a failing server that is being retried, or the network.
    waits: Option<&'a BlockedOn>,
}

impl<'a> Moving<'a> {
    fn from_row(row: &'a Row) -> Self {
        Self {
            path: &row.path,
            bucket: &row.bucket,
            key: &row.key,
            status: row.status,
            bytes: row.size,
            stored: row.stored,
            in_flight: row.in_flight,
            parts: row.parts,
            parts_stored: row.parts_stored,
            rate: row.rate,
            seconds_left: row.seconds_left,
            waits: row.waits.as_ref(),
        }
    }
}

fn put(event: &impl Serialize) {
    match serde_json::to_string(event) {
        Ok(text) => stdio::json(&text),
        Err(error) => stdio::report(&format!("an event could not be written: {error}")),
    }
}

/// Prints each incomplete multipart upload, then their totals.
pub(crate) fn incomplete(bucket: &str, all: &IncompleteList) {
    for (upload, held) in &all.uploads {
        put(&Event::Unfinished { bucket, upload, held: *held });
    }
    put(&Event::Listed { count: all.count(), bytes: all.bytes(), more: all.more });
}

/// Prints which multipart uploads were discarded and which were not.
pub(crate) fn discarded(bucket: &str, names: &[UnfinishedName], faults: &[NotDiscarded]) {
    for name in names {
        let is_it = |one: &&NotDiscarded| one.key == name.key && one.upload_id == name.upload_id;
        match faults.iter().find(is_it) {
            Some(NotDiscarded { fault, .. }) => put(&Event::NotDiscarded { bucket, name, fault }),
            None => put(&Event::Discarded { bucket, name }),
        }
    }
}

/// Prints a bucket that was listed or created.
pub(crate) fn bucket(bucket: &str) {
    put(&Event::Bucket { bucket });
}

/// A page that somebody is to sign in on.
pub(crate) fn sign_in(page: &SignInPage) {
    put(&Event::SignIn { page });
}

pub(crate) fn signed_in(start_url: &str, expires_at: i64) {
    put(&Event::SignedIn { start_url, expires_at });
}

/// One of those to choose from.
pub(crate) fn role(account: &Account, role_name: &str) {
    put(&Event::Role { account, role_name });
}

pub(crate) fn not_created(bucket: &str, fault: &Fault) {
    put(&Event::NotCreated { bucket, fault });
}

pub(crate) fn not_listed(fault: &Fault) {
    put(&Event::NotListed { fault });
}

/// Prints the result of a verification.
pub(crate) fn verified(
    (bucket, key): (&str, &str),
    verdict: Verdict,
    findings: &[Finding],
    receipt: bool,
) {
    let found = |Finding { what, held, said }: &Finding| Found {
        what: *what,
        held: *held,
        said: said.to_string(),
    };
    let findings = findings.iter().map(found).collect();
    put(&Event::Verified { bucket, key, verdict, findings, receipt });
}

impl Output for Json {
    fn looking(&mut self, _: &Scan) {}

    fn left_out(&mut self, skipped: &[Skipped]) {
        for skipped in skipped {
            match &skipped.reason {
                SkipReason::Fault { fault } => {
                    stdio::report(&format!("{}: {}", skipped.path, fault.detail));
                    put(&Event::Failed {
                        path: &skipped.path,
                        bucket: "",
                        key: "",
                        fault,
                        kept: false,
                    });
                }
                reason => put(&Event::Skipped { path: &skipped.path, reason }),
            }
        }
    }

    fn found(&mut self, _: &Scan) {}

    fn planned(&mut self, detail: &Detail) {
        let row = &detail.row;
        put(&Event::Plan {
            path: &row.path,
            bucket: &row.bucket,
            key: &row.key,
            bytes: row.size,
            parts: row.parts,
            part_size: detail.part_size.unwrap_or(row.size),
        });
    }

    fn moving(&mut self, look: &Look<'_>) {
        if self.last.is_some_and(|last| last.elapsed() < TICK) || look.active.is_empty() {
            return;
        }
        self.last = Some(Instant::now());
        let (totals, tally) = (look.totals, look.tally);
        put(&Event::Progress {
            done: tally.done,
            failed: tally.failed,
            left: totals.active + totals.waiting + totals.paused,
            bytes: tally.done_bytes + totals.total_bytes,
            stored: tally.done_bytes + totals.stored_bytes,
            rate: totals.rate,
            seconds_left: totals.seconds_left,
            connections: totals.connections,
            offline: totals.offline,
            uploads: look.active.iter().map(Moving::from_row).collect(),
        });
    }

    fn done(&mut self, finished: &Finished<'_>) {
        let Finished { detail, seconds, skipped, receipt } = finished;
        let row = &detail.row;
        put(&Event::Done {
            path: &row.path,
            bucket: &row.bucket,
            key: &row.key,
            bytes: row.size,
            parts: row.parts,
            part_size: detail.part_size.unwrap_or(row.size),
            sent: detail.sent,
            resumed: detail.resumed,
            retries: detail.retries,
            resent: detail.resent,
            seconds: *seconds,
            checksum: detail.checksum.as_ref(),
            etag: detail.etag.as_deref(),
            version_id: detail.version_id.as_deref(),
            skipped: *skipped,
            receipt: *receipt,
        });
    }

    fn failed(&mut self, failure: &Failure<'_>) {
        let Failure { path, bucket, key, fault, kept, .. } = *failure;
        put(&Event::Failed { path, bucket, key, fault, kept });
        stdio::report(&format!("{path}: {}", fault.detail));
    }

    fn asks(&mut self, row: &Row) {
        let Row { path, bucket, key, size, existing, .. } = row;
        put(&Event::NeedsAnswer { path, bucket, key, bytes: *size, existing: existing.as_ref() });
        stdio::prompt(&taken(row));
    }

    fn asks_code(&mut self, mfa_serial: &str) {
        stdio::prompt(&messages::mfa_code(mfa_serial));
    }

    fn answered(&mut self) {}

    fn stopping(&mut self) {}

    fn ended(&mut self, tally: &Tally) {
        if tally.interrupted {
            put(&Event::Interrupted { unfinished: tally.left });
        }
    }

    fn left_behind(&mut self, uri: &str, fault: &Fault) {
        put(&Event::LeftBehind { uri, fault });
    }

    fn say(&mut self, words: &str) {
        stdio::report(words);
    }
}
