//! `bench`: see `windlass_bench::runner`.

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    use windlass_bench::{flags::Flags, runner};
    windlass_bench::ended(runner::run(Flags::from_env()), runner::USAGE)
}

#[cfg(not(target_os = "linux"))]
fn main() {}
