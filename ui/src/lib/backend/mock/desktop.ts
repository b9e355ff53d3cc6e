// The stand-in for the desktop around the window: remembers what it was asked, and lets a script in the page play the
// menu, the tray and the close button. Knows no upload.
import type { Closing, Commands } from "../../wire/wire";
import type { Backend } from "../backend";

type Own =
  "notify" | "reveal" | "leave" | "open_keys_page" | "set_menu" | "toggle_menu" | "set_tray";

/** What was asked, oldest first; a test reads it as `window.desktopAsked`. */
export type Asked = { [C in Own]: { what: C; with: Commands[C][0] } }[Own];

declare global {
  interface Window {
    desktopAsked?: Asked[];
  }
}

/** `window.postMessage({ action: "pauseAll" })`, `window.postMessage({ closing: { uploads: 3, tray: true } })` */
type Played = { action?: string; closing?: Closing };

export function desktop(): Pick<Backend, Own | "onAction" | "onClosing"> {
  const asked: Asked[] = [];
  window.desktopAsked = asked;
  const answer =
    <C extends Own>(what: C) =>
    async (given: Commands[C][0]): Promise<null> => {
      asked.push({ what, with: given } as Asked);
      return null;
    };
  const played = (told: (what: Played) => void) => {
    const heard = (event: MessageEvent<Played>) => {
      if (event.source === window && typeof event.data === "object") told(event.data);
    };
    window.addEventListener("message", heard);
    return () => window.removeEventListener("message", heard);
  };
  return {
    notify: answer("notify"),
    reveal: answer("reveal"),
    open_keys_page: answer("open_keys_page"),
    leave: answer("leave"),
    set_menu: answer("set_menu"),
    toggle_menu: answer("toggle_menu"),
    set_tray: answer("set_tray"),
    onAction: (told) => played(({ action }) => void (action !== undefined && told(action))),
    onClosing: (told) => played(({ closing }) => void (closing && told(closing))),
  };
}
