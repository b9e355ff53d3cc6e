// The connections, the one being written, and its test; knows no element.
import type { Backend } from "../backend";
import {
  blank,
  fromConnection,
  lacking,
  toForm,
  withPlace,
  withPreset,
  type Draft,
} from "../draft";
import { asFault } from "../faults";
import type { SignIn } from "./signIn.svelte";
import type {
  BucketName,
  Check,
  CheckStep,
  Connection,
  ConnectionOrForm,
  CreatedBucket,
  Fault,
  InvalidBucketName,
  Keychain,
  Preset,
} from "../wire/wire";
import { serverName } from "../words";

export const STEPS: readonly CheckStep[] = [
  "reached",
  "clock",
  "signedIn",
  "bucket",
  "mayUpload",
  "checksums",
];
/** Without these the lines after them cannot pass, and would only repeat the same failure. */
const NEEDED = new Set<CheckStep>(["reached", "signedIn", "bucket"]);

export type Line = { step: CheckStep; state: "waiting" | "running" | "ended"; check: Check | null };

export class Connections {
  list = $state.raw<Connection[]>([]);
  presets = $state.raw<Preset[]>([]);
  profiles = $state.raw<string[]>([]);
  /** Profiles that the AWS SDK leaves out for their names. */
  unreadableProfiles = $state.raw<string[]>([]);
  keychain = $state.raw<Keychain>({ available: true, fault: null });
  looking = $state(false);

  /** the connection that is shown; null with a draft: a new one */
  openId = $state<string | null>(null);
  draft = $state<Draft | null>(null);
  lines = $state.raw<Line[]>([]);
  testing = $state(false);
  saving = $state(false);
  saved = $state(false);
  fault = $state.raw<Fault | null>(null);

  #backend: Backend;
  #signIn: SignIn;
  #made: (connection: Connection) => void;
  #test = 0;
  #before = "";

  /** counts the tests that got as far as being signed in: the server can be asked for more then */
  passed = $state(0);

  readonly open = $derived(this.list.find((one) => one.id === this.openId) ?? null);
  readonly preset = $derived(this.presets.find((one) => one.id === this.draft?.preset));
  readonly secretSaved = $derived(
    this.open?.signedIn === "keychain" || this.open?.signedIn === "session",
  );
  /** what the form lacks before it can be tested or saved */
  readonly lacking = $derived(
    this.draft ? lacking(this.draft, this.secretSaved, this.preset) : null,
  );
  /** signing in with keys and no keychain to keep them in: the user has to say what then */
  readonly undecided = $derived(
    this.draft?.signWith === "keys" && !this.keychain.available && this.draft.remember,
  );

  constructor(backend: Backend, signIn: SignIn, made: (connection: Connection) => void) {
    this.#backend = backend;
    this.#signIn = signIn;
    this.#made = made;
  }

  /** Whether uploads can go to more than one server, so that each has to be named. */
  get several(): boolean {
    return this.list.length > 1;
  }

  /** How the servers of these connections are called together; nothing where there is but one, and it is a real one. */
  servers(ids: readonly string[]): { to: string; practice: boolean } {
    const practice = ids.some((id) => this.isPractice(id));
    if (!practice && !this.several) return { to: "", practice };
    const names = this.list.filter((one) => ids.includes(one.id)).map(serverName);
    return { to: names.join(", "), practice };
  }

  isPractice(id: string): boolean {
    return this.list.some((one) => one.id === id && one.practice);
  }

  /** The name of Amazon's own: the preset without an endpoint. */
  get amazon(): string {
    return this.presets.find((one) => one.endpoint === null)?.name ?? "";
  }

  async load(): Promise<void> {
    const [list, presets, keychain] = await Promise.all([
      this.#backend.connections(null),
      this.#backend.presets(null),
      this.#backend.keychain(null),
    ]);
    this.list = list;
    this.presets = presets;
    this.keychain = keychain;
    // Reading the AWS configuration may fail for reasons of its own, and is needed only there.
    this.profiles = await this.#backend.profiles(null).catch(() => []);
    this.unreadableProfiles = await this.#backend.unreadable_profiles(null).catch(() => []);
  }

  begin(): void {
    this.#clear();
    this.openId = null;
    const preset = this.presets[0];
    this.draft = preset ? withPreset(blank(), preset, undefined) : blank();
    this.draft.profile = this.profiles[0] ?? "";
    this.#mark();
  }

  edit(id: string): void {
    const connection = this.list.find((one) => one.id === id);
    if (!connection) return;
    this.#clear();
    this.openId = id;
    this.draft = connection.practice ? null : fromConnection(connection);
    this.#mark();
  }

  close(): void {
    this.#clear();
    this.openId = null;
    this.draft = null;
  }

