//! The project's commands: `cargo xtask demo`, `cargo xtask test` and what they need.
#![allow(clippy::print_stdout, reason = "a command's output is its purpose")]

mod bench;
mod check;
mod cross;
mod demo;
mod desktop;
mod lint;
mod package;
mod package_windows;
mod peers;
mod project;
mod release_check;
mod setup;
mod shell;
mod soak;
mod store_servers;
mod tally;
mod test;
mod test_programs;
mod wire;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask demo [--size 300MiB] [--out DIR] [--release] [--virtual]
    Sets up, builds, and opens the app on its practice store with a sample file to drop. Without a
    display (or with --virtual) it drops the file itself, in a real window under a virtual display,
    reads the object back and compares the bytes.
cargo xtask test [WORD...]
    Sets up and runs every check and test; ends with `N passed, N failed`. A WORD that names a step
    (format, ui-format, ui-check, ui-test, ui-build, clippy, lint, deny, units, engine, cli, window) runs
    only that; any other WORD runs only the tests with it in their name. Two steps run only if they are named: package
    packs the app, installs it in a clean Debian, uses it there and removes it (as root); windows builds terminal
    program, app and installer for Windows on Debian, and runs them by Wine. It installs MinGW, Wine, NSIS and a Rust
    toolchain with its source by apt-get, and builds everything once more.
cargo xtask check windows|macos
    On Debian: compiles the workspace for another system, with clippy.
cargo xtask package windows [--debug]
    Makes the installer and the portable zip for Windows, in target/packages/windows.
cargo xtask soak [--kills 100] [--seed N]
    Kills the terminal program in mid-upload at random instants and goes on, again and again; then says
    what was lost (nothing) and what was sent twice. A seed gives the same instants.
cargo xtask soak faults [WORD...]
    Lets each fault of network and server fall on one upload, and prints a table of what came of it.
cargo xtask soak slow [--moments 20] [--seed N] [--at-once 8] [--peers] [--debug] [WORD...]
    Breaks off uploads over slow lines and goes on, again and again (killed, stopped, paused, slept); then says in
    tables what of each is sent again, and fails where that is more than 10 s of the line and 10 MiB. WORDs choose
    lines, files and ways (limit-2 unknown 300MiB killed). --peers kills other uploaders over the same
    lines. The build is a release, which takes its time when it is the first; --debug does without.
cargo xtask bench [--peers] [SET...] [--rounds 3] [--only NAME,NAME] [--size 4GiB] [--out FILE.md]
    Measures the terminal program against a server that throws everything away, and prints tables. Sets: big-http
    big-https headers small queued far slow limit fair (default: all). --peers fetches other uploaders to measure beside.
cargo xtask package [deb] [rpm] [tar] [--out DIR] [--debug]
cargo xtask package --tree DIR
    Builds both programs and packs them for this system, into target/package (Linux: a .deb, an .rpm, and the terminal
    program alone as .tar.gz). --tree stages what a package installs in a folder, for who packs it otherwise.
cargo xtask release-check DIR
    Says whether every file of a release is in the folder, with the checksum that SHA256SUMS has.
cargo xtask setup [--tests]
    Says what is missing to build (and to test), and installs it where it can.
cargo xtask lint
    Checks the project's own rules: the engine's layers and import cycles, what only one place may name, and how long a
    file may be.
cargo xtask wire
    Writes the window's TypeScript types from the Rust ones, and the English sentences that it is tested with.
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match args.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", &[][..]),
    };
    let done = match command {
        "demo" => demo::run(rest),
        "test" => test::run(rest),
        "soak" => soak::run(rest),
        "bench" => bench::run(rest),
        "check" => check::run(rest),
        "package" => match rest.split_first() {
            Some((system, rest)) if system == "windows" => package_windows::run(rest),
            _ => package::run(rest),
        },
        "release-check" => release_check::run(rest),
        "setup" => setup::run(rest),
        "lint" => lint::run(),
        "wire" => wire::run(),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(())
        }
        other => Err(format!("there is no command `{other}`\n\n{USAGE}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
