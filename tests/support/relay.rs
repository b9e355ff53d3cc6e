//! A slow line on loopback: a relay whose connections share one upstream rate and which buffers next to nothing. It counts the
//! bytes of request bodies that crossed it.

mod pace;
mod requests;
#[cfg(test)]
mod tests;

use pace::Pace;
use requests::Requests;
use socket2::{Domain, Protocol, Socket, Type};
use std::{
    io,
    net::{SocketAddr, TcpListener as StdListener},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, Interest},
    net::{
        TcpListener, TcpSocket, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{Mutex, watch},
    time::{sleep, timeout},
};

/// Of each connection's bytes the kernel holds no more than this on either side of the relay.
const BUFFER: usize = 16 << 10;
/// One connection's turn on the line.
const TURN: usize = 4 << 10;
/// An Ethernet's. Of loopback's own segments, each of 64 kB, a client's kernel takes in megabytes for a connection that
/// hardly moves, and the client believes them sent.
const SEGMENT: u32 = 1448;
/// For so long a server may work on a request that it has whole and whose client is gone.
const ANSWER: Duration = Duration::from_secs(5);
/// A timer of the runtime is no finer.
const TICK: Duration = Duration::from_millis(1);

/// Runs on a thread of its own, so that a test that waits does not stop the traffic. Ends when it is dropped.
pub struct Relay {
    endpoint: String,
    shared: Arc<Shared>,
    /// Counts them.
    cuts: watch::Sender<u64>,
}

struct Shared {
    server: SocketAddr,
    /// None where the line is free.
    line: Option<Mutex<Pace>>,
    began: Instant,
    crossed: AtomicU64,
    /// For each open connection, how many cuts there had been when it came.
    open: watch::Sender<Vec<u64>>,
}

impl Relay {
    /// A line of this rate to the server at `endpoint`; none: as fast as this machine.
    pub fn to(endpoint: &str, bytes_per_second: Option<u64>) -> Relay {
        let server = endpoint.trim_start_matches("http://").trim_end_matches('/');
        let server: SocketAddr = server.parse().expect("an address on loopback");
        assert!(server.ip().is_loopback(), "tests stay on this machine");
        let listener = listener().unwrap();
        let address = listener.local_addr().unwrap();
        let (cuts, cut) = watch::channel(0);
        let shared = Arc::new(Shared {
            server,
            line: bytes_per_second.map(|rate| Mutex::new(Pace::new(rate))),
            began: Instant::now(),
            crossed: AtomicU64::new(0),
            open: watch::Sender::new(Vec::new()),
        });
        let inner = shared.clone();
        thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(listen(inner, listener, cut));
        });
        Relay { endpoint: format!("http://{address}"), shared, cuts }
    }

    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Bytes of PUT requests' bodies that were handed to the server so far. Heads are not in it.
    pub fn crossed(&self) -> u64 {
        self.shared.crossed.load(Relaxed)
    }

    /// Ends all connections with what is held of them. When it returns, the server has done with each what it will do.
    pub async fn cut(&self) {
        let mut open = self.shared.open.subscribe();
        self.cuts.send_modify(|cuts| *cuts += 1);
        let now = *self.cuts.borrow();
        let gone = open.wait_for(|open| open.iter().all(|since| *since >= now));
        let gone = timeout(2 * ANSWER, gone).await.is_ok();
        assert!(gone, "a connection outlived its cut");
    }
}

/// With a small window from the start: the connections that it accepts inherit it, and one set later would be too late.
fn listener() -> io::Result<StdListener> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
    socket.set_recv_buffer_size(BUFFER)?;
    #[cfg(unix)]
    socket.set_tcp_mss(SEGMENT)?;
    socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())?;
    socket.listen(1024)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

async fn listen(shared: Arc<Shared>, listener: StdListener, mut cut: watch::Receiver<u64>) {
    let listener = TcpListener::from_std(listener).unwrap();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((client, _)) = accepted {
                    let mut cut = cut.clone();
                    let open = Open::new(shared.clone(), *cut.borrow_and_update());
                    tokio::spawn(async move { serve(client, &open.shared, cut).await });
                }
            }
            // an error means that the relay is gone, and its connections go with this runtime
            changed = cut.changed() => {
                if changed.is_err() {
                    return;
                }
            }
        }
    }
}

/// A connection, counted for as long as this is held.
struct Open {
    shared: Arc<Shared>,
    since: u64,
}

impl Open {
    fn new(shared: Arc<Shared>, since: u64) -> Open {
        shared.open.send_modify(|open| open.push(since));
        Open { shared, since }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.shared.open.send_modify(|open| {
            if let Some(at) = open.iter().position(|since| *since == self.since) {
                open.swap_remove(at);
            }
        });
    }
}

/// One connection, until one of its sides ends or it is cut.
async fn serve(client: TcpStream, shared: &Shared, mut cut: watch::Receiver<u64>) {
    let Ok((mut from_server, to_server)) = connect(shared.server).await.map(TcpStream::into_split)
    else {
        return;
    };
    let _ = client.set_nodelay(true);
    let (from_client, to_client) = client.into_split();
    // the server has a whole request and has not answered it
    let owed = AtomicBool::new(false);
    tokio::select! {
        // a connection that breaks is what this relay is for
        _ = upstream(from_client, to_server, shared, &owed) => {}
        _ = downstream(&mut from_server, to_client, &owed) => {}
        _ = cut.changed() => {}
    }
    // only now: the client's side, and with it all that was held, is gone
    if owed.load(Relaxed) {
        let _ = timeout(ANSWER, from_server.read(&mut [0; 64])).await;
    }
}

async fn connect(server: SocketAddr) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.set_send_buffer_size(u32::try_from(BUFFER).unwrap_or(u32::MAX))?;
    let stream = socket.connect(server).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// In turns, at the line's rate.
async fn upstream(
    from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    shared: &Shared,
    owed: &AtomicBool,
) -> io::Result<()> {
    let (mut requests, mut turn) = (Requests::default(), [0; TURN]);
    loop {
        // its end is told ahead of the bytes that are still held: they go with it
        if from.ready(Interest::READABLE).await?.is_read_closed() {
            return Ok(());
        }
        let read = match from.try_read(&mut turn) {
            Ok(0) => return Ok(()),
            Ok(read) => &turn[..read],
            Err(reason) if reason.kind() == io::ErrorKind::WouldBlock => continue,
            Err(reason) => return Err(reason),
        };
        shared.turn(read.len()).await;
        to.write_all(read).await?;
        shared.crossed.fetch_add(requests.take(read), Relaxed);
        owed.store(requests.is_between(), Relaxed);
    }
}

/// Answers, unhindered.
async fn downstream(
    from: &mut OwnedReadHalf,
    mut to: OwnedWriteHalf,
    owed: &AtomicBool,
) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let read = from.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        owed.store(false, Relaxed);
        to.write_all(&buffer[..read]).await?;
    }
}

impl Shared {
    /// Waits until so many bytes more are due.
    async fn turn(&self, bytes: usize) {
        let Some(line) = &self.line else { return };
        // who waits for this lock gets it in the order of asking, so that every connection has its turn
        let mut line = line.lock().await;
        let wait = line.take(self.began.elapsed(), bytes as u64);
        if wait >= TICK {
            sleep(wait).await;
        }
    }
}
