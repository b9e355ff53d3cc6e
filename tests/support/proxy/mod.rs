//! A proxy on loopback that injects faults between a client and a server. Everything else is passed through byte for byte,
//! including the Host header, which signatures cover.

mod http;
mod link;
mod made;
mod rule;
mod server_quirks;
#[cfg(test)]
mod tests;

pub use rule::{Act, Headers, Seen, When};
pub use server_quirks::{ServerQuirk, Words};

use server_quirks::Guise;
use std::{
    net::{SocketAddr, TcpListener as StdListener},
    sync::{Arc, Mutex, MutexGuard, atomic::AtomicU64},
    thread,
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Runs on a thread of its own, so that a test that waits does not stop the traffic.
pub struct Proxy {
    endpoint: String,
    shared: Arc<Shared>,
    state: watch::Sender<State>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Plugged,
    Unplugged,
    Ended,
}

pub(crate) struct Shared {
    server: SocketAddr,
    state: watch::Receiver<State>,
    /// Counts releases: a held request waits for the next one.
    released: watch::Sender<u64>,
    held: watch::Sender<usize>,
    /// Counts what is written in the book.
    news: watch::Sender<u64>,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    rules: Vec<rule::Rule>,
    plays: Vec<(When, ServerQuirk)>,
    /// Each with the count of its body bytes, which is kept while they go.
    seen: Vec<(Seen, Arc<AtomicU64>)>,
}

impl Proxy {
    /// A proxy in front of the server at `endpoint`.
    pub fn to(endpoint: &str) -> Proxy {
        let server = endpoint
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .replace("localhost", "127.0.0.1");
        let server: SocketAddr = server.parse().expect("an address on loopback");
        assert!(server.ip().is_loopback(), "tests stay on this machine");
        let listener = StdListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (state, watched) = watch::channel(State::Plugged);
        let shared = Arc::new(Shared {
            server,
            state: watched,
            released: watch::Sender::new(0),
            held: watch::Sender::new(0),
            news: watch::Sender::new(0),
            book: Mutex::default(),
        });
        let inner = shared.clone();
        thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(listen(inner, listener, address));
        });
        Proxy { endpoint: format!("http://{address}"), shared, state }
    }

    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The next `times` requests that fit meet `act`. Of several rules that fit, the oldest that is not used up.
    pub fn on(&self, when: When, times: usize, act: Act) {
        self.shared.book().rules.push(rule::Rule { when, skip: 0, left: times, act });
    }

    /// The `n`-th request of all that arrive from now on meets `act`; the first is 1.
    pub fn on_nth(&self, n: usize, act: Act) {
        assert!(n > 0, "requests are counted from 1");
        self.shared.book().rules.push(rule::Rule { when: When::any(), skip: n - 1, left: 1, act });
    }

    /// The server behind it is played to be one with this quirk, to all requests that fit, until `clear`. Quirks add
    /// up, and rules go on beside them; but a request that a quirk refuses uses up no rule.
    pub fn plays(&self, when: When, quirk: ServerQuirk) {
        self.shared.book().plays.push((when, quirk));
    }

    /// No fault from now on, and the server as it is.
    pub fn clear(&self) {
        let mut book = self.shared.book();
        book.rules.clear();
        book.plays.clear();
    }

    /// Every request so far, in the order of arrival.
    pub fn seen(&self) -> Vec<Seen> {
        let book = self.shared.book();
        let read = |(seen, count): &(Seen, Arc<AtomicU64>)| Seen {
            body_bytes: count.load(std::sync::atomic::Ordering::Relaxed),
            ..seen.clone()
        };
        book.seen.iter().map(read).collect()
    }

    /// How many requests so far fit.
    pub fn count(&self, when: &When) -> usize {
        self.seen().iter().filter(|seen| when.fits(seen)).count()
    }

    /// Body bytes of all requests so far that fit.
    pub fn body_bytes(&self, when: &When) -> u64 {
        self.seen().iter().filter(|seen| when.fits(seen)).map(|seen| seen.body_bytes).sum()
    }

    /// Waits until so many requests fit.
    pub async fn until_seen(&self, when: &When, times: usize) {
        self.until(|seen| seen.iter().filter(|seen| when.fits(seen)).count() >= times).await;
    }

    /// Waits until the requests that came by are right. Looks at each arrival and each answer, not at each byte.
    pub async fn until(&self, right: impl Fn(&[Seen]) -> bool) {
        let mut news = self.shared.news.subscribe();
        let enough = async {
            while !right(&self.seen()) {
                // the sender is ours: an error cannot be
                let _ = news.changed().await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(60), enough).await;
        waited.unwrap_or_else(|_| panic!("it stayed at {:?}", self.seen()));
    }

    /// Waits until so many requests are held at once.
    pub async fn until_held(&self, requests: usize) {
        let mut held = self.shared.held.subscribe();
        let waited =
            tokio::time::timeout(Duration::from_secs(60), held.wait_for(|now| *now >= requests))
                .await;
        assert!(waited.is_ok(), "only {} requests are held", *self.shared.held.borrow());
    }

    /// Lets go every request that is held now.
    pub fn release(&self) {
        self.shared.released.send_modify(|count| *count += 1);
    }

    /// Ends all connections and refuses new ones.
    pub fn unplug(&self) {
        self.state.send_replace(State::Unplugged);
    }

    pub fn plug(&self) {
        self.state.send_replace(State::Plugged);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.send_replace(State::Ended);
    }
}

