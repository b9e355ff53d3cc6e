//! The real app in a real window, driven over WebDriver.

use crate::{
    child_process::{self, Last},
    desktop::{self, Drag},
    place,
    session::{Keychain, Session},
};
use fantoccini::{Client, ClientBuilder, Locator, elements::Element};
use serde_json::{Value, json};
use std::{
    ffi::OsString,
    fs,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    time::{Duration, Instant},
};
use tokio::time::{sleep, timeout};

/// How long a window may take for anything; a loaded machine is slow, and a test that waits is not.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// The window's title, by which the desktop finds it.
pub const TITLE: &str = "Windlass";

/// What an app is started with.
#[derive(Default)]
pub struct Launch {
    env: Vec<(String, OsString)>,
    args: Vec<OsString>,
    session: Option<Session>,
    bare: bool,
}

impl Launch {
    pub fn new() -> Launch {
        Launch::default()
    }

    #[must_use]
    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Launch {
        self.env.push((name.into(), value.into()));
        self
    }

    #[must_use]
    pub fn arg(mut self, arg: impl Into<OsString>) -> Launch {
        self.args.push(arg.into());
        self
    }

    /// On a desktop with no keychain.
    #[must_use]
    pub fn without_keychain(mut self) -> Launch {
        self.bare = true;
        self
    }

    /// In the session that an app before left: the same user starts it again.
    #[must_use]
    pub fn again(mut self, session: Session) -> Launch {
        self.session = Some(session);
        self
    }
}

pub struct App {
    /// For what has no short form here.
    pub client: Client,
    /// Gone only once the app has given it back.
    session: Option<Session>,
    driver: Child,
    app: Vec<u32>,
}

