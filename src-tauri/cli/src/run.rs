//! Runs the queue until every upload has ended, and reports to an output.

pub(crate) mod changing;
mod left_behind;
mod mfa;
mod obstacle;
pub(crate) mod prompt;
mod questions;
mod waiting;

use crate::flags::RunOptions;
use crate::output::{Failure, Finished, Look, Output, Tally};
use crate::run::changing::Changing;
use crate::run::left_behind::LeftBehind;
use crate::run::mfa::MfaCodes;
use crate::run::obstacle::stands_in_the_way;
use crate::run::prompt::{Answer, Asks, Prompts};
use crate::run::waiting::{failing, waiting_for};
use crate::signals::StopSignal;
use crate::state::receipts;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use windlass_engine::{
    Detail, Engine, Fault, FaultKind, Id, IfChanging, PageQuery, QueuePage, Reason, Result, Row,
    Selection, Sort, Status, Totals, View,
};

/// Interval between two polls: short enough for small files, long enough to cost nothing.
const LOOK: Duration = Duration::from_millis(50);
/// Seconds; what is sooner done is not asked for what may end before it.
const LONG: u64 = 600;
/// Rows per page.
const PAGE: u32 = 500;
/// How long to wait for cancelled uploads that have nothing on a server.
const CANCEL_LIMIT: Duration = Duration::from_secs(10);

pub(crate) struct Run<'a> {
    engine: &'a Engine,
    output: &'a mut dyn Output,
    stop: &'a StopSignal,
    began_at: u64,
    tally: Tally,
    planned: HashSet<Id>,
    /// Uploads that ended and were reported.
    reported: HashSet<Id>,
    /// Told that something ends before they do.
    warned: HashSet<Id>,
    /// Uploads to be removed from the list, once their transfers are gone.
    to_forget: HashSet<Id>,
    prompts: Prompts,
    mfa: MfaCodes,
    changing: Changing,
    /// The folder of `--receipts`.
    receipts: Option<PathBuf>,
    left_behind: LeftBehind,
    /// Whether anything has reached the server, in this run or an earlier one.
    reached: bool,
    /// Whether anything has in this run.
    worked: bool,
    /// A fault that affects every upload.
    fatal: Option<Fault>,
}

/// The options of a run.
pub(crate) struct RunMode {
    asks: Asks,
    /// Whether the queue comes from an earlier run, and is kept even if nothing could be sent.
    resumed: bool,
    if_changing: IfChanging,
    receipts: Option<PathBuf>,
}

