//! `bench-floor`: see `windlass_bench::floor`.

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    use windlass_bench::{flags::Flags, floor};
    windlass_bench::ended(floor::run(Flags::from_env()), floor::USAGE)
}

#[cfg(not(target_os = "linux"))]
fn main() {}
