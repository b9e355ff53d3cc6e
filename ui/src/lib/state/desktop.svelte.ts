// The desktop around the window: what it is told when uploads end, what the tray says, and the questions at the end.
// Knows totals and settings; no screen.
import { say } from "../../i18n/language.svelte";
import type { Backend } from "../backend";
import { inOneLine } from "../statusLine";
import { objectName } from "../words";
import type { Closing, Row, Settings, Totals, TrayWords } from "../wire/wire";

/** Seconds in which the user can still say no to quitting, or to sleep. */
const GRACE = 30;
/** Ms in which the questions of one drop come together. */
const GATHER = 1500;
/** Ms between two lines in the tray; nobody reads faster. */
const TRAY_EVERY = 1000;

/** Uploads from the first that goes to the moment when none does any more. */
type Run = { done: number; skipped: number; failed: number; told: boolean; only: Row | null };

/** How many uploads ended in which way. */
type Ended = { done: number; skipped: number; failed: number };

const going = (totals: Totals) => totals.active + totals.waiting;

export type Servers = { to: string; practice: boolean };

/** As many uploads as are looked at to say where they went. */
const LOOKED_AT = 100;

export type Parting = { to: "quit" | "sleep"; seconds: number };

export class Desktop {
  /** the window is to close, and uploads are under way */
  leaving = $state.raw<Closing | null>(null);
  /** everything is sent, and the settings say what then */
  parting = $state.raw<Parting | null>(null);

  #backend: Backend;
  #settings: () => Settings;
  /** how the servers of these connections are called; empty where there is but one, and nobody could confuse it */
  #names: (connections: readonly string[]) => Servers;
  #run: Run | null = null;
  /** how many uploads need an answer, and how many did at the last notification */
  #asking = 0;
  #askingTold: number | null = null;
  #askingLater = 0;
  /** it was told that somebody has to sign in, and nobody has yet */
  #asksToSignIn = false;
  #tray = "";
  #trayAt = 0;
  #trayLater = 0;
  #clock = 0;

  constructor(
    backend: Backend,
    settings: () => Settings,
    names: (connections: readonly string[]) => Servers,
  ) {
    this.#backend = backend;
    this.#settings = settings;
    this.#names = names;
    backend.onClosing((closing) => (this.leaving = closing));
  }

  /** something lies over the window and is to be answered first */
  get asks(): boolean {
    return this.leaving !== null || this.parting !== null;
  }

  answer(leave: "stay" | "tray" | "quit"): void {
    this.leaving = null;
    void this.#backend.leave(leave);
  }

