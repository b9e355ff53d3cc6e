//! The native menu, built from the window's action table. Items carry action names only, and the window runs the action. On
//! systems other than macOS the menu bar is shown on demand (F10), because the window has its own menu.

use serde::Deserialize;
use tauri::menu::{Menu, MenuItem, MenuItemBuilder, PredefinedMenuItem, Submenu, SubmenuBuilder};
use tauri::{AppHandle, Emitter, Manager, Wry};

/// The event of a chosen item. Its payload is the action's name.
pub(crate) const CHOSEN: &str = "action";

/// The menu bar in the window's language, and which items are enabled.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub(crate) struct MenuBar {
    /// The title of the Edit menu (macOS).
    edit: String,
    groups: Vec<MenuGroup>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub(crate) struct MenuGroup {
    title: String,
    items: Vec<MenuEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub(crate) struct MenuEntry {
    /// The action's name.
    id: String,
    label: String,
    /// Such as "Mod+Shift+P".
    keys: Option<String>,
    enabled: bool,
}

/// Replaces the menu bar.
pub(crate) fn set(app: &AppHandle, bar: &MenuBar) -> tauri::Result<()> {
    let menu = Menu::new(app)?;
    if cfg!(target_os = "macos") {
        menu.append(&own(app)?)?;
        menu.append(&edit(app, &bar.edit)?)?;
    }
    for group in &bar.groups {
        let mut submenu = SubmenuBuilder::new(app, &group.title);
        for entry in &group.items {
            submenu = submenu.item(&item(app, entry)?);
        }
        menu.append(&submenu.build()?)?;
    }
    let Some(window) = app.get_webview_window("main") else { return Ok(()) };
    if cfg!(target_os = "macos") {
        app.set_menu(menu)?;
    } else {
        let shown = window.is_menu_visible().unwrap_or(false);
        let before = window.set_menu(menu)?;
        if !(shown && before.is_some()) {
            window.hide_menu()?;
        }
    }
    Ok(())
}

/// Shows or hides the bar, on systems where it is not always visible.
pub(crate) fn toggle(app: &AppHandle) -> tauri::Result<()> {
    let Some(window) = app.get_webview_window("main") else { return Ok(()) };
    if window.is_menu_visible()? { window.hide_menu() } else { window.show_menu() }
}

pub(crate) fn chosen(app: &AppHandle, id: &str) {
    let _ = app.emit(CHOSEN, id);
}

fn item(app: &AppHandle, entry: &MenuEntry) -> tauri::Result<MenuItem<Wry>> {
    let mut item = MenuItemBuilder::with_id(&entry.id, &entry.label).enabled(entry.enabled);
    if let Some(keys) = entry.keys.as_deref().and_then(accelerator) {
        item = item.accelerator(keys);
    }
    item.build(app)
}

/// On systems other than macOS, the window handles all keys itself and would act twice. Keys of text fields (copy,
/// select all, undo) are left to them.
fn accelerator(keys: &str) -> Option<String> {
    let own = cfg!(target_os = "macos") && keys.starts_with("Mod+");
    (own && !["Mod+C", "Mod+A", "Mod+Z"].contains(&keys)).then(|| keys.replace("Mod", "CmdOrCtrl"))
}

/// macOS: the menu with the app's name.
fn own(app: &AppHandle) -> tauri::Result<Submenu<Wry>> {
    SubmenuBuilder::new(app, "Windlass")
        .item(&PredefinedMenuItem::about(app, None, None)?)
        .separator()
        .item(&PredefinedMenuItem::hide(app, None)?)
        .item(&PredefinedMenuItem::hide_others(app, None)?)
        .separator()
        .item(&PredefinedMenuItem::quit(app, None)?)
        .build()
}

/// macOS: without it, nothing can be pasted into a text field.
fn edit(app: &AppHandle, title: &str) -> tauri::Result<Submenu<Wry>> {
    SubmenuBuilder::new(app, title)
        .undo()
        .redo()
        .separator()
        .cut()
        .copy()
        .paste()
        .select_all()
        .build()
}
