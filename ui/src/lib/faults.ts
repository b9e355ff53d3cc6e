// What to do about each kind of fault: the words and the one button that fits; knows no screen.
import { say } from "../i18n/language.svelte";
import { faultReason } from "./faultReason";
import type { Fault, FaultKind, Reason } from "./wire/wire";

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

/** Faults that go away by themselves are tried again by the engine; these are for when it gave up. */
const DOES: Record<FaultKind, Remedy> = {
  offline: "retry",
  throttled: "retry",
  server: "retry",
  credentials: "signIn",
  signIn: "signIn",
  keychain: "findKeychain",
  denied: "copyDetails",
  wrongPlace: "openConnection",
  clock: "retry",
  exists: "replace",
  sourceMissing: "retry",
  sourceChanged: "retry",
  checksum: "retry",
  unsupported: "copyDetails",
  storage: "retry",
  bug: "copyDetails",
};

/** Whether the engine asks what to do with a file that keeps changing. */
export function keepsChanging(fault: Fault | null): boolean {
  return fault?.reason?.is === "keepsChanging";
}

/** The words and buttons of a fault, in the language that is spoken now. */
export function saying(fault: Fault): Saying {
  if (keepsChanging(fault)) return changing();
  if (fault.reason?.is === "mayNotLook") return unlooked();
  const kind = kindOf(fault);
  const { title, advice, button } = { ...say.faults.kinds[kind], ...reasoned(fault) };
  return { title, advice, button: { label: button, does: DOES[kind] } };
}

/** Credentials that the server calls expired, again and again: nobody can sign in for those. */
function kindOf({ kind, code }: Fault): FaultKind {
  if (kind === "signIn" && code !== null) return "credentials";
  return isKind(kind) ? kind : "bug";
}

/** What is said of this reason in place of its kind. */
function reasoned(fault: Fault): { title: string; advice: string } | undefined {
  const reasons: Partial<Record<Reason["is"], { title: string; advice: string }>> =
    say.faults.reasons;
  return fault.reason ? reasons[fault.reason.is] : undefined;
}

function changing(): Saying {
  const { title, advice, button, keepWaiting, cancel } = say.faults.changing;
  return {
    title,
    advice,
    button: { label: button, does: "sendCopy" },
    others: [
      { label: keepWaiting, does: "keepWaiting" },
      { label: cancel, does: "cancel" },
    ],
  };
}

function unlooked(): Saying {
  const { title, advice, button, copyDetails } = say.faults.unlooked;
  return {
    title,
    advice,
    button: { label: button, does: "replace" },
    others: [{ label: copyDetails, does: "copyDetails" }],
  };
}

/** The engine may be newer than the window. */
function isKind(kind: string): kind is FaultKind {
  return Object.hasOwn(DOES, kind);
}

/** Whatever was thrown, as a fault: a command's refusal is one already, anything else is ours. */
export function asFault(thrown: unknown): Fault {
  if (isFault(thrown)) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    kind: "bug",
    part: null,
    status: null,
    code: null,
    requestId: null,
    detail,
    reason: null,
  };
}

function isFault(thrown: unknown): thrown is Fault {
  if (typeof thrown !== "object" || thrown === null) return false;
  const { kind, detail } = thrown as { kind?: unknown; detail?: unknown };
  return typeof kind === "string" && isKind(kind) && typeof detail === "string";
}

/** Everything there is to know, for a message to whoever can help. */
export function details(fault: Fault, about: string[] = []): string {
  const words = say.faults.details;
  const lines = [saying(fault).title, faultReason(fault), ...about];
  if (fault.part !== null) lines.push(words.part(fault.part));
  if (fault.status !== null) lines.push(words.status(fault.status));
  if (fault.code !== null) lines.push(words.code(fault.code));
  if (fault.requestId !== null) lines.push(words.requestId(fault.requestId));
  lines.push(words.kind(fault.kind));
  return lines.filter((line) => line !== "").join("\n");
}
