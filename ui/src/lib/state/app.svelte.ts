// The window's state as a whole: where the user is, what they can do, what is pulled on a nudge.
import { createContext } from "svelte";
import { say } from "../../i18n/language.svelte";
import { action, type ActionHandlers, type Screen, type ServerDesk } from "../actions";
import type { ActionContext, Question } from "./actionContext";
import type { Backend } from "../backend";
import { fromConnection, toForm } from "../draft";
import { asFault, type Remedy } from "../faults";
import { isMac } from "../keys";
import { signInFault } from "../progress";
import type { Fault, NoticeKind, Place, Row, Sort, Totals, Selection } from "../wire/wire";
import { onHide } from "../tooltips";
import { moved, objectName } from "../words";
import { Browsing } from "./browsing.svelte";
import { Connections } from "./connections.svelte";
import { actionHandlers } from "./actionHandlers";
import { Desktop } from "./desktop.svelte";
import { Diagnostics } from "./diagnostics.svelte";
import { Importing } from "./importing.svelte";
import { Drop, type Destination } from "./drop.svelte";
import { ServerProbe } from "./serverProbe.svelte";
import { Linking } from "./link.svelte";
import { Notices } from "./notices.svelte";
import { OpenDetail } from "./detail.svelte";
import { Preferences } from "./preferences.svelte";
import { Coalescer } from "../coalesce";
import { Queue } from "./queue.svelte";
import { SignIn } from "./signIn.svelte";
import { Undo } from "./undo.svelte";
import { UnfinishedUploads } from "./unfinished.svelte";
import { Verifying } from "./verification.svelte";

const NOTHING: Totals = {
  revision: 0,
  all: 0,
  active: 0,
  waiting: 0,
  paused: 0,
  needsAnswer: 0,
  failed: 0,
  done: 0,
  skipped: 0,
  cancelled: 0,
  storedBytes: 0,
  totalBytes: 0,
  inFlightBytes: 0,
  rate: 0,
  secondsLeft: null,
  connections: 0,
  offline: false,
  signIn: 0,
  limit: null,
  limitUntil: null,
  notices: 0,
};

export class App implements ActionContext {
  screen = $state<Screen>("uploads");
  totals = $state.raw<Totals>(NOTHING);
  ready = $state(false);
  /** whether the detail is open; wide windows start with it */
  detailOpen = $state(false);
  wide = $state(true);
  helpOpen = $state(false);
  paletteOpen = $state(false);
  /** whether there is a native menu bar to be kept right: on macOS always, elsewhere once it was asked for */
  menuBar = $state(isMac(navigator.platform));
  question = $state.raw<Question | null>(null);
  /** why the engine refused what was asked last */
  notice = $state.raw<Fault | null>(null);
  /** what the live region says */
  said = $state("");
  filterAsked = $state(0);
  /** what the last nudge said */
  #told: Totals | null = null;
  readonly #beat = new Coalescer(() => this.#catchUpWith());

  readonly backend: Backend;
  readonly queue: Queue;
  readonly detail: OpenDetail;
  readonly verifying: Verifying;
  readonly linking: Linking;
  readonly importing: Importing;
  readonly browsing: Browsing;
  readonly notices: Notices;
  readonly drop: Drop;
  readonly connections: Connections;
  readonly signIn: SignIn;
  readonly serverProbe: ServerProbe;
  readonly preferences: Preferences;
  readonly desktop: Desktop;
  readonly unfinished: UnfinishedUploads;
  readonly diagnostics: Diagnostics;
  readonly undo = new Undo();
  readonly handlers: ActionHandlers = actionHandlers(this);

  constructor(backend: Backend) {
    this.backend = backend;
    this.queue = new Queue(backend);
    this.detail = new OpenDetail(backend);
    this.verifying = new Verifying(backend, (text) => (this.said = text));
    this.linking = new Linking(backend);
    this.notices = new Notices(backend);
    this.signIn = new SignIn(backend);
    this.connections = new Connections(backend, this.signIn, (made) => this.drop.prefer(made));
    this.browsing = new Browsing(backend);
    this.importing = new Importing(backend, async (imported) => {
      await this.connections.added(imported);
      if (imported.length > 0) this.handlers.show("connections");
    });
    this.serverProbe = new ServerProbe(backend);
    this.preferences = new Preferences(backend);
    this.diagnostics = new Diagnostics(backend);
    this.desktop = new Desktop(
      backend,
      () => this.preferences.settings,
      (ids) => this.connections.servers(ids),
    );
    this.drop = new Drop(
      backend,
      (ids) => this.#added(ids),
      () => this.preferences.settings,
    );
    this.unfinished = new UnfinishedUploads(
      backend,
      (text) => (this.said = text),
      (id) => this.showUpload(id),
    );
    const wide = matchMedia("(min-width: 1000px)");
    this.wide = this.detailOpen = wide.matches;
    wide.addEventListener("change", (event) => {
      this.wide = this.detailOpen = event.matches;
    });
  }

