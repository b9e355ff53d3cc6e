// Simulated uploads: parts that go out, get stored, fail and come again; knows no window.
import type {
  AddRequest,
  AnswerExists,
  Added,
  Connection,
  Detail,
  Notice,
  NoticeKind,
  PageQuery,
  QueuePage,
  Reorder,
  Row,
  Status,
  Scan,
  Totals,
  Verdict,
  View,
  Selection,
} from "../../wire/wire";
import { isOver, signInFault } from "../../progress";
import { historyOf } from "./history";
import { inView, reordered } from "./order";
import { proofOf } from "./proofs";
import { type Seed, faultOf, sameSize } from "./scenes";

const TICK = 200;
const AT_ONCE = 3;
const STREAMS = 8;
/** How long a part that is nearly done is still sent after its upload was paused. */
const LAST_PART = 1000;
/** How long a cancelled upload can be restored. */
const UNDO_WINDOW = 10_000;

type Upload = {
  row: Row;
  seed: Seed;
  parts: Uint8Array;
  addedAt: number;
  rates: number[];
  /** what it was before it was cancelled, while that can be undone */
  before?: {
    status: Status;
    parts: Uint8Array;
    fault: Row["fault"];
    existing: Row["existing"];
    timer: ReturnType<typeof setTimeout>;
  };
  /** the timer that ends its pausing */
  pausing?: ReturnType<typeof setTimeout>;
};

const ENDED = new Set<Status>(["done", "skipped", "failed", "aborted"]);

export class SimulatedUploads {
  #uploads: Upload[] = [];
  #revision = 1;
  #next = 1;
  #told = new Set<(totals: Totals) => void>();

  notices: Notice[];

  constructor(seeds: Seed[], notices: Notice[], still: boolean) {
    this.notices = notices;
    for (const seed of seeds) this.#insert(seed, "studio", "Studio", "media-prod");
    this.#tick();
    if (still) return;
    for (const upload of this.#uploads) {
      if (upload.row.status === "pausing") this.#pauseSoon(upload);
    }
    setInterval(() => this.#tick(), TICK);
  }

  #insert(seed: Seed, connection: string, connectionName: string, bucket: string): Upload {
    const parts = seed.size > 64_000_000 ? Math.ceil(seed.size / seed.partSize) : 1;
    const map = new Uint8Array(parts);
    const stored = Math.floor(parts * seed.stored);
    map.fill(255, 0, stored);
    (seed.sending ?? []).forEach((percent, at) => (map[stored + at] = percent));
    const row: Row = {
      id: this.#next++,
      name: seed.name,
      path: `/srv/media/2026-08/${seed.name}`,
      connection,
      connectionName,
      bucket,
      key: seed.folder + seed.name,
      size: seed.size,
      status: seed.status,
      stored: 0,
      inFlight: 0,
      parts,
      partsStored: 0,
      partsInFlight: 0,
      rate: 0,
      secondsLeft: null,
      fault: seed.fault ?? null,
      existing: seed.existing ?? null,
      proof: null,
      verification: null,
      waits: seed.waits ?? null,
      canUndo: false,
    };
    if (row.status === "done") row.proof = proofOf(row);
    if (row.status === "skipped") row.existing = sameSize(row.size);
    const rates = Array.from({ length: 60 }, (_, at) =>
      at > 30 && at < 35
        ? 0
        : seed.rate * (0.8 + 0.2 * Math.sin(at / 3) + 0.1 * Math.sin(at * 1.7)),
    );
    const upload = { row, seed, parts: map, addedAt: Date.now() - 312_000, rates };
    this.#measure(upload);
    this.#uploads.push(upload);
    return upload;
  }

