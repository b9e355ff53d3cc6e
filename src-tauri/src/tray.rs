//! The tray icon, which shows the upload rate and brings the window back.
//!
//! On Linux it is a StatusNotifierItem over D-Bus, elsewhere Tauri's own. Where the desktop has none there is none, and
//! the window is told so: an app that cannot be found again must not hide.

use crate::menu;
use serde::Deserialize;
use std::sync::{Mutex, PoisonError};
use tauri::AppHandle;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub(crate) struct TrayWords {
    /// The active uploads in one line: rate, number, time left.
    tip: String,
    show: String,
    pause: String,
    resume: String,
    quit: String,
    can_pause: bool,
    can_resume: bool,
}

/// The actions of the items. The two in the middle are in the window's table.
const SHOW: &str = "tray.show";
const PAUSE: &str = "pauseAll";
const RESUME: &str = "resumeAll";
const QUIT: &str = "tray.quit";

/// Whether the icon is shown, and its text.
#[derive(Default)]
pub(crate) struct Tray(Mutex<Option<there::Handle>>);

impl Tray {
    /// Asks the desktop to show the icon, which may take a while.
    pub(crate) fn open(&self, app: &AppHandle) {
        match there::open(app) {
            Ok(handle) => *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(handle),
            Err(error) => tracing::info!(%error, "this desktop has no tray"),
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    pub(crate) fn say(&self, words: TrayWords) {
        if let Some(handle) = self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            there::say(handle, words);
        }
    }
}

fn chosen(app: &AppHandle, id: &str) {
    match id {
        SHOW => crate::show(app),
        QUIT => crate::ask_to_quit(app),
        action => menu::chosen(app, action),
    }
}

#[cfg(target_os = "linux")]
mod there {
    use super::{AppHandle, PAUSE, QUIT, RESUME, SHOW, TrayWords, chosen};
    use ksni::blocking::TrayMethods;
    use ksni::menu::{MenuItem, StandardItem};

    pub(super) type Handle = ksni::blocking::Handle<Item>;

    pub(super) struct Item {
        app: AppHandle,
        icon: Vec<ksni::Icon>,
        words: TrayWords,
    }

    pub(super) fn open(app: &AppHandle) -> Result<Handle, ksni::Error> {
        let icon = app.default_window_icon().map(|icon| ksni::Icon {
            width: i32::try_from(icon.width()).unwrap_or_default(),
            height: i32::try_from(icon.height()).unwrap_or_default(),
            data: argb(icon.rgba()),
        });
        let words = TrayWords {
            tip: String::new(),
            show: "Windlass".into(),
            quit: "Quit".into(),
            ..TrayWords::default()
        };
        Item { app: app.clone(), icon: icon.into_iter().collect(), words }.spawn()
    }

    pub(super) fn say(handle: &Handle, words: TrayWords) {
        handle.update(|item| item.words = words);
    }

    /// The byte order that the specification requires.
    fn argb(rgba: &[u8]) -> Vec<u8> {
        rgba.chunks_exact(4).flat_map(|pixel| [pixel[3], pixel[0], pixel[1], pixel[2]]).collect()
    }

    impl Item {
        fn entry(label: &str, enabled: bool, id: &'static str) -> MenuItem<Self> {
            // an underscore would mark an access key
            let label = label.replace('_', "__");
            StandardItem {
                label,
                enabled,
                activate: Box::new(move |own: &mut Self| chosen(&own.app, id)),
                ..StandardItem::default()
            }
            .into()
        }
    }

    impl ksni::Tray for Item {
        fn id(&self) -> String {
            windlass_engine::APP_ID.into()
        }

        fn title(&self) -> String {
            "Windlass".into()
        }

        fn icon_pixmap(&self) -> Vec<ksni::Icon> {
            self.icon.clone()
        }

        fn tool_tip(&self) -> ksni::ToolTip {
            ksni::ToolTip {
                title: "Windlass".into(),
                description: self.words.tip.clone(),
                ..ksni::ToolTip::default()
            }
        }

        fn activate(&mut self, _x: i32, _y: i32) {
            chosen(&self.app, SHOW);
        }

        fn menu(&self) -> Vec<MenuItem<Self>> {
            let words = &self.words;
            let mut items = Vec::new();
            if !words.tip.is_empty() {
                let told = StandardItem {
                    label: words.tip.replace('_', "__"),
                    enabled: false,
                    ..StandardItem::default()
                };
                items.extend([told.into(), MenuItem::Separator]);
            }
            items.push(Self::entry(&words.show, true, SHOW));
            if words.can_pause {
                items.push(Self::entry(&words.pause, true, PAUSE));
            }
            if words.can_resume {
                items.push(Self::entry(&words.resume, true, RESUME));
            }
            items.extend([MenuItem::Separator, Self::entry(&words.quit, true, QUIT)]);
            items
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod there {
    use super::{AppHandle, PAUSE, QUIT, RESUME, SHOW, TrayWords, chosen};
    use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
    use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};

    pub(super) type Handle = TrayIcon;

    pub(super) fn open(app: &AppHandle) -> tauri::Result<Handle> {
        let mut tray = TrayIconBuilder::with_id("windlass")
            .tooltip("Windlass")
            .show_menu_on_left_click(cfg!(target_os = "macos"))
            .on_menu_event(|app, event| chosen(app, event.id().as_ref()))
            .on_tray_icon_event(|tray, event| {
                let click = (MouseButton::Left, MouseButtonState::Up);
                if let TrayIconEvent::Click { button, button_state, .. } = event
                    && (button, button_state) == click
                    && !cfg!(target_os = "macos")
                {
                    chosen(tray.app_handle(), SHOW);
                }
            });
        if let Some(icon) = app.default_window_icon() {
            tray = tray.icon(icon.clone());
        }
        tray.build(app)
    }

    pub(super) fn say(handle: &Handle, words: TrayWords) {
        if let Err(error) = show(handle, &words) {
            tracing::warn!(%error, "the tray cannot be written");
        }
    }

    fn show(handle: &Handle, words: &TrayWords) -> tauri::Result<()> {
        let app = handle.app_handle();
        let item = |id, label: &str| MenuItem::with_id(app, id, label, true, None::<&str>);
        let menu = Menu::with_items(app, &[&item(SHOW, &words.show)?])?;
        if words.can_pause {
            menu.append(&item(PAUSE, &words.pause)?)?;
        }
        if words.can_resume {
            menu.append(&item(RESUME, &words.resume)?)?;
        }
        menu.append(&PredefinedMenuItem::separator(app)?)?;
        menu.append(&item(QUIT, &words.quit)?)?;
        handle.set_menu(Some(menu))?;
        let tip = if words.tip.is_empty() { "Windlass" } else { &words.tip };
        handle.set_tooltip(Some(tip))
    }
}
