//! Time on the engine's own clock. The model never asks for it: it is an argument.

use std::time::Duration;

/// A time on the engine's own clock, counted from when it was opened.
pub(crate) type EngineTime = Duration;
