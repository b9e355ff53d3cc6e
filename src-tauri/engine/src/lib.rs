//! Everything true about an upload. Knows files, S3 and its own journal; knows no window and no practice store.
//!
//! Two halves. What an upload *is* (`upload`, `plan`, `part`, `queue`, `pace`, `in_flight`, `limit`, `hours`, `meter`, `retry`,
//! `fault`, `sum`, `stored`) and what is told of it (`deed`, `waits`, `evidence`, `checked`) does no I/O and takes time and chance
//! as arguments. What an upload *does* (the rest) reads files, talks S3 and writes the journal.

pub mod access_point;
pub mod checked;
pub mod deed;
pub mod evidence;
pub mod fault;
pub mod hours;
pub mod key;
pub mod limit;
pub mod meter;
pub mod pace;
pub mod page;
pub mod part;
pub mod plan;
pub mod queue;
pub mod retry;
pub mod stored;
pub mod sum;
pub mod upload;
pub mod waits;

mod active;
mod body;
mod clock;
pub mod connections;
pub mod crew;
mod disk;
mod engine;
mod in_flight;
mod journal;
mod lanes;
mod lasted;
pub mod lists;
pub mod own_key;
mod private;
mod probe;
pub mod provider;
mod quiet;
pub mod receipt;
pub mod s3;
pub mod secrets;
pub mod settings;
pub mod source;
pub mod unfinished;
mod verify;
mod worker;
mod world;

pub use engine::{AddRequest, Added, Engine, Home, Keys, KeysQuery, Link, NewUpload, Presign};
pub use fault::{Fault, FaultKind};
pub use upload::Id;
