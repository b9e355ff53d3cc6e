//! What a link was found to carry; kept between runs.

use serde::{Deserialize, Serialize};

/// The measured throughput of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LinkEstimate {
    pub connections: u32,
    /// Bytes per second of each connection.
    pub rate: u64,
}
