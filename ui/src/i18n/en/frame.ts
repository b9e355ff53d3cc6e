// Texts around the screens: the sidebar, the status line, confirmations, file dialogs, and what a screen reader announces.
import { counted } from "../counted";

const uploads = (n: number) => counted(n, { one: "upload", other: "uploads" });

export const frame = {
  rail: {
    name: "Main",
    uploads: "Uploads",
    all: "All",
    active: "Active",
    waiting: "Waiting",
    paused: "Paused",
    needsAnswer: "Needs answer",
    failed: "Failed",
    done: "Done",
    skipped: "Skipped",
    cancelled: "Cancelled",
    server: "On the server",
    unfinished: "Incomplete",
    connections: "Connections",
    actions: "All actions",
    settings: "Settings",
  },
  status: {
    offline: "Waiting for the server",
    signIn: "Waiting for you to sign in",
    one: "1 upload",
    doneOf: (n: string, all: string) => `${n} of ${all} done`,
    left: (time: string) => `${time} left`,
    waiting: (n: string) => `${n} waiting`,
    paused: (n: string) => `${n} paused`,
    needsAnswer: (n: number) => `${counted(n, { one: "needs", other: "need" })} your answer`,
    failed: (n: string) => `${n} failed`,
    done: (n: number) => `${uploads(n)} done`,
    /** follows how many are done */
    skipped: (n: string) => `${n} skipped`,
    allDone: (n: number) => (n === 1 ? `${uploads(n)} done` : `All ${uploads(n)} done`),
    connections: (n: number) => counted(n, { one: "connection", other: "connections" }),
    atMost: (rate: string) => `limited to ${rate}`,
    fullSpeed: "full speed",
    changeLimit: "Change the limit",
    until: (what: string, time: string) => `${what} until ${time}`,
  },
  said: {
    failed: (n: number) => `${uploads(n)} failed`,
    done: (n: number) => `${uploads(n)} done`,
    skipped: (n: number) => `${uploads(n)} skipped`,
    uploading: "Uploading",
    verifying: "Verifying",
    verifyingCancelled: "Verification cancelled",
    receiptSaved: "Receipt saved",
  },
  /** the notice at the foot, with a button that undoes it */
  undo: {
    cancelledOne: (name: string) => `${name} cancelled`,
    cancelledMany: (n: number) => `${uploads(n)} cancelled`,
    /** what stays on the server until it can no longer be undone */
    deletesSoon: (amount: string) => `${amount} on the server will be deleted`,
    /** for a screen reader, after what was cancelled */
    within: (seconds: number) =>
      `Undo within ${counted(seconds, { one: "second", other: "seconds" })}.`,
    pausedOne: (name: string) => `${name} paused`,
    pausedMany: "Uploads paused",
    resends: (amount: string) => `${amount} of what is on its way will be sent again`,
    restored: (n: number) => `${uploads(n)} restored`,
    tooLate: "Too late to undo",
    tooLateNote: "The parts are deleted. “Try again” starts from the beginning.",
  },
  ask: {
    removeOne: (name: string) => `Remove ${name}?`,
    removeMany: (n: number) => `Remove ${uploads(n)}?`,
    removeText: (stored: string) =>
      `${stored} of incomplete uploads on the server will be deleted too.`,
    removeAllText: "Parts already on the server will be deleted.",
    removeYes: "Remove and delete",
    removeNo: "Keep",
  },
  dialogs: {
    files: "Choose files",
    folders: "Choose folders",
    certificates: "Choose a certificate file",
    certificateFiles: "Certificates",
    receipt: "Save the receipt",
    report: "Save the problem report",
  },
  panicked: {
    now: {
      title: "Windlass made a mistake",
      text: "Your uploads are kept. If something no longer responds, quit Windlass and start it again: the uploads resume by themselves.",
    },
    earlier: {
      title: "Windlass made a mistake the last time it ran",
      text: "Your uploads were kept and resume by themselves. A report helps to find the mistake.",
    },
    report: "Save a report...",
  },
  notices: {
    journalAside: {
      title: "The list of uploads was damaged and has been restarted",
      advice:
        "See what is missing and add it again: Windlass will find the parts that are already on the server.",
      where: "The damaged list is kept at",
    },
    settingsAside: {
      title: "The settings were damaged and have been reset",
      advice: "Check Connections and Settings before you continue.",
      where: "The damaged settings are kept at",
    },
    journalFull: {
      title: "Windlass cannot save its list of uploads",
      advice: "Active uploads continue. The others start automatically once the list can be saved.",
      where: "The list is in",
    },
    scratchLeft: {
      title: "A probe could not be deleted from the server",
      advice: "These keys may not delete it. Delete it with keys that may.",
      where: "It is at",
    },
  },
  welcome: {
    drop: "Drop files to upload",
    goesTo: (place: string) => `Uploads go to ${place}`,
    files: "Choose files...",
    folder: "Choose folder...",
    connect: "First, connect to S3",
    connectText: "Amazon S3 or any S3-compatible server. You need its endpoint and your keys.",
    addConnection: "Add a connection...",
    practice: "Or look around first",
    practiceText:
      "A practice store runs on this computer. Nothing leaves it, and you need no account.",
    tryPractice: "Try it on this computer",
  },
};
