// The stand-in for the desktop around the window: remembers what it was asked, and lets a script in the page play the
// menu, the tray, the close button, a file manager and a panic. Knows no upload.
import type { Closing, Commands, Panicked } from "../../wire/wire";
import type { Backend } from "../backend";

type Own =
  | "notify"
  | "reveal"
  | "leave"
  | "open_keys_page"
  | "set_menu"
  | "toggle_menu"
  | "set_tray"
  | "dismiss_panic";

/** What was asked, oldest first; a test reads it as `window.desktopAsked`. */
export type Asked = { [C in Own]: { what: C; with: Commands[C][0] } }[Own];

declare global {
  interface Window {
    desktopAsked?: Asked[];
  }
}

/** `window.postMessage({ action: "pauseAll" })`, `window.postMessage({ closing: { uploads: 3, tray: true } })` */
type Played = { action?: string; closing?: Closing; handed?: string[]; panicked?: Panicked };

export function desktop(): Pick<
  Backend,
  | Own
  | "onAction"
  | "onClosing"
  | "onHanded"
  | "onPanicked"
  | "take_handed"
  | "panicked"
  | "save_report"
> {
  const asked: Asked[] = [];
  let handed: string[] = [];
  let panicked: Panicked | null = null;
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
    take_handed: async () => {
      const taken = handed;
      handed = [];
      return taken;
    },
    panicked: async () => panicked,
    dismiss_panic: async (given) => {
      panicked = null;
      return answer("dismiss_panic")(given);
    },
    save_report: async ({ name }) => `/home/ada/Documents/${name}`,
    onHanded: (told) =>
      played((what) => {
        if (what.handed === undefined) return;
        handed = what.handed;
        told();
      }),
    onPanicked: (told) =>
      played((what) => {
        if (what.panicked === undefined) return;
        panicked = what.panicked;
        told();
      }),
    onAction: (told) => played(({ action }) => void (action !== undefined && told(action))),
    onClosing: (told) => played(({ closing }) => void (closing && told(closing))),
  };
}
