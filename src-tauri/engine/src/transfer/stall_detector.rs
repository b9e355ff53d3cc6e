//! Notices that nothing moves over a connection at all, asks whether its server is still there, and connects anew once
//! it is back: requests that were on their way when a network went keep silent for minutes. Knows no single request.

use crate::fault::Fault;
use crate::model::history::Deed;
use crate::model::time::Tick;
use crate::model::waiting::Waits;
use crate::scheduling::retry;
use crate::transfer::active::Active;
use crate::transfer::shared::World;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// A server that is well takes something in this time, or answers when it is asked.
const QUIET: Duration = Duration::from_secs(8);

/// What moved last over each connection, and when.
#[derive(Default)]
pub(crate) struct Quiet {
    seen: HashMap<Arc<str>, (Moved, Tick)>,
}

/// Grows with every byte that leaves and every part that arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moved {
    sent: u64,
    parts: u64,
}

impl Quiet {
    /// To be called at every beat.
    pub(crate) fn listen(&mut self, world: &Arc<World>) {
        let now = world.now();
        let mut going: HashMap<Arc<str>, Vec<Arc<Active>>> = HashMap::new();
        for active in world.driven() {
            if active.tally().sending_parts > 0 && !active.is_offline() {
                going.entry(active.connection.clone()).or_default().push(active);
            }
        }
        self.seen.retain(|connection, _| going.contains_key(connection));
        for (connection, actives) in going {
            let moved = moved(&actives);
            let seen = self.seen.entry(connection).or_insert((moved, now));
            if seen.0 != moved {
                *seen = (moved, now);
            } else if now.saturating_sub(seen.1) >= QUIET {
                // asked once in a while, not at every beat
                seen.1 = now;
                tokio::spawn(ask(world.clone(), actives, moved));
            }
        }
    }
}

fn moved(actives: &[Arc<Active>]) -> Moved {
    actives.iter().fold(Moved { sent: 0, parts: 0 }, |moved, active| Moved {
        sent: moved.sent + active.sent(),
        parts: moved.parts + u64::from(active.tally().stored_parts),
    })
}

/// A server that answers is only slow, and each part's own patience decides. One that does not is out of reach.
async fn ask(world: Arc<World>, actives: Vec<Arc<Active>>, before: Moved) {
    let Some(first) = actives.first() else { return };
    let target = first.entry().target;
    let Ok(s3) = world.s3(&target.connection).await else { return };
    let Err(fault) = s3.knock(&target.bucket).await else { return };
    if moved(&actives) != before {
        return;
    }
    tracing::info!(%fault, "nothing moves, and the server does not answer");
    for active in &actives {
        world.lost(active, &fault);
    }
    let mut times = 0;
    loop {
        times += 1;
        tokio::time::sleep(retry::knock(times)).await;
        let came_back_by_itself = moved(&actives) != before;
        let under_way = actives.iter().any(|active| is_driven(&world, active));
        if came_back_by_itself || !under_way || s3.knock(&target.bucket).await.is_ok() {
            break;
        }
    }
    let still = moved(&actives) == before;
    for active in actives.iter().filter(|active| is_driven(&world, active)) {
        active.offline.store(false, Ordering::Relaxed);
        if still {
            active.let_go();
        }
    }
    world.touch();
}

fn is_driven(world: &World, active: &Arc<Active>) -> bool {
    world.driven_one(active.id).is_some_and(|driven| Arc::ptr_eq(&driven, active))
}

impl World {
    /// Out of reach, as the row and the history tell it. Since when, for whoever has no more patience.
    pub(crate) fn lost(&self, active: &Active, fault: &Fault) -> Tick {
        // counted since something last arrived: a server that answers a knock and drops every part is out of reach too
        let (since, is_new) = active.out_of_reach_since(self.now());
        if is_new {
            self.note(active.id, &Deed::Waiting { fault: fault.clone() });
        }
        active.waits_for(Waits::OutOfReach { fault: fault.clone() });
        active.offline.store(true, Ordering::Relaxed);
        self.touch();
        since
    }
}