impl RunMode {
    pub(crate) fn from_options(flags: &RunOptions, asks: Asks, resumed: bool) -> Self {
        let (if_changing, receipts) = (flags.if_changing.to_engine(), flags.receipts.clone());
        Self { asks, resumed, if_changing, receipts }
    }
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        engine: &'a Engine,
        output: &'a mut dyn Output,
        stop: &'a StopSignal,
        mode: RunMode,
    ) -> Self {
        Self {
            engine,
            output,
            stop,
            began_at: now(),
            tally: Tally::default(),
            planned: HashSet::new(),
            reported: HashSet::new(),
            warned: HashSet::new(),
            to_forget: HashSet::new(),
            prompts: Prompts::new(mode.asks),
            mfa: MfaCodes::new(),
            changing: Changing::new(mode.if_changing),
            receipts: mode.receipts,
            left_behind: LeftBehind::default(),
            reached: mode.resumed,
            worked: false,
            fatal: None,
        }
    }

    /// Runs until every upload has ended or the run is interrupted, then closes the engine.
    ///
    /// # Errors
    /// `Storage`, if the journal fails.
    pub(crate) async fn drive(mut self) -> Result<Tally> {
        let mut changes = self.engine.changes();
        changes.mark_changed();
        self.engine.start();
        let stop = self.stop.clone();
        let outcome = loop {
            tokio::select! {
                biased;
                () = stop.requested() => break self.interrupted().await,
                answer = self.prompts.answered() => self.take(answer).await?,
                code = self.mfa.answered() => self.take_code(code).await,
                // the engine outlives this loop, so the channel stays open
                _ = changes.changed() => {}
            }
            if self.look().await? {
                break Ok(());
            }
            if let Some(fault) = self.fatal.clone() {
                break self.give_up(&fault).await;
            }
            tokio::select! {
                () = stop.requested() => {}
                () = self.engine.rests() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        };
        self.engine.close().await;
        self.report_left_behind();
        outcome?;
        let totals = self.engine.totals().await?;
        self.tally.left =
            totals.active + totals.waiting + totals.paused + totals.needs_answer + totals.failed;
        Ok(self.tally)
    }

    /// True once every upload has ended and was reported.
    async fn look(&mut self) -> Result<bool> {
        // counted first: uploads that end meanwhile are seen at the next poll
        let totals = self.engine.totals().await?;
        if totals.notices > 0 {
            self.report_left_behind();
        }
        let goes_on = self.report_ended().await?;
        let active = self.page(View::Active, 0).await?.rows;
        for row in active.iter().filter(|row| row.parts > 0) {
            self.worked |= row.stored > 0;
            self.reached |= self.worked;
            if self.planned.insert(row.id) {
                let detail = self.engine.detail(row.id).await?;
                self.output.planned(&detail);
            }
        }
        for row in active.iter().filter(|row| row.seconds_left.is_some_and(|left| left > LONG)) {
            if !self.warned.contains(&row.id)
                && let Some(deadline) = self.engine.deadline(row)
            {
                self.warned.insert(row.id);
                self.output.say(&format!("{}: {deadline}", row.path));
            }
        }
        let waiting_for = match active.iter().find(|row| row.status == Status::Offline) {
            Some(row) => waiting_for(&self.engine.detail(row.id).await?),
            None => None,
        };
        self.ask_for_code(&active);
        self.output.moving(&Look {
            totals: &totals,
            active: &active,
            tally: &self.tally,
            waiting_for: waiting_for.as_deref(),
            failing: active.iter().find_map(failing),
        });
        Ok(is_idle(&totals) && !goes_on && self.to_forget.is_empty() && self.prompts.is_idle())
    }

    fn report_left_behind(&mut self) {
        for (uri, fault) in self.left_behind.not_reported(self.engine) {
            self.output.left_behind(&uri, &fault);
        }
    }

    /// Reports ended uploads page by page. Reported ones leave the list, so the next page starts at the same place.
    async fn report_all_done(&mut self, view: View) -> Result<()> {
        loop {
            let page = self.engine.details(query(view, 0)).await?;
            let (is_last, before) = (page.len() < PAGE as usize, self.tally.done);
            for detail in page {
                if self.reported.insert(detail.row.id) {
                    let receipt = self.write_receipt(&detail).await;
                    self.report_done(&detail, receipt.as_deref());
                    self.to_forget.insert(detail.row.id);
                }
            }
            // none of them could be forgotten: the next poll tries again
            if is_last || self.tally.done == before {
                return Ok(());
            }
            self.forget().await?;
        }
    }

    /// True if a failed upload was resumed.
    async fn report_ended(&mut self) -> Result<bool> {
        for view in [View::Done, View::Skipped] {
            self.report_all_done(view).await?;
        }
        // uploads that are kept stay in the list, so all of it is read
        let mut offset = 0;
        loop {
            let page = self.page(View::Failed, offset).await?;
            for row in &page.rows {
                if self.reported.contains(&row.id) || self.prompts.take_up(row) {
                    continue;
                }
                let ending = self.fatal.is_some() || self.tally.interrupted;
                if !ending && let Some(words) = self.changing.take_up(row) {
                    // parts of it had been sent
                    self.reached = true;
                    self.output.say(&format!("{}: {words}", row.path));
                    continue;
                }
                self.reported.insert(row.id);
                self.report_failed(row).await?;
            }
            offset += PAGE;
            if offset >= page.total {
                break;
            }
        }
        self.report_questions().await?;
        if !self.mfa.is_open()
            && let Some(row) = self.prompts.next()
        {
            self.output.asks(&row);
        }
        let goes_on = self.changing.answer(self.engine).await?;
        self.forget().await?;
        Ok(goes_on)
    }

    /// An upload whose transfer is still ending cannot be forgotten yet; the next poll tries again.
    async fn forget(&mut self) -> Result<()> {
        if self.to_forget.is_empty() {
            return Ok(());
        }
        let ids: Vec<Id> = self.to_forget.iter().copied().collect();
        for id in self.engine.forget(Selection::Ids { ids }).await? {
            self.is_off(id);
        }
        let left: Vec<Id> = self.to_forget.iter().copied().collect();
        for id in left {
            if self.engine.detail(id).await.is_err_and(|fault| fault.kind == FaultKind::Bug) {
                self.is_off(id);
            }
        }
        Ok(())
    }

    fn is_off(&mut self, id: Id) {
        self.to_forget.remove(&id);
        self.reported.remove(&id);
        self.planned.remove(&id);
    }

    fn report_done(&mut self, detail: &Detail, receipt: Option<&Path>) {
        let row = &detail.row;
        let skipped = row.status == Status::Skipped;
        (self.reached, self.worked) = (true, true);
        self.tally.done += 1;
        self.tally.skipped += u32::from(skipped);
        self.tally.done_bytes += row.size;
        if skipped {
            self.tally.skipped_bytes += row.size;
        }
        if self.planned.insert(row.id) && !skipped {
            self.output.planned(detail);
        }
        let began = detail.started_at.unwrap_or(self.began_at).max(self.began_at);
        let took = Duration::from_millis(detail.finished_at.unwrap_or(began).saturating_sub(began));
        self.output.done(&Finished { detail, seconds: took.as_secs_f64(), skipped, receipt });
    }

    /// Writes the receipt. A receipt that cannot be written does not fail the upload.
    async fn write_receipt(&mut self, detail: &Detail) -> Option<PathBuf> {
        let folder = self.receipts.as_ref().filter(|_| detail.checksum.is_some())?;
        match receipts::write(self.engine, detail, folder).await {
            Ok(path) => Some(path),
            Err(fault) => {
                self.tally.unwritten += 1;
                self.output.say(&format!("{}: {}", detail.row.path, fault.detail));
                None
            }
        }
    }

    async fn report_failed(&mut self, row: &Row) -> Result<()> {
        let Some(fault) = &row.fault else { return Ok(()) };
        // its parts are on the server, or the network or the credentials failed
        let on_server = self.engine.detail(row.id).await?.upload_id.is_some();
        let unstable = fault.keeps_changing();
        self.reached |= on_server || unstable;
        // the multipart upload on the server is not this file's, and is left unchanged
        let other =
            matches!(fault.reason.get(), Some(Reason::OtherFile { .. } | Reason::NotComparable));
        let kept = (on_server && !other)
            || unstable
            || (self.reached && stands_in_the_way(fault.kind) && !self.leads_nowhere(fault));
        let along = self.fatal.as_ref().is_some_and(|fatal| fatal.kind == fault.kind);
        self.report_failure(row, fault, (kept, on_server), along);
        if !kept {
            self.to_forget.insert(row.id);
        }
        if stands_in_the_way(fault.kind) {
            self.fatal.get_or_insert_with(|| fault.clone());
        }
        Ok(())
    }

    /// A wrong bucket stays wrong: uploads that never reached it would fail at each `resume`.
    fn leads_nowhere(&self, fault: &Fault) -> bool {
        fault.kind == FaultKind::WrongPlace && !fault.stranger && !self.worked
    }

    fn report_failure(
        &mut self,
        row: &Row,
        fault: &Fault,
        (kept, on_server): (bool, bool),
        along: bool,
    ) {
        self.tally.failed += 1;
        let Row { path, bucket, key, .. } = row;
        self.output.failed(&Failure { path, bucket, key, fault, kept, on_server, along });
    }

    /// The rest would fail the same way, each after its own timeout: they are reported at once, and kept if anything had worked.
    async fn give_up(&mut self, fault: &Fault) -> Result<()> {
        let kept = self.reached && !self.leads_nowhere(fault);
        if kept {
            self.engine.close().await;
        }
        for view in [View::Active, View::Waiting, View::Paused] {
            let mut offset = 0;
            loop {
                let page = self.page(view, offset).await?;
                for row in &page.rows {
                    if self.reported.insert(row.id) {
                        self.report_failure(row, fault, (kept, row.stored > 0), true);
                        if !kept {
                            // cancelled below, or failed just before
                            self.to_forget.insert(row.id);
                        }
                    }
                }
                offset += PAGE;
                if offset >= page.total {
                    break;
                }
            }
        }
        if !kept {
            self.cancel_all().await?;
        }
        self.report_ended().await?;
        self.forget_the_rest().await
    }

    /// Cancels uploads that have nothing on a server, and removes them from the list.
    async fn cancel_all(&mut self) -> Result<()> {
        let mut changes = self.engine.changes();
        self.engine.abort(Selection::All).await?;
        let cancelled = async {
            while !is_idle(&self.engine.totals().await?) {
                // the engine outlives this loop, so the channel stays open
                let _ = changes.changed().await;
            }
            Ok(())
        };
        tokio::time::timeout(CANCEL_LIMIT, cancelled).await.unwrap_or(Ok(()))?;
        self.engine.forget(Selection::All).await.map(|_| ())
    }

    async fn interrupted(&mut self) -> Result<()> {
        self.tally.interrupted = true;
        self.output.stopping();
        for row in self.page(View::Active, 0).await?.rows {
            self.reached |= row.stored > 0 || self.engine.detail(row.id).await?.upload_id.is_some();
        }
        if !self.reached {
            // not kept: a mistyped endpoint would fail again in every `resume`
            self.cancel_all().await?;
        }
        self.engine.close().await;
        self.report_ended().await?;
        self.forget_the_rest().await
    }

    async fn forget_the_rest(&mut self) -> Result<()> {
        let end = tokio::time::Instant::now() + Duration::from_secs(2);
        while !self.to_forget.is_empty() && tokio::time::Instant::now() < end {
            self.forget().await?;
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    async fn take(&mut self, answer: Answer) -> Result<()> {
        self.output.answered();
        self.give(answer).await
    }

    async fn page(&self, view: View, offset: u32) -> Result<QueuePage> {
        self.engine.queue_page(query(view, offset)).await
    }
}

fn query(view: View, offset: u32) -> PageQuery {
    PageQuery { view, filter: String::new(), sort: Sort::Queue, offset, limit: PAGE }
}

fn is_idle(totals: &Totals) -> bool {
    totals.active + totals.waiting + totals.paused == 0
}

/// The current time, in ms since 1970.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
