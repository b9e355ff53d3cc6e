//! What the engine offers about multipart uploads that stand unfinished on a server: a look at them, and taking them off. Its
//! folder goes on with one, and keeps the rule that takes them off by itself. Knows no list's pages.

mod adopt;
mod lifecycle_rule;
pub(crate) mod lifecycle_xml;
pub(crate) mod part_layout;
pub(crate) mod scan;
pub(crate) mod types;

use super::Engine;
use crate::engine::incomplete::scan::Look;
use crate::engine::incomplete::types::{
    BucketOf, Discard, Discarded, LookUnfinished, NotDiscarded, Unfinished, UnfinishedName,
    UnfinishedQuery,
};
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::lock::locked;
use crate::model::query::Selection;
use crate::model::upload::{Id, Phase, Target};
use crate::persistence::lists;
use crate::s3::S3;
use crate::scheduling::retry;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Looks that are remembered: a window that was closed forgets none.
const LOOKS: usize = 8;

/// Uploads that are taken off at a time.
const AT_ONCE: usize = 4;

/// Parts that were in flight land for a while after an abort; what lands longer is somebody sending.
const ABORTS: u32 = 5;

/// One of our own is waited for so long: its worker has parts in flight.
const OWN_LIMIT: Duration = Duration::from_secs(60);

/// One look, and what it looks at.
pub(super) struct Looking {
    at: BucketOf,
    look: Look,
    task: tokio::task::AbortHandle,
}

impl Engine {
    /// Begins to look; the number asks how it stands.
    pub fn look_unfinished(&self, wanted: LookUnfinished) -> u32 {
        let LookUnfinished { connection, bucket, prefix } = wanted;
        let at = BucketOf { connection: connection.clone(), bucket: bucket.clone() };
        let seen = Look::default();
        let (engine, reported) = (self.clone(), seen.clone());
        let task = tokio::spawn(async move {
            match engine.shared.s3(&connection).await {
                Ok(_) if bucket.is_empty() => {
                    reported.end(Err(Fault::because(FaultKind::WrongPlace, Reason::NoBucket)));
                }
                Ok(s3) => scan::look(s3.at(&bucket), connection, bucket, prefix, reported).await,
                Err(fault) => reported.end(Err(fault)),
            }
        });
        let mut looks = locked(&self.looks);
        let number = looks.keys().max().copied().unwrap_or(0) + 1;
        looks.insert(number, Looking { at, look: seen, task: task.abort_handle() });
        while looks.len() > LOOKS
            && let Some((_, oldest)) = looks.pop_first()
        {
            oldest.task.abort();
        }
        number
    }

    /// # Errors
    /// `Bug` where there is no such look; `Storage`.
    pub async fn unfinished(&self, query: UnfinishedQuery) -> Result<Unfinished> {
        let (bucket, look) = locked(&self.looks)
            .get(&query.id)
            .map(|looking| (looking.at.bucket.clone(), looking.look.clone()))
            .ok_or_else(|| Fault::new(FaultKind::Bug, "no such look"))?;
        let mut now = look.now(query.offset, query.limit);
        let ids = now.uploads.iter().map(|one| one.upload_id.clone()).collect();
        let holders = self.shared.journal.holders(&bucket, ids).await?;
        for one in &mut now.uploads {
            one.ours = holder(&holders, &one.key, &one.upload_id);
        }
        Ok(now)
    }

    /// Ends it where it still runs.
    pub fn forget_unfinished(&self, number: u32) {
        if let Some(looking) = locked(&self.looks).remove(&number) {
            looking.task.abort();
        }
    }

