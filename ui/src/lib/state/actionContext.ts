// What the action handlers read and change of the window's state. App implements it, and the handlers never import App.
import type { Desk, Screen } from "../actionTypes";
import type { Backend } from "../backend";
import type { Place } from "../wire/wire";
import type { Linking } from "./link.svelte";
import type { Queue } from "./queue.svelte";
import type { Undo } from "./undo.svelte";
import type { UnfinishedUploads } from "./unfinished.svelte";
import type { Verifying } from "./verification.svelte";

/** A question asked once, before something that cannot be taken back. */
export type Question = {
  title: string;
  text: string;
  yes: string;
  no: string;
  run: () => void;
};

export interface ActionContext extends Desk {
  screen: Screen;
  detailOpen: boolean;
  helpOpen: boolean;
  paletteOpen: boolean;
  /** whether there is a native menu bar to be kept right */
  menuBar: boolean;
  question: Question | null;
  /** counts the requests to focus the filter */
  filterAsked: number;
  readonly backend: Backend;
  readonly queue: Queue;
  readonly verifying: Verifying;
  readonly linking: Linking;
  readonly undo: Undo;
  readonly unfinished: UnfinishedUploads;
  /** Runs it, and shows why where it was refused. */
  attempt(work: () => Promise<unknown>): Promise<void>;
  copy(text: string): Promise<void>;
  /** Says it to a screen reader. */
  announce(text: string): void;
  take(tokens: readonly string[]): void;
  showUpload(id: number): void;
  moveTo(ids: readonly number[], to: Place): void;
  /** Fetches what is on the screen again. */
  pull(): void;
}