  #clear(): void {
    this.#test += 1;
    this.lines = [];
    this.testing = false;
    this.saved = false;
    this.fault = null;
    if (this.draft) {
      this.draft.secretAccessKey = this.draft.sessionToken = this.draft.proxyPassword = "";
    }
  }

  #mark(): void {
    this.#before = JSON.stringify(this.draft);
  }

  /** Whether something was written that is not saved. */
  get changed(): boolean {
    return this.draft !== null && JSON.stringify(this.draft) !== this.#before;
  }

  choosePreset(id: string): void {
    const preset = this.presets.find((one) => one.id === id);
    if (this.draft && preset) this.draft = withPreset(this.draft, preset, this.preset);
  }

  setPlace(change: { region?: string; account?: string }): void {
    if (this.draft) this.draft = withPlace(this.draft, this.preset, change);
  }

  async test(): Promise<void> {
    if (!this.draft || this.lacking !== null) return;
    const form = toForm($state.snapshot(this.draft) as Draft);
    this.#test += 1;
    const test = this.#test;
    this.testing = true;
    this.fault = null;
    this.lines = STEPS.map((step) => ({ step, state: "waiting", check: null }));
    let stopped = false;
    for (const step of STEPS) {
      if (stopped) {
        this.#line({ step, state: "ended", check: skipped(step) });
        continue;
      }
      this.#line({ step, state: "running", check: null });
      const check = await this.#check(form, step);
      if (test !== this.#test) return;
      this.#line({ step, state: "ended", check });
      if (step === "signedIn" && check.outcome === "passed") this.passed += 1;
      stopped = check.outcome === "failed" && NEEDED.has(step);
      // a code or a sign-in is asked for, and the test begins anew
      if (this.#signIn.answer(check.fault, form, () => void this.test(), false)) break;
    }
    this.testing = false;
  }

  async #check(form: ReturnType<typeof toForm>, step: CheckStep): Promise<Check> {
    try {
      return await this.#backend.check({ form, step });
    } catch (thrown) {
      return { step, outcome: "failed", said: null, fault: asFault(thrown), region: null };
    }
  }

  #line(line: Line): void {
    this.lines = this.lines.map((one) => (one.step === line.step ? line : one));
  }

  /** Takes the region that the server named, and tests again. */
  useRegion(region: string): void {
    this.setPlace({ region });
    void this.test();
  }

  async save(): Promise<Connection | null> {
    if (!this.draft || this.lacking !== null || this.undecided || this.saving) return null;
    this.saving = true;
    this.fault = null;
    try {
      const form = toForm($state.snapshot(this.draft) as Draft);
      if (form.name === "") form.name = this.preset?.name ?? form.endpoint ?? "S3";
      const saved = await this.#backend.save_connection(form);
      this.list = await this.#backend.connections(null);
      this.openId = saved.id;
      // The secret has gone where it is kept; nothing of it stays here.
      this.draft = fromConnection(saved);
      this.#mark();
      this.saved = true;
      if (form.id === null) this.#made(saved);
      return saved;
    } catch (thrown) {
      this.fault = asFault(thrown);
      if (this.fault.kind === "keychain") this.keychain = await this.#backend.keychain(null);
      return null;
    } finally {
      this.saving = false;
    }
  }

  /** Connections that were saved elsewhere: the first of them is shown. */
  async added(connections: readonly Connection[]): Promise<void> {
    this.list = await this.#backend.connections(null);
    const [first] = connections;
    if (first === undefined) return;
    this.edit(first.id);
    this.#made(first);
  }

  async forget(id: string): Promise<void> {
    try {
      await this.#backend.forget_connection(id);
      this.list = await this.#backend.connections(null);
      this.close();
    } catch (thrown) {
      this.fault = asFault(thrown);
    }
  }

  async openPractice(): Promise<Connection> {
    const practice = await this.#backend.open_practice(null);
    this.list = await this.#backend.connections(null);
    return practice;
  }

  async findKeychain(): Promise<void> {
    this.looking = true;
    try {
      this.keychain = await this.#backend.retry_keychain(null);
      if (this.keychain.available && this.draft) this.draft.remember = true;
    } catch (thrown) {
      this.keychain = { available: false, fault: asFault(thrown) };
    } finally {
      this.looking = false;
    }
  }

  /** The server as it stands in the form, saved or not; null: the form is not whole. */
  get drafted(): ConnectionOrForm | null {
    if (!this.draft || this.lacking !== null) return null;
    return { by: "form", form: toForm($state.snapshot(this.draft) as Draft) };
  }

  buckets(server: ConnectionOrForm): Promise<string[]> {
    return this.#backend.buckets(server);
  }

  createBucket(server: ConnectionOrForm, bucket: string): Promise<CreatedBucket> {
    return this.#backend.create_bucket({ server, bucket });
  }

  checkBucketName(name: BucketName): Promise<InvalidBucketName | null> {
    return this.#backend.check_bucket_name(name);
  }
}

function skipped(step: CheckStep): Check {
  return { step, outcome: "skipped", said: null, fault: null, region: null };
}
