//! Notices that nothing moves over a connection at all, asks whether its server is still there, and connects anew once
//! it is back: requests that were on their way when a network went keep silent for minutes. Knows no single request.

use crate::fault::Fault;
use crate::model::history::Event;
use crate::model::time::EngineTime;
use crate::model::waiting::BlockedOn;
use crate::scheduling::retry;
use crate::transfer::active::ActiveUpload;
use crate::transfer::shared::Shared;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// A server that is well takes something in this time, or answers when it is asked.
const QUIET: Duration = Duration::from_secs(8);

/// What moved last over each connection, and when.
#[derive(Default)]
pub(crate) struct StallDetector {
    seen: HashMap<Arc<str>, (Moved, EngineTime)>,
}

/// Grows with every byte that leaves and every part that arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moved {
    sent: u64,
    parts: u64,
}

impl StallDetector {
    /// To be called at every beat.
    pub(crate) fn listen(&mut self, shared: &Arc<Shared>) {
        let now = shared.now();
        let mut going: HashMap<Arc<str>, Vec<Arc<ActiveUpload>>> = HashMap::new();
        for upload in shared.active_uploads() {
            if upload.tally().sending_parts > 0 && !upload.is_offline() {
                going.entry(upload.connection.clone()).or_default().push(upload);
            }
        }
        self.seen.retain(|connection, _| going.contains_key(connection));
        for (connection, uploads) in going {
            let moved = moved(&uploads);
            let seen = self.seen.entry(connection).or_insert((moved, now));
            if seen.0 != moved {
                *seen = (moved, now);
            } else if now.saturating_sub(seen.1) >= QUIET {
                // asked once in a while, not at every beat
                seen.1 = now;
                tokio::spawn(ask(shared.clone(), uploads, moved));
            }
        }
    }
}

fn moved(uploads: &[Arc<ActiveUpload>]) -> Moved {
    uploads.iter().fold(Moved { sent: 0, parts: 0 }, |moved, upload| Moved {
        sent: moved.sent + upload.statistics.sent(),
        parts: moved.parts + u64::from(upload.tally().stored_parts),
    })
}

/// A server that answers is only slow, and each part's own patience decides. One that does not is out of reach.
async fn ask(shared: Arc<Shared>, uploads: Vec<Arc<ActiveUpload>>, before: Moved) {
    let Some(first) = uploads.first() else { return };
    let target = first.entry().target;
    let Ok(s3) = shared.s3(&target.connection).await else { return };
    let Err(fault) = s3.poll(&target.bucket).await else { return };
    if moved(&uploads) != before {
        return;
    }
    tracing::info!(%fault, "nothing moves, and the server does not answer");
    for upload in &uploads {
        shared.lost(upload, &fault);
    }
    let mut times = 0;
    loop {
        times += 1;
        tokio::time::sleep(retry::poll_interval(times)).await;
        let came_back_by_itself = moved(&uploads) != before;
        let under_way = uploads.iter().any(|upload| is_driven(&shared, upload));
        if came_back_by_itself || !under_way || s3.poll(&target.bucket).await.is_ok() {
            break;
        }
    }
    let still = moved(&uploads) == before;
    for upload in uploads.iter().filter(|upload| is_driven(&shared, upload)) {
        upload.offline.store(false, Ordering::Relaxed);
        if still {
            upload.request_stop();
        }
    }
    shared.mark_changed();
}

fn is_driven(shared: &Shared, upload: &Arc<ActiveUpload>) -> bool {
    shared.active_upload(upload.id).is_some_and(|driven| Arc::ptr_eq(&driven, upload))
}

impl Shared {
    /// Out of reach, as the row and the history tell it. Since when, for whoever has no more patience.
    pub(crate) fn lost(&self, upload: &ActiveUpload, fault: &Fault) -> EngineTime {
        // counted since something last arrived: a server that answers a knock and drops every part is out of reach too
        let (since, is_new) = upload.out_of_reach_since(self.now());
        if is_new {
            self.record(upload.id, &Event::Waiting { fault: fault.clone() });
        }
        upload.waits_for(BlockedOn::OutOfReach { fault: fault.clone() });
        upload.offline.store(true, Ordering::Relaxed);
        self.mark_changed();
        since
    }
}
