//! What the engine shows of itself: rows and pages out of the journal, with what moves laid over them.

use super::Engine;
use crate::engine::view::{Detail, QueuePage, Row, Totals};
use crate::fault::{Fault, FaultKind, Result};
use crate::model::access_point::AccessPoint;
use crate::model::connection::Connection;
use crate::model::history::{Event, History};
use crate::model::part_plan::Plan;
use crate::model::part_table::{PartState, Parts};
use crate::model::query::PageQuery;
use crate::model::status::Status;
use crate::model::upload::{Id, Phase};
use crate::model::waiting::BlockedOn;
use crate::persistence::journal::Entry;
use crate::s3::percent;
use crate::transfer::active::ActiveUpload;

impl Engine {
    /// # Errors
    /// `Storage`.
    pub async fn totals(&self) -> Result<Totals> {
        let revision = self.shared.revision();
        let counts = self.shared.journal.counts().await?;
        let now = self.shared.now();
        let idle = [counts.waiting, counts.paused];
        let limit = self.shared.limit_now();
        let mut totals = Totals {
            revision,
            all: [
                counts.waiting,
                counts.paused,
                counts.active,
                counts.needs_answer,
                counts.failed,
                counts.done,
                counts.skipped,
                counts.aborted,
            ]
            .iter()
            .map(|count| count.uploads)
            .sum(),
            active: counts.active.uploads,
            waiting: counts.waiting.uploads,
            paused: counts.paused.uploads,
            needs_answer: counts.needs_answer.uploads,
            failed: counts.failed.uploads,
            done: counts.done.uploads,
            skipped: counts.skipped.uploads,
            cancelled: counts.aborted.uploads,
            stored_bytes: idle.iter().map(|count| count.stored).sum(),
            total_bytes: counts.active.bytes + idle.iter().map(|count| count.bytes).sum::<u64>(),
            connections: u32::try_from(self.shared.connection_pool.used()).unwrap_or(u32::MAX),
            limit: limit.limit,
            limit_until: limit.until,
            notices: self.count_notices(),
            ..Totals::default()
        };
        for upload in self.shared.active_uploads() {
            let tally = upload.tally();
            totals.stored_bytes += tally.stored_bytes;
            totals.in_flight_bytes += tally.sending_bytes;
            totals.rate += upload.statistics.meter(|meter| meter.rate(now));
            totals.offline |= upload.is_offline();
            totals.sign_in += u32::from(upload.waits_for_sign_in());
        }
        totals.stored_bytes = totals.stored_bytes.min(totals.total_bytes);
        let paused = counts.paused.bytes.saturating_sub(counts.paused.stored);
        totals.seconds_left = self.seconds_left(&totals, paused);
        Ok(totals)
    }

    /// Until everything is sent that is not paused. Told as soon as a row tells its own, and no longer: of one upload alone
    /// the two are the same.
    fn seconds_left(&self, totals: &Totals, paused: u64) -> Option<u64> {
        let now = self.shared.now();
        let sending = |upload: &ActiveUpload| {
            let status = upload.read(|entry| Status::from_phase(&entry.phase, entry.intent));
            upload.seen_as(status) == Status::Sending
        };
        let driven = self.shared.active_uploads();
        let mut sending = driven.iter().filter(|upload| sending(upload));
        // none of them is old enough to be more than a guess
        sending.find_map(|upload| upload.statistics.meter(|meter| meter.seconds_left(now, 1)))?;
        let sent = totals.stored_bytes + totals.in_flight_bytes + paused;
        (totals.rate > 0).then(|| totals.total_bytes.saturating_sub(sent).div_ceil(totals.rate))
    }

    /// # Errors
    /// `Storage`.
    pub async fn queue_page(&self, query: PageQuery) -> Result<QueuePage> {
        let revision = self.shared.revision();
        let (total, entries) = self.shared.journal.page(query).await?;
        let connections = self.shared.settings.connections();
        let rows = entries.into_iter().map(|entry| self.row(entry, &connections)).collect();
        Ok(QueuePage { revision, total, rows })
    }

