//! The screen, mouse and keyboard of the private desktop.

use crate::{
    child_process::{self, Last},
    place,
};
use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread::sleep,
    time::Duration,
};

/// Files that are being dragged, over a window and not yet let go.
pub struct Drag {
    source: Child,
    lines: mpsc::Receiver<String>,
}

/// A rectangle on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

impl Drag {
    /// Takes files out of another window and moves them over the window titled `title`: to the point at `across` and
    /// `down`, parts of its width and height. A real X11 drag, as from a file manager.
    pub fn over(files: &[&Path], title: &str, (across, down): (f64, f64)) -> Drag {
        let mut command = child_process::command(place::script("dragsource.py"), Last::Kill);
        command.args(files).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut source = child_process::spawn(command).expect("dragsource.py");
        let pipe = BufReader::new(source.stdout.take().unwrap());
        let (said, lines) = mpsc::channel();
        // read to its end: a source whose pipe is full looks like a drop that got lost
        std::thread::spawn(move || {
            pipe.lines().map_while(Result::ok).try_for_each(|line| said.send(line))
        });
        let drag = Drag { source, lines };
        drag.wait_for("READY");
        let (from, to) = (window("DragSource"), window(title));
        move_to(&from, 10, 40);
        move_to(&to, 300, 120);
        xdo(&["windowraise", &from]);
        sleep(Duration::from_millis(400));
        let (from, to) = (frame(&from), frame(&to));
        let (x0, y0) = from.at(0.5, 0.5);
        let (x1, y1) = to.at(across, down);
        point(x0, y0);
        sleep(Duration::from_millis(100));
        xdo(&["mousedown", "1"]);
        sleep(Duration::from_millis(100));
        // GTK takes it for a drag after 8 pixels
        for step in 1..=4 {
            point(x0 + 6 * step, y0 + 3 * step);
        }
        for step in 1..=15 {
            point(x0 + (x1 - x0) * step / 15, y0 + (y1 - y0) * step / 15);
        }
        point(x1 + 1, y1 + 1);
        sleep(Duration::from_millis(150));
        drag
    }

    /// Lets go here.
    pub fn release(self) {
        xdo(&["mouseup", "1"]);
        self.wait_for("END");
    }

    /// Lets go outside of every window.
    pub fn leave(self) {
        point(5, 990);
        sleep(Duration::from_millis(150));
        self.release();
    }

    fn wait_for(&self, word: &str) {
        loop {
            let line = self.lines.recv_timeout(Duration::from_secs(20));
            let line = line.unwrap_or_else(|_| panic!("the drag source never said {word}"));
            if line.split(' ').next() == Some(word) {
                return;
            }
        }
    }
}

impl Drop for Drag {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // a button that stays down spoils every later test
            let _ = Command::new("xdotool").args(["mouseup", "1"]).status();
        }
        let _ = self.source.kill();
        let _ = self.source.wait();
    }
}

impl Frame {
    fn at(self, across: f64, down: f64) -> (i32, i32) {
        #[expect(clippy::cast_possible_truncation, reason = "a screen has few pixels")]
        let part = |of: i32, part: f64| (f64::from(of) * part).round() as i32;
        (self.x + part(self.width, across), self.y + part(self.height, down))
    }
}

/// Types an absolute path into the native file dialog titled `title`, and takes it.
pub fn choose_in_dialog(title: &str, path: &Path) {
    activate(title);
    // out of the recent files, where a typed folder cannot be opened
    xdo(&["key", "alt+Home"]);
    sleep(Duration::from_millis(300));
    xdo(&["key", "ctrl+l"]);
    sleep(Duration::from_millis(400));
    xdo(&["key", "ctrl+a"]);
    let path = path.to_str().filter(|path| path.is_ascii()).expect("xdotool types ASCII only");
    xdo(&["type", "--delay", "8", path]);
    sleep(Duration::from_millis(300));
    // the entry completes what is typed, and what it added is selected: away with it
    xdo(&["key", "Delete"]);
    sleep(Duration::from_millis(200));
    xdo(&["key", "Return"]);
    until_gone(title);
}

/// Closes a native dialog with nothing chosen.
pub fn dismiss_dialog(title: &str) {
    activate(title);
    xdo(&["key", "Escape"]);
    until_gone(title);
}

/// Sizes the window titled `title`.
pub fn size_window(title: &str, width: u32, height: u32) {
    xdo(&["windowsize", "--sync", &window(title), &width.to_string(), &height.to_string()]);
}

/// Types a key with the window titled `title` in front: `ctrl+a`, `Delete`.
pub fn press(title: &str, key: &str) {
    xdo(&["windowactivate", "--sync", &window(title)]);
    xdo(&["key", key]);
}

/// Closes the window titled `title` as its frame's button does.
pub fn close(title: &str) {
    press(title, "alt+F4");
}

/// Waits until no window of this title is to be seen.
pub fn until_hidden(title: &str) {
    until_seen(title, false);
}

/// Waits until one is seen again.
pub fn until_shown(title: &str) {
    until_seen(title, true);
}

fn until_seen(title: &str, wanted: bool) {
    for _ in 0..200 {
        // GTK's own small ones, to take what is dropped, stay when the window goes
        if is_seen(title) == wanted {
            return;
        }
        sleep(Duration::from_millis(50));
    }
    let shot = screen_shot("window-seen-or-not");
    panic!("{title} is not as wanted ({wanted}): {}", shot.display());
}

