//! Where other programs keep their connections on this computer, and reading those files. What is in them is
//! `model/import`'s to understand; nothing is written.

use crate::model::import::{self, Contents, Program, WhyNot, cyberduck};
use std::ffi::OsString;
use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// What is larger is no configuration: a film that somebody named by mistake is not read.
const LARGEST: u64 = 4 << 20;
/// Bookmarks of one folder.
const MOST_BOOKMARKS: usize = 5_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum System {
    Linux,
    Mac,
    Windows,
}

impl System {
    fn of_this_computer() -> Self {
        match std::env::consts::OS {
            "windows" => Self::Windows,
            "macos" => Self::Mac,
            _ => Self::Linux,
        }
    }
}

/// Reads the configuration of one program, or of all: from its default locations, or from a file that is named.
pub(crate) fn read(program: Option<Program>, file: Option<&Path>) -> Contents {
    let mut into = Contents::default();
    let env = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let home = std::env::home_dir().unwrap_or_default();
    for one in [Program::Rclone, Program::Cyberduck, Program::S3cmd, Program::Mc] {
        if program.is_some_and(|program| program != one) {
            continue;
        }
        let places = match file {
            Some(file) => vec![file.to_owned()],
            None => places(one, System::of_this_computer(), &home, env),
        };
        match one {
            Program::Cyberduck => bookmarks(&places, file.is_some(), &mut into),
            _ => first_of(one, &places, file.is_some(), &mut into),
        }
    }
    into
}

/// The default locations of a program in the order in which it looks; for Cyberduck, folders that hold `Bookmarks` and
/// `Profiles`.
fn places(
    program: Program,
    system: System,
    home: &Path,
    env: impl Fn(&str) -> Option<OsString>,
) -> Vec<PathBuf> {
    let app_data = || env("APPDATA").map_or(home.join("AppData").join("Roaming"), PathBuf::from);
    let of_env = |name: &str| env(name).map(PathBuf::from);
    let mut places = Vec::new();
    match program {
        // <https://rclone.org/docs/#config-string>
        Program::Rclone => {
            if let Some(given) = of_env("RCLONE_CONFIG") {
                return vec![given];
            }
            if system == System::Windows {
                places.push(app_data().join("rclone").join("rclone.conf"));
            }
            let config = of_env("XDG_CONFIG_HOME").unwrap_or(home.join(".config"));
            places.push(config.join("rclone").join("rclone.conf"));
            places.push(home.join(".rclone.conf"));
        }
        Program::S3cmd => match (of_env("S3CMD_CONFIG"), system) {
            (Some(given), _) => places.push(given),
            (None, System::Windows) => places.push(app_data().join("s3cmd.ini")),
            (None, _) => places.push(home.join(".s3cfg")),
        },
        Program::Mc => {
            if let Some(given) = of_env("MC_CONFIG_DIR") {
                return vec![given.join("config.json")];
            }
            // Debian's package calls the program mcli
            for name in ["mc", "mcli"] {
                let folder =
                    if system == System::Windows { name.into() } else { format!(".{name}") };
                places.push(home.join(folder).join("config.json"));
            }
        }
        // <https://docs.cyberduck.io/cyberduck/support/#application-support-folder>
        Program::Cyberduck => match system {
            System::Mac => {
                let library = home.join("Library");
                let group = library.join("Group Containers/G69SCX94XU.duck/Library");
                places.push(group.join("Application Support/duck"));
                places.push(library.join("Application Support/Cyberduck"));
            }
            System::Windows => places.push(app_data().join("Cyberduck")),
            System::Linux => places.push(home.join(".duck")),
        },
    }
    places
}

/// The first place that has a file, as the program itself does. `named`: that there is none is worth a word.
fn first_of(program: Program, places: &[PathBuf], named: bool, into: &mut Contents) {
    for place in places {
        let file = place.display().to_string();
        match text(place) {
            Ok(Some(text)) => return import::read(program, &file, &text, into),
            Ok(None) if named => into.refuse(program, &file, missing()),
            Ok(None) => {}
            Err(why) => return into.refuse(program, &file, why),
        }
    }
}

