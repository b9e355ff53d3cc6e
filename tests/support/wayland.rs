//! A Wayland compositor without a screen, and a pointer in it: sway, headless.

use crate::child_process::{self, Last};
use std::{
    ffi::OsString,
    fs,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};
use tempfile::{Builder, TempDir};
use wayland_client::{
    Connection, Dispatch, EventQueue, QueueHandle,
    globals::{GlobalListContents, registry_queue_init},
    protocol::{wl_pointer::ButtonState, wl_registry::WlRegistry},
};
use wayland_protocols_wlr::virtual_pointer::v1::client::{
    zwlr_virtual_pointer_manager_v1::ZwlrVirtualPointerManagerV1,
    zwlr_virtual_pointer_v1::ZwlrVirtualPointerV1,
};

const WIDTH: u32 = 1400;
const HEIGHT: u32 = 1000;
/// The left button, as Linux numbers it.
const LEFT: u32 = 0x110;
/// Sway does not run as root, and this user exists everywhere.
const NOBODY: &str = "65534";

/// A compositor. It ends when this is dropped.
pub struct Compositor {
    folder: TempDir,
    sway: Child,
}

impl Compositor {
    /// Starts it. Each line of `rules` is one of sway's configuration.
    pub fn start(rules: &str) -> Compositor {
        let folder = Builder::new().prefix("windlass-sway-").tempdir().unwrap();
        let config = folder.path().join("config");
        let text = format!(
            "xwayland disable\noutput HEADLESS-1 resolution {WIDTH}x{HEIGHT}\ndefault_border none\n{rules}\n"
        );
        fs::write(&config, text).unwrap();
        let mut command = child_process::command("setpriv", Last::Kill);
        if is_root() {
            let own = Command::new("chown")
                .args(["-R", &format!("{NOBODY}:{NOBODY}")])
                .arg(folder.path())
                .status();
            assert!(own.unwrap().success());
            command.args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"]);
        }
        command.args(["--", "sway", "-c"]).arg(&config);
        command
            .env("HOME", folder.path())
            .env("XDG_RUNTIME_DIR", folder.path())
            .env("WLR_BACKENDS", "headless")
            .env("WLR_LIBINPUT_NO_DEVICES", "1")
            .env("WLR_RENDERER", "pixman")
            .env_remove("DISPLAY")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let sway = child_process::spawn(command).expect("sway");
        let compositor = Compositor { folder, sway };
        let start = Instant::now();
        while UnixStream::connect(compositor.socket()).is_err() {
            assert!(start.elapsed() < Duration::from_secs(20), "sway did not start");
            sleep(Duration::from_millis(50));
        }
        compositor
    }

    /// What a program has in its environment to be shown here.
    pub fn env(&self) -> [(String, OsString); 2] {
        [("WAYLAND_DISPLAY".into(), self.socket().into()), ("GDK_BACKEND".into(), "wayland".into())]
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("wayland-1")
    }

    /// Waits until a window of this title is shown.
    pub fn until_shown(&self, title: &str) {
        let start = Instant::now();
        let name = format!("\"name\": \"{title}\"");
        while !self.tree().contains(&name) {
            assert!(start.elapsed() < Duration::from_secs(30), "{title} is not shown");
            sleep(Duration::from_millis(100));
        }
    }

    fn tree(&self) -> String {
        let out = self.message().args(["-t", "get_tree"]).output().expect("swaymsg");
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    fn message(&self) -> Command {
        let sockets = fs::read_dir(self.folder.path()).unwrap().flatten();
        let socket = sockets
            .map(|entry| entry.path())
            .find(|path| path.to_string_lossy().contains("sway-ipc."));
        let mut command = Command::new("swaymsg");
        command.env("SWAYSOCK", socket.unwrap_or_default());
        command
    }

    /// A pointer, for as long as it is held.
    pub fn pointer(&self) -> Pointer {
        let stream = UnixStream::connect(self.socket()).unwrap();
        let connection = Connection::from_socket(stream).unwrap();
        let (globals, mut queue) = registry_queue_init::<Nothing>(&connection).unwrap();
        let handle = queue.handle();
        let manager: ZwlrVirtualPointerManagerV1 = globals.bind(&handle, 1..=2, ()).unwrap();
        let device = manager.create_virtual_pointer(None, &handle, ());
        queue.roundtrip(&mut Nothing).unwrap();
        Pointer { device, queue, start: Instant::now() }
    }

    /// A picture of the screen.
    pub fn shot(&self, path: &Path) {
        let taken = Command::new("grim").arg(path).envs(self.env()).status();
        assert!(taken.is_ok_and(|status| status.success()), "grim");
    }
}

impl Drop for Compositor {
    fn drop(&mut self) {
        let _ = self.sway.kill();
        let _ = self.sway.wait();
    }
}

/// A mouse.
pub struct Pointer {
    device: ZwlrVirtualPointerV1,
    queue: EventQueue<Nothing>,
    start: Instant,
}

impl Pointer {
    /// Moves to a point of the screen.
    pub fn move_to(&mut self, x: u32, y: u32) {
        self.device.motion_absolute(self.time(), x, y, WIDTH, HEIGHT);
        self.done();
    }

    pub fn press(&mut self) {
        self.device.button(self.time(), LEFT, ButtonState::Pressed);
        self.done();
    }

    pub fn release(&mut self) {
        self.device.button(self.time(), LEFT, ButtonState::Released);
        self.done();
    }

    /// Drags from one point to another, as a hand does, without letting go.
    pub fn drag(&mut self, from: (u32, u32), to: (u32, u32)) {
        self.move_to(from.0, from.1);
        sleep(Duration::from_millis(200));
        self.press();
        sleep(Duration::from_millis(100));
        // GTK takes it for a drag after 8 pixels
        for step in 1..=4 {
            self.move_to(from.0 + 6 * step, from.1 + 3 * step);
        }
        let between = |from: u32, to: u32, step: u32| (from * (15 - step) + to * step) / 15;
        for step in 1..=15 {
            self.move_to(between(from.0, to.0, step), between(from.1, to.1, step));
        }
        self.move_to(to.0 + 1, to.1 + 1);
        sleep(Duration::from_millis(200));
    }

    /// Ms since it was plugged in.
    fn time(&self) -> u32 {
        u32::try_from(self.start.elapsed().as_millis()).unwrap()
    }

    fn done(&mut self) {
        self.device.frame();
        self.queue.roundtrip(&mut Nothing).unwrap();
        sleep(Duration::from_millis(25));
    }
}

/// A pointer hears nothing.
struct Nothing;

impl Dispatch<WlRegistry, GlobalListContents> for Nothing {
    fn event(
        _: &mut Self,
        _: &WlRegistry,
        _: <WlRegistry as wayland_client::Proxy>::Event,
        _: &GlobalListContents,
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
    }
}

wayland_client::delegate_noop!(Nothing: ZwlrVirtualPointerManagerV1);
wayland_client::delegate_noop!(Nothing: ZwlrVirtualPointerV1);

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}
