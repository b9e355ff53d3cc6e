//! Restricts what the window may load to its own page.

use tauri::plugin::{Builder, TauriPlugin};
use tauri::webview::NewWindowResponse;
use tauri::{App, Runtime, Url, WebviewWindowBuilder};

/// Creates the window as configured. It cannot open other windows.
///
/// # Errors
/// The system's.
pub(crate) fn open_window(app: &App) -> tauri::Result<()> {
    for window in &app.config().app.windows {
        WebviewWindowBuilder::from_config(app, window)?
            .on_new_window(|_, _| NewWindowResponse::Deny)
            .build()?;
    }
    Ok(())
}

/// Blocks every other address: links, scripts, forms and redirects.
pub(crate) fn plugin<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("navigation")
        .on_navigation(|_, url| {
            let own = is_own(url, tauri::is_dev());
            if !own {
                // without the query, which may contain anything
                tracing::warn!(
                    scheme = url.scheme(),
                    host = url.host_str(),
                    "the page may not lead there"
                );
            }
            own
        })
        .build()
}

fn is_own(url: &Url, dev: bool) -> bool {
    match (url.scheme(), url.host_str()) {
        ("tauri", Some("localhost")) => url.port().is_none(),
        // the same on Windows, where a custom scheme is a host
        ("http" | "https", Some("tauri.localhost")) => url.port().is_none(),
        ("http", Some("localhost")) => dev && url.port() == Some(5173),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn the_page_stays_where_it_is() {
        let own = |url: &str, dev: bool| is_own(&Url::parse(url).unwrap(), dev);
        for url in
            ["tauri://localhost", "tauri://localhost/index.html#x", "http://tauri.localhost/"]
        {
            assert!(own(url, false), "{url}");
        }
        for url in [
            "https://evil.example/",
            "http://localhost:5173/",
            "http://localhost/",
            "http://tauri.localhost:8080/",
            "http://tauri.localhost.evil.example/",
            "tauri://evil.example",
            "file:///etc/passwd",
            "data:text/html,x",
            "javascript:alert(1)",
            "about:blank",
            "ipc://localhost/leave",
            "blob:tauri://localhost/1",
        ] {
            assert!(!own(url, false), "{url}");
        }
        assert!(own("http://localhost:5173/", true));
    }

    fn configuration() -> Value {
        serde_json::from_str(include_str!("../tauri.conf.json")).unwrap()
    }

    /// The content security policy of the shipped app.
    #[test]
    fn the_page_may_do_what_it_needs_and_no_more() {
        let configuration = configuration();
        let security = &configuration["app"]["security"];
        let policy = security["csp"].as_str().unwrap();
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        let directive = |name: &str| {
            let found = policy.split(';').map(str::trim).filter_map(|one| one.split_once(' '));
            found.into_iter().find(|(one, _)| *one == name).map(|(_, sources)| sources)
        };
        for closed in
            ["default-src", "form-action", "base-uri", "object-src", "frame-src", "frame-ancestors"]
        {
            assert_eq!(directive(closed), Some("'none'"), "{closed}");
        }
        for own in ["script-src", "style-src"] {
            assert_eq!(directive(own), Some("'self'"), "{own}");
        }
        assert_eq!(directive("connect-src"), Some("ipc: http://ipc.localhost"));
        assert!(
            security["dangerousDisableAssetCspModification"].is_null(),
            "its nonces are needed"
        );
    }

    /// The shell, the terminal program and the packages have one identifier.
    #[test]
    fn the_identifier_is_the_engine_s() {
        let identifier = configuration()["identifier"].as_str().unwrap().to_owned();
        assert_eq!(identifier, windlass_engine::APP_ID);
        assert!(!identifier.ends_with(".desktop") && !identifier.ends_with(".app"));
    }

    /// No files, dialogs or windows: those are the shell's.
    #[test]
    fn the_page_may_listen_to_events_and_nothing_else_of_tauri() {
        let main: Value = serde_json::from_str(include_str!("../capabilities/main.json")).unwrap();
        let granted = &main["permissions"];
        assert_eq!(
            *granted,
            serde_json::json!(["core:event:allow-listen", "core:event:allow-unlisten"])
        );
    }
}
