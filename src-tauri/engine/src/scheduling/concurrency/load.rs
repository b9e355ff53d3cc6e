//! What the number of connections is judged by, and what is kept of it. Shapes only.

/// What is in flight to a server, as it is looked at a few times a second.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Load {
    /// Requests that may send just now.
    pub used: usize,
    /// More were asked for than there were.
    pub has_demand: bool,
    /// All bytes that left so far, those of tries that failed left out; and those of requests that succeeded.
    pub moved: u64,
    pub stored: u64,
    /// Bytes of a usual request.
    pub part: u64,
    /// Bytes a second that the user allows.
    pub limit: Option<u64>,
    /// What leaves is taken by buffers on the way, faster than the line carries it.
    pub buffered: bool,
}
