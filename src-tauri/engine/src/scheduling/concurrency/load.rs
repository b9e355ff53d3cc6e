//! What the number of connections is judged by, and what is kept of it. Shapes only.

/// What is in flight to a server, sampled a few times per second.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Load {
    /// Requests that may send now.
    pub used: usize,
    /// More were requested than were available.
    pub has_demand: bool,
    /// All bytes sent so far, without failed attempts, and those of requests that succeeded.
    pub moved: u64,
    pub stored: u64,
    /// Bytes of a typical request.
    pub part: u64,
    /// The user's limit in bytes per second.
    pub limit: Option<u64>,
    /// Sent bytes go into buffers on the way, faster than the link's throughput.
    pub buffered: bool,
}