  get selected(): readonly Row[] {
    return this.queue.selected;
  }

  get selectedIds(): ReadonlySet<number> {
    return this.queue.picked;
  }

  get sort(): Sort {
    return this.queue.sort;
  }

  get canUndo(): boolean {
    return this.undo.offer?.run != null;
  }

  get server(): ServerDesk {
    const { where, shown, picked, busy, cleanup } = this.unfinished;
    return { where, shown, picked, busy, cleans: cleanup.rule?.supported === true };
  }

  get hasConnection(): boolean {
    return this.connections.list.length > 0;
  }

  /** The one upload whose detail is to be shown. */
  get openId(): number | null {
    if (this.screen !== "uploads" || !this.detailOpen) return null;
    return this.selectedIds.size === 1 ? (this.selected[0]?.id ?? null) : null;
  }

  /** Listens first and loads then, so that nothing falls between the two. */
  start(): void {
    this.backend.onProgress((totals) => {
      this.#told = totals;
      void this.#beat.ask();
    });
    this.backend.onAction((id) => {
      const chosen = action(id);
      if (chosen?.enabled(this)) chosen.run(this);
    });
    // until everything is loaded, there are no connections to offer
    this.backend.onHanded(() => this.ready && void this.#takeHanded());
    this.backend.onPanicked(() => void this.attempt(() => this.diagnostics.load()));
    this.backend.onDrag((drag) => {
      const { drop } = this;
      // where it was let go is where it hung last
      const to = drag.type === "drop" ? drop.aimedAt(this.connections.list) : null;
      drop.hanging = drag.type === "enter" || drag.type === "over";
      drop.at = drag.type === "leave" ? null : (drag.at ?? null);
      if (!drop.hanging) drop.aimed = null;
      if (drag.type === "drop") this.take(drag.tokens, to);
    });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#catchUp();
    });
    onHide(() => void this.backend.hide_tooltip(null).catch(() => undefined));
    window.addEventListener("focus", () => void this.preferences.lookAtContrast());
    void this.#load();
  }

  async #load(): Promise<void> {
    const loading = [
      this.preferences.load(),
      this.preferences.lookAtContrast(),
      this.connections.load(),
      this.diagnostics.load(),
      this.backend.totals(null).then((totals) => (this.totals = totals)),
    ];
    for (const result of await Promise.allSettled(loading)) {
      if (result.status === "rejected") this.notice = asFault(result.reason);
    }
    this.ready = true;
    void this.#takeHanded();
    this.notices.follow(this.totals.notices);
    this.#tellDesktop();
    if (this.screen !== "uploads") return;
    await this.attempt(() => this.queue.begin());
    this.detail.refresh();
  }

  /** Opens the sheet with what a file manager handed over. */
  async #takeHanded(): Promise<void> {
    await this.attempt(async () => {
      const tokens = await this.backend.take_handed(null);
      if (tokens.length > 0) this.take(tokens);
    });
  }

  /** What changed is shown in one go: each frame that the web view draws costs more than all the asking. */
  async #catchUpWith(): Promise<void> {
    const totals = this.#told;
    if (totals === null) return;
    const seen = !document.hidden && this.screen === "uploads";
    const asked = seen ? await Promise.allSettled([this.queue.fetch(), this.detail.fetch()]) : [];
    this.#nudged(totals);
    for (const one of asked) if (one.status === "fulfilled") one.value();
  }

  #nudged(totals: Totals): void {
    const before = this.totals;
    this.totals = totals;
    this.notices.follow(totals.notices);
    this.#announce(before, totals);
    // only the first question: a list that jumps at each would be no help
    if (before.revision > 0 && before.needsAnswer === 0 && totals.needsAnswer > 0) {
      void this.attempt(() => this.queue.revealQuestion());
    }
    this.#tellDesktop();
  }

  #catchUp(): void {
    void this.attempt(async () => {
      this.totals = await this.backend.totals(null);
    });
    this.pull();
  }

  #tellDesktop(): void {
    const can = (id: "pauseAll" | "resumeAll") => action(id)?.enabled(this) === true;
    const offers = { pause: can("pauseAll"), resume: can("resumeAll") };
    this.desktop.nudged(this.totals, offers);
  }

  /** Only what is on the screen. */
  pull(): void {
    if (this.screen !== "uploads") return;
    this.queue.refresh();
    this.detail.refresh();
  }

  /** Starts, finishes and failures; never percentages. */
  #announce(before: Totals, now: Totals): void {
    if (before.revision === 0) return;
    const said = [
      now.needsAnswer > before.needsAnswer
        ? say.frame.status.needsAnswer(now.needsAnswer - before.needsAnswer)
        : "",
      now.failed > before.failed ? say.frame.said.failed(now.failed - before.failed) : "",
      now.done > before.done ? say.frame.said.done(now.done - before.done) : "",
      now.skipped > before.skipped ? say.frame.said.skipped(now.skipped - before.skipped) : "",
      before.active === 0 && now.active > 0 ? say.frame.said.uploading : "",
    ].filter((text) => text !== "");
    if (said.length > 0) this.said = said.join(", ");
  }

  async attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.notice = asFault(thrown);
    }
  }

  take(tokens: readonly string[], to: Destination | null = null): void {
    this.screen = "uploads";
    void this.drop.take(tokens, this.connections.list, to);
  }

  /** The rows are there before the sheet closes, and the first of them is in view. */
  async #added(ids: readonly number[]): Promise<void> {
    this.screen = "uploads";
    this.queue.show("all", "");
    await this.attempt(async () => {
      const totals = await this.backend.totals(null);
      await this.queue.find(ids[0] ?? 0, totals.all);
      await this.queue.refresh();
      this.totals = totals;
    });
  }

  /** An upload, wherever it stands in the queue. */
  showUpload(id: number): void {
    this.handlers.show("uploads", "all");
    this.queue.show("all", "");
    void this.attempt(async () => {
      const { all } = await this.backend.totals(null);
      await this.queue.find(id, all);
    });
  }

  /** Carries out the one button of a failed row. */
  remedy(row: Row, does: Remedy): void {
    const which: Selection = { which: "ids", ids: [row.id] };
    const picked = { ids: [row.id], rows: [row] };
    switch (does) {
      case "retry":
        return this.handlers.retry(which);
      case "replace":
        return this.handlers.answer(picked, "replace", false);
      case "sendCopy":
        return this.handlers.answerChanging(picked, "copy");
      case "keepWaiting":
        return this.handlers.answerChanging(picked, "wait");
      case "cancel":
        return this.handlers.cancel(picked);
      case "copyDetails":
        return this.handlers.copyDetails(picked);
      case "signIn":
        if (this.#signInFor(row, which)) return;
        this.connections.edit(row.connection);
        return this.handlers.show("connections");
      case "openConnection":
        this.connections.edit(row.connection);
        return this.handlers.show("connections");
      case "findKeychain":
        return void this.attempt(async () => {
          await this.connections.findKeychain();
          if (this.connections.keychain.available) await this.backend.retry(which);
          else this.handlers.show("connections");
        });
    }
  }

  /** Signs in, or asks for an MFA code, as an upload needs it. False where it needs something else. */
  #signInFor(row: Row, which: Selection): boolean {
    const waits = signInFault(row);
    const found = this.connections.list.find((one) => one.id === row.connection);
    if (found === undefined) return false;
    const form = toForm(fromConnection(found));
    // one that waits continues by itself
    if (waits) return this.signIn.answer(waits, form, () => {});
    return this.signIn.answer(row.fault, form, () => this.handlers.retry(which));
  }

  async openPractice(): Promise<void> {
    await this.attempt(async () => {
      const practice = await this.connections.openPractice();
      if (this.drop.open) this.drop.choose(practice);
    });
  }

  /** Puts the selected uploads before a row of the list; past the last one where there is none. */
  place(before: Row | undefined): void {
    this.moveTo(
      [...this.selectedIds],
      before ? { place: "before", id: before.id } : { place: "last" },
    );
  }

  moveTo(ids: readonly number[], to: Place): void {
    void this.attempt(async () => {
      await this.queue.reorder(ids, to);
      const { focus, focusAt, total } = this.queue;
      if (focus) this.said = moved(objectName(focus), focusAt, total);
    });
  }

  dismiss(kind: NoticeKind): void {
    void this.attempt(() => this.notices.dismiss(kind));
  }

  announce(text: string): void {
    this.said = text;
  }

  copy(text: string): Promise<void> {
    return this.attempt(() => this.backend.copyText(text));
  }

  async pickCaBundle(): Promise<void> {
    await this.attempt(async () => {
      const path = await this.backend.pickCaBundle();
      if (path !== null && this.connections.draft) this.connections.draft.caBundle = path;
    });
  }
}

export const [useApp, setApp] = createContext<App>();
