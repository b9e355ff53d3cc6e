//! Tauri's own build step: permissions, icons, the Windows resource.

fn main() -> std::io::Result<()> {
    // Tauri takes the window's files in, and does not compile if their folder is missing: an empty one is enough to check
    std::fs::create_dir_all("../ui/dist")?;
    tauri_build::build();
    Ok(())
}
