//! Writes that a file's size and time do not show, by a mapping or in memory: the object is still a single version of the file.

use crate::changing::{SIZE, Story, replace};
use crate::fixture::PART;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use windlass_tests::{Server, files};

/// A program that has the file mapped, as LMDB and libtorrent do, with a page of each part written to.
struct Mapped {
    child: Child,
    reported: ChildStdin,
}

impl Mapped {
    fn over(path: &Path) -> Mapped {
        let program = format!(
            "import mmap, sys\n\
             f = open(sys.argv[1], 'r+b')\n\
             m = mmap.mmap(f.fileno(), 0)\n\
             def write(words):\n    \
                 for at in range(0, len(m), {PART}): m[at:at + len(words)] = words\n    \
                 print('written', flush=True)\n\
             write(b'before')\n\
             for line in sys.stdin: write(line.strip().encode())\n"
        );
        let mut child = Command::new("python3")
            .args(["-c", &program])
            .arg(path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let reported = child.stdin.take().unwrap();
        let mut mapped = Mapped { child, reported };
        mapped.until_written();
        mapped
    }

    fn write(&mut self, words: &str) {
        writeln!(self.reported, "{words}").unwrap();
        self.until_written();
    }

    fn until_written(&mut self) {
        let mut line = String::new();
        // one line is all there is to read each time
        BufReader::with_capacity(64, self.child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert_eq!(line.trim(), "written");
    }
}

impl Drop for Mapped {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_are_mapped_and_written_before_show_their_next_write() {
    let mut mapped = None;
    let story = Story::with_file(Server::practice().await, |fixture| {
        let path = fixture.file("film", 1, SIZE);
        mapped = Some(Mapped::over(&path));
        path
    })
    .await;
    mapped.as_mut().unwrap().write("after");
    let (_, times) = story.ends().await;
    assert_eq!(times[..6], [2, 2, 2, 2, 2, 2]);
}

/// In memory a write through a mapping never changes a time.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_in_memory_is_compared_before_it_is_completed() {
    let folder = tempfile::tempdir_in("/dev/shm").unwrap();
    let mut mapped = None;
    let story = Story::with_file(Server::practice().await, |_| {
        let path: PathBuf = folder.path().join("film");
        files::write(&path, 1, SIZE);
        mapped = Some(Mapped::over(&path));
        path
    })
    .await;
    mapped.as_mut().unwrap().write("after");
    let (detail, times) = story.ends().await;
    assert_eq!(times[..6], [2, 2, 2, 2, 2, 2]);
    assert_eq!(detail.resent, 6);
}

/// Where times show no writes, the file that has the name by now is looked at, and not the one that was opened.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_in_memory_that_is_replaced_goes_again_under_the_same_upload() {
    let folder = tempfile::tempdir_in("/dev/shm").unwrap();
    let path: PathBuf = folder.path().join("film");
    let story = Story::with_file(Server::practice().await, |_| {
        files::write(&path, 1, SIZE);
        path.clone()
    })
    .await;
    replace(&path, 99, SIZE);
    let (detail, times) = story.ends().await;
    assert_eq!(times[..6], [2, 2, 2, 2, 2, 2]);
    assert_eq!(detail.resent, 6);
}
