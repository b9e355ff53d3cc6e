//! A look at the unfinished uploads of a bucket: the list, page after page, and meanwhile what is stored of each. Knows no
//! queue: whose an upload is in our own list is told by who asks.

use super::types::{Unfinished, UnfinishedName, UnfinishedUpload};
use crate::fault::{Fault, FaultKind, Result};
use crate::model::lock::locked;
use crate::model::upload::Target;
use crate::s3::{self, S3};
use crate::scheduling::retry::{Attempts, Next};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// Uploads that are asked for their parts at a time: a server has other things to do.
const AT_ONCE: usize = 8;

/// So many are remembered, some 10 MB; a bucket with more has other troubles, and the next look shows the rest.
const REMEMBERED: usize = 20_000;

/// Rows of one answer.
const PAGE: usize = 1_000;

/// Tries of one request. Somebody waits, and can look again.
const TRIES: u16 = 4;

/// A look under way, seen from outside.
#[derive(Clone, Default)]
pub(crate) struct Look(Arc<Seen>);

#[derive(Default)]
struct Seen {
    state: Mutex<State>,
    /// More was listed, or the list is at its end.
    more: Notify,
}

#[derive(Default)]
struct State {
    ended: bool,
    listed: bool,
    uploads: Vec<UnfinishedUpload>,
    /// The first that nobody has asked for its parts yet, and those behind it.
    next: usize,
    bytes: u64,
    sized: u32,
    more: bool,
    fault: Option<Fault>,
}

impl State {
    fn find(&self, name: &UnfinishedName) -> Option<usize> {
        let is_it = |one: &UnfinishedUpload| one.upload_id == name.upload_id && one.key == name.key;
        self.uploads.iter().position(is_it)
    }

    fn take_out(&mut self, name: &UnfinishedName) {
        let Some(index) = self.find(name) else { return };
        let one = self.uploads.remove(index);
        self.next -= usize::from(index < self.next);
        self.bytes -= one.bytes.unwrap_or(0);
        self.sized -= u32::from(one.bytes.is_some() || one.fault.is_some());
    }
}

impl Look {
    fn lock(&self) -> MutexGuard<'_, State> {
        locked(&self.0.state)
    }

    pub(crate) fn now(&self, offset: u32, limit: u32) -> Unfinished {
        let state = self.lock();
        let some = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
        let shown = state.uploads.iter().skip(some(offset)).take(some(limit).min(PAGE));
        Unfinished {
            running: !state.ended,
            uploads: shown.cloned().collect(),
            count: u32::try_from(state.uploads.len()).unwrap_or(u32::MAX),
            bytes: state.bytes,
            sized: state.sized,
            more: state.more,
            fault: state.fault.clone(),
        }
    }

    /// It is gone from the server.
    pub(crate) fn gone(&self, name: &UnfinishedName) {
        self.lock().take_out(name);
    }

    fn add(&self, page: Vec<s3::Unfinished>) -> bool {
        let mut state = self.lock();
        let room = REMEMBERED.saturating_sub(state.uploads.len());
        state.more = page.len() > room;
        state.uploads.extend(page.into_iter().take(room).map(|one| UnfinishedUpload {
            key: one.key,
            upload_id: one.upload_id,
            initiated: one.initiated.and_then(|at| u64::try_from(at).ok()),
            initiator: one.whose,
            storage_class: one.storage_class,
            parts: None,
            bytes: None,
            ours: None,
            fault: None,
        }));
        !state.more
    }

    /// One whose parts nobody has asked for yet. None where there are no more.
    async fn take(&self) -> Option<UnfinishedName> {
        loop {
            let more = self.0.more.notified();
            tokio::pin!(more);
            more.as_mut().enable();
            {
                let mut state = self.lock();
                if let Some(one) = state.uploads.get(state.next) {
                    let name =
                        UnfinishedName { key: one.key.clone(), upload_id: one.upload_id.clone() };
                    state.next += 1;
                    return Some(name);
                }
                if state.listed {
                    return None;
                }
            }
            more.await;
        }
    }

    fn sized(&self, name: &UnfinishedName, reported: Result<(u32, u64)>) {
        let mut state = self.lock();
        if reported.as_ref().is_err_and(|fault| fault.is_code("NoSuchUpload")) {
            // finished, or taken off, since it was listed
            return state.take_out(name);
        }
        // discarded meanwhile, maybe
        let Some(index) = state.find(name) else { return };
        state.sized += 1;
        match reported {
            Ok((parts, bytes)) => {
                state.bytes += bytes;
                let one = &mut state.uploads[index];
                (one.parts, one.bytes) = (Some(parts), Some(bytes));
            }
            Err(fault) => state.uploads[index].fault = Some(fault),
        }
    }

    fn end_of_list(&self, outcome: Result<()>) {
        let mut state = self.lock();
        state.listed = true;
        state.fault = outcome.err();
        drop(state);
        self.0.more.notify_waiters();
    }

    pub(crate) fn end(&self, outcome: Result<()>) {
        let mut state = self.lock();
        (state.ended, state.listed) = (true, true);
        let fault = outcome.err();
        state.fault = state.fault.take().or(fault);
    }
}

