// The incomplete multipart uploads of a bucket: the scan, the selection, and the actions on them.
import { say } from "../../i18n/language.svelte";
import type { Backend } from "../backend";
import { asFault } from "../faults";
import { bytes } from "../format";
import type {
  BucketOf,
  Connection,
  Fault,
  NotDiscarded,
  Unfinished,
  UnfinishedName,
  UnfinishedUpload,
} from "../wire/wire";
import { Cleanup } from "./cleanup.svelte";
import { recall } from "./memory";
import { Selection } from "./selection.svelte";

/** Rows of one answer, as many as the engine gives. */
const PAGE = 1000;
/** Ms between two questions while a look runs. */
const EVERY = 300;
/** After so many ms a look is old: who comes back sees another. */
const OLD = 60_000;

const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** By its key and its number: two servers may give out one number twice. */
export const idOf = ({ key, uploadId }: UnfinishedName) => `${uploadId} ${key}`;

/** How a look stands, without its rows. */
export type Sum = Omit<Unfinished, "uploads">;

/** What could not be done, told where it was asked for. */
export type Refused =
  | { what: "adopt"; upload: UnfinishedUpload; fault: Fault }
  /** several files were chosen for one upload */
  | { what: "several"; upload: UnfinishedUpload }
  | { what: "discard"; of: number; faults: readonly NotDiscarded[] }
  | { what: "discardAll"; fault: Fault };

export class UnfinishedUploads {
  connection = $state("");
  bucket = $state("");
  filter = $state("");
  /** where the rows that are shown were found */
  looked = $state.raw<{ connection: string; bucket: string; at: number } | null>(null);
  looking = $state(false);
  sum = $state.raw<Sum | null>(null);
  uploads = $state.raw<readonly UnfinishedUpload[]>([]);
  /** why it could not be looked at all */
  fault = $state.raw<Fault | null>(null);
  refused = $state.raw<Refused | null>(null);
  /** those that are being aborted */
  discarding = $state.raw<ReadonlySet<string>>(new Set());
  /** the one that is just being taken over */
  adopting = $state<string | null>(null);

  readonly shown = $derived.by(() => {
    const typed = this.filter.trim().toLowerCase();
    if (typed === "") return this.uploads;
    return this.uploads.filter(({ key }) => key.toLowerCase().includes(typed));
  });
  readonly #ids = $derived(this.shown.map(idOf));
  readonly selection = new Selection(() => this.#ids);
  readonly picked = $derived(this.shown.filter((one) => this.selection.ids.has(idOf(one))));
  readonly cleanup: Cleanup;

  readonly #backend: Backend;
  readonly #say: (text: string) => void;
  readonly #adopted: (id: number) => void;
  /** tells an answer that is still wanted from one that is not */
  #run = 0;
  #number: number | null = null;
  /** the first row that the window shows */
  #top = 0;

  /** What is said is for who does not see it; who adopted one wants to see it in the queue. */
  constructor(backend: Backend, say: (text: string) => void, adopted: (id: number) => void) {
    this.#backend = backend;
    this.#say = say;
    this.#adopted = adopted;
    this.cleanup = new Cleanup(backend);
  }

  get where(): boolean {
    return this.connection !== "" && this.bucket.trim() !== "";
  }

  get busy(): boolean {
    return this.discarding.size > 0 || this.adopting !== null;
  }

  /** The screen is shown; at first with the bucket that files went to last, or the usual one. */
  enter(connections: readonly Connection[]): void {
    if (!connections.some((one) => one.id === this.connection)) {
      const last = recall<BucketOf>("destination");
      const known = connections.find((one) => one.id === last?.connection);
      const at = known ?? connections[0];
      return this.choose(at?.id ?? "", known ? last?.bucket : at?.bucket);
    }
    const old = this.looked === null || Date.now() - this.looked.at > OLD;
    // Many are asked for one by one, which takes its time: that is left to who wants it.
    if (old && !this.looking && this.uploads.length <= PAGE) void this.look();
  }

  choose(connection: string, bucket: string | null | undefined): void {
    this.connection = connection;
    this.bucket = bucket ?? "";
    this.filter = "";
    this.#leave();
    void this.look();
  }

  /** Nothing of another bucket is left. */
  #leave(): void {
    this.#end();
    this.looked = null;
    this.sum = null;
    this.uploads = [];
    this.fault = null;
    this.refused = null;
    this.selection.none();
    this.selection.focus = null;
  }

  /** The rows that the window shows begin here: they are asked for first. */
  want(first: number): void {
    this.#top = first;
  }

