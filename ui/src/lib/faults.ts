// What each kind of fault is called, what to do about it, and the one button that fits; knows no screen.
import type { Fault, FaultKind } from "./wire/wire";

/** What a fault's button does; the screens carry it out. */
export type Remedy =
  | "retry"
  | "signIn"
  | "openConnection"
  | "findKeychain"
  | "replace"
  | "sendCopy"
  | "keepWaiting"
  | "cancel"
  | "copyDetails";

export type Way = { label: string; does: Remedy };

/** One button as a rule; where there is more than one answer, the others in their order. */
export type Saying = { title: string; advice: string; button: Way; others?: readonly Way[] };

const retry = { label: "Try again", does: "retry" } as const;
const copy = { label: "Copy details", does: "copyDetails" } as const;

/** Faults that go away by themselves are tried again by the engine; these are for when it gave up. */
export const SAYINGS: Record<FaultKind, Saying> = {
  offline: {
    title: "The server cannot be reached",
    advice: "Check the network and the address of the connection.",
    button: retry,
  },
  throttled: {
    title: "The server asks to slow down",
    advice: "It is busy. Wait a little, or use fewer connections in Settings.",
    button: retry,
  },
  server: {
    title: "The server had a problem",
    advice: "This is on its side. What was sent is kept.",
    button: retry,
  },
  credentials: {
    title: "The server did not accept these keys",
    advice: "They may be mistyped, expired or switched off.",
    button: { label: "Sign in again", does: "signIn" },
  },
  keychain: {
    title: "The keychain cannot be opened",
    advice: "Unlock it, or sign in for this session only.",
    button: { label: "Look again", does: "findKeychain" },
  },
  denied: {
    title: "These keys may not do this",
    advice: "Whoever runs the bucket can allow it; the details say what is missing.",
    button: copy,
  },
  wrongPlace: {
    title: "This is not the right place",
    advice: "The bucket may have another name or region, or no S3 server is at this address.",
    button: { label: "Open connection", does: "openConnection" },
  },
  clock: {
    title: "This computer's clock is wrong",
    advice: "The server refuses requests from another time. Set the clock, then try again.",
    button: retry,
  },
  exists: {
    title: "A file of this name is already there",
    advice: "Replace it, or keep both under different names.",
    button: { label: "Replace", does: "replace" },
  },
  sourceMissing: {
    title: "The file cannot be read",
    advice: "It was moved, renamed, is on a drive that is not connected, or may not be opened.",
    button: retry,
  },
  sourceChanged: {
    title: "The file changed while it was uploading",
    advice: "Wait until the program that writes it is done.",
    button: { label: "Upload as it is now", does: "retry" },
  },
  checksum: {
    title: "The stored bytes do not match the file",
    advice: "Nothing damaged was kept as finished.",
    button: { label: "Upload again", does: "retry" },
  },
  unsupported: {
    title: "The server cannot do this",
    advice: "It lacks something that this upload needs.",
    button: copy,
  },
  storage: {
    title: "Windlass cannot write its own records",
    advice: "The disk may be full.",
    button: retry,
  },
  bug: {
    title: "Something went wrong inside Windlass",
    advice: "The details help to find out what.",
    button: copy,
  },
};

/** A file that was waited for and did not keep still: nothing is lost, somebody has to say what now. */
export const CHANGING: Saying = {
  title: "This file keeps changing",
  advice:
    "Nothing half-made is on the server: the object appears only when one state of the file has arrived whole. What is stored so far is kept.",
  button: { label: "Upload this state", does: "sendCopy" },
  others: [
    { label: "Keep waiting", does: "keepWaiting" },
    { label: "Cancel", does: "cancel" },
  ],
};

/** Whether the engine asks what to do with a file that does not keep still. */
export function keepsChanging(fault: Fault | null): boolean {
  return fault?.kind === "sourceChanged" && fault.code === "Changing";
}

export function saying(fault: Fault): Saying {
  return keepsChanging(fault) ? CHANGING : (SAYINGS[fault.kind] ?? SAYINGS.bug);
}

/** Whatever was thrown, as a fault: a command's refusal is one already, anything else is ours. */
export function asFault(thrown: unknown): Fault {
  if (isFault(thrown)) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return { kind: "bug", part: null, status: null, code: null, requestId: null, detail };
}

function isFault(thrown: unknown): thrown is Fault {
  if (typeof thrown !== "object" || thrown === null) return false;
  const { kind, detail } = thrown as { kind?: unknown; detail?: unknown };
  return typeof kind === "string" && kind in SAYINGS && typeof detail === "string";
}

/** Everything there is to know, for a message to whoever can help. */
export function details(fault: Fault, about: string[] = []): string {
  const lines = [saying(fault).title, fault.detail, ...about];
  if (fault.part !== null) lines.push(`Part: ${fault.part}`);
  if (fault.status !== null) lines.push(`HTTP status: ${fault.status}`);
  if (fault.code !== null) lines.push(`Code: ${fault.code}`);
  if (fault.requestId !== null) lines.push(`Request ID: ${fault.requestId}`);
  lines.push(`Kind: ${fault.kind}`);
  return lines.filter((line) => line !== "").join("\n");
}
