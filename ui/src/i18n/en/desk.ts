// What the desktop around the window is told: notifications, the tray, and the questions at the end.
import { counted } from "../counted";

const uploads = (n: number) => counted(n, { one: "upload", other: "uploads" });

export const desk = {
  notify: {
    doneOne: (name: string) => `${name} is uploaded`,
    done: (n: number) => `${uploads(n)} done`,
    failed: (n: number) => `${uploads(n)} failed`,
    look: "Windlass says in the row what can be done.",
    compared: "Compared with what the server stored.",
  },
  tray: { show: "Show Windlass", quit: "Quit" },
  edit: "Edit",
  leaving: {
    title: "Quit while uploads are under way?",
    text: (n: number) => `${uploads(n)} will pause and resume next time.`,
    quit: "Quit",
    stay: "Keep uploading",
    tray: "To the tray",
  },
  parting: {
    quit: (seconds: string) => `Everything is sent. Windlass quits in ${seconds} s.`,
    sleep: (seconds: string) => `Everything is sent. The computer goes to sleep in ${seconds} s.`,
    now: "Now",
    stay: "Stay",
  },
};