  async look(): Promise<void> {
    if (!this.where) return;
    const at = { connection: this.connection, bucket: this.bucket.trim() };
    if (!this.#isAt(at)) this.#leave();
    this.#end();
    const run = this.#run;
    // Who looks again sees what was there until all of it is known again.
    const first = this.looked === null;
    this.looking = true;
    this.fault = null;
    void this.cleanup.load(at);
    try {
      const number = await this.#backend.look_unfinished({ ...at, prefix: "" });
      if (run !== this.#run) return this.#forget(number);
      this.#number = number;
      this.looked = { ...at, at: Date.now() };
      for (;;) {
        const running = await this.#pull(run, first);
        if (running === null) return;
        if (!running) break;
        await wait(EVERY);
        if (run !== this.#run) return;
      }
      this.looked = { ...at, at: Date.now() };
      this.fault = this.sum?.fault ?? null;
      if (this.sum && !this.fault) this.#say(said(this.sum));
    } catch (thrown) {
      if (run === this.#run) this.fault = asFault(thrown);
    } finally {
      if (run === this.#run) this.looking = false;
    }
  }

  /** Answers whether the look still runs; null where nobody wants to know any more. */
  async #pull(run: number, live: boolean): Promise<boolean | null> {
    const number = this.#number;
    if (number === null) return null;
    const ask = (offset: number) => this.#backend.unfinished({ id: number, offset, limit: PAGE });
    const rows = live ? [...this.uploads] : [];
    const shown = Math.min(this.#top, rows.length);
    const start = shown - (shown % PAGE);
    const stand = await ask(start);
    if (run !== this.#run) return null;
    if (stand.running && !live) return true;
    rows.splice(start, PAGE, ...stand.uploads);
    // Pages that nobody saw yet; in the end all of them, for the sizes came meanwhile.
    const missing = stand.running ? rows.length - (rows.length % PAGE) : 0;
    for (let offset = missing; offset < stand.count; offset += PAGE) {
      if (offset === start) continue;
      const { uploads } = await ask(offset);
      if (run !== this.#run) return null;
      rows.splice(offset, PAGE, ...uploads);
    }
    this.#show(stand, rows.slice(0, stand.count));
    return stand.running;
  }

  #show({ uploads: _, ...sum }: Unfinished, rows: readonly UnfinishedUpload[]): void {
    const before = this.#ids;
    this.sum = sum;
    this.uploads = rows;
    this.selection.keep(new Set(rows.map(idOf)), before);
  }

  /** Aborts these on the server. Those that could not be aborted stay selected, and say why. */
  async discard(uploads: readonly UnfinishedUpload[]): Promise<void> {
    const { looked } = this;
    if (looked === null || this.busy) return;
    const { connection, bucket } = looked;
    this.refused = null;
    this.discarding = new Set(uploads.map(idOf));
    try {
      const names = uploads.map(({ key, uploadId }) => ({ key, uploadId }));
      const { gone, faults } = await this.#backend.discard_unfinished({
        connection,
        bucket,
        uploads: names,
      });
      this.#say(say.unfinished.discarded(gone));
      if (!this.#isAt(looked)) return;
      if (faults.length > 0) this.refused = { what: "discard", of: uploads.length, faults };
      const left = new Set(faults.map(idOf));
      this.#drop(new Set(names.map(idOf).filter((id) => !left.has(id))));
    } catch (thrown) {
      if (this.#isAt(looked)) this.refused = { what: "discardAll", fault: asFault(thrown) };
    } finally {
      this.discarding = new Set();
    }
  }

  /** The engine has forgotten them too: what it answers next has them no more. */
  #drop(gone: ReadonlySet<string>): void {
    const rows = this.uploads.filter((one) => !gone.has(idOf(one)));
    const { sum } = this;
    if (sum === null) return;
    const known = rows.filter((one) => one.bytes !== null || one.fault !== null);
    const bytes = rows.reduce((all, one) => all + (one.bytes ?? 0), 0);
    this.#show({ ...sum, uploads: [], count: rows.length, bytes, sized: known.length }, rows);
  }

  /** Resumes one from a file that the user chooses, which is compared with it before anything is sent. */
  async adopt(upload: UnfinishedUpload): Promise<void> {
    const { looked } = this;
    if (looked === null || this.busy) return;
    const { connection, bucket } = looked;
    const { key, uploadId } = upload;
    this.refused = null;
    this.adopting = idOf(upload);
    try {
      const tokens = (await this.#backend.pickFiles()) ?? [];
      const path = tokens[0];
      if (path === undefined) return;
      if (tokens.length > 1) {
        this.refused = { what: "several", upload };
        return;
      }
      const at = { connection, bucket, key, uploadId, path };
      const { ids } = await this.#backend.adopt({ ...at, ifExists: "ask", customerKey: null });
      const id = ids[0];
      if (id === undefined) return;
      const mine = (one: UnfinishedUpload) => idOf(one) === idOf(upload);
      this.uploads = this.uploads.map((one) => (mine(one) ? { ...one, ours: id } : one));
      this.#adopted(id);
    } catch (thrown) {
      if (this.#isAt(looked)) {
        this.refused = { what: "adopt", upload, fault: asFault(thrown) };
      }
    } finally {
      this.adopting = null;
    }
  }

  #isAt({ connection, bucket }: BucketOf): boolean {
    return this.looked?.connection === connection && this.looked.bucket === bucket;
  }

  #end(): void {
    this.#run += 1;
    if (this.#number !== null) this.#forget(this.#number);
    this.#number = null;
    this.looking = false;
  }

  #forget(number: number): void {
    void this.#backend.forget_unfinished(number).catch(() => undefined);
  }
}

function said({ count, bytes: stored }: Sum): string {
  return count === 0 ? say.unfinished.nothing : say.unfinished.hold(count, bytes(stored));
}
