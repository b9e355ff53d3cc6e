// The swap point: the desktop shell where there is one, else a living stand-in in a plain browser.
import type { Backend } from "./backend";

export type { Backend, Drag, Unlisten, Point } from "./backend";

export async function openBackend(): Promise<Backend> {
  if ("__TAURI_INTERNALS__" in window) return (await import("./tauri")).tauriBackend();
  return (await import("./mock")).mockBackend(new URLSearchParams(location.search));
}
