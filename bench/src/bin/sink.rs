//! `bench-sink`: see `windlass_bench::sink`.

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    use windlass_bench::{flags::Flags, sink};
    let run = || sink::run(sink::Options::from_flags(Flags::from_env())?);
    windlass_bench::ended(run(), sink::USAGE)
}

#[cfg(not(target_os = "linux"))]
fn main() {}
