// Texts outside the window: notifications, the tray, the menu bar, and the questions before quitting.
import { counted } from "../counted";

const files = (n: number) => counted(n, { one: "file", other: "files" });
const uploads = (n: number) => counted(n, { one: "upload", other: "uploads" });

export const desk = {
  notify: {
    /** `to` names the server, and is empty where there is only one */
    doneOne: (name: string, to: string) =>
      to === "" ? `${name} uploaded` : `${name} uploaded to ${to}`,
    done: (n: number, to: string) =>
      to === "" ? `${uploads(n)} done` : `${uploads(n)} to ${to} done`,
    /** `done` is how many others were uploaded */
    skipped: (n: number, done: string) =>
      done === "" ? `${files(n)} skipped` : `${done}, ${n} skipped`,
    skippedText: "Objects with the same names already exist; those files were not uploaded.",
    failed: (n: number, to: string) =>
      to === "" ? `${uploads(n)} failed` : `${uploads(n)} to ${to} failed`,
    needsAnswer: (n: number) =>
      `${counted(n, { one: "file needs", other: "files need" })} your answer`,
    choose: "An object with the same name already exists. You can replace it, keep both, or skip.",
    signIn: (n: number) =>
      n === 1
        ? "1 upload is waiting for you to sign in"
        : `${uploads(n)} are waiting for you to sign in`,
    signInText: "Uploading continues by itself once you have signed in.",
    practice: "The files are on this computer only.",
    look: "The upload's row shows what you can do.",
    compared: "Compared with what the server stored.",
  },
  tray: { show: "Show Windlass", quit: "Quit" },
  edit: "Edit",
  leaving: {
    title: "Quit while uploads are running?",
    text: (n: number) => `${uploads(n)} will pause and resume next time.`,
    resend: (amount: string) => `${amount} of what is on its way will be sent again.`,
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
