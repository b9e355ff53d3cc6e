//! Steps of the window tests: start the app, wait for a row, read the practice store's folder.

use std::path::Path;
use std::time::{Duration, Instant};
use windlass_practice::{Keys, Place, PracticeStore};
use windlass_tests::{App, ReferenceClient, Server, Session, session::Keychain};

/// Where the app keeps its journal, its settings and its practice store.
pub(crate) const DATA: &str = windlass_engine::APP_ID;

/// A session whose settings stand before the app is started for the first time.
pub(crate) fn session_with(settings: &str) -> Session {
    let session = Session::new(Keychain::Open);
    let folder = session.data().join(DATA);
    std::fs::create_dir_all(&folder).unwrap();
    let text = format!(r#"{{"settings":{settings},"connections":[]}}"#);
    std::fs::write(folder.join("settings.json"), text).unwrap();
    session
}

/// The status of the row with this place in the list, as the window shows it.
pub(crate) async fn status(app: &App, place: usize) -> Option<String> {
    let script = format!(
        "const row = document.querySelectorAll('[data-testid^=\"row-\"][data-status]')[{place}]; \
         return row ? row.dataset.status : null"
    );
    app.script(&script).await.as_str().map(ToOwned::to_owned)
}

pub(crate) async fn until_status(app: &App, place: usize, wanted: &[&str]) -> String {
    let (start, mut last) = (Instant::now(), None);
    while start.elapsed() < Duration::from_secs(60) {
        last = status(app, place).await;
        if let Some(status) = last.as_deref().filter(|status| wanted.contains(status)) {
            return status.to_owned();
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("row {place} stayed {last:?}, wanted {wanted:?}")
}

/// Percent of the row's bar, from its progressbar role.
pub(crate) async fn percent(app: &App) -> f64 {
    let script = "const bar = document.querySelector('[data-testid=\"row-bar\"]'); \
                  const own = bar?.matches('[role=progressbar]') ? bar : bar?.querySelector('[role=progressbar]') ?? \
                  bar?.closest('[role=progressbar]'); return own ? Number(own.getAttribute('aria-valuenow')) : -1";
    app.script(script).await.as_f64().unwrap()
}

/// The app's practice store, opened again after the app has ended: its folder, other keys.
pub(crate) async fn practice_of(session: &Session) -> (PracticeStore, ReferenceClient) {
    let folder = session.data().join(DATA).join("practice");
    assert!(folder.is_dir(), "the app made no practice store");
    let store =
        PracticeStore::start(Place { folder, port: 0, keys: Keys::generate() }).await.unwrap();
    let keys = store.keys().clone();
    let server =
        Server::found("practice", store.endpoint(), &keys.access_key_id, &keys.secret_access_key);
    (store, ReferenceClient::new(&server))
}

/// No file of the session holds these bytes.
pub(crate) fn assert_nowhere(secret: &str, folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            assert_nowhere(secret, &path);
        } else if let Ok(bytes) = std::fs::read(&path) {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "the secret is in {}", path.display());
        }
    }
}
