// Texts outside the window: notifications, the tray, the menu bar, and the questions before quitting.
import { counted } from "../counted";

const uploads = (n: number) => counted(n, { one: "upload", other: "uploads" });

export const desk = {
  notify: {
    doneOne: (name: string) => `${name} uploaded`,
    done: (n: number) => `${uploads(n)} done`,
    failed: (n: number) => `${uploads(n)} failed`,
    look: "The upload's row shows what you can do.",
    compared: "Compared with what the server stored.",
  },
  tray: { show: "Show Windlass", quit: "Quit" },
  edit: "Edit",
  leaving: {
    title: "Quit while uploads are running?",
    text: (n: number) => `${uploads(n)} will pause and resume next time.`,
    quit: "Quit",
    stay: "Keep uploading",
    tray: "Keep running in the tray",
  },
  parting: {
    quit: (seconds: string) => `All uploads are done. Windlass quits in ${seconds} s.`,
    sleep: (seconds: string) => `All uploads are done. The computer goes to sleep in ${seconds} s.`,
    now: "Now",
    stay: "Cancel",
  },
};
