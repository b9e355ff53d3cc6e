//! Compiles and lints the workspace for another system: `cargo xtask check windows`, `cargo xtask check macos`.

use crate::{cross::System, project, shell};

pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let system = match args {
        [name] => System::named(name),
        _ => None,
    };
    let system = system.ok_or("cargo xtask check windows|macos")?;
    if !cfg!(target_os = "linux") {
        return Err(
            "cargo xtask check works on Debian: on the system itself, cargo xtask test clippy"
                .into(),
        );
    }
    system.ready()?;
    project::window_is_built()?;
    let targets: &[&str] = &["--workspace", "--all-targets", "--", "-D", "warnings"];
    shell::must(&mut system.cargo("clippy", targets))?;
    println!("{}: compiled and linted, nothing to say", system.triple());
    Ok(())
}
