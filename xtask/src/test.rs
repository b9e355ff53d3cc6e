//! Every check and test of the project, in order: `cargo xtask test`.

use crate::{
    cross, desktop, lint, package::clean_system, package_windows, project, setup, shell,
    tally::Tally, test_programs, test_programs::TestProgram,
};
use std::{
    fs::File,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

const STEPS: &[&str] = &[
    "format",
    "ui-format",
    "ui-check",
    "ui-test",
    "ui-build",
    "clippy",
    "lint",
    "deny",
    "units",
    "engine",
    "cli",
    "window",
    "package",
    WINDOWS,
];
/// The steps that run what was built.
const PROGRAMS: &[&str] = &["units", "engine", "cli", "window", "package", WINDOWS];
/// It builds everything once more, for Windows.
const WINDOWS: &str = "windows";
/// The steps that run only if they are named.
const BY_NAME: &[&str] = &["package", WINDOWS];
/// A test program that takes longer hangs; a clean build on two cores takes a third of it.
const LIMIT: Duration = Duration::from_secs(40 * 60);

struct Run {
    steps: Vec<&'static str>,
    words: Vec<String>,
    tally: Tally,
    failed: Vec<String>,
    /// What the step `package` tests.
    made: Option<clean_system::Ready>,
}

pub(crate) fn run(args: &[String]) -> Result<(), String> {
    if let Some(flag) = args.iter().find(|arg| arg.starts_with('-')) {
        return Err(format!("cargo xtask test [WORD...]: there is no {flag}"));
    }
    let named: Vec<&str> =
        STEPS.iter().copied().filter(|step| args.iter().any(|arg| arg == step)).collect();
    let words: Vec<String> =
        args.iter().filter(|arg| !STEPS.contains(&arg.as_str())).cloned().collect();
    let steps = match (named.is_empty(), words.is_empty()) {
        (false, _) => named,
        (true, true) => usual(STEPS),
        // a word is a test's name: only programs that are filtered by one
        (true, false) => usual(PROGRAMS),
    };
    if steps.contains(&WINDOWS) {
        if !cfg!(target_os = "linux") {
            return Err(
                "cargo xtask test windows needs Linux, and on Windows itself cargo xtask test does"
                    .into(),
            );
        }
        cross::System::Windows.ready()?;
        cross::wine()?;
    }
    // the package is tested with the practice store alone
    let needs_servers = steps.iter().any(|step| *step != "package");
    let extent = if needs_servers { setup::Extent::Tests } else { setup::Extent::Virtual };
    setup::ready(extent)?;
    let mut run = Run { steps, words, tally: Tally::default(), failed: Vec::new(), made: None };
    run.checks();
    run.programs();
    if !run.failed.is_empty() {
        println!("\nfailed: {}", run.failed.join(", "));
    }
    if run.tally.ran() == 0 {
        run.tally += Tally::FAIL;
        println!("\nno test was run");
    }
    println!("\n{}", run.tally.told());
    // the count is the last line; the exit code says the rest
    std::process::exit(i32::from(run.tally.failed > 0));
}

/// Without those that run only if they are named.
fn usual(steps: &[&'static str]) -> Vec<&'static str> {
    steps.iter().copied().filter(|step| !BY_NAME.contains(step)).collect()
}

impl Run {
    fn wants(&self, step: &str) -> bool {
        self.steps.contains(&step)
    }

    /// One step, timed and counted.
    fn step(&mut self, name: &str, act: impl FnOnce() -> Result<Tally, String>) {
        println!("\n== {name}");
        let start = Instant::now();
        let tally = act().unwrap_or_else(|why| {
            eprintln!("{why}");
            Tally::FAIL
        });
        self.tally += tally;
        if tally.failed > 0 {
            self.failed.push(name.into());
        }
        let word = if tally.failed > 0 { "FAILED" } else { "ok" };
        println!("== {name}: {word}, {}, {:.1} s", tally.told(), start.elapsed().as_secs_f64());
    }

    fn one(&mut self, name: &'static str, mut command: Command) {
        if self.wants(name) {
            self.step(name, || shell::must(&mut command).map(|()| Tally::PASS));
        }
    }

    fn checks(&mut self) {
        self.one("format", project::cargo(&["fmt", "--all", "--check"]));
        self.one("ui-format", project::npm(&["run", "--silent", "format"]));
        self.one("ui-check", project::npm(&["run", "--silent", "check"]));
        if self.wants("ui-test") {
            self.step("ui-test", || counted(&mut project::npm(&["run", "--silent", "test"]), true));
        }
        // the app's build takes the window's files in, and fails without them; a test of the window wants today's
        let is_needed = ["ui-build", "window", "package"].iter().any(|step| self.wants(step));
        if is_needed || !project::ui().join("dist/index.html").is_file() {
            self.steps.push("ui-build");
            self.one("ui-build", project::npm(&["run", "--silent", "build"]));
        }
        self.one(
            "clippy",
            project::cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
        );
        if self.wants("lint") {
            self.step("lint", || lint::run().map(|()| Tally::PASS));
        }
        // advisories are left out: their database has to be fetched
        let mut deny = Command::new(setup::cargo_deny());
        deny.args(["--locked", "check", "licenses", "bans", "sources"]);
        deny.current_dir(project::root());
        self.one("deny", deny);
    }

    fn programs(&mut self) {
        if !PROGRAMS.iter().any(|step| self.wants(step)) {
            return;
        }
        if self.wants(WINDOWS) {
            // debug programs, stripped: a release takes half an hour, and would show the same
            self.step("build for Windows", || {
                project::window_is_built()?;
                package_windows::build("debug")?;
                package_windows::pack("debug").map(|_| Tally::default())
            });
            if self.tally.failed > 0 {
                return;
            }
        }
        // one build for the app and all tests: asking cargo for them one by one compiles tauri anew with other features
        let mut built = Vec::new();
        self.step("build", || {
            let mut cargo = project::cargo(&["build", "--workspace", "--all-targets"]);
            let done =
                shell::watch(cargo.arg("--message-format=json-render-diagnostics"), false, LIMIT)?;
            built = test_programs::read(&done.output);
            // the build is no test: it counts only when it fails
            if done.status.success() {
                Ok(Tally::default())
            } else {
                Err("the build failed".into())
            }
        });
        if self.failed.iter().any(|step| step == "build") {
            return;
        }
        for step in PROGRAMS.iter().copied() {
            if !self.wants(step)
                || (["window", "package"].contains(&step) && !cfg!(target_os = "linux"))
            {
                continue;
            }
            if step == "package" && !self.package() {
                continue;
            }
            let args: &[&str] = match step {
                // one window at a time: they share a screen, a pointer and a keyboard
                "window" | "package" => &["--test-threads=1"],
                // each has a Windows of its own, which takes as much as the test
                WINDOWS => &["--test-threads=2"],
                _ => &[],
            };
            let mut found = false;
            for program in built.iter().filter(|program| step_of(program) == step) {
                self.program(program, args);
                found = true;
            }
            if !found {
                self.step(step, || Err("its tests are gone".into()));
            }
            if step == "units" && self.words.is_empty() {
                let mut docs = project::cargo(&["test", "--workspace", "--doc"]);
                self.step("docs", || counted(&mut docs, false));
            }
        }
    }

    /// Makes the package and the system that it is tested in.
    fn package(&mut self) -> bool {
        let mut made = None;
        self.step("package: lintian, desktop-file-validate, appstreamcli", || {
            made = Some(clean_system::ready()?);
            Ok(Tally::PASS)
        });
        let is_made = made.is_some();
        self.made = made;
        is_made
    }

    fn program(&mut self, program: &TestProgram, args: &[&str]) {
        let package = program.home.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let name = if program.whole {
            program.target.clone()
        } else {
            format!("{package}/{}", program.target)
        };
        let mut command = desktop::inside(&program.executable);
        command
            .args(args)
            .args(&self.words)
            .current_dir(&program.home)
            .env("CARGO_MANIFEST_DIR", &program.home)
            .env("WINDLASS_APP", project::built("debug", "windlass"))
            .env("WINDLASS_SERVERS", project::servers());
        if let Some(made) = self.made.as_ref().filter(|_| name == "package") {
            command
                .env("WINDLASS_APP", project::root().join("tests/support/installed-windlass.sh"))
                .env("WINDLASS_PACKAGE", &made.package)
                .env("WINDLASS_ROOT", &made.root);
        }
        let left_out = program.whole && has_stuck_disks(&program.home, &name) && !may_mount();
        if left_out {
            println!("\n{name}: tests of a disk that does not answer are skipped: they mount one");
            println!(
                "in user space, and that is not allowed here (/dev/fuse, and root or fusermount3)"
            );
            command.args(["--skip", "stuck::"]);
        }
        let must_have_tests = program.whole && self.words.is_empty();
        self.step(&name, || {
            let mut tally = counted(&mut command, must_have_tests)?;
            tally.skipped += u64::from(left_out);
            Ok(tally)
        });
    }
}

/// `tests/NAME/stuck.rs`, one test each.
fn has_stuck_disks(home: &Path, name: &str) -> bool {
    home.join(name).join("stuck.rs").is_file()
}

/// May a file system in user space be mounted here? A container may have the device and not the right.
fn may_mount() -> bool {
    const SYS_ADMIN: u64 = 1 << 21;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let rights = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let rights = rights.and_then(|rights| u64::from_str_radix(rights.trim(), 16).ok());
    let device = File::options().read(true).write(true).open("/dev/fuse");
    device.is_ok()
        && (rights.is_some_and(|rights| rights & SYS_ADMIN != 0)
            || shell::on_path("fusermount3").is_some())
}

/// The step that a test program belongs to: big ones have their own.
fn step_of(program: &TestProgram) -> &str {
    if program.whole && PROGRAMS.contains(&&*program.target) { &program.target } else { "units" }
}

/// Runs a test runner and counts what it says; one that fails without a failed test has crashed.
fn counted(command: &mut Command, must_have_tests: bool) -> Result<Tally, String> {
    let done = shell::watch(command, true, LIMIT)?;
    let mut tally = Tally::read(&done.output);
    if tally.failed == 0 && (done.timed_out || !done.status.success()) {
        eprintln!("the test program ended with {} and no test that failed", done.status);
        tally += Tally::FAIL;
    } else if tally.ran() == 0 && must_have_tests {
        eprintln!("no test was run, and there should be some");
        tally += Tally::FAIL;
    }
    Ok(tally)
}
