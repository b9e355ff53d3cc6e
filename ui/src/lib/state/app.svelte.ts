// The window's state as a whole: where the user is, what they can do, what is pulled on a nudge.
import { createContext } from "svelte";
import type { Deeds, Desk, Screen } from "../actions";
import type { Backend } from "../backend";
import { asFault, details, type Remedy } from "../faults";
import { bytes, plural } from "../format";
import type { Fault, NoticeKind, Place, Row, Totals, View, Which } from "../wire/wire";
import { moved, receiptName } from "../words";
import { Connections } from "./connections.svelte";
import { Drop, type Destination } from "./drop.svelte";
import { ServerTakes } from "./manners.svelte";
import { Notices } from "./notices.svelte";
import { Opened } from "./opened.svelte";
import { Preferences } from "./preferences.svelte";
import { Queue, SETTLED } from "./queue.svelte";
import { Verifying } from "./verification.svelte";

/** A question asked once, before something that cannot be taken back. */
export type Question = {
  title: string;
  text: string;
  yes: string;
  no: string;
  run: () => void;
};

const NOTHING: Totals = {
  revision: 0,
  all: 0,
  active: 0,
  waiting: 0,
  paused: 0,
  failed: 0,
  done: 0,
  storedBytes: 0,
  totalBytes: 0,
  rate: 0,
  secondsLeft: null,
  connections: 0,
  offline: false,
  notices: 0,
};

export class App implements Desk {
  screen = $state<Screen>("uploads");
  totals = $state.raw<Totals>(NOTHING);
  ready = $state(false);
  /** whether the detail is open; wide windows start with it */
  detailOpen = $state(false);
  wide = $state(true);
  helpOpen = $state(false);
  paletteOpen = $state(false);
  question = $state.raw<Question | null>(null);
  /** why the engine refused what was asked last */
  notice = $state.raw<Fault | null>(null);
  /** what the live region says */
  said = $state("");
  filterAsked = $state(0);
  #activeSince = $state.raw<number | null>(null);

  readonly backend: Backend;
  readonly queue: Queue;
  readonly opened: Opened;
  readonly verifying: Verifying;
  readonly notices: Notices;
  readonly drop: Drop;
  readonly connections: Connections;
  readonly serverTakes: ServerTakes;
  readonly preferences: Preferences;

  constructor(backend: Backend) {
    this.backend = backend;
    this.queue = new Queue(backend);
    this.opened = new Opened(backend);
    this.verifying = new Verifying(backend, (text) => (this.said = text));
    this.notices = new Notices(backend);
    this.connections = new Connections(backend);
    this.serverTakes = new ServerTakes(backend);
    this.preferences = new Preferences(backend);
    this.drop = new Drop(backend, (ids) => this.#added(ids));
    const wide = matchMedia("(min-width: 1000px)");
    this.wide = this.detailOpen = wide.matches;
    wide.addEventListener("change", (event) => {
      this.wide = this.detailOpen = event.matches;
    });
  }

  /** Time left of everything, once the rate has settled. */
  get secondsLeft(): number | null {
    if (this.#activeSince === null || Date.now() - this.#activeSince < SETTLED) return null;
    return this.totals.secondsLeft;
  }

  get selected(): readonly Row[] {
    return this.queue.selected;
  }

  get hasConnection(): boolean {
    return this.connections.list.length > 0;
  }

  /** The one upload whose detail is to be shown. */
  get openId(): number | null {
    if (this.screen !== "uploads" || !this.detailOpen) return null;
    return this.selected.length === 1 ? (this.selected[0]?.id ?? null) : null;
  }

  /** Listens first and loads then, so that nothing falls between the two. */
  start(): void {
    this.backend.onProgress((totals) => this.#nudged(totals));
    this.backend.onDrag((drag) => {
      const { drop } = this;
      // where it was let go is where it hung last
      const to = drag.type === "drop" ? drop.aimedAt(this.connections.list) : null;
      drop.hanging = drag.type === "enter" || drag.type === "over";
      drop.at = drag.type === "leave" ? null : (drag.at ?? null);
      if (!drop.hanging) drop.aimed = null;
      if (drag.type === "drop") this.take(drag.paths, to);
    });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#catchUp();
    });
    void this.#load();
  }

  async #load(): Promise<void> {
    const loading = [
      this.preferences.load(),
      this.connections.load(),
      this.backend.totals(null).then((totals) => (this.totals = totals)),
    ];
    for (const result of await Promise.allSettled(loading)) {
      if (result.status === "rejected") this.notice = asFault(result.reason);
    }
    this.ready = true;
    this.notices.follow(this.totals.notices);
    this.#pull();
  }

