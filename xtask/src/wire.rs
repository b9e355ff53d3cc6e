//! Writes the window's TypeScript types, its presets and the sentences that it is tested with, by running the tests that
//! compare them.

use crate::{project, shell};

pub(crate) fn run() -> Result<(), String> {
    // the whole workspace is named for its features: asking for one package would compile tauri another time
    let mut cargo = project::cargo(&["test", "--workspace", "--lib", "wire_is_current"]);
    cargo.env("WINDLASS_WRITE_WIRE", "1");
    shell::must(&mut cargo)
}
