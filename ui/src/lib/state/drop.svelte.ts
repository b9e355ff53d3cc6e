// What was dropped or chosen, while it is counted and until it is added; knows no element.
import { say } from "../../i18n/language.svelte";
import type { Backend, Point } from "../backend";
import { asPrefix, dated } from "../draft";
import { asFault } from "../faults";
import { plainOptions, settled } from "../objectOptions";
import { place as where, serverName } from "../words";
import type { Connection, Fault, IfExists, Keys, Options, Scan, Settings } from "../wire/wire";
import { recall, remember } from "./memory";

const POLL = 200;
const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

export type Destination = {
  connection: string;
  bucket: string;
  prefix: string;
};

/** A destination as it is offered while files hang over the window. */
export type Offer = { name: string; place: string; practice: boolean; to: Destination };

/** The default while files hang over the window. */
export type Aim = { name: string; place: string; practice: boolean };

/** Besides the usual one. */
const OFFERED = 4;

function same(one: Destination, other: Destination): boolean {
  return (
    one.connection === other.connection &&
    one.bucket === other.bucket &&
    one.prefix === other.prefix
  );
}

/** Where files go before any went anywhere: to a server rather than to the practice store. */
function fallback(connections: readonly Connection[]): Connection | undefined {
  return connections.find((one) => !one.practice) ?? connections[0];
}

export class Drop {
  /** files hang over the window */
  hanging = $state(false);
  /** where they hang, and over which of the offered destinations */
  at = $state.raw<Point | null>(null);
  aimed = $state<number | null>(null);
  scan = $state.raw<Scan | null>(null);
  fault = $state.raw<Fault | null>(null);
  starting = $state(false);
  /** started while still counting: goes as soon as that is done */
  eager = $state(false);

  connection = $state("");
  bucket = $state("");
  prefix = $state("");
  ifExists = $state<IfExists>("ask");
  /** the default of the connection or the settings; `ifExists` differs from it only by choice, and only for this drop */
  ifExistsDefault = $state<IfExists>("ask");
  options = $state<Options>(plainOptions());
  /** the first keys as they would be given just now, and how many files would get another's */
  keys = $state.raw<Keys | null>(null);

  #backend: Backend;
  #tokens: string[] = [];
  #walk = 0;
  /** the connection's own options, as they were laid before the user: what differs is the user's */
  #laid = "";
  #added: (ids: number[]) => Promise<void>;
  #settings: () => Settings;

  /** how often a destination was remembered: what is offered follows it */
  #remembered = $state(0);

  readonly open = $derived(this.scan !== null);

  constructor(backend: Backend, added: (ids: number[]) => Promise<void>, settings: () => Settings) {
    this.#backend = backend;
    this.#added = added;
    this.#settings = settings;
  }

  /** Counts these and opens the sheet; what is dropped while it is open comes on top. */
  async take(
    tokens: readonly string[],
    connections: readonly Connection[],
    to: Destination | null = null,
  ): Promise<void> {
    if (tokens.length === 0) return;
    const fresh = !this.open;
    this.#tokens = [...new Set(fresh ? tokens : [...this.#tokens, ...tokens])];
    if (fresh) this.#aim(connections, to);
    const before = this.scan?.id;
    this.#walk += 1;
    const walk = this.#walk;
    try {
      const id = await this.#backend.scan(this.#tokens);
      if (before !== undefined) void this.#backend.forget_scan(before);
      for (;;) {
        const scan = await this.#backend.scan_progress(id);
        if (walk !== this.#walk) return;
        this.scan = scan;
        if (!scan.walking) break;
        await wait(POLL);
      }
      if (this.eager) await this.start();
      else await this.lookAhead();
    } catch (thrown) {
      if (walk === this.#walk) this.fault = asFault(thrown);
    }
  }

  /** The same files once more, after what is wanted of folders was changed. */
  async again(connections: readonly Connection[]): Promise<void> {
    if (this.open) await this.take(this.#tokens, connections);
  }

  /** Which keys the files would get; asked for once typing rests. */
  async lookAhead(): Promise<void> {
    const { scan } = this;
    if (scan === null || scan.walking || scan.files === 0) {
      this.keys = null;
      return;
    }
    const prefix = dated(asPrefix(this.prefix), new Date());
    try {
      const keys = await this.#backend.scan_keys({
        scan: scan.id,
        connection: this.connection,
        bucket: this.bucket,
        prefix,
      });
      if (scan.id === this.scan?.id) this.keys = keys;
    } catch {
      // it says nothing then; starting would say why
      this.keys = null;
    }
  }

  /** Where the last files went, if that is still there, else the first connection's own default. */
  #aim(connections: readonly Connection[], to: Destination | null): void {
    this.fault = null;
    this.eager = false;
    this.keys = null;
    this.#lay(undefined);
    // what was chosen for one drop is never the next one's default: "Replace" would overwrite what nobody looked at
    this.ifExists = this.ifExistsDefault;
    this.#layIfExists(undefined);
    const last = to ?? recall<Destination>("destination");
    const known = connections.find((one) => one.id === last?.connection);
    if (last && known) {
      this.#lay(known);
      this.#layIfExists(known);
      this.connection = known.id;
      this.bucket = last.bucket;
      this.prefix = last.prefix;
    } else {
      this.choose(fallback(connections));
    }
  }

