//! The name by which an operating system knows the app.

/// The app's identifier: names its data folder, its D-Bus name, its desktop entry and its bundle. It cannot change after
/// the first release, because settings and journal would be left behind; `docs/release.md` says why it is this one.
pub const APP_ID: &str = "io.github.windlassapp.Windlass";