impl App {
    /// Starts the app, and returns when its window answers.
    pub async fn start(launch: Launch) -> App {
        let Launch { env, args, session, bare } = launch;
        let session = session
            .unwrap_or_else(|| Session::new(if bare { Keychain::None } else { Keychain::Open }));
        let port = crate::servers::free_port();
        let mut command = child_process::command("WebKitWebDriver", Last::Kill);
        command
            .args([format!("--port={port}"), "--host=127.0.0.1".into()])
            .envs(session.env().iter().cloned())
            .envs(env)
            // wry lets itself be driven only when it is told to
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            // a screenshot of a WebKit that draws without these hangs for ever
            .env_remove("WEBKIT_DISABLE_DMABUF_RENDERER")
            .env_remove("WEBKIT_DISABLE_COMPOSITING_MODE")
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let driver = child_process::spawn(command).expect("WebKitWebDriver");
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(start.elapsed() < PATIENCE, "WebKitWebDriver does not listen");
            sleep(Duration::from_millis(20)).await;
        }
        // the app goes with its driver, whatever happens to this test
        let mut words: Vec<OsString> = ["--pdeathsig", "KILL", "--"].map(OsString::from).into();
        words.push(place::program("windlass").into());
        words.extend(args);
        let words: Vec<String> =
            words.iter().map(|word| word.to_str().expect("ASCII arguments").into()).collect();
        let wanted =
            json!({ "webkitgtk:browserOptions": { "binary": "/usr/bin/setpriv", "args": words } });
        let connect = async {
            ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
                .capabilities(wanted.as_object().unwrap().clone())
                .connect(&format!("http://127.0.0.1:{port}"))
                .await
        };
        // of an app that dies as it starts, the driver never says a word
        let client = timeout(Duration::from_secs(60), connect).await;
        let client = client.expect("no session: the app did not start").expect("a session");
        let app = children(driver.id());
        App { client, session: Some(session), driver, app }
    }

    pub fn session(&self) -> &Session {
        self.session.as_ref().unwrap()
    }

    /// The app's process id.
    pub fn pid(&self) -> u32 {
        self.app[0]
    }

    /// The processes of its web view.
    pub fn web_view(&self) -> Vec<u32> {
        descendants(self.pid()).into_iter().filter(|pid| named(*pid).contains("WebKit")).collect()
    }

    /// What the app and its web view use of a processor, in percent of one core, by process.
    pub async fn cpu_over(&self, time: Duration) -> String {
        let pids: Vec<u32> = [vec![self.pid()], descendants(self.pid())].concat();
        let before: Vec<Duration> = pids.iter().copied().map(cpu_of).collect();
        sleep(time).await;
        let used = |at: usize| (cpu_of(pids[at]).saturating_sub(before[at])).as_secs_f64();
        let percent = |used: f64| used / time.as_secs_f64() * 100.0;
        let all: f64 = (0..pids.len()).map(used).sum();
        let each: Vec<String> = (0..pids.len())
            .map(|at| format!("{} {:.1}", named(pids[at]).trim(), percent(used(at))))
            .collect();
        format!("{:.1} percent of a core ({})", percent(all), each.join(", "))
    }

    /// The element, waited for.
    pub async fn get(&self, testid: &str) -> Element {
        let css = format!("[data-testid=\"{testid}\"]");
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(&css)).await;
        found.unwrap_or_else(|e| panic!("no {testid}: {e}"))
    }

    /// All elements of this name that are there now.
    pub async fn all(&self, testid: &str) -> Vec<Element> {
        self.client
            .find_all(Locator::Css(&format!("[data-testid=\"{testid}\"]")))
            .await
            .unwrap_or_default()
    }

    /// Waits until there is none.
    pub async fn gone(&self, testid: &str) {
        let start = Instant::now();
        while !self.all(testid).await.is_empty() {
            assert!(start.elapsed() < PATIENCE, "{testid} stays");
            sleep(Duration::from_millis(25)).await;
        }
    }

    pub async fn text(&self, testid: &str) -> String {
        self.until(testid, |_| true).await
    }

    /// The element's text, as soon as it is `right`.
    pub async fn until(&self, testid: &str, right: impl Fn(&str) -> bool) -> String {
        self.until_within(PATIENCE, testid, right).await
    }

    pub async fn until_within(
        &self,
        limit: Duration,
        testid: &str,
        right: impl Fn(&str) -> bool,
    ) -> String {
        let css = format!("[data-testid=\"{testid}\"]");
        let (start, mut last) = (Instant::now(), None);
        while start.elapsed() < limit {
            // an element that is drawn anew between the two calls is not an error
            if let Ok(element) = self.client.find(Locator::Css(&css)).await
                && let Ok(text) = element.text().await
            {
                if right(&text) {
                    return text;
                }
                last = Some(text);
            }
            sleep(Duration::from_millis(25)).await;
        }
        panic!("{testid} stayed {last:?}")
    }

    /// As `until`, by all of its text: the driver leaves out what an ellipsis may cut short.
    pub async fn until_written(&self, testid: &str, right: impl Fn(&str) -> bool) -> String {
        let text = format!(
            "const found = document.querySelector('[data-testid=\"{testid}\"]'); return found ? found.textContent : ''"
        );
        let (start, mut last) = (Instant::now(), String::new());
        while start.elapsed() < PATIENCE {
            last = self.script(&text).await.as_str().unwrap_or_default().into();
            if right(&last) {
                return last;
            }
            sleep(Duration::from_millis(25)).await;
        }
        panic!("{testid} stayed {last:?}")
    }

    pub async fn attribute(&self, testid: &str, name: &str) -> Option<String> {
        self.get(testid).await.attr(name).await.unwrap()
    }

    /// Clicks once the element can be clicked.
    pub async fn click(&self, testid: &str) {
        let (start, mut last) = (Instant::now(), None);
        while start.elapsed() < PATIENCE {
            let element = self.get(testid).await;
            // something may lie over it for the length of a transition
            match element.click().await {
                Ok(()) => return,
                Err(e) => last = Some(e),
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("{testid} cannot be clicked: {last:?}")
    }

    /// Replaces what is in a field.
    pub async fn fill(&self, testid: &str, text: &str) {
        let (start, mut last) = (Instant::now(), None);
        while start.elapsed() < PATIENCE {
            let field = self.get(testid).await;
            // the driver is content with an edge in sight, and then finds it covered
            let middle = format!(
                "document.querySelector('[data-testid=\"{testid}\"]').scrollIntoView({{block: 'center'}})"
            );
            self.script(&middle).await;
            // drawn anew, or out of sight for a moment while the page above it changes
            match field.clear().await {
                Ok(()) => return field.send_keys(text).await.unwrap(),
                Err(e) => last = Some(e),
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("{testid} cannot be filled: {last:?}")
    }

    /// Types at whatever has the focus, as a keyboard does; `ctrl+a` and the like by `desktop::press`.
    pub async fn keys(&self, text: &str) {
        self.client.active_element().await.unwrap().send_keys(text).await.unwrap();
    }

    /// What a script in the window returns.
    pub async fn script(&self, body: &str) -> Value {
        self.client.execute(body, vec![]).await.unwrap()
    }

    /// A picture of the window, kept in target/shots. Two frames later, so that the last change is painted.
    pub async fn shot(&self, name: &str) -> PathBuf {
        let frames =
            "const d = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => d()))";
        let frames = timeout(PATIENCE, self.client.execute_async(frames, vec![])).await;
        frames.expect("no frame is drawn").unwrap();
        let png = timeout(PATIENCE, self.client.screenshot())
            .await
            .expect("the screenshot hangs")
            .unwrap();
        let path = place::shots().join(format!("{name}.png"));
        fs::write(&path, png).unwrap();
        path
    }

    /// Drops files on the middle of the window: a real drag from another window.
    pub async fn drag(&self, files: &[&Path]) {
        self.hover(files).await.release_here().await;
    }

    /// Drags files over the middle of the window and holds them there.
    pub async fn hover(&self, files: &[&Path]) -> Hover {
        self.hover_at(files, (0.5, 0.5)).await
    }

    /// Drags files over a point of the window, given as parts of its width and height.
    pub async fn hover_at(&self, files: &[&Path], at: (f64, f64)) -> Hover {
        let files: Vec<PathBuf> = files.iter().map(|file| file.to_path_buf()).collect();
        let over =
            move || Drag::over(&files.iter().map(PathBuf::as_path).collect::<Vec<_>>(), TITLE, at);
        Hover(apart(over).await)
    }

    /// Chooses a path in the native dialog.
    pub async fn choose(&self, title: &str, path: &Path) {
        let (title, path) = (title.to_string(), path.to_path_buf());
        apart(move || desktop::choose_in_dialog(&title, &path)).await;
    }

    /// Closes the native dialog with nothing chosen.
    pub async fn dismiss(&self, title: &str) {
        let title = title.to_string();
        apart(move || desktop::dismiss_dialog(&title)).await;
    }

    /// Ends the WebDriver session, which closes the window, as by a user who wants to quit whatever is under way. What
    /// they left is in the session.
    pub async fn close(mut self) -> Session {
        let quit = "window.__TAURI_INTERNALS__.invoke('leave', { arg: 'quit' }).catch(() => {})";
        let _ = timeout(PATIENCE, self.client.execute(quit, vec![])).await;
        let _ = timeout(PATIENCE, self.client.clone().close()).await;
        let start = Instant::now();
        while self.app.iter().any(|pid| alive(*pid)) {
            if start.elapsed() > PATIENCE {
                self.app.iter().for_each(|pid| child_process::signal(*pid, "KILL"));
                panic!("the app does not end");
            }
            sleep(Duration::from_millis(10)).await;
        }
        self.session.take().unwrap()
    }

    /// Waits until the app has ended by itself.
    pub async fn ended(mut self) -> Session {
        let start = Instant::now();
        while self.app.iter().any(|pid| alive(*pid)) {
            assert!(start.elapsed() < PATIENCE, "the app does not end");
            sleep(Duration::from_millis(10)).await;
        }
        self.session.take().unwrap()
    }

    /// Pulls the plug: the app is killed where it stands.
    pub async fn kill(mut self) -> Session {
        for pid in &self.app {
            child_process::signal(*pid, "KILL");
        }
        while self.app.iter().any(|pid| alive(*pid)) {
            sleep(Duration::from_millis(10)).await;
        }
        self.session.take().unwrap()
    }
}

/// Files held over the window.
pub struct Hover(Drag);

impl Hover {
    pub async fn release_here(self) {
        apart(move || self.0.release()).await;
    }

    pub async fn leave(self) {
        apart(move || self.0.leave()).await;
    }
}

impl Drop for App {
    fn drop(&mut self) {
        for pid in self.app.iter().filter(|pid| alive(**pid)) {
            child_process::signal(*pid, "KILL");
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// The pointer takes seconds, and a server in the test's runtime goes on meanwhile.
async fn apart<T: Send + 'static>(act: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(act)
        .await
        .unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()))
}

fn alive(pid: u32) -> bool {
    // a child that has ended and was not yet waited for is still listed
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

fn children(pid: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let lists = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    lists
        .flat_map(|list| {
            list.split_whitespace().map(|pid| pid.parse().unwrap()).collect::<Vec<u32>>()
        })
        .collect()
}

fn descendants(pid: u32) -> Vec<u32> {
    let own = children(pid);
    let below: Vec<u32> = own.iter().flat_map(|child| descendants(*child)).collect();
    [own, below].concat()
}

fn named(pid: u32) -> String {
    fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default()
}

/// User and system time of a process that runs, as the kernel counts it: in hundredths of a second.
fn cpu_of(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // the name before may hold anything; fields 14 and 15 of proc(5) are the twelfth and thirteenth after it
    let rest = stat.rsplit(") ").next().unwrap_or_default();
    let ticks = |at: usize| rest.split(' ').nth(at).and_then(|field| field.parse::<u64>().ok());
    Duration::from_millis(10 * (ticks(11).unwrap_or(0) + ticks(12).unwrap_or(0)))
}
