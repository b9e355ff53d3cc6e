//! `bench-measured`: see `windlass_bench::measured`.

#[cfg(target_os = "linux")]
#[allow(clippy::print_stdout, reason = "the line is what this program is for")]
fn main() -> std::process::ExitCode {
    use windlass_bench::{flags::Flags, measured};
    let run = || {
        let used = measured::run(Flags::from_env())?;
        println!("{}", serde_json::to_string(&used).map_err(|e| e.to_string())?);
        Ok(())
    };
    windlass_bench::ended(run(), measured::USAGE)
}

#[cfg(not(target_os = "linux"))]
fn main() {}