  #nudged(totals: Totals): void {
    const before = this.totals;
    if (totals.active === 0) this.#activeSince = null;
    else this.#activeSince ??= Date.now();
    this.totals = totals;
    this.notices.follow(totals.notices);
    this.#announce(before, totals);
    if (!document.hidden) this.#pull();
  }

  #catchUp(): void {
    void this.#try(async () => {
      this.totals = await this.backend.totals(null);
    });
    this.#pull();
  }

  /** Only what is on the screen. */
  #pull(): void {
    if (this.screen !== "uploads") return;
    this.queue.refresh();
    this.opened.refresh();
  }

  /** Starts, finishes and failures; never percentages. */
  #announce(before: Totals, now: Totals): void {
    if (before.revision === 0) return;
    const said = [
      now.failed > before.failed ? `${plural(now.failed - before.failed, "upload")} failed` : "",
      now.done > before.done ? `${plural(now.done - before.done, "upload")} done` : "",
      before.active === 0 && now.active > 0 ? "Uploading" : "",
    ].filter((text) => text !== "");
    if (said.length > 0) this.said = said.join(", ");
  }

  async #try(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.notice = asFault(thrown);
    }
  }

  take(paths: readonly string[], to: Destination | null = null): void {
    this.screen = "uploads";
    void this.drop.take(paths, this.connections.list, to);
  }

  #added(ids: number[]): void {
    this.deeds.show("uploads", "all");
    this.queue.show("all", "");
    void this.#try(() => this.queue.pickIds(ids));
    this.#pull();
  }

  /** Carries out the one button of a failed row. */
  remedy(row: Row, does: Remedy): void {
    const which: Which = { which: "ids", ids: [row.id] };
    switch (does) {
      case "retry":
        return this.deeds.retry(which);
      case "replace":
        return this.deeds.answer([row], "replace");
      case "sendCopy":
        return this.deeds.answerChanging([row], "copy");
      case "keepWaiting":
        return this.deeds.answerChanging([row], "wait");
      case "cancel":
        return this.deeds.cancel([row]);
      case "copyDetails":
        return this.deeds.copyDetails([row]);
      case "signIn":
      case "openConnection":
        this.connections.edit(row.connection);
        return this.deeds.show("connections");
      case "findKeychain":
        return void this.#try(async () => {
          await this.connections.findKeychain();
          if (this.connections.keychain.available) await this.backend.retry(which);
          else this.deeds.show("connections");
        });
    }
  }

  async openPractice(): Promise<void> {
    await this.#try(async () => {
      const practice = await this.connections.openPractice();
      if (this.drop.open) this.drop.choose(practice);
    });
  }

  /** Puts the selected uploads before a row of the list; past the last one where there is none. */
  place(before: Row | undefined): void {
    this.#move(this.selected, before ? { place: "before", id: before.id } : { place: "last" });
  }

  #move(rows: readonly Row[], to: Place): void {
    void this.#try(async () => {
      const ids = rows.map((row) => row.id);
      await this.queue.reorder(ids, to);
      const { focus, focusAt, total } = this.queue;
      if (focus) this.said = moved(focus.name, focusAt, total);
    });
  }

  dismiss(kind: NoticeKind): void {
    void this.#try(() => this.notices.dismiss(kind));
  }

  copy(text: string): Promise<void> {
    return this.#try(() => this.backend.copyText(text));
  }

  async pickCaBundle(): Promise<void> {
    await this.#try(async () => {
      const path = await this.backend.pickCaBundle();
      if (path !== null && this.connections.draft) this.connections.draft.caBundle = path;
    });
  }

  readonly deeds: Deeds = {
    addFiles: () => void this.#try(async () => this.take((await this.backend.pickFiles()) ?? [])),
    addFolder: () => void this.#try(async () => this.take((await this.backend.pickFolder()) ?? [])),
    pause: (which) => void this.#try(() => this.backend.pause(which)),
    resume: (which) => void this.#try(() => this.backend.resume(which)),
    retry: (which) => void this.#try(() => this.backend.retry(which)),
    cancel: (rows) => {
      const which: Which = { which: "ids", ids: rows.map((row) => row.id) };
      const run = () => void this.#try(() => this.backend.abort(which));
      const stored = rows.reduce((all, row) => all + row.stored, 0);
      if (stored === 0) return run();
      this.question = {
        title: rows.length === 1 ? `Cancel ${rows[0]?.name}?` : `Cancel ${rows.length} uploads?`,
        text: `${bytes(stored)} of it are on the server already. Cancel and delete what was stored on the server?`,
        yes: "Cancel and delete",
        no: "Keep uploading",
        run,
      };
    },
    forget: (rows) => {
      const ids = rows.map((row) => row.id);
      const run = () =>
        void this.#try(async () => {
          await this.backend.forget({ which: "ids", ids });
          this.queue.drop(ids);
          this.queue.refresh();
        });
      const stored = rows
        .filter((row) => row.status === "failed")
        .reduce((all, row) => all + row.stored, 0);
      if (stored === 0) return run();
      this.question = {
        title: rows.length === 1 ? `Remove ${rows[0]?.name}?` : `Remove ${rows.length} uploads?`,
        text: `${bytes(stored)} of unfinished uploads are on the server. Removing them from the list deletes that too.`,
        yes: "Remove and delete",
        no: "Keep",
        run,
      };
    },
    forgetDone: () =>
      void this.#try(async () => {
        for (;;) {
          const page = { view: "done" as const, filter: "", offset: 0, limit: 1000 };
          const ids = (await this.backend.queue_page(page)).rows.map((row) => row.id);
          if (ids.length === 0) break;
          await this.backend.forget({ which: "ids", ids });
          this.queue.drop(ids);
        }
        this.queue.refresh();
      }),
    answer: (rows, answer) =>
      void this.#try(() => this.backend.answer_exists({ ids: rows.map((row) => row.id), answer })),
    answerChanging: (rows, answer) =>
      void this.#try(() =>
        this.backend.answer_changing({ ids: rows.map((row) => row.id), answer }),
      ),
    move: (rows, to) => {
      const { view, filter } = this.queue;
      this.#move(rows, to === "up" || to === "down" ? { place: to, view, filter } : { place: to });
    },
    copyAddress: (rows) =>
      void this.copy(rows.map((row) => `s3://${row.bucket}/${row.key}`).join("\n")),
    copyDetails: (rows) =>
      void this.copy(
        rows
          .filter((row) => row.fault !== null)
          .map((row) =>
            details(row.fault as Fault, [
              `File: ${row.path}`,
              `To: s3://${row.bucket}/${row.key} (${row.connectionName})`,
            ]),
          )
          .join("\n\n"),
      ),
    saveReceipt: (row) =>
      void this.#try(async () => {
        const path = await this.backend.pickSave(receiptName(row.key));
        if (path !== null) await this.verifying.save(row.id, path);
      }),
    verify: (row) => {
      this.detailOpen = true;
      void this.verifying.begin(row.id, false);
    },
    toggleDetail: () => {
      this.detailOpen = !this.detailOpen;
    },
    selectAll: () => void this.#try(() => this.queue.pickAll()),
    focusFilter: () => {
      this.filterAsked += 1;
    },
    show: (screen: Screen, view?: View) => {
      this.screen = screen;
      if (view) this.queue.show(view);
      this.#pull();
    },
    help: () => {
      this.helpOpen = true;
    },
    palette: () => {
      this.paletteOpen = true;
    },
  };
}

export const [useApp, setApp] = createContext<App>();
