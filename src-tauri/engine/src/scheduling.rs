//! Who sends next, over how many connections, how fast, and when again. Does no I/O and takes time as an argument.

pub(crate) mod bandwidth_schedule;
pub(crate) mod concurrency;
pub(crate) mod connection_pool;
pub(crate) mod in_flight;
pub(crate) mod queue_policy;
pub(crate) mod rate_limiter;
pub(crate) mod retry;
pub(crate) mod throughput;