    /// Takes them off the server, until nothing is left of them. One that our own list holds is cancelled there, and its
    /// worker takes it off.
    ///
    /// # Errors
    /// `Credentials`, `Storage`; what one of them fails with is in the answer.
    pub async fn discard_unfinished(&self, discard: Discard) -> Result<Discarded> {
        let Discard { connection, bucket, uploads } = discard;
        let s3 = self.shared.s3(&connection).await?.at(&bucket);
        let ids = uploads.iter().map(|one| one.upload_id.clone()).collect();
        let holders = self.shared.journal.holders(&bucket, ids).await?;
        let holder = |one: &UnfinishedName| holder(&holders, &one.key, &one.upload_id);
        let elsewhere = Arc::new(self.shared.held_elsewhere(&bucket).await);
        let own: Vec<Id> = uploads.iter().filter_map(holder).collect();
        if !own.is_empty() {
            self.abort(Selection::Ids { ids: own }).await?;
        }
        // ends with whoever waits for it
        let mut tasks = JoinSet::new();
        let room = Arc::new(Semaphore::new(AT_ONCE));
        for name in uploads {
            let (engine, s3, room, own) = (self.clone(), s3.clone(), room.clone(), holder(&name));
            let (connection, bucket) = (connection.clone(), bucket.clone());
            let elsewhere = elsewhere.clone();
            tasks.spawn(async move {
                let _room = room.acquire_owned().await;
                let target = Target { connection, bucket, key: name.key.clone() };
                let outcome = match elsewhere.get(&name.upload_id) {
                    Some(folder) => Err(lists::held(folder)),
                    None => engine.abort_on_server(&s3, &target, &name, own).await,
                };
                if outcome.is_ok() {
                    engine.is_gone(&target, &name);
                }
                (name, outcome)
            });
        }
        let mut discarded = Discarded::default();
        while let Some(ended) = tasks.join_next().await {
            match ended {
                Ok((_, Ok(()))) => discarded.gone += 1,
                Ok((UnfinishedName { key, upload_id }, Err(fault))) => {
                    discarded.faults.push(NotDiscarded { key, upload_id, fault });
                }
                Err(_) => return Err(Fault::new(FaultKind::Bug, "discarding ended early")),
            }
        }
        self.shared.mark_changed();
        Ok(discarded)
    }

    async fn abort_on_server(
        &self,
        s3: &S3,
        target: &Target,
        name: &UnfinishedName,
        own: Option<Id>,
    ) -> Result<()> {
        if let Some(id) = own {
            let ended = tokio::time::timeout(OWN_LIMIT, self.until_ended(id)).await;
            match ended {
                // what was only about to be gone on with is let go of, and is still there
                Ok(Ok(Phase::Failed(fault)) | Err(fault)) => return Err(fault),
                Ok(Ok(_)) => {}
                Err(_) => return Err(Fault::because(FaultKind::Server, Reason::StillSent)),
            }
        }
        for times in 1..=ABORTS {
            if scan::again(|| s3.abort(target, &name.upload_id)).await? {
                return Ok(());
            }
            tokio::time::sleep(retry::poll_interval(times)).await;
        }
        Err(Fault::because(FaultKind::Server, Reason::StillSent))
    }

    async fn until_ended(&self, id: Id) -> Result<Phase> {
        let mut changes = self.changes();
        loop {
            let phase = match self.shared.journal.get(id).await? {
                Some(_) => self.entry(id).await?.phase,
                // forgotten once it was clean
                None => return Ok(Phase::Aborted),
            };
            if phase.is_ended() {
                return Ok(phase);
            }
            let _ = tokio::time::timeout(Duration::from_secs(1), changes.changed()).await;
        }
    }

    /// Nobody is shown any more what is not there.
    fn is_gone(&self, target: &Target, name: &UnfinishedName) {
        for looking in locked(&self.looks).values() {
            if looking.at.connection == target.connection && looking.at.bucket == target.bucket {
                looking.look.gone(name);
            }
        }
    }
}

type Holders = HashMap<String, (String, Id)>;

fn holder(holders: &Holders, key: &str, upload_id: &str) -> Option<Id> {
    holders.get(upload_id).filter(|(of, _)| of == key).map(|(_, id)| *id)
}
