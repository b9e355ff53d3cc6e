//! The desktop app's door. Knows nothing but `windlass::run`.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    windlass::run()
}