/// Looks until all is known.
pub(crate) async fn look(s3: S3, connection: String, bucket: String, prefix: String, seen: Look) {
    // ends with whoever waits for it
    let mut sizing = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (s3, seen) = (s3.clone(), seen.clone());
        let (connection, bucket) = (connection.clone(), bucket.clone());
        sizing.spawn(async move {
            while let Some(name) = seen.take().await {
                let (connection, bucket) = (connection.clone(), bucket.clone());
                let target = Target { connection, bucket, key: name.key.clone() };
                let reported = again(|| s3.list_parts(&target, &name.upload_id)).await;
                let counted = reported.map(|parts| {
                    let count = u32::try_from(parts.len()).unwrap_or(u32::MAX);
                    (count, parts.iter().map(|part| part.size).sum())
                });
                seen.sized(&name, counted);
            }
        });
    }
    seen.end_of_list(list(&s3, &bucket, &prefix, &seen).await);
    while sizing.join_next().await.is_some() {}
    seen.end(Ok(()));
}

async fn list(s3: &S3, bucket: &str, prefix: &str, seen: &Look) -> Result<()> {
    let (mut marker, mut pages) = ((None, None), s3.pages());
    loop {
        let (page, next) = again(|| s3.unfinished_page(bucket, prefix, &marker)).await?;
        let next = pages.after(page.iter().map(s3::Unfinished::name), next);
        let room = seen.add(page);
        seen.0.more.notify_waiters();
        match next? {
            Some(next) if room => marker = next,
            _ => return Ok(()),
        }
    }
}

/// A few times, where the server failed or asked for patience.
pub(crate) async fn again<T, F>(ask: impl Fn() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    let mut attempts = Attempts::default();
    loop {
        let fault = match ask().await {
            Ok(answer) => return Ok(answer),
            Err(fault) => fault,
        };
        let wait = match attempts.after(&fault, rand::random()) {
            Next::Again(wait) if fault.kind != FaultKind::Checksum => wait,
            Next::Again(_) | Next::WaitForNetwork | Next::Stop => return Err(fault),
        };
        if attempts.made() >= TRIES {
            return Err(fault);
        }
        tokio::time::sleep(wait.min(LONGEST)).await;
    }
}

const LONGEST: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::checksum::ChecksumMode;
    use crate::s3::CreatedWith;

    fn listed(upload_id: &str) -> s3::Unfinished {
        s3::Unfinished {
            key: "k".into(),
            upload_id: upload_id.into(),
            initiated: Some(-1),
            initiator: None,
            whose: None,
            storage_class: None,
            created_with: CreatedWith::ChecksumMode(ChecksumMode::Md5),
        }
    }

    fn name(upload_id: &str) -> UnfinishedName {
        UnfinishedName { key: "k".into(), upload_id: upload_id.into() }
    }

    fn ids(look: &Look) -> Vec<String> {
        look.now(0, 1000).uploads.into_iter().map(|one| one.upload_id).collect()
    }

    #[tokio::test]
    async fn each_is_asked_once_whatever_goes_meanwhile() {
        let look = Look::default();
        assert!(look.add(["a", "b", "c", "d"].map(listed).into()));
        let a = look.take().await.unwrap();
        let b = look.take().await.unwrap();
        look.sized(&a, Ok((2, 20)));
        // gone before, between, and after what was asked
        look.gone(&name("a"));
        look.gone(&name("d"));
        look.sized(&b, Err(Fault::new(FaultKind::Server, "gone").with_code("NoSuchUpload")));
        assert_eq!(ids(&look), ["c"]);
        assert_eq!(look.take().await, Some(name("c")));
        look.sized(&name("c"), Err(Fault::new(FaultKind::Denied, "no")));
        look.end_of_list(Ok(()));
        assert_eq!(look.take().await, None);
        let now = look.now(0, 1000);
        assert_eq!((now.bytes, now.sized, now.count), (0, 1, 1));
        assert!(now.uploads[0].fault.is_some() && now.fault.is_none());
    }

    #[test]
    fn more_than_are_remembered_are_told_of() {
        let look = Look::default();
        let many = |from: usize, n: usize| {
            (from..from + n).map(|n| listed(&n.to_string())).collect::<Vec<_>>()
        };
        assert!(look.add(many(0, REMEMBERED)));
        assert!(!look.add(many(REMEMBERED, 1)));
        let page = look.now(19_999, 5_000);
        assert_eq!((page.uploads.len(), page.count, page.more), (1, 20_000, true));
        assert_eq!(look.now(0, u32::MAX).uploads.len(), PAGE);
    }
}