    /// The numbers of the rows that a list shows from `offset` on, as many as are asked for: what "select all" selects.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn queue_ids(&self, query: PageQuery) -> Result<Vec<Id>> {
        self.shared.journal.ids_of(query).await
    }

    fn row(&self, entry: Entry, connections: &[Connection]) -> Row {
        let upload = self.shared.active_upload(entry.id);
        // the journal may be a few milliseconds behind
        let entry = upload.as_ref().map_or(entry, |upload| upload.entry());
        self.row_of(&entry, upload.as_deref(), connections)
    }

    fn row_of(
        &self,
        entry: &Entry,
        upload: Option<&ActiveUpload>,
        connections: &[Connection],
    ) -> Row {
        let now = self.shared.now();
        let mut row = row_at_rest(entry, connections);
        if let Some(upload) = upload {
            lay_over(&mut row, upload, now);
        }
        if entry.undoable {
            row.status = Status::Aborted;
        }
        row.can_undo =
            row.status == Status::Aborted && self.shared.undo_list().can_undo(entry.id, now);
        row
    }

    /// # Errors
    /// `Bug` where there is no such upload, `Storage`.
    pub async fn detail(&self, id: Id) -> Result<Detail> {
        let entry = self.entry(id).await?;
        let history = self.shared.journal.history(id).await?;
        let mut detail = self.detailed(entry, history, &self.shared.settings.connections());
        if detail.row.status == Status::NeedsAnswer {
            detail.need_answer = self.shared.journal.need_answer_with(id).await?;
        }
        Ok(detail)
    }

    /// A page in all detail but what its history tells of each between its ends.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn details(&self, query: PageQuery) -> Result<Vec<Detail>> {
        let (_, entries) = self.shared.journal.page(query).await?;
        let connections = self.shared.settings.connections();
        Ok(entries.into_iter().map(|entry| self.detailed(entry, vec![], &connections)).collect())
    }

    fn detailed(&self, entry: Entry, history: Vec<History>, connections: &[Connection]) -> Detail {
        let upload = self.shared.active_upload(entry.id);
        // all of it of one moment: a row that is done beside a proof that is not there yet would be a lie
        let entry = upload.as_ref().map_or(entry, |upload| upload.entry());
        let connection =
            connections.iter().find(|connection| connection.id == entry.target.connection);
        let connection = connection.map(|connection| self.shared.as_used(connection));
        let now = self.shared.now();
        let throughput = upload.as_ref().map_or_else(
            || self.shared.went(entry.id),
            |upload| upload.statistics.meter(|meter| meter.history(now)),
        );
        let row = self.row_of(&entry, upload.as_deref(), connections);
        Detail {
            deadline: self.deadline_of(&entry, &row),
            need_answer: 0,
            part_size: match entry.plan {
                Some(Plan::Multipart { part_size, .. }) => Some(part_size),
                _ => None,
            },
            added_at: entry.added_at,
            started_at: entry.started_at,
            finished_at: entry.finished_at,
            sent: upload.as_ref().map_or(entry.sent, |upload| upload.statistics.sent()),
            resumed: entry.resumed,
            retries: entry.retries,
            resent: entry.resent,
            upload_id: entry.upload_id.clone(),
            etag: entry.etag.clone(),
            version_id: entry.version_id.clone(),
            checksum: entry.proof.clone(),
            s3_uri: format!("s3://{}/{}", entry.target.bucket, entry.target.key),
            url: url(connection.as_ref(), &entry.target.bucket, &entry.target.key),
            history: whole_history(&entry, history),
            throughput,
            row,
        }
    }

    /// One byte a part: 0 pending, 1-100 percent in flight, 200 backing off, 255 stored.
    ///
    /// # Errors
    /// `Bug` where there is no such upload, `Storage`.
    pub async fn part_map(&self, id: Id) -> Result<Vec<u8>> {
        if let Some(upload) = self.shared.active_upload(id) {
            return Ok(upload.map());
        }
        let entry = self.entry(id).await?;
        let Some(plan) = entry.plan else { return Ok(vec![]) };
        if entry.is_skipped() {
            return Ok(vec![]);
        }
        if entry.phase == Phase::Done {
            return Ok(vec![255; usize::from(plan.parts())]);
        }
        let mut parts = Parts::new(plan, entry.size);
        for (number, stored) in self.shared.journal.parts(id).await? {
            parts.set(number, PartState::Stored(stored));
        }
        Ok(parts.map())
    }

    pub(super) async fn entry(&self, id: Id) -> Result<Entry> {
        if let Some(upload) = self.shared.active_upload(id) {
            return Ok(upload.entry());
        }
        let entry = self.shared.journal.get(id).await?;
        entry.ok_or_else(|| Fault::new(FaultKind::Bug, "this upload is not in the list any more"))
    }
}

fn row_at_rest(entry: &Entry, connections: &[Connection]) -> Row {
    let connection = connections.iter().find(|connection| connection.id == entry.target.connection);
    let skipped = entry.is_skipped();
    let done = entry.phase == Phase::Done && !skipped;
    Row {
        id: entry.id,
        name: entry.name.clone(),
        path: entry.path.display().to_string(),
        connection: entry.target.connection.clone(),
        connection_name: connection
            .map_or_else(|| "removed connection".into(), |connection| connection.name.clone()),
        bucket: entry.target.bucket.clone(),
        key: entry.target.key.clone(),
        size: entry.size,
        status: match skipped {
            true => Status::Skipped,
            false => Status::from_phase(&entry.phase, entry.intent),
        },
        stored: match (done, skipped) {
            (true, _) => entry.size,
            (_, true) => 0,
            _ => entry.stored_bytes,
        },
        in_flight: 0,
        parts: entry.plan.map_or(0, Plan::parts),
        parts_stored: if skipped { 0 } else { entry.stored_parts },
        parts_in_flight: 0,
        rate: 0,
        seconds_left: None,
        fault: match &entry.phase {
            Phase::Failed(fault) => Some(fault.clone()),
            _ => None,
        },
        existing: entry
            .question
            .as_ref()
            .filter(|_| skipped || entry.phase == Phase::NeedsAnswer)
            .map(|question| question.existing.clone()),
        proof: entry.proof.clone().filter(|_| done),
        verification: entry.verification.filter(|_| done),
        waits: None,
        can_undo: false,
    }
}

