//! Builds for Windows, and checks for macOS, from Debian. No Rust target can be fetched where there is no network, but Debian
//! has a toolchain with the source of the standard library (`rustc-web`, kept new for browsers), of which cargo builds the
//! library for another system. Linking for macOS needs Apple's SDK, so code for it is checked only.

use crate::{project, setup, shell, store_servers};
use std::{path::PathBuf, process::Command};

/// Its version moves with Debian's browsers.
const RUSTC: &str = "/usr/bin/rustc";
const CLIPPY: &str = "/usr/bin/cargo-clippy";
const TOOLCHAIN: &[&str] = &["rustc-web", "rust-web-src", "libstd-rust-web-dev", "rust-web-clippy"];
const WINDOWS: &[&str] = &["gcc-mingw-w64-x86-64-posix", "g++-mingw-w64-x86-64-posix"];
const MACOS: &[&str] = &["python3-venv"];
/// Runs what was built, and packs it.
const WINE: &[&str] = &["wine64", "nsis"];
/// A C compiler with Apple's headers of the C library, for build scripts.
const ZIG: &str = "ziglang==0.17.1\n";

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum System {
    Windows,
    MacOs,
}

impl System {
    pub(crate) fn named(name: &str) -> Option<System> {
        match name {
            "windows" => Some(System::Windows),
            "macos" => Some(System::MacOs),
            _ => None,
        }
    }

    pub(crate) fn triple(self) -> &'static str {
        match self {
            System::Windows => "x86_64-pc-windows-gnu",
            System::MacOs => "aarch64-apple-darwin",
        }
    }

    /// Installs the compilers.
    pub(crate) fn ready(self) -> Result<(), String> {
        let packages = if self == System::Windows { WINDOWS } else { MACOS };
        install(&[TOOLCHAIN, packages].concat())?;
        if self == System::MacOs {
            store_servers::python(&zig(), "Zig's C compiler", ZIG, |_| Ok(()))?;
        }
        Ok(())
    }

    /// `cargo WORD ARGS` for this system.
    pub(crate) fn cargo(self, word: &str, args: &[&str]) -> Command {
        let mut cargo = if word == "clippy" {
            // rustup's own would compile with its own compiler
            let mut clippy = Command::new(CLIPPY);
            clippy.current_dir(project::root());
            clippy
        } else {
            project::cargo(&[])
        };
        cargo
            .args([word, "-Zbuild-std=std,panic_abort", "--target", self.triple()])
            .args(args)
            .env("RUSTC", RUSTC)
            // lets a released compiler build its own standard library
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_DIR", target());
        match self {
            System::Windows => cargo
                .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", "x86_64-w64-mingw32-gcc-posix")
                .env("CC_x86_64_pc_windows_gnu", "x86_64-w64-mingw32-gcc-posix")
                .env("CXX_x86_64_pc_windows_gnu", "x86_64-w64-mingw32-g++-posix")
                .env("AR_x86_64_pc_windows_gnu", "x86_64-w64-mingw32-ar")
                // assembled beforehand: no assembler has to be installed
                .env("AWS_LC_SYS_PREBUILT_NASM", "1"),
            System::MacOs => cargo
                .env("CC_aarch64_apple_darwin", apple_compiler())
                .env("CXX_aarch64_apple_darwin", apple_compiler())
                .env("AR_aarch64_apple_darwin", "ar")
                .env("ZIG_PYTHON", zig().join("venv/bin/python"))
                // there is none, and nobody is to look for it
                .env("SDKROOT", "/nonexistent"),
        };
        cargo
    }

    /// Where a program is that was built for this system.
    pub(crate) fn built(self, profile: &str, name: &str) -> PathBuf {
        target().join(self.triple()).join(profile).join(name)
    }
}

/// What runs Windows programs, and what makes their installer.
pub(crate) fn wine() -> Result<(), String> {
    install(WINE)
}

fn install(packages: &[&str]) -> Result<(), String> {
    if shell::on_path("apt-get").is_none() || shell::on_path("dpkg-query").is_none() {
        return Err(format!(
            "other systems are built for with Debian's packages, which this system has not: {}",
            packages.join(" ")
        ));
    }
    setup::debian(packages)
}

/// Builds of both systems share what runs while they are built.
fn target() -> PathBuf {
    project::target().join("cross")
}

fn zig() -> PathBuf {
    target().join("zig")
}

fn apple_compiler() -> PathBuf {
    project::root().join("xtask/src/cross/apple-cc.sh")
}
