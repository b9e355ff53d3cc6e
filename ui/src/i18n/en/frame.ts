// What stands around the screens: the rail, the line at the foot, questions, the system's dialogs, what is said aloud.
import { counted } from "../counted";

const uploads = (n: number) => counted(n, { one: "upload", other: "uploads" });

export const frame = {
  rail: {
    name: "Main",
    uploads: "Uploads",
    all: "All",
    active: "Active",
    waiting: "Waiting",
    failed: "Failed",
    done: "Done",
    server: "On the server",
    unfinished: "Unfinished",
    connections: "Connections",
    actions: "All actions",
    settings: "Settings",
  },
  status: {
    offline: "Waiting for the server",
    active: (n: string, all: string) => `${n} of ${all}`,
    left: (time: string) => `${time} left`,
    waiting: (n: string) => `${n} waiting`,
    paused: (n: string) => `${n} paused`,
    failed: (n: string) => `${n} failed`,
    done: (n: number) => `${uploads(n)} done`,
    allDone: (n: number) => (n === 1 ? `${uploads(n)} done` : `All ${uploads(n)} done`),
    connections: (n: number) => counted(n, { one: "connection", other: "connections" }),
    atMost: (rate: string) => `at most ${rate}`,
    fullSpeed: "full speed",
    until: (what: string, time: string) => `${what} until ${time}`,
  },
  said: {
    failed: (n: number) => `${uploads(n)} failed`,
    done: (n: number) => `${uploads(n)} done`,
    uploading: "Uploading",
    verifying: "Verifying",
    verifyingCancelled: "Verifying cancelled",
    receiptSaved: "Receipt saved",
  },
  ask: {
    cancelOne: (name: string) => `Cancel ${name}?`,
    cancelMany: (n: number) => `Cancel ${uploads(n)}?`,
    cancelText: (stored: string) =>
      `${stored} of it are on the server already. Cancel and delete what was stored on the server?`,
    cancelAllText: "What of them is on the server already is deleted there.",
    cancelYes: "Cancel and delete",
    cancelNo: "Keep uploading",
    removeOne: (name: string) => `Remove ${name}?`,
    removeMany: (n: number) => `Remove ${uploads(n)}?`,
    removeText: (stored: string) =>
      `${stored} of unfinished uploads are on the server. Removing them from the list deletes that too.`,
    removeAllText: "What of unfinished ones is on the server is deleted too.",
    removeYes: "Remove and delete",
    removeNo: "Keep",
  },
  dialogs: {
    files: "Choose files",
    folders: "Choose folders",
    certificates: "Choose a file of certificates",
    certificateFiles: "Certificates",
    receipt: "Save the receipt",
  },
  notices: {
    journalAside: {
      title: "The list of uploads was damaged, and begun anew",
      advice:
        "See what is missing, and add it again: parts that are on the server are found there.",
      where: "The damaged one is kept at",
    },
    settingsAside: {
      title: "The settings were damaged, and begun anew",
      advice: "Look through Connections and Settings before you go on.",
      where: "The damaged ones are kept at",
    },
    journalFull: {
      title: "Windlass cannot write down its list of uploads",
      advice: "What is under way goes on; the rest waits until it can, and then begins by itself.",
      where: "The list is in",
    },
  },
  welcome: {
    drop: "Drop files to upload",
    goesTo: (place: string) => `They go to ${place}`,
    files: "Choose files...",
    folder: "Choose folder...",
    connect: "First, connect to S3",
    connectText:
      "Amazon S3, or any server that speaks its language. You need its address and your keys.",
    addConnection: "Add a connection...",
    practice: "Or look around first",
    practiceText:
      "A practice store runs on this computer. Nothing leaves it, and no account is needed.",
    tryPractice: "Try it on this computer",
  },
};
