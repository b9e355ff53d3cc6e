//! Tauri's own build step: permissions, icons, the Windows resource.

fn main() {
    tauri_build::build();
}
