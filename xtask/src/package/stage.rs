//! The tree of files that a package installs, below `usr/`.

use super::{APP_ID, Build, Style, VERSION, date, fresh, third_party, told};
use crate::{project, shell};
use std::{fs, path::Path, process::Command};

/// The shells with the place of their completions.
const SHELLS: [(&str, &str); 3] = [
    ("bash", "bash-completion/completions/windlass-cli"),
    ("zsh", "zsh/site-functions/_windlass-cli"),
    ("fish", "fish/vendor_completions.d/windlass-cli.fish"),
];
/// Where Debian's zsh looks instead.
const ZSH_OF_DEBIAN: &str = "zsh/vendor-completions/_windlass-cli";
const ICONS: [(&str, &str); 5] = [
    ("32x32.png", "32x32/apps"),
    ("128x128.png", "128x128/apps"),
    ("128x128@2x.png", "256x256/apps"),
    ("icon.png", "512x512/apps"),
    ("icon.svg", "scalable/apps"),
];

/// Stages the whole tree in `root`, which is emptied first.
pub(super) fn stage(build: &Build, style: Style, root: &Path) -> Result<(), String> {
    fresh(root)?;
    let (packaging, share) = (project::root().join("packaging/linux"), root.join("usr/share"));
    for program in ["windlass", "windlass-cli"] {
        install_program(build, program, &root.join("usr/bin"))?;
    }
    let desktop = format!("{APP_ID}.desktop");
    copy(&packaging.join(&desktop), &share.join("applications").join(&desktop))?;
    let menu = "windlass-upload.desktop";
    copy(&packaging.join(menu), &share.join("kio/servicemenus").join(menu))?;
    let metainfo = format!("{APP_ID}.metainfo.xml");
    let text = filled(build, &packaging.join(format!("{metainfo}.in")))?;
    write(&share.join("metainfo").join(metainfo), &text)?;
    for (icon, place) in ICONS {
        let kind = icon.rsplit('.').next().unwrap_or_default();
        let to = share.join("icons/hicolor").join(place).join(format!("{APP_ID}.{kind}"));
        copy(&project::root().join("icons").join(icon), &to)?;
    }
    for (shell, place) in SHELLS {
        let is_zsh = shell == "zsh" && style == Style::Debian;
        completions(build, shell, &share.join(if is_zsh { ZSH_OF_DEBIAN } else { place }))?;
    }
    let pages = share.join("man/man1");
    man(build, &pages)?;
    write(&pages.join("windlass.1"), &filled(build, &packaging.join("windlass.1.in"))?)?;
    zip_all(&pages)?;
    documents(&share, style)?;
    settle(build, root)
}

/// Stages the terminal program with what belongs to it, flat.
pub(super) fn terminal_program(build: &Build, folder: &Path) -> Result<(), String> {
    install_program(build, "windlass-cli", folder)?;
    for (shell, place) in SHELLS {
        let name = Path::new(place).file_name().unwrap_or_default();
        completions(build, shell, &folder.join("completions").join(shell).join(name))?;
    }
    man(build, &folder.join("man/man1"))?;
    copy(&project::root().join("docs/terminal.md"), &folder.join("README.md"))?;
    copy(&project::root().join("LICENSE"), &folder.join("LICENSE"))?;
    write(&folder.join("THIRD-PARTY.txt"), &third_party::licences(&["windlass-cli"])?)?;
    settle(build, folder)
}

/// Licence, the licences of what is compiled in, and the changes. Debian's copyright file and changelog are added by `deb`.
fn documents(share: &Path, style: Style) -> Result<(), String> {
    let documents = share.join("doc/windlass");
    let third_party = third_party::licences(&["windlass", "windlass-cli"])?;
    copy(&project::root().join("CHANGELOG.md"), &documents.join("CHANGELOG.md"))?;
    if style == Style::Debian {
        write(&documents.join("THIRD-PARTY.txt"), &third_party)?;
        return zip_all(&documents);
    }
    let licences = share.join("licenses/windlass");
    write(&licences.join("THIRD-PARTY.txt"), &third_party)?;
    copy(&project::root().join("LICENSE"), &licences.join("LICENSE"))
}

/// A program without its debug symbols.
fn install_program(build: &Build, name: &str, folder: &Path) -> Result<(), String> {
    let to = folder.join(name);
    copy(&build.programs.join(name), &to)?;
    shell::must(Command::new("strip").arg("--strip-unneeded").arg(&to))
}

fn completions(build: &Build, shell: &str, to: &Path) -> Result<(), String> {
    let mut program = Command::new(build.programs.join("windlass-cli"));
    let script = shell::capture(program.args(["completions", shell]));
    write(to, &script.ok_or(format!("windlass-cli made no completions for {shell}"))?)
}

fn man(build: &Build, folder: &Path) -> Result<(), String> {
    shell::must(Command::new(build.programs.join("windlass-cli")).arg("man").arg(folder))
}

/// A template with version and date in place.
fn filled(build: &Build, template: &Path) -> Result<String, String> {
    let text = fs::read_to_string(template).map_err(|e| told(template, &e))?;
    Ok(text.replace("@VERSION@", VERSION).replace("@DATE@", &date(build.time, "+%F")?))
}

/// Compresses the folder's files, the same every time.
fn zip_all(folder: &Path) -> Result<(), String> {
    let files = fs::read_dir(folder).map_err(|e| told(folder, &e))?.flatten();
    let mut gzip = Command::new("gzip");
    gzip.args(["-9n", "--force"]).args(files.map(|file| file.path()));
    shell::must(&mut gzip)
}

/// Gives every file its rights and its time, whatever the umask and the hour.
fn settle(build: &Build, root: &Path) -> Result<(), String> {
    shell::must(Command::new("chmod").args(["-R", "u=rwX,go=rX"]).arg(root))?;
    let mut touch = Command::new("find");
    touch.arg(root).args(["-exec", "touch", "--no-dereference"]);
    shell::must(touch.arg(format!("--date=@{}", build.time)).args(["{}", "+"]))
}

pub(super) fn copy(from: &Path, to: &Path) -> Result<(), String> {
    below(to)?;
    fs::copy(from, to).map(drop).map_err(|e| told(from, &e))
}

pub(super) fn write(to: &Path, text: &str) -> Result<(), String> {
    below(to)?;
    fs::write(to, text).map_err(|e| told(to, &e))
}

fn below(file: &Path) -> Result<(), String> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder).map_err(|e| told(folder, &e))
}