  #measure({ row, parts, seed }: Upload): void {
    let stored = 0;
    let flight = 0;
    let sent = 0;
    for (const byte of parts) {
      if (byte === 255) stored += 1;
      else if (byte > 0 && byte <= 100) {
        flight += 1;
        sent += byte / 100;
      }
    }
    const part = row.parts === 1 ? row.size : seed.partSize;
    row.partsStored = stored;
    row.partsInFlight = flight;
    row.stored = Math.min(row.size, stored * part);
    row.inFlight = Math.min(row.size - row.stored, sent * part);
  }

  #tick(): void {
    let running = 0;
    let changed = false;
    for (const upload of this.#uploads) {
      const { row } = upload;
      if (row.status === "completing" && Math.random() < 0.01) this.#settle(upload, "done");
      if (row.status === "waiting" && running < AT_ONCE) row.status = "sending";
      // its place is free once it is paused
      if (row.status === "pausing") running += 1;
      if (row.status !== "sending") continue;
      running += 1;
      changed = true;
      this.#send(upload);
    }
    if (changed || this.#revision === 1) this.#nudge();
  }

  #send(upload: Upload): void {
    const { row, parts } = upload;
    const target = upload.seed.rate || 40_000_000;
    const budget = (target * TICK) / 1000;
    let flying = 0;
    const step = (budget / (row.parts === 1 ? row.size : upload.seed.partSize) / STREAMS) * 100;
    for (let at = 0; at < parts.length && flying < STREAMS; at += 1) {
      const byte = parts[at] ?? 255;
      if (byte === 255) continue;
      flying += 1;
      if (byte === 200) {
        if (Math.random() < 0.1) parts[at] = 1;
        continue;
      }
      const next = byte + Math.max(1, step * (0.4 + Math.random() * 1.2));
      parts[at] = next >= 100 ? 255 : Math.round(next);
      if (Math.random() < 0.004) parts[at] = 200;
    }
    this.#measure(upload);
    row.rate = target * (0.9 + Math.random() * 0.2);
    row.secondsLeft = (row.size - row.stored - row.inFlight) / target;
    upload.rates.push(row.rate);
    upload.rates.shift();
    if (row.partsStored === row.parts) this.#settle(upload, "done");
  }

  /** Parts that are far from their end stop at once; one that is nearly done is stored a moment later. */
  #pauseSoon(upload: Upload): void {
    const { row, parts } = upload;
    const last = parts.findIndex((byte) => byte > 50 && byte <= 100);
    parts.forEach((byte, at) => {
      if (byte !== 255 && at !== last) parts[at] = 0;
    });
    this.#measure(upload);
    row.status = "pausing";
    row.secondsLeft = null;
    upload.pausing = setTimeout(() => {
      if (last >= 0) parts[last] = 255;
      this.#measure(upload);
      this.#settle(upload, row.partsStored === row.parts ? "done" : "paused");
      this.#nudge();
    }, LAST_PART);
  }

  #settle({ row, pausing }: Upload, status: Status): void {
    clearTimeout(pausing);
    row.status = status;
    row.proof = status === "done" ? proofOf(row) : null;
    row.rate = 0;
    row.secondsLeft = null;
    row.inFlight = 0;
    row.partsInFlight = 0;
    if (status !== "failed") row.fault = null;
    row.existing = null;
  }

  #nudge(): void {
    this.#revision += 1;
    const totals = this.totals();
    for (const told of this.#told) told(totals);
  }

  listen(told: (totals: Totals) => void): () => void {
    this.#told.add(told);
    return () => this.#told.delete(told);
  }

  totals(): Totals {
    const rows = this.#uploads.map((upload) => upload.row);
    const open = rows.filter((row) => !ENDED.has(row.status) && row.status !== "needsAnswer");
    const sum = (of: (row: Row) => number) => open.reduce((all, row) => all + of(row), 0);
    const rate = sum((row) => row.rate);
    const [storedBytes, totalBytes] = [sum((row) => row.stored), sum((row) => row.size)];
    const inFlightBytes = sum((row) => row.inFlight);
    const paused = sum((row) => (row.status === "paused" ? row.size - row.stored : 0));
    const has = (view: View) => rows.filter((row) => inView(row, view, "")).length;
    return {
      revision: this.#revision,
      all: rows.length,
      active: has("active"),
      waiting: has("waiting"),
      paused: has("paused"),
      needsAnswer: has("needsAnswer"),
      failed: has("failed"),
      done: has("done"),
      skipped: has("skipped"),
      cancelled: has("cancelled"),
      storedBytes,
      totalBytes,
      inFlightBytes,
      rate,
      secondsLeft: rate > 0 ? (totalBytes - storedBytes - inFlightBytes - paused) / rate : null,
      connections: sum((row) => row.partsInFlight),
      offline: rows.some((row) => row.status === "offline"),
      signIn: rows.filter((row) => signInFault(row) !== null).length,
      ...this.limits(),
      notices: this.notices.length,
    };
  }

  /** The limit that holds now: whoever knows the settings says it. */
  limits: () => Pick<Totals, "limit" | "limitUntil"> = () => ({ limit: null, limitUntil: null });

  heed(): void {
    this.#nudge();
  }

  page({ view, filter, sort, offset, limit }: PageQuery): QueuePage {
    const rows = this.#uploads
      .map((upload) => upload.row)
      .filter((row) => inView(row, view, filter));
    if (sort === "name") rows.sort((one, other) => one.name.localeCompare(other.name));
    if (sort === "largest") rows.sort((one, other) => other.size - one.size);
    if (sort === "newest") rows.sort((one, other) => other.id - one.id);
    return {
      revision: this.#revision,
      total: rows.length,
      rows: rows.slice(offset, offset + limit).map((row) => ({ ...row })),
    };
  }

  #find(id: number): Upload {
    const found = this.#uploads.find((upload) => upload.row.id === id);
    if (!found) throw faultOf("bug", "This upload is no longer in the queue.");
    return found;
  }

  /** How many uploads to a connection have not ended. */
  openOf(connection: string): number {
    const open = this.#uploads.filter(({ row }) => !ENDED.has(row.status));
    return open.filter(({ row }) => row.connection === connection).length;
  }

  /** What came of verifying it again. */
  verified(id: number, verdict: Verdict): void {
    const { row } = this.#find(id);
    if (row.verification?.verdict === verdict) return;
    row.verification = { at: Date.now(), verdict };
    this.#nudge();
  }

  map(id: number): ArrayBuffer {
    return this.#find(id).parts.slice().buffer;
  }

  detail(id: number): Detail {
    const { row, seed, addedAt, rates } = this.#find(id);
    const begun = row.status !== "waiting";
    const done = row.status === "done";
    return {
      row: { ...row },
      needAnswer: row.status === "needsAnswer" ? this.totals().needsAnswer : 0,
      partSize: row.parts > 1 ? seed.partSize : null,
      addedAt,
      startedAt: begun ? addedAt + 4_000 : null,
      finishedAt: done ? addedAt + 270_000 : null,
      sent: row.stored + row.inFlight,
      resumed: 0,
      retries: begun ? 1 : 0,
      resent: seed.resent ?? 0,
      uploadId: row.parts > 1 && begun ? "2~kq8vJ1bNfX0wYd3mTz7Lr5PcHs9QaEu" : null,
      etag: done ? "9b2cf535f27731c974343645a3985328-40" : null,
      versionId: null,
      checksum: row.proof,
      s3Uri: `s3://${row.bucket}/${row.key}`,
      url: `https://${row.bucket}.s3.us-east-1.amazonaws.com/${encodeURI(row.key)}`,
      deadline: seed.deadline ?? null,
      history: historyOf(row).map((what, at) => ({ at: addedAt + at * 31_000, what })),
      throughput: row.status === "waiting" ? [] : [...rates, ...rates, ...rates, ...rates],
    };
  }

  #each(which: Selection, change: (upload: Upload) => void): null {
    const ids = which.which === "ids" ? new Set(which.ids) : null;
    for (const upload of this.#uploads) if (!ids || ids.has(upload.row.id)) change(upload);
    this.#nudge();
    return null;
  }

  pause(which: Selection): null {
    return this.#each(which, (upload) => {
      const { status } = upload.row;
      if (status === "needsAnswer") return;
      if (ENDED.has(status) || status === "completing" || status === "pausing") return;
      if (status === "sending") return this.#pauseSoon(upload);
      upload.parts.forEach((byte, at) => {
        if (byte !== 255) upload.parts[at] = 0;
      });
      this.#settle(upload, "paused");
    });
  }

  resume(which: Selection): null {
    return this.#each(which, ({ row, pausing }) => {
      clearTimeout(pausing);
      if (row.status === "pausing") row.status = "sending";
      if (row.status === "paused") row.status = "waiting";
    });
  }

  answer({ ids, answer, allOfDrop }: AnswerExists): null {
    const all = this.#uploads.filter((one) => one.row.status === "needsAnswer" && allOfDrop);
    const answered = allOfDrop ? all.map((one) => one.row.id) : ids;
    return this.#each({ which: "ids", ids: answered }, (upload) => {
      const { row } = upload;
      if (row.status !== "needsAnswer" && row.status !== "failed") return;
      if (answer === "keepBoth") row.key = row.key.replace(/(\.[^.]*)?$/, " (2)$1");
      const { existing } = row;
      this.#settle(upload, answer === "skip" ? "skipped" : "waiting");
      if (answer === "skip") row.existing = existing;
    });
  }

  retry(which: Selection): null {
    return this.#each(which, (upload) => {
      if (upload.before) this.undoCancel([upload.row.id]);
      else if (upload.row.status === "failed" || upload.row.status === "aborted") {
        this.#settle(upload, "waiting");
      }
    });
  }

  cancel(which: Selection): number {
    this.#each(which, (upload) => {
      const { row } = upload;
      if (isOver(row)) return;
      const timer = setTimeout(() => this.abort({ which: "ids", ids: [row.id] }), UNDO_WINDOW);
      const { status, fault, existing } = row;
      upload.before = { status, fault, existing, parts: upload.parts.slice(), timer };
      this.#settle(upload, "aborted");
      row.canUndo = true;
    });
    return UNDO_WINDOW;
  }

  undoCancel(ids: readonly number[]): number[] {
    const restored = this.#uploads.filter(({ row, before }) => before && ids.includes(row.id));
    for (const upload of restored) {
      const { row, before } = upload;
      if (!before) continue;
      clearTimeout(before.timer);
      delete upload.before;
      upload.parts = before.parts;
      this.#measure(upload);
      this.#settle(upload, before.status === "sending" ? "waiting" : before.status);
      Object.assign(row, { fault: before.fault, existing: before.existing, canUndo: false });
    }
    this.#nudge();
    return restored.map(({ row }) => row.id);
  }

  abort(which: Selection): null {
    return this.#each(which, (upload) => {
      if (upload.row.status === "done") return;
      clearTimeout(upload.before?.timer);
      delete upload.before;
      upload.row.canUndo = false;
      upload.parts.fill(0);
      this.#measure(upload);
      this.#settle(upload, "aborted");
    });
  }

  forget(which: Selection): null {
    const ids = which.which === "ids" ? new Set(which.ids) : null;
    this.#uploads = this.#uploads.filter(
      ({ row }) => !ENDED.has(row.status) || (ids !== null && !ids.has(row.id)),
    );
    this.#nudge();
    return null;
  }

  reorder({ ids, to }: Reorder): null {
    const moved = new Set(ids);
    this.#uploads = reordered(this.#uploads, (one) => moved.has(one.row.id), to);
    this.#nudge();
    return null;
  }

  dismiss(kind: NoticeKind): null {
    this.notices = this.notices.filter((notice) => notice.kind !== kind);
    this.#nudge();
    return null;
  }

  add(scan: Scan, request: AddRequest, connections: Connection[]): Added {
    const name = connections.find((one) => one.id === request.connection)?.name ?? "";
    const added = Array.from({ length: scan.files }, (_, at) => {
      const size = scan.files === 1 ? scan.bytes : Math.floor(scan.bytes / scan.files);
      const file = scan.names[at] ?? `file_${at}.bin`;
      const partSize = scan.partSize || 8 * 1024 * 1024;
      const seed = { name: file, folder: request.prefix, size, partSize, stored: 0, rate: 0 };
      return this.#insert({ ...seed, status: "waiting" }, request.connection, name, request.bucket);
    });
    this.#nudge();
    return { count: added.length, ids: added.map((upload) => upload.row.id) };
  }
}
