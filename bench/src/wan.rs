//! A long-distance link in user space: packets between two network namespaces with delay, a rate, losses and a buffer that
//! overflows. For kernels without `netem`.

mod packet;
mod queue;

use crate::flags::Flags;
use packet::Packet;
use queue::Queue;
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space, set_current_timer_slack};
use std::{
    fs::File,
    num::NonZeroU64,
    os::fd::AsFd,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};
use tun_rs::{DeviceBuilder, Layer, SyncDevice};

pub const USAGE: &str = "\
bench-wan NEAR FAR [--rtt 80] [--mbit 1000] [--loss 0.001] [--buffer BYTES]
    A link between two network namespaces that are there: a device `wan0` in each. Milliseconds there and back, Mbit/s each
    way, the share of packets that are lost, and what waits before more is dropped (default: rate times round trip).";

/// The device's name in both namespaces.
pub const DEVICE: &str = "wan0";

/// The largest packet that the kernel hands over, with its virtio head.
const LARGEST: usize = 70_000;

#[derive(Clone, Copy, Debug)]
struct Link {
    /// one way
    delay: Duration,
    /// bytes a second
    rate: f64,
    loss: f64,
    /// bytes
    buffer: f64,
}

pub fn run(mut flags: Flags) -> Result<(), String> {
    let rtt: f64 = flags.parsed("--rtt", 80.0)?;
    let rate = flags.parsed("--mbit", 1000.0)? * 1e6 / 8.0;
    let link = Link {
        delay: Duration::from_secs_f64(rtt / 2000.0),
        rate,
        loss: flags.parsed("--loss", 0.001)?,
        buffer: flags.parsed("--buffer", rate * rtt / 1000.0)?,
    };
    let words = flags.rest()?;
    let [near, far] = words.as_slice() else { return Err(USAGE.into()) };
    let (near, far) = (Arc::new(device_in(near)?), Arc::new(device_in(far)?));
    let ways = [(near.clone(), far.clone(), 42), (far, near, 1019)];
    let threads: Vec<_> = ways
        .into_iter()
        .flat_map(|(from, to, seed)| {
            let queue = Arc::new(Queue::default());
            let due = queue.clone();
            [
                thread::spawn(move || take(&from, &queue, link, seed)),
                thread::spawn(move || deliver(&to, &due)),
            ]
        })
        .collect();
    threads
        .into_iter()
        .try_for_each(|thread| thread.join().map_err(|_| "a thread broke".to_string()))
}

/// Does something in another network namespace; sockets and devices opened there stay there.
pub fn within<T: Send>(
    namespace: &str,
    what: impl FnOnce() -> Result<T, String> + Send,
) -> Result<T, String> {
    let enter = || {
        let path = format!("/var/run/netns/{namespace}");
        let file = File::open(&path).map_err(|e| format!("{path}: {e}"))?;
        move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::Network))
            .map_err(|e| format!("cannot enter {namespace}: {e}"))?;
        what()
    };
    // a thread of its own, for a thread that moved does not find its way back by itself
    thread::scope(|scope| scope.spawn(enter).join().map_err(|_| "a thread broke".to_string())?)
}

fn device_in(namespace: &str) -> Result<SyncDevice, String> {
    within(namespace, || {
        // offload: packets as large as the kernel likes, each with a virtio head that says how to cut it
        let device = DeviceBuilder::new().name(DEVICE).layer(Layer::L3).offload(true).build_sync();
        device.map_err(|e| format!("no device in {namespace}: {e}"))
    })
}

/// Reads packets, draws which of their segments are lost, and says when the rest arrives.
#[expect(clippy::cast_precision_loss, reason = "rates, not counts")]
fn take(from: &SyncDevice, queue: &Queue, link: Link, seed: u64) {
    let mut chance = Chance(seed);
    let mut free = Instant::now();
    let mut buffer = vec![0; LARGEST];
    loop {
        let Ok(length) = from.recv(&mut buffer) else {
            // the device is down until somebody sets it up
            thread::sleep(Duration::from_millis(1));
            continue;
        };
        let Some(packet) = Packet::parse(&buffer[..length]) else { continue };
        let now = Instant::now();
        free = free.max(now);
        let waiting = (free - now).as_secs_f64() * link.rate;
        for piece in packet.through(link.buffer - waiting, &mut || chance.draw() < link.loss) {
            free += Duration::from_secs_f64(piece.on_wire as f64 / link.rate);
            queue.push(free + link.delay, piece.bytes);
        }
    }
}

fn deliver(to: &SyncDevice, queue: &Queue) {
    // a packet may be late by a microsecond, not by the usual fifty
    let _ = set_current_timer_slack(NonZeroU64::new(1_000));
    loop {
        let (due, bytes) = queue.pop();
        let now = Instant::now();
        if due > now {
            thread::sleep(due - now);
        }
        // what the device does not take is lost, as on any link
        let _ = to.send(&bytes);
    }
}

/// The same numbers in each run (splitmix64).
struct Chance(u64);

impl Chance {
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    fn draw(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}