fn lay_over(row: &mut Row, upload: &ActiveUpload, now: std::time::Duration) {
    let tally = upload.tally();
    // of the entry that the row was made of: asked again, the phase could be a later one than the row's fault
    row.status = upload.seen_as(row.status);
    if !matches!(row.status, Status::Done | Status::Skipped) {
        row.stored = tally.stored_bytes;
        row.parts_stored = tally.stored_parts;
    }
    // a server that fails is told as long as nothing is stored after it
    row.waits = upload.waits().filter(|waits| {
        let is_still = row.status == Status::Offline || tally.sending_parts == 0;
        is_still || matches!(waits, BlockedOn::Again { .. })
    });
    row.in_flight = tally.sending_bytes;
    row.parts_in_flight = tally.sending_parts;
    row.rate = upload.statistics.meter(|meter| meter.rate(now));
    let sends = row.status == Status::Sending;
    row.seconds_left = upload.statistics.meter(|meter| {
        let remaining = row.size.saturating_sub(row.stored + row.in_flight);
        meter.seconds_left(now, remaining).filter(|_| sends)
    });
}

/// Its ends are read off the upload itself: a hundred thousand small files need no lines of their own for them.
fn whole_history(entry: &Entry, between: Vec<History>) -> Vec<History> {
    let line = |at, what| History { at, what };
    let started = entry.started_at.map(|at| line(at, Event::Started));
    let proof = entry.proof.clone().filter(|_| entry.phase == Phase::Done);
    let done = proof.map(|proof| Event::Done { proof });
    let done = entry.finished_at.zip(done).map(|(at, what)| line(at, what));
    let begin = [line(entry.added_at, Event::Queued)].into_iter().chain(started);
    begin.chain(between).chain(done).collect()
}

/// The object's address in a browser.
fn url(connection: Option<&Connection>, bucket: &str, key: &str) -> String {
    let key = key.split('/').map(percent).collect::<Vec<_>>().join("/");
    let Some(connection) = connection else { return String::new() };
    if let Some(AccessPoint { name, account, region }) = AccessPoint::parse(bucket) {
        let of_endpoint = connection.endpoint.as_deref().and_then(|one| one.split_once("://"));
        return match of_endpoint {
            Some((scheme, host)) => {
                format!("{scheme}://{name}-{account}.{}/{key}", host.trim().trim_end_matches('/'))
            }
            None if region.is_empty() => {
                format!("https://{name}.accesspoint.s3-global.amazonaws.com/{key}")
            }
            None => {
                format!("https://{name}-{account}.s3-accesspoint.{region}.amazonaws.com/{key}")
            }
        };
    }
    match &connection.endpoint {
        None => format!("https://{bucket}.s3.{}.amazonaws.com/{key}", connection.region),
        Some(endpoint) => {
            let endpoint = endpoint.trim().trim_end_matches('/');
            match endpoint.split_once("://") {
                Some((scheme, host)) if !connection.path_style => {
                    format!("{scheme}://{bucket}.{host}/{key}")
                }
                _ => format!("{endpoint}/{bucket}/{key}"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::connection::{EndpointOptions, Sign, SignedIn};
    use crate::model::proxy::Proxy;

    #[test]
    fn addresses_by_style() {
        let mut connection = Connection {
            id: "1".into(),
            name: "n".into(),
            preset: "other".into(),
            endpoint: Some("https://s3.example.com/".into()),
            region: "eu-west-1".into(),
            path_style: true,
            sign: Sign::Nothing,
            bucket: None,
            prefix: String::new(),
            ca_bundle: None,
            proxy: Proxy::default(),
            endpoint_options: EndpointOptions::default(),
            practice: false,
            settled: false,
            role: None,
            signed_in: SignedIn::NotNeeded,
            probed: None,
            stored: crate::model::object_options::Options::default(),
            if_exists: None,
        };
        assert_eq!(url(Some(&connection), "b", "a b/ü"), "https://s3.example.com/b/a%20b/%C3%BC");
        connection.path_style = false;
        let point = "arn:aws:s3:us-west-2:123456789012:accesspoint/films";
        let at = "https://films-123456789012.s3.example.com/k";
        assert_eq!(url(Some(&connection), point, "k"), at);
        assert_eq!(url(Some(&connection), "b", "k"), "https://b.s3.example.com/k");
        connection.endpoint = None;
        assert_eq!(url(Some(&connection), "b", "k"), "https://b.s3.eu-west-1.amazonaws.com/k");
        let at = "https://films-123456789012.s3-accesspoint.us-west-2.amazonaws.com/k";
        assert_eq!(url(Some(&connection), point, "k"), at);
        let many = "arn:aws:s3::123456789012:accesspoint/mfzw.mrap";
        let at = "https://mfzw.mrap.accesspoint.s3-global.amazonaws.com/k";
        assert_eq!(url(Some(&connection), many, "k"), at);
    }
}
