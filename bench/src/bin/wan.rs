//! `bench-wan`: see `windlass_bench::wan`.

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    use windlass_bench::{flags::Flags, wan};
    windlass_bench::ended(wan::run(Flags::from_env()), wan::USAGE)
}

#[cfg(not(target_os = "linux"))]
fn main() {}
