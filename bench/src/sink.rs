//! The sink: an S3 server that throws every body away as cheaply as it can, so that what is measured is the uploader. It
//! believes what a client says about its bytes unless told to `verify`.

mod answer;
mod arrivals;
mod body;
mod chunks;
mod connection;
mod control;
mod head;
mod lists;
mod paced;
mod serve;
mod stats;
mod store;
mod sums;
mod tls;

pub use arrivals::SLOT_MS;
pub use stats::Counted;

use crate::flags::Flags;
use arrivals::Arrivals;
use connection::Connection;
use stats::Stats;
use std::{
    io::Write,
    net::{TcpListener, TcpStream},
    path::PathBuf,
    sync::Arc,
    thread,
    time::Duration,
};
use store::Store;

#[derive(Clone, Debug, Default)]
pub struct Options {
    pub host: String,
    /// 0: any that is free
    pub port: u16,
    /// certificate and key, PEM
    pub tls: Option<(PathBuf, PathBuf)>,
    /// before each answer
    pub latency: Duration,
    /// bytes a second; 0: as they come
    pub per_connection: u64,
    /// share of the uploading requests that fail, 0 to 1
    pub fail_rate: f64,
    pub fail_with: FailWith,
    pub verify: bool,
    pub no_trailers: bool,
    pub log_arrivals: Option<PathBuf>,
    /// says each request's head on stderr
    pub log: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailWith {
    #[default]
    Status503,
    Reset,
}

pub const USAGE: &str = "\
bench-sink [--port N] [--host 127.0.0.1] [--tls CERT KEY] [--latency MS] [--per-connection BYTES]
           [--fail-rate P] [--fail-with 503|reset] [--verify] [--no-trailers] [--log-arrivals FILE] [--log]
    An S3 server that throws away what it is sent. Its first line says its port, and a second one (`control`)
    that speaks plain http whatever the first speaks: GET /_stats, /_objects, /_arrivals, /_reset.";

impl Options {
    pub fn from_flags(mut flags: Flags) -> Result<Self, String> {
        let tls = flags.values("--tls", 2)?.and_then(|files| {
            let [cert, key] = <[String; 2]>::try_from(files).ok()?;
            Some((cert.into(), key.into()))
        });
        let options = Self {
            host: flags.parsed("--host", "127.0.0.1".to_string())?,
            port: flags.parsed("--port", 0)?,
            tls,
            latency: Duration::from_millis(flags.parsed("--latency", 0)?),
            per_connection: flags.parsed("--per-connection", 0)?,
            fail_rate: flags.parsed("--fail-rate", 0.0)?,
            fail_with: match flags.value("--fail-with")?.as_deref() {
                None | Some("503") => FailWith::Status503,
                Some("reset") => FailWith::Reset,
                Some(other) => return Err(format!("--fail-with 503 or reset, not {other}")),
            },
            verify: flags.switch("--verify"),
            no_trailers: flags.switch("--no-trailers"),
            log_arrivals: flags.value("--log-arrivals")?.map(PathBuf::from),
            log: flags.switch("--log"),
        };
        match flags.rest()?.first() {
            None => Ok(options),
            Some(word) => Err(format!("what is {word}?")),
        }
    }

    /// Small reads tell when bytes came; large ones cost less.
    fn fine(&self) -> bool {
        self.log_arrivals.is_some() || self.per_connection > 0
    }
}

/// What all connections share.
struct Sink {
    options: Options,
    stats: Stats,
    store: Store,
    arrivals: Arc<Arrivals>,
}

/// Serves until the process ends.
pub fn run(options: Options) -> Result<(), String> {
    let cannot = |what: &str| {
        let what = what.to_string();
        move |e: std::io::Error| format!("{what}: {e}")
    };
    let tls = options.tls.as_ref().map(|(cert, key)| tls::config(cert, key)).transpose()?;
    let main = listen(&options.host, options.port).map_err(cannot("cannot listen"))?;
    let control = listen(&options.host, 0).map_err(cannot("cannot listen for control"))?;
    let port = |l: &TcpListener| l.local_addr().map(|a| a.port()).map_err(cannot("no port"));
    let line = format!("{{\"port\":{},\"control\":{}}}\n", port(&main)?, port(&control)?);
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes()).and_then(|()| out.flush()).map_err(cannot("stdout"))?;
    drop(out);

    let sink = Arc::new(Sink {
        stats: Stats::default(),
        store: Store::default(),
        arrivals: Arc::default(),
        options,
    });
    if let Some(file) = sink.options.log_arrivals.clone() {
        let arrivals = sink.arrivals.clone();
        thread::spawn(move || arrivals.log_to(&file));
    }
    let shared = sink.clone();
    // what is asked about the sink is no arrival
    let uncounted = Arc::default();
    thread::spawn(move || accept(&control, &shared, &uncounted, None));
    accept(&main, &sink, &sink.arrivals, tls.as_ref());
    Ok(())
}

fn listen(host: &str, port: u16) -> std::io::Result<TcpListener> {
    let listener = TcpListener::bind((host, port))?;
    // an uploader that opens hundreds of connections at once must not wait for a second try of its SYN
    rustix::net::listen(&listener, 4096)?;
    Ok(listener)
}

fn accept(
    listener: &TcpListener,
    sink: &Arc<Sink>,
    arrivals: &Arc<Arrivals>,
    tls: Option<&Arc<rustls::ServerConfig>>,
) {
    for stream in listener.incoming().flatten() {
        let (sink, arrivals, tls) = (sink.clone(), arrivals.clone(), tls.cloned());
        let one = move || {
            let _open = sink.stats.opened();
            if let Err(why) = connection(&sink, stream, arrivals, tls)
                && sink.options.log
                && why.kind() != std::io::ErrorKind::UnexpectedEof
            {
                eprintln!("connection: {why}");
            }
        };
        // a thousand connections are a thousand stacks
        let _ = thread::Builder::new().stack_size(256 << 10).spawn(one);
    }
}

fn connection(
    sink: &Sink,
    stream: TcpStream,
    arrivals: Arc<Arrivals>,
    tls: Option<Arc<rustls::ServerConfig>>,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let pace = paced::Pace::new(sink.options.per_connection);
    let fine = sink.options.fine();
    let mut connection = Connection::new(stream, tls, arrivals, pace, fine)?;
    serve::requests(sink, &mut connection)
}
