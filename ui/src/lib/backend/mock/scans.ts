// The mock's walks: what a dropped file or folder holds, counted up over a moment. Knows no queue.
import type { Keys, Settings, Skipped, Scan } from "../../wire/wire";
import { because, faultOf } from "./scenes";

/** How long a walk takes, in ms. */
const TAKES = 900;

export class Scans {
  #walks = new Map<number, { started: number; scan: Scan }>();
  #next = 1;
  readonly #still: boolean;

  constructor(still: boolean) {
    this.#still = still;
  }

  begin(paths: string[], settings: Settings): number {
    const id = this.#next++;
    this.#walks.set(id, { started: Date.now(), scan: surveyOf(id, paths, settings) });
    return id;
  }

  found(id: number): Scan {
    const known = this.#walks.get(id);
    if (!known) throw faultOf("bug", "No such scan.");
    return known.scan;
  }

  progress(id: number): Scan {
    const scan = this.found(id);
    const started = this.#walks.get(id)?.started ?? 0;
    const share = this.#still ? 1 : Math.min(1, (Date.now() - started) / TAKES);
    if (share >= 1) return { ...scan, walking: false };
    const part = (n: number) => Math.floor(n * share);
    return { ...scan, walking: true, files: part(scan.files), bytes: part(scan.bytes) };
  }

  forget(id: number): null {
    this.#walks.delete(id);
    return null;
  }

  keys(id: number, prefix: string): Keys {
    return keysOf(this.found(id), prefix);
  }
}

/** The first keys, as the engine would make them of a folder or a pattern. */
function keysOf(scan: Scan, prefix: string): Keys {
  const names = scan.names.slice(0, 3);
  const pattern = prefix.replace(/^\/+|\/+$/g, "");
  const first = names.map((name) =>
    pattern.includes("{name}")
      ? pattern.replaceAll("{folder}", "Footage").replaceAll("{name}", name)
      : [pattern.replaceAll("{folder}", "Footage"), name].filter((step) => step !== "").join("/"),
  );
  return { first, renamed: pattern === "{name}" ? 2 : 0, deadline: null };
}

function surveyOf(id: number, paths: string[], settings: Settings): Scan {
  const MiB = 1024 * 1024;
  const own = { renamed: [], renamedCount: 0, composed: 0 };
  const common = { id, walking: true, folders: 0, ...own };
  if (paths.length === 1 && !paths[0]?.endsWith("Footage")) {
    const name = paths[0]?.split("/").pop() ?? "file";
    if (name.includes("missing")) {
      const fault = because("sourceMissing", { is: "fileGone", path: paths[0] ?? "" });
      const skipped = [{ path: paths[0] ?? "", reason: { reason: "fault" as const, fault } }];
      const none = { files: 0, bytes: 0, largest: 0, single: 0, multipart: 0, parts: 0 };
      return {
        ...common,
        ...none,
        partSize: 0,
        names: [],
        skipped,
        skippedCount: 1,
        failedCount: 1,
      };
    }
    const bytes = 41_200_000_000;
    const partSize = 16 * MiB;
    return {
      ...common,
      files: 1,
      bytes,
      largest: bytes,
      single: 0,
      multipart: 1,
      parts: Math.ceil(bytes / partSize),
      partSize,
      names: [name],
      skipped: [],
      skippedCount: 0,
      failedCount: 0,
    };
  }
  const hidden: Skipped[] = settings.hiddenFiles
    ? []
    : [{ path: "/home/ada/Footage/.cache", reason: { reason: "hidden" } }];
  const links: Skipped[] = settings.followLinks
    ? []
    : [{ path: "/home/ada/Footage/latest", reason: { reason: "symlink" } }];
  const cut = "/home/ada/Footage/private/cut_7.prproj";
  const unreadable = because("sourceMissing", { is: "fileForbidden", path: cut });
  return {
    ...common,
    files: 38,
    folders: 5,
    bytes: 412_000_000_000,
    largest: 180_000_000_000,
    single: 34,
    multipart: 4,
    parts: 5120,
    partSize: 80 * MiB,
    names: ["A001_C002_0612XY.mov", "A001_C003_0612XY.mov", "audio.wav", "notes.txt"],
    skipped: [
      ...hidden,
      { path: "/home/ada/Footage/.DS_Store", reason: { reason: "clutter" } },
      { path: "/home/ada/Footage/day 2/Thumbs.db", reason: { reason: "clutter" } },
      ...links,
      {
        path: cut,
        reason: { reason: "fault", fault: unreadable },
      },
    ],
    skippedCount: 3 + hidden.length + links.length,
    failedCount: 1,
    renamed: [{ path: "/home/ada/Footage/day 2/audio.wav", key: "audio (2).wav" }],
    renamedCount: 1,
    composed: 3,
  };
}
