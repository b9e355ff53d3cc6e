// Choosing a bucket and a folder by looking around on the server; knows no element. Listing is a help: a path that is typed works
// without it.
import type { Backend } from "../backend";
import { asPrefix } from "../draft";
import { asFault } from "../faults";
import type { ConnectionOrForm, Fault, InvalidBucketName } from "../wire/wire";

/** Whose buckets they are, where to begin, and what to do with the choice. */
export type Asked = {
  server: ConnectionOrForm;
  /** how the server is called */
  name: string;
  /** it is Amazon's own: some names are reserved there */
  amazon: boolean;
  /** empty: begins with the list of buckets */
  bucket: string;
  prefix: string;
  take: (bucket: string, prefix: string) => void;
};

/** A row of the list. */
export type Entry =
  | { is: "folder"; name: string; fresh: boolean }
  /** a bucket that is not in the list, by the name that was typed */
  | { is: "typed"; name: string }
  | { is: "more" };

export class Browsing {
  asked = $state.raw<Asked | null>(null);
  /** where it stands; no bucket: the list of buckets */
  bucket = $state("");
  prefix = $state("");

  loading = $state(false);
  fault = $state.raw<Fault | null>(null);
  #names = $state.raw<string[]>([]);
  objects = $state(0);
  #next = $state.raw<string | null>(null);

  filter = $state("");
  active = $state(0);

  /** a folder or a bucket is being named */
  naming = $state(false);
  name = $state("");
  wrongName = $state.raw<InvalidBucketName | null>(null);
  creating = $state(false);
  refused = $state.raw<Fault | null>(null);
  /** a bucket that was to be created and is there already */
  yours = $state("");

  readonly #backend: Backend;
  #run = 0;
  #typing = 0;
  /** folders that were added here: the server knows them once something is in them */
  #added = $state.raw<ReadonlyMap<string, readonly string[]>>(new Map());