impl Shared {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap()
    }

    /// Writes a request down; its number, what is to be done to it, and who is to be played to it.
    fn arrived(&self, mut seen: Seen, count: Arc<AtomicU64>) -> (usize, Option<Act>, Guise) {
        let (number, act, guise) = {
            let mut book = self.book();
            let guise = Guise::for_request(&book.plays, &seen);
            let act = rule::take(&mut book.rules, &seen, guise.refusal(&seen));
            seen.hit = act.is_some();
            book.seen.push((seen, count));
            (book.seen.len() - 1, act, guise)
        };
        self.news.send_modify(|news| *news += 1);
        (number, act, guise)
    }

    fn answered(&self, number: usize, status: u16) {
        self.note(number, |seen| seen.status = Some(status));
    }

    fn passed(&self, number: usize) {
        self.note(number, |seen| seen.passed = true);
    }

    fn note(&self, number: usize, what: impl FnOnce(&mut Seen)) {
        what(&mut self.book().seen[number].0);
        self.news.send_modify(|news| *news += 1);
    }

    /// Until `Proxy::release`.
    async fn hold(&self) {
        let mut released = self.released.subscribe();
        self.held.send_modify(|held| *held += 1);
        // the sender is ours: an error cannot be
        let _ = released.changed().await;
        self.held.send_modify(|held| *held -= 1);
    }
}

async fn listen(shared: Arc<Shared>, first: StdListener, address: SocketAddr) {
    let mut state = shared.state.clone();
    let mut first = Some(first);
    loop {
        // an error means that the proxy is gone
        if state.wait_for(|state| *state != State::Unplugged).await.is_err()
            || *state.borrow() == State::Ended
        {
            return;
        }
        // only a port that nobody listens on refuses: the listener goes with the plug
        let listener = match first.take() {
            Some(listener) => {
                listener.set_nonblocking(true).and_then(|()| TcpListener::from_std(listener))
            }
            None => TcpListener::bind(address).await,
        };
        let Ok(listener) = listener else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        loop {
            tokio::select! {
                accepted = listener.accept() => {
                    if let Ok((client, _)) = accepted {
                        tokio::spawn(serve(client, shared.clone()));
                    }
                }
                _ = state.wait_for(|state| *state != State::Plugged) => break,
            }
        }
    }
}

/// One connection, until it ends or the plug is pulled.
async fn serve(client: TcpStream, shared: Arc<Shared>) {
    let mut state = shared.state.clone();
    tokio::select! {
        // a connection that breaks is what this proxy is for
        _ = link::run(client, &shared) => {}
        _ = state.wait_for(|state| *state != State::Plugged) => {}
    }
}
