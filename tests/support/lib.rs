//! What the tests need: S3 servers, a fault proxy, a private desktop, a window to drive, files to upload.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "in a test, a panic is the failure and its report"
)]

pub mod child_process;
pub mod desktop;
pub mod desktop_services;
pub mod engine_process;
pub mod files;
#[cfg(target_os = "linux")]
pub mod forward_proxy;
pub mod identity_center;
pub mod place;
pub mod proxy;
pub mod reference_client;
pub mod relay;
pub mod servers;
pub mod session;
pub mod slow;
pub mod soak;
#[cfg(target_os = "linux")]
pub mod stuck;
pub mod threads;
#[cfg(target_os = "linux")]
pub mod wayland;
pub mod window;
#[cfg(target_os = "linux")]
pub mod wine;

pub use desktop_services::DesktopServices;
pub use engine_process::{EngineProcess, EngineSetup};
#[cfg(target_os = "linux")]
pub use forward_proxy::ForwardProxy;
pub use proxy::{Act, Proxy, ServerQuirk, When};
pub use reference_client::ReferenceClient;
pub use relay::Relay;
pub use servers::Server;
pub use session::Session;
pub use window::{App, Launch};
