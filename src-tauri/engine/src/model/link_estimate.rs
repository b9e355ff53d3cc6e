//! What a link was found to carry; kept between runs.

use serde::{Deserialize, Serialize};

/// What a link was found to carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LinkEstimate {
    pub connections: u32,
    /// Bytes a second over each.
    pub rate: u64,
}