  /** `offers` are the actions on the whole queue that can be done now. */
  nudged(now: Totals, offers: { pause: boolean; resume: boolean }): void {
    this.#follow(now);
    this.#followQuestions(now);
    this.#askToSignIn(now);
    this.#sayInTray({
      tip: inOneLine(now),
      show: say.desk.tray.show,
      pause: say.actions.labels.pauseAll,
      resume: say.actions.labels.resumeAll,
      quit: say.desk.tray.quit,
      canPause: offers.pause,
      canResume: offers.resume,
    });
  }

  #follow(now: Totals): void {
    if (going(now) > 0) {
      this.stay();
      if (this.#run === null) void this.#begin(now);
      else if (going(now) > 1) this.#run.only = null;
    }
    const run = this.#run;
    if (run === null) return;
    const failed = now.failed - run.failed;
    if (going(now) > 0) {
      // the first that needs somebody is told at once; the others, with the end
      if (failed > 0 && !run.told) {
        run.told = true;
        void this.#tell(run, { done: 0, skipped: 0, failed });
      }
      return;
    }
    this.#run = null;
    const done = now.done - run.done;
    const skipped = now.skipped - run.skipped;
    // paused, cancelled, or told already
    if (done <= 0 && skipped <= 0 && (failed <= 0 || run.told)) return;
    void this.#tell(run, { done, skipped, failed });
    if (done > 0 || skipped > 0) this.#part();
  }

  /** Notifies of the first questions after a moment, and of later ones once no upload is active. */
  #followQuestions(now: Totals): void {
    this.#asking = now.needsAnswer;
    // answered ones are no news
    this.#askingTold = Math.min(this.#askingTold ?? now.needsAnswer, now.needsAnswer);
    if (now.needsAnswer === this.#askingTold) return;
    const isFirst = this.#askingTold === 0;
    const waits = this.#askingLater !== 0;
    if (going(now) === 0) {
      window.clearTimeout(this.#askingLater);
      this.#tellQuestions();
    } else if (isFirst && !waits) {
      this.#askingLater = window.setTimeout(() => this.#tellQuestions(), GATHER);
    }
  }

  #tellQuestions(): void {
    this.#askingLater = 0;
    if (this.#asking <= (this.#askingTold ?? 0)) return;
    this.#askingTold = this.#asking;
    const { notify, sound } = this.#settings();
    if (!notify) return;
    const title = say.desk.notify.needsAnswer(this.#asking);
    void this.#backend.notify({ title, text: say.desk.notify.choose, sound });
  }

  /** Told when the first upload waits for it; the others wait for the same. */
  #askToSignIn(now: Totals): void {
    const asks = now.signIn > 0;
    if (asks === this.#asksToSignIn) return;
    this.#asksToSignIn = asks;
    const { notify, sound } = this.#settings();
    if (!asks || !notify) return;
    const words = say.desk.notify;
    void this.#backend.notify({ title: words.signIn(now.signIn), text: words.signInText, sound });
  }

  async #begin(now: Totals): Promise<void> {
    const { done, skipped, failed } = now;
    const run: Run = { done, skipped, failed, told: false, only: null };
    this.#run = run;
    if (going(now) !== 1) return;
    const page = {
      view: "active" as const,
      filter: "",
      sort: "queue" as const,
      offset: 0,
      limit: 1,
    };
    const [only] = (await this.#backend.queue_page(page)).rows;
    run.only = only ?? null;
  }

  /** What ended, and where it went: a copy on this computer's own disk must not sound like a delivery. */
  async #tell(run: Run, { done, skipped, failed }: Ended): Promise<void> {
    const { notify, sound } = this.#settings();
    if (!notify) return;
    const view = done > 0 ? "done" : skipped > 0 ? "skipped" : "failed";
    const { to, practice } = await this.#servers(view, done || skipped || failed);
    const words = say.desk.notify;
    const uploaded =
      done <= 0
        ? ""
        : run.only !== null && done === 1
          ? words.doneOne(await this.#nameOf(run.only), to)
          : words.done(done, to);
    const title =
      skipped > 0 ? words.skipped(skipped, uploaded) : uploaded || words.failed(failed, to);
    const text = [
      done > 0 && practice ? words.practice : "",
      failed > 0 && (done > 0 || skipped > 0) ? `${words.failed(failed, "")}.` : "",
      failed <= 0 && done > 0 && skipped <= 0 ? words.compared : "",
      skipped > 0 ? words.skippedText : "",
      failed > 0 ? words.look : "",
    ];
    await this.#backend.notify({ title, text: text.filter(Boolean).join(" "), sound });
  }

  /** As its object is called by now, which may be another name than it began with. */
  async #nameOf(row: Row): Promise<string> {
    const now = await this.#backend.detail(row.id).then(
      (detail) => detail.row,
      () => row,
    );
    return objectName(now);
  }

  /** The servers that the newest of these went to. */
  async #servers(view: "done" | "skipped" | "failed", ended: number): Promise<Servers> {
    const page = {
      view,
      filter: "",
      sort: "newest" as const,
      offset: 0,
      limit: Math.min(ended, LOOKED_AT),
    };
    const rows = await this.#backend.queue_page(page).then(
      (found) => found.rows,
      () => [],
    );
    return this.#names([...new Set(rows.map((row) => row.connection))]);
  }

  #part(): void {
    const to = this.#settings().whenDone;
    if (to === "stay") return;
    this.parting = { to, seconds: GRACE };
    this.#clock = window.setInterval(() => {
      const { parting } = this;
      if (parting === null) return;
      if (parting.seconds <= 1) return this.part();
      this.parting = { ...parting, seconds: parting.seconds - 1 };
    }, 1000);
  }

  /** Now, without waiting for the rest of the time. */
  part(): void {
    const { parting } = this;
    this.stay();
    if (parting) void this.#backend.leave(parting.to);
  }

  stay(): void {
    window.clearInterval(this.#clock);
    this.parting = null;
  }

  #sayInTray(words: TrayWords): void {
    const text = JSON.stringify(words);
    if (text === this.#tray) return;
    window.clearTimeout(this.#trayLater);
    const wait = this.#trayAt + TRAY_EVERY - Date.now();
    if (wait > 0) {
      this.#trayLater = window.setTimeout(() => this.#sayInTray(words), wait);
      return;
    }
    this.#tray = text;
    this.#trayAt = Date.now();
    void this.#backend.set_tray(words);
  }
}
