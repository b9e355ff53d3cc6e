//! Whole paths, and paths that Windows takes as they are written. In a plain path, Windows reads `aux.txt` as a device, drops
//! a dot or a space at the end, and ends at 260 characters. A verbatim path (`\\?\C:\…`) names the file that is meant, so
//! every file is opened by one, and shown by its plain path.
//! See "Naming Files, Paths, and Namespaces" in Microsoft's documentation.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// The whole path of what is named here, without looking at the disk. Journals outlive the folder that a process is in.
#[cfg(not(windows))]
pub fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// The path to open a file or a folder by.
#[cfg(not(windows))]
pub(crate) fn verbatim(path: &Path) -> Cow<'_, Path> {
    Cow::Borrowed(path)
}

#[cfg(windows)]
pub use windows::absolute;
#[cfg(windows)]
pub(crate) use windows::verbatim;

#[cfg(windows)]
mod windows {
    use super::{Cow, Path, PathBuf};
    use std::ffi::OsString;
    use std::path::{Component, Prefix, PrefixComponent};

    /// The whole path of what is named here, without looking at the disk. Journals outlive the folder that a process is in.
    pub fn absolute(path: &Path) -> PathBuf {
        // the standard library's function asks Windows, which answers with a device for `aux.txt`
        let whole = match path.components().next() {
            Some(Component::Prefix(drive)) if !path.has_root() => on_drive(drive, path),
            Some(Component::Prefix(_)) => path.to_owned(),
            _ => std::env::current_dir().unwrap_or_default().join(path),
        };
        normal(&whole).unwrap_or(whole)
    }

    /// `C:f` is in the current folder of that drive, which Windows keeps apart from that of the process.
    fn on_drive(drive: PrefixComponent<'_>, path: &Path) -> PathBuf {
        let mut dot = drive.as_os_str().to_owned();
        dot.push(".");
        let below = path.components().skip(1);
        std::path::absolute(&dot)
            .map_or_else(|_| path.to_owned(), |folder| folder.join(below.collect::<PathBuf>()))
    }

    /// With backslashes, and without `.` and `..`. `None` for a device and for what is verbatim already.
    fn normal(path: &Path) -> Option<PathBuf> {
        let mut components = path.components();
        let Some(Component::Prefix(prefix)) = components.next() else { return None };
        let mut whole = PathBuf::from(match prefix.kind() {
            Prefix::Disk(letter) => OsString::from(format!("{}:\\", char::from(letter))),
            Prefix::UNC(server, share) => joined(r"\\", [server, share]),
            _ => return None,
        });
        for component in components {
            match component {
                Component::Normal(name) => whole.push(name),
                // stays at the root where it is there already
                Component::ParentDir => drop(whole.pop()),
                _ => {}
            }
        }
        Some(whole)
    }

    /// The path to open a file or a folder by. A relative path stays as it is.
    pub(crate) fn verbatim(path: &Path) -> Cow<'_, Path> {
        let Some(whole) = path.has_root().then(|| normal(path)).flatten() else {
            return Cow::Borrowed(path);
        };
        let mut components = whole.components();
        let Some(Component::Prefix(prefix)) = components.next() else {
            return Cow::Borrowed(path);
        };
        let mut verbatim = match prefix.kind() {
            Prefix::UNC(server, share) => joined(r"\\?\UNC\", [server, share]),
            _ => {
                let mut verbatim = OsString::from(r"\\?\");
                verbatim.push(prefix.as_os_str());
                verbatim.push("\\");
                verbatim
            }
        };
        // pushed as text: `PathBuf` would read more into it
        let below: PathBuf = components.skip(1).collect();
        verbatim.push(below);
        Cow::Owned(verbatim.into())
    }

    fn joined(start: &str, [server, share]: [&std::ffi::OsStr; 2]) -> OsString {
        let mut root = OsString::from(start);
        for name in [server, share] {
            root.push(name);
            root.push("\\");
        }
        root
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn every_form_of_a_path_becomes_whole() {
            let here = std::env::current_dir().unwrap();
            let drive = here.to_str().unwrap()[..2].to_owned();
            let table = [
                (r"C:\a\b", r"C:\a\b".to_owned()),
                ("C:/a/./b/../c", r"C:\a\c".to_owned()),
                (r"C:\..\..\a", r"C:\a".to_owned()),
                (r"C:\a\aux.txt", r"C:\a\aux.txt".to_owned()),
                (r"C:\ends in a dot.", r"C:\ends in a dot.".to_owned()),
                (r"\a", format!(r"{drive}\a")),
                ("con", here.join("con").to_str().unwrap().to_owned()),
                (r"a\..\b", here.join("b").to_str().unwrap().to_owned()),
                (r"\\nas\film\a\..\b", r"\\nas\film\b".to_owned()),
                ("//nas/film/a", r"\\nas\film\a".to_owned()),
                (r"\\?\C:\a\..\b", r"\\?\C:\a\..\b".to_owned()),
                (r"\\.\PhysicalDrive0", r"\\.\PhysicalDrive0".to_owned()),
            ];
            for (path, whole) in table {
                assert_eq!(absolute(Path::new(path)), Path::new(&whole), "{path}");
                assert_eq!(absolute(Path::new(path)).to_str().unwrap(), whole, "{path}");
            }
            let on_drive = absolute(Path::new(&format!("{drive}a.txt")));
            assert_eq!(on_drive, here.join("a.txt"));
        }

        #[test]
        fn a_verbatim_path_is_made_of_each_whole_one() {
            let table = [
                (r"C:\", r"\\?\C:\"),
                (r"C:\a\aux.txt", r"\\?\C:\a\aux.txt"),
                (r"C:\a/b", r"\\?\C:\a\b"),
                (r"\\nas\film\a ", r"\\?\UNC\nas\film\a "),
                (r"\\nas\film", r"\\?\UNC\nas\film\"),
                (r"\\?\C:\a.", r"\\?\C:\a."),
                (r"\\.\NUL", r"\\.\NUL"),
                (r"a\b", r"a\b"),
            ];
            for (path, wanted) in table {
                assert_eq!(verbatim(Path::new(path)).to_str().unwrap(), wanted, "{path}");
            }
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_becomes_whole_and_a_whole_one_stays() {
        let here = std::env::current_dir().unwrap();
        assert_eq!(absolute(Path::new("a/b")), here.join("a/b"));
        assert_eq!(absolute(Path::new("/a/b")), Path::new("/a/b"));
        assert_eq!(verbatim(Path::new("/a/aux.txt")), Path::new("/a/aux.txt"));
    }
}