/// All bookmarks of the folders, or the one that is named, with the profiles and passwords beside them.
fn bookmarks(places: &[PathBuf], named: bool, into: &mut Contents) {
    for place in places {
        let is_file = place.metadata().is_ok_and(|found| found.is_file());
        let root = match place.parent().and_then(Path::parent) {
            Some(root) if is_file => root,
            _ => place.as_path(),
        };
        let (mut profiles, mut passwords) = (Vec::new(), Vec::new());
        // on Linux both spellings are in use
        for folder in ["Profiles", "profiles"].map(|name| root.join(name)) {
            for file in files_in(&folder, "cyberduckprofile").unwrap_or_default() {
                // one that is damaged lacks defaults, and the bookmark may have its own
                if let Ok(Some(bytes)) = bytes(&file) {
                    profiles.extend(cyberduck::profile(&bytes));
                }
            }
        }
        if let Ok(Some(text)) = text(&root.join("credentials")) {
            passwords = cyberduck::passwords(&text);
        }
        let found = match is_file {
            true => Ok(vec![place.clone()]),
            false => bookmark_files(place),
        };
        let files = match found {
            Ok(files) if files.is_empty() && named => Err(missing()),
            other => other,
        };
        match files {
            Ok(files) => {
                for path in files {
                    let file = path.display().to_string();
                    match bytes(&path) {
                        Ok(Some(bytes)) => {
                            cyberduck::read(&file, &bytes, &profiles, &passwords, into);
                        }
                        // gone since it was listed
                        Ok(None) => {}
                        Err(why) => into.refuse(Program::Cyberduck, &file, why),
                    }
                }
            }
            Err(why) => into.refuse(Program::Cyberduck, &place.display().to_string(), why),
        }
    }
}

fn bookmark_files(place: &Path) -> Result<Vec<PathBuf>, WhyNot> {
    let mut files = Vec::new();
    for folder in [place.to_owned(), place.join("Bookmarks"), place.join("bookmarks")] {
        files.extend(files_in(&folder, "duck")?);
    }
    files.dedup();
    Ok(files)
}

/// The files of a folder with this ending, in order; none where there is no folder.
fn files_in(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, WhyNot> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(unreadable(&error)),
    };
    let has_it =
        |path: &PathBuf| path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending));
    let mut files: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(has_it).take(MOST_BOOKMARKS).collect();
    files.sort();
    Ok(files)
}

fn text(path: &Path) -> Result<Option<Zeroizing<String>>, WhyNot> {
    let Some(bytes) = bytes(path)? else { return Ok(None) };
    let text = std::str::from_utf8(&bytes).map_err(|_| WhyNot::NotUtf8)?;
    // as some editors on Windows begin a file
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // what is UTF-8 by chance
    if text.contains('\0') {
        return Err(WhyNot::NotUtf8);
    }
    Ok(Some(Zeroizing::new(text.to_owned())))
}

/// None where nothing is there. A link is followed, as the program itself would: many keep such files elsewhere and link
/// to them.
fn bytes(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, WhyNot> {
    let found = match path.metadata() {
        Ok(found) => found,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return match path.symlink_metadata() {
                Ok(_) => Err(WhyNot::Unreadable { cause: "the link points to nothing".into() }),
                Err(_) => Ok(None),
            };
        }
        Err(error) => return Err(unreadable(&error)),
    };
    // looked at before it is opened: a pipe without a writer would never open
    check(&found)?;
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let found = file.metadata().map_err(|error| unreadable(&error))?;
    check(&found)?;
    let capacity = usize::try_from(found.len() + 1).unwrap_or(0);
    // never grown: bytes that move leave a copy behind
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
    let read =
        file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    match read as u64 > LARGEST {
        true => Err(WhyNot::TooLarge { bytes: read as u64 }),
        false => Ok(Some(bytes)),
    }
}

fn check(found: &Metadata) -> Result<(), WhyNot> {
    match (found.is_file(), found.len()) {
        (false, _) => Err(WhyNot::NotAFile),
        (true, bytes) if bytes > LARGEST => Err(WhyNot::TooLarge { bytes }),
        (true, _) => Ok(()),
    }
}

fn unreadable(error: &std::io::Error) -> WhyNot {
    let cause = match error.kind() {
        ErrorKind::PermissionDenied => "no permission".to_owned(),
        _ => error.to_string(),
    };
    WhyNot::Unreadable { cause }
}

fn missing() -> WhyNot {
    WhyNot::Unreadable { cause: "there is no such file".into() }
}

#[cfg(test)]
mod tests;
