//! Which part is sent next, over how many connections, at what rate, and when requests are retried. No I/O; time is an
//! argument.

pub(crate) mod bandwidth_schedule;
pub(crate) mod concurrency;
pub(crate) mod connection_pool;
pub(crate) mod deadline;
pub(crate) mod in_flight;
pub(crate) mod queue_policy;
pub(crate) mod rate_limiter;
pub(crate) mod retry;
pub(crate) mod throughput;
pub(crate) mod undo;