  /** Whether these keys may not list, which says nothing about uploading. */
  readonly unlisted = $derived(
    this.fault !== null &&
      (this.fault.kind === "denied" || this.fault.status === 405 || this.fault.status === 501),
  );
  readonly #all = $derived.by((): { name: string; fresh: boolean }[] => {
    const listed = this.#names.map((name) => ({ name, fresh: false }));
    const added = (this.#added.get(this.#here) ?? []).filter((name) => !this.#names.includes(name));
    if (added.length === 0) return listed;
    return [...listed, ...added.map((name) => ({ name, fresh: true }))].sort((one, other) =>
      one.name < other.name ? -1 : 1,
    );
  });
  /** the folders or buckets that are known, whatever is filtered */
  readonly known = $derived(this.#all.length);
  readonly hasMore = $derived(this.#next !== null);
  readonly entries = $derived.by((): Entry[] => {
    const typed = this.filter.trim();
    const wanted = typed.toLowerCase();
    const found = this.#all
      .filter(({ name }) => name.toLowerCase().includes(wanted))
      .map((one): Entry => ({ is: "folder", ...one }));
    if (this.loading) return found;
    if (this.bucket === "" && typed !== "" && !this.#names.includes(typed)) {
      found.push({ is: "typed", name: typed });
    }
    if (this.hasMore) found.push({ is: "more" });
    return found;
  });
  /** the bucket that is being named is in the list already */
  readonly listed = $derived(this.bucket === "" && this.#names.includes(this.name.trim()));
  readonly canName = $derived.by(() => {
    if (this.creating) return false;
    if (this.bucket !== "") return asPrefix(this.name) !== "";
    return this.name.trim() !== "" && (this.listed || this.wrongName === null);
  });

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  get #here(): string {
    return `${this.bucket}/${this.prefix}`;
  }

  begin(asked: Asked): void {
    this.asked = asked;
    this.#added = new Map();
    this.yours = "";
    this.go(asked.bucket, asked.prefix);
  }

  close(): void {
    this.#run += 1;
    this.asked = null;
    this.#names = [];
  }

  /** Takes where it stands; what was not changed stays as it was typed, with its {date}. */
  take(): void {
    const { asked, bucket, prefix } = this;
    if (asked === null || bucket === "") return;
    this.close();
    if (bucket !== asked.bucket || prefix !== asked.prefix) asked.take(bucket, prefix);
  }

  /** Goes there; the row of this name is the active one. */
  go(bucket: string, prefix: string, from: string | null = null): void {
    this.bucket = bucket;
    this.prefix = prefix;
    this.stopNaming();
    void this.look(from);
  }

  up(): void {
    if (this.bucket === "") return;
    if (this.prefix === "") return this.go("", "", this.bucket);
    const steps = this.prefix.split("/").slice(0, -1);
    const last = steps.pop() ?? "";
    this.go(this.bucket, steps.map((step) => `${step}/`).join(""), last);
  }

  open(entry: Entry | undefined): void {
    if (entry === undefined) return;
    if (entry.is === "more") return void this.more();
    this.yours = "";
    if (this.bucket === "") this.go(entry.name, "");
    else this.go(this.bucket, `${this.prefix}${entry.name}/`);
  }

  async look(from: string | null = null): Promise<void> {
    const { asked, bucket } = this;
    if (asked === null) return;
    this.#run += 1;
    const run = this.#run;
    this.filter = "";
    this.active = 0;
    this.#names = [];
    this.objects = 0;
    this.#next = null;
    this.fault = null;
    this.loading = true;
    try {
      if (bucket === "") {
        const names = await this.#backend.buckets(asked.server);
        if (run !== this.#run) return;
        this.#names = names;
      } else {
        await this.#page(run, asked, null);
      }
      if (run !== this.#run) return;
      this.active = Math.max(
        0,
        this.#all.findIndex(({ name }) => name === from),
      );
    } catch (thrown) {
      if (run === this.#run) this.fault = asFault(thrown);
    } finally {
      if (run === this.#run) this.loading = false;
    }
  }

  /** The next page comes below the ones that are shown. */
  async more(): Promise<void> {
    const { asked } = this;
    if (asked === null || this.#next === null || this.loading) return;
    const run = this.#run;
    this.loading = true;
    try {
      await this.#page(run, asked, this.#next);
    } catch (thrown) {
      if (run === this.#run) this.fault = asFault(thrown);
    } finally {
      if (run === this.#run) this.loading = false;
    }
  }

  async #page(run: number, asked: Asked, from: string | null): Promise<void> {
    const { server } = asked;
    const { bucket, prefix } = this;
    const page = await this.#backend.browse({ server, bucket, prefix, from });
    if (run !== this.#run) return;
    this.#names = [...new Set([...this.#names, ...page.folders])];
    this.objects += page.objects;
    this.#next = page.next;
  }

  type(filter: string): void {
    this.filter = filter;
    this.active = 0;
  }

  move(by: number): void {
    this.active = Math.max(0, Math.min(this.entries.length - 1, this.active + by));
  }

  /** What was typed to filter, and found nothing, is likely the name. */
  startNaming(): void {
    this.naming = true;
    this.yours = "";
    void this.call(this.filter.trim());
  }

  stopNaming(): void {
    this.naming = false;
    this.name = "";
    this.wrongName = this.refused = null;
  }

  /** What is typed as a name; a bucket's is checked by S3's rules. */
  async call(name: string): Promise<void> {
    this.name = name;
    this.refused = null;
    this.#typing += 1;
    const typing = this.#typing;
    if (this.bucket !== "" || name.trim() === "") {
      this.wrongName = null;
      return;
    }
    const amazon = this.asked?.amazon === true;
    const wrong = await this.#backend
      .check_bucket_name({ name: name.trim(), amazon })
      // the server has the last word
      .catch(() => null);
    if (typing === this.#typing) this.wrongName = wrong;
  }

  async make(): Promise<void> {
    if (!this.canName) return;
    if (this.bucket === "") return this.#createBucket();
    const path = asPrefix(this.name);
    const added = new Map(this.#added);
    let at = this.#here;
    for (const step of path.split("/").slice(0, -1)) {
      added.set(at, [...new Set([...(added.get(at) ?? []), step])]);
      at += `${step}/`;
    }
    this.#added = added;
    this.go(this.bucket, this.prefix + path);
  }

  async #createBucket(): Promise<void> {
    const { asked, listed } = this;
    const bucket = this.name.trim();
    if (asked === null) return;
    if (listed) return this.go(bucket, "");
    const run = this.#run;
    this.creating = true;
    this.refused = null;
    try {
      const made = await this.#backend.create_bucket({ server: asked.server, bucket });
      if (run !== this.#run) return;
      this.yours = made === "alreadyYours" ? bucket : "";
      this.go(bucket, "");
    } catch (thrown) {
      if (run === this.#run) this.refused = asFault(thrown);
    } finally {
      this.creating = false;
    }
  }
}
