//! When a file was last changed, as Windows knows it. Programs put the time of the last write back (encrypted containers do, so
//! that nobody sees that they were written to); the change time is then that of putting it back.
//!
//! The standard library does not return it yet (`windows_change_time`), and no library that is kept well does without `unsafe`
//! of the caller: see [`FILE_BASIC_INFO`](https://learn.microsoft.com/windows/win32/api/winbase/ns-winbase-file_basic_info).
#![cfg(windows)]

use std::fs::File;
use std::os::windows::io::AsRawHandle as _;
use windows_sys::Win32::Storage::FileSystem::{
    FILE_BASIC_INFO, FileBasicInfo, GetFileInformationByHandleEx,
};

/// From 1601, where Windows begins to count, to 1970, in units of 100 ns.
const TO_1970: i64 = 116_444_736_000_000_000;

/// When the file's bytes, name or attributes were last changed, in ns since 1970. `None` if the file system does not keep it, as
/// FAT does not.
#[expect(unsafe_code, reason = "the standard library has no safe way to it")]
pub fn change_time(file: &File) -> Option<i64> {
    let mut info = FILE_BASIC_INFO::default();
    let size = u32::try_from(size_of::<FILE_BASIC_INFO>()).ok()?;
    // SAFETY: the handle is open as long as `file` is borrowed, and Windows writes at most `size` bytes, the size of what the
    // pointer leads to, which is plain numbers.
    let done = unsafe {
        GetFileInformationByHandleEx(
            file.as_raw_handle(),
            FileBasicInfo,
            (&raw mut info).cast(),
            size,
        )
    };
    let known = done != 0 && info.ChangeTime > 0;
    known.then(|| info.ChangeTime.saturating_sub(TO_1970).saturating_mul(100))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "in a test, a panic is the failure and its report")]
    use super::*;
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    #[test]
    fn it_is_now_and_moves_on_when_the_time_of_the_last_write_is_put_back() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "first").unwrap();
        let written = file.as_file().metadata().unwrap().modified().unwrap();
        let before = change_time(file.as_file()).unwrap();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
        let age = i64::try_from(now).unwrap() - before;
        assert!((0..60_000_000_000).contains(&age), "{age}");
        std::thread::sleep(Duration::from_millis(50));
        std::fs::write(file.path(), "other").unwrap();
        file.as_file().set_modified(written).unwrap();
        assert_eq!(file.as_file().metadata().unwrap().modified().unwrap(), written);
        assert!(change_time(file.as_file()).unwrap() > before);
    }
}
