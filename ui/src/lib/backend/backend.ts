// What the window asks of whatever is behind it: every command, the events, the system's dialogs.
import type { Closing, Commands, Totals } from "../wire/wire";

/** Stops listening. */
export type Unlisten = () => void;

/** In the window, in CSS pixels. */
export type Point = { x: number; y: number };

export type Drag =
  | { type: "enter" | "over"; at?: Point }
  | { type: "leave" }
  | { type: "drop"; tokens: string[]; at?: Point };

/** A command that is refused rejects with a Fault, and with nothing else. */
export type Calls = {
  [C in keyof Commands]: (arg: Commands[C][0]) => Promise<Commands[C][1]>;
};

export type Backend = Calls & {
  /** an action chosen in the native menu or the tray */
  onAction(told: (id: string) => void): Unlisten;
  /** closing the window would pause uploads: `leave` is the answer */
  onClosing(told: (closing: Closing) => void): Unlisten;
  onProgress(told: (totals: Totals) => void): Unlisten;
  /** a file manager handed files over: `take_handed` fetches them */
  onHanded(told: () => void): Unlisten;
  /** Windlass panicked: `panicked` says where */
  onPanicked(told: () => void): Unlisten;
  onDrag(told: (drag: Drag) => void): Unlisten;
  /** a token each, by which the shell knows them; null: the user changed their mind */
  pickFiles(): Promise<string[] | null>;
  pickFolder(): Promise<string[] | null>;
  pickCaBundle(): Promise<string | null>;
  copyText(text: string): Promise<void>;
};