  /** The next drop goes to this connection's own default; for one that was just made. */
  prefer(connection: Connection): void {
    const { id, bucket, prefix } = connection;
    this.#remembered += 1;
    remember("destination", { connection: id, bucket: bucket ?? "", prefix });
  }

  /** Where files would go if they were let go now. */
  target(connections: readonly Connection[]): Aim | null {
    void this.#remembered;
    const last = recall<Destination>("destination");
    const known = connections.find((one) => one.id === last?.connection);
    const to = known ?? fallback(connections);
    if (!to) return null;
    const bucket = known ? last?.bucket : to.bucket;
    const prefix = known ? last?.prefix : to.prefix;
    const { practice } = to;
    return { name: serverName(to), place: bucket ? where(bucket, prefix ?? "") : "", practice };
  }

  /**
   * Where files went before the last time, as far as those connections are still there: the newest first. The practice
   * store is offered only where there is no other: a hand that lets go a little too low must not deliver to its own disk.
   */
  offers(connections: readonly Connection[]): Offer[] {
    void this.#remembered;
    const recent = recall<Destination[]>("destinations") ?? [];
    const last = recall<Destination>("destination");
    const real = connections.some((one) => !one.practice);
    return recent
      .filter((to) => last === null || !same(to, last))
      .flatMap((to) => {
        const connection = connections.find((one) => one.id === to.connection);
        if (!connection || (connection.practice && real)) return [];
        const { practice } = connection;
        return [{ name: serverName(connection), place: where(to.bucket, to.prefix), practice, to }];
      })
      .slice(0, OFFERED);
  }

  aimedAt(connections: readonly Connection[]): Destination | null {
    return this.aimed === null ? null : (this.offers(connections)[this.aimed]?.to ?? null);
  }

  #remember(to: Destination): void {
    const before = recall<Destination[]>("destinations") ?? [];
    this.#remembered += 1;
    remember("destination", to);
    remember("destinations", [to, ...before.filter((one) => !same(one, to))].slice(0, OFFERED + 1));
  }

  /** How this connection stores things by itself. */
  #lay(connection: Connection | undefined): void {
    this.options = structuredClone(
      $state.snapshot(connection?.stored ?? plainOptions()) as Options,
    );
    this.#laid = JSON.stringify(this.options);
  }

  /** What this connection does about an object that exists; what the user chose stays theirs. */
  #layIfExists(connection: Connection | undefined): void {
    const byDefault = connection?.ifExists ?? this.#settings().ifExists;
    if (this.ifExists === this.ifExistsDefault) this.ifExists = byDefault;
    this.ifExistsDefault = byDefault;
  }

  choose(connection: Connection | undefined): void {
    // what the user chose stays theirs
    if (JSON.stringify(this.options) === this.#laid) this.#lay(connection);
    this.#layIfExists(connection);
    this.connection = connection?.id ?? "";
    this.bucket = connection?.bucket ?? "";
    this.prefix = connection?.prefix ?? "";
  }

  get lacking(): string | null {
    const words = say.drop.lacking;
    if (this.scan === null) return words.counted;
    if (!this.scan.walking && this.scan.files === 0) return words.files;
    if (this.connection === "") return words.connection;
    if (this.bucket.trim() === "") return words.bucket;
    return null;
  }

  async start(): Promise<void> {
    const { scan } = this;
    if (scan?.walking) {
      this.eager = true;
      return;
    }
    this.eager = false;
    if (scan === null || this.lacking !== null || this.starting) return;
    const bucket = this.bucket.trim();
    // what is remembered is what was typed: tomorrow it is another day's folder
    const typed = asPrefix(this.prefix);
    const prefix = dated(typed, new Date());
    const { connection, ifExists } = this;
    const options = settled($state.snapshot(this.options) as Options);
    this.starting = true;
    this.fault = null;
    try {
      const request = { scan: scan.id, connection, bucket, prefix, ifExists, options };
      const { ids } = await this.#backend.add(request);
      this.#remember({ connection, bucket, prefix: typed });
      this.#walk += 1;
      await this.#added(ids);
      this.scan = null;
    } catch (thrown) {
      this.fault = asFault(thrown);
    } finally {
      this.starting = false;
    }
  }

  cancel(): void {
    this.#walk += 1;
    if (this.scan) void this.#backend.forget_scan(this.scan.id).catch(() => undefined);
    this.scan = null;
    this.fault = null;
  }
}