fn is_seen(title: &str) -> bool {
    let mut search = Command::new("xdotool");
    search.args(["search", "--onlyvisible", "--name", &named(title)]).stderr(Stdio::null());
    let found = String::from_utf8(search.output().expect("xdotool").stdout).unwrap();
    found.lines().any(|window| {
        let reported =
            Command::new("xdotool").args(["getwindowgeometry", "--shell", window]).output();
        // one that went meanwhile is not seen
        reported.is_ok_and(|reported| {
            reported.status.success() && {
                let frame = parsed(&String::from_utf8_lossy(&reported.stdout));
                frame.width > 100 && frame.height > 100
            }
        })
    })
}

/// Lets the pointer rest at a point of a window, in pixels from its own corner.
pub fn rest_at(title: &str, x: u32, y: u32) {
    let window = window(title);
    for by in 0..2 {
        xdo(&["mousemove", "--window", &window, &(x + by).to_string(), &(y + by).to_string()]);
        // the page has to have seen it come before it is seen to rest
        sleep(Duration::from_millis(200));
    }
}

/// How many windows of a program are seen, by its class: tooltips and menus are windows, too.
pub fn windows_of(class: &str) -> usize {
    xdo(&["search", "--onlyvisible", "--class", class]).lines().count()
}

/// Clicks at a part of a window's width and height.
pub fn click_at(title: &str, across: f64, down: f64) {
    let (x, y) = frame(&window(title)).at(across, down);
    point(x, y);
    xdo(&["click", "1"]);
}

/// Presses the button at one point of a window's inside, carries what is there to another, and lets go.
pub fn carry(title: &str, from: (i32, i32), to: (i32, i32)) {
    let window = window(title);
    // from the window's own corner: what is told of its place on the screen leaves its frame out
    let point = |x: i32, y: i32| {
        xdo(&["mousemove", "--window", &window, &x.to_string(), &y.to_string()]);
        sleep(Duration::from_millis(25));
    };
    point(from.0, from.1);
    xdo(&["mousedown", "1"]);
    for step in 1..=10 {
        point(from.0 + (to.0 - from.0) * step / 10, from.1 + (to.1 - from.1) * step / 10);
    }
    xdo(&["mouseup", "1"]);
}

/// A picture of the whole screen: frames, native dialogs and a drag under way included.
pub fn screen_shot(name: &str) -> PathBuf {
    let path = place::shots().join(format!("{name}.png"));
    let status = Command::new(place::script("xshot.py")).arg(&path).status().expect("xshot.py");
    assert!(status.success(), "xshot.py");
    path
}

pub fn frame_of(title: &str) -> Frame {
    frame(&window(title))
}

fn activate(title: &str) {
    xdo(&["windowactivate", "--sync", &window(title)]);
    sleep(Duration::from_millis(300));
}

/// GTK keeps a closed dialog for the next time: it is there, and not to be seen.
fn until_gone(title: &str) {
    for _ in 0..100 {
        if !visible(title) {
            return;
        }
        sleep(Duration::from_millis(50));
    }
    let shot = screen_shot("dialog-that-stays");
    panic!("{title} stays open: {}", shot.display());
}

fn visible(title: &str) -> bool {
    let mut search = Command::new("xdotool");
    search.args(["search", "--onlyvisible", "--name", &named(title)]).stderr(Stdio::null());
    !search.output().expect("xdotool").stdout.is_empty()
}

fn point(x: i32, y: i32) {
    xdo(&["mousemove", &x.to_string(), &y.to_string()]);
    sleep(Duration::from_millis(25));
}

fn move_to(window: &str, x: i32, y: i32) {
    xdo(&["windowmove", window, &x.to_string(), &y.to_string()]);
}

/// xdotool takes a regular expression.
fn named(title: &str) -> String {
    format!("^{}$", title.replace(['(', ')', '.', '+', '*', '?', '['], "."))
}

/// The id of the window with this title, waited for.
fn window(title: &str) -> String {
    let found = xdo(&["search", "--sync", "--onlyvisible", "--name", &named(title)]);
    // GTK has small windows of its own under the same title, to take what is dropped
    let area = |window: &&str| {
        let frame = frame(window);
        i64::from(frame.width) * i64::from(frame.height)
    };
    found.lines().max_by_key(area).unwrap().to_string()
}

fn frame(window: &str) -> Frame {
    parsed(&xdo(&["getwindowgeometry", "--shell", window]))
}

fn parsed(reported: &str) -> Frame {
    let value = |name: &str| {
        let found = reported
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix('=')?.parse().ok());
        found.unwrap_or_else(|| panic!("no {name} in {reported}"))
    };
    Frame { x: value("X"), y: value("Y"), width: value("WIDTH"), height: value("HEIGHT") }
}

fn xdo(args: &[&str]) -> String {
    for _ in 0..5 {
        // a search that never finds would wait for ever
        let mut command = Command::new("timeout");
        let out = command.args(["20", "xdotool"]).args(args).output().expect("xdotool");
        if out.status.success() {
            return String::from_utf8(out.stdout).unwrap();
        }
        assert!(out.status.code() != Some(124), "xdotool {args:?} finds nothing");
        // a search walks all windows, and fails when one of them goes meanwhile
        sleep(Duration::from_millis(100));
    }
    panic!("xdotool {args:?}")
}
