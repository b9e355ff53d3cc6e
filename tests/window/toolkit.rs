//! What the web view of Linux leaves to GTK, in the real window: a theme of high contrast, and tooltips.

use std::time::Duration;
use windlass_tests::{App, Launch, Session, desktop, session::Keychain};

/// A tooltip comes half a second after the pointer has come to rest.
const LIMIT: u32 = 200;

/// WebKitGTK says nothing of it to the page.
#[tokio::test(flavor = "multi_thread")]
async fn a_theme_of_high_contrast_is_followed() {
    let session = Session::new(Keychain::Open);
    let config = session.env().iter().find(|(name, _)| name == "XDG_CONFIG_HOME").unwrap();
    let folder = std::path::Path::new(&config.1).join("gtk-3.0");
    std::fs::create_dir_all(&folder).unwrap();
    let theme = "[Settings]\ngtk-theme-name=HighContrast\n";
    std::fs::write(folder.join("settings.ini"), theme).unwrap();
    let app = App::start(Launch::new().again(session)).await;
    app.get("welcome").await;
    let contrast = "return document.documentElement.dataset.contrast";
    for _ in 0..200 {
        if app.script(contrast).await == "more" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert_eq!(app.script(contrast).await, "more");
    app.shot("47-high-contrast").await;
    app.close().await;
}

/// Asked for by a key, so that the pointer does not move.
#[tokio::test(flavor = "multi_thread")]
async fn a_dialog_hides_the_tooltip_of_what_lies_under_it() {
    let app = App::start(Launch::new()).await;
    app.get("welcome").await;
    let middle = "const { x, y, width, height } = document.querySelector('[data-testid=\"nav-done\"]').getBoundingClientRect(); \
                  return [Math.round(x + width / 2), Math.round(y + height / 2)]";
    let middle = app.script(middle).await;
    let part = |at: usize| u32::try_from(middle[at].as_u64().unwrap()).unwrap();
    assert_eq!(desktop::windows_of("indlass"), 1);
    desktop::rest_at("Windlass", part(0), part(1));
    until_windows(2).await;
    app.keys("\u{e009}k\u{e000}").await;
    app.get("palette-typed").await;
    until_windows(1).await;
    app.close().await;
}

async fn until_windows(wanted: usize) {
    for _ in 0..LIMIT {
        if desktop::windows_of("indlass") == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{} windows, and not {wanted}", desktop::windows_of("indlass"));
}
