//! Creates folders and files that only the user can read: what was uploaded, from where and to where, is nobody else's
//! business. On systems other than Unix, the user's folders are private already.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::Path;

/// Creates a folder, with its parents, that only its owner can access. An existing folder and its files are restricted,
/// too.
///
/// # Errors
/// The system's, if it cannot be created.
pub(crate) fn folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)?;
    close(path);
    for entry in std::fs::read_dir(path)?.flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_file()) {
            close(&entry.path());
        }
    }
    Ok(())
}

/// Creates a folder with its parents, for its owner only. Existing folders keep their permissions, because they belong to
/// other programs.
///
/// # Errors
/// The system's error, if it cannot be created.
pub(crate) fn folder_of_others(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

/// Options to write to a file that only its owner can read, if it is created.
pub(crate) fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true);
    options
}

/// Some file systems have no permissions, and some folders belong to somebody else: neither is a reason to stop.
#[cfg(unix)]
fn close(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let Ok(metadata) = path.symlink_metadata() else { return };
    let mut permissions = metadata.permissions();
    if permissions.mode() & 0o077 == 0 {
        return;
    }
    permissions.set_mode(permissions.mode() & 0o700);
    if let Err(error) = std::fs::set_permissions(path, permissions) {
        tracing::warn!(%error, path = %path.display(), "others may read this");
    }
}

#[cfg(not(unix))]
fn close(_: &Path) {}
