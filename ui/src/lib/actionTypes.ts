// The types of the action table: what an action is, what it reads and what carries it out. Holds no action itself, so that the
// parts of the table may share them without importing each other.
import type { ExistsAnswer } from "./keyConflict";
import type { Words } from "../i18n/language.svelte";
import type { Row, Sort, Totals, UnfinishedUpload, View, Selection } from "./wire/wire";

export type Screen = "uploads" | "unfinished" | "connections" | "settings";

/** What the actions look at and act on; the window's state is one, a test makes another. */
export type Desk = {
  readonly screen: Screen;
  readonly totals: Totals;
  /** The selected uploads that are known; of a hundred thousand, those on the screen. */
  readonly selected: readonly Row[];
  /** All of them, by number. */
  readonly selectedIds: ReadonlySet<number>;
  readonly hasConnection: boolean;
  /** The order of the list; rows are moved in the queue's own. */
  readonly sort: Sort;
  /** The incomplete multipart uploads of a server. */
  readonly server: ServerDesk;
  /** something was just done that can be undone */
  readonly canUndo: boolean;
  readonly handlers: ActionHandlers;
};

/** Where the selected uploads are moved to: an end of the queue, or past the next row of the list. */
export type Towards = "first" | "up" | "down" | "last";

/** Uploads that something is done with: all by number, and as rows those that are known. */
export type Picked = { ids: readonly number[]; rows: readonly Row[] };

export type ActionHandlers = ServerActionHandlers & {
  addFiles(): void;
  addFolder(): void;
  pause(which: Selection): void;
  resume(which: Selection): void;
  retry(which: Selection): void;
  /** can be undone for some seconds */
  cancel(picked: Picked): void;
  /** undoes what was done last */
  undo(): void;
  /** restores uploads that were just cancelled */
  undoCancel(picked: Picked): void;
  forget(picked: Picked): void;
  forgetEnded(view: "done" | "skipped" | "cancelled"): void;
  /** for these, or for all that were added with them and need an answer */
  answer(picked: Picked, answer: ExistsAnswer, forAll: boolean): void;
  answerChanging(picked: Picked, answer: "copy" | "wait"): void;
  move(picked: Picked, to: Towards): void;
  copyAddress(picked: Picked): void;
  copyDetails(picked: Picked): void;
  /** asks how long it is to hold, then copies it */
  link(row: Row): void;
  /** the local file, in the system's file manager */
  reveal(row: Row): void;
  saveReceipt(row: Row): void;
  /** in the details, wherever they are scrolled to */
  openReceipt(row: Row): void;
  /** against the server, and shows what comes of it */
  verify(row: Row): void;
  toggleDetail(): void;
  selectAll(): void;
  focusFilter(): void;
  show(screen: Screen, view?: View): void;
  /** shows or hides the native menu bar, where it is not always there */
  menuBar(): void;
  quit(): void;
  sort(by: Sort): void;
  help(): void;
  palette(): void;
};

export type Group = keyof Words["actions"]["groups"];

/** What can be done, without what it is called. */
export type Doing = {
  id: keyof Words["actions"]["labels"];
  group: Group;
  keys: readonly string[];
  enabled(desk: Desk): boolean;
  run(desk: Desk): void;
};

export type Action = Doing & { readonly label: string };

/** What the actions on a server's incomplete uploads read. */
export type ServerDesk = {
  /** a bucket is chosen */
  readonly where: boolean;
  /** rows that are shown */
  readonly shown: readonly UnfinishedUpload[];
  readonly picked: readonly UnfinishedUpload[];
  /** some are being aborted or adopted */
  readonly busy: boolean;
  /** the server has rules that clean up by themselves */
  readonly cleans: boolean;
};

export type ServerActionHandlers = {
  look(): void;
  /** asks for the file */
  adopt(upload: UnfinishedUpload): void;
  /** an upload of the queue, by its number */
  showUpload(id: number): void;
  copyKeys(uploads: readonly UnfinishedUpload[]): void;
  /** asks first */
  discard(uploads: readonly UnfinishedUpload[]): void;
  cleanup(): void;
};
