//! Creates folders and files that only the user can read. On systems other than Unix, the user's folders are private already.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

/// Creates a folder, with its parents, that only its owner can access. An existing folder is restricted, too.
pub(crate) fn folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)?;
    close(path);
    Ok(())
}

/// Opens a file that only its owner can access. An existing file is truncated, unless it has to be `new`.
pub(crate) fn file(path: &Path, new: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true).create(true).truncate(true).create_new(new).open(path)
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
