// A living stand-in for the shell: simulated uploads and scenes chosen by the address (?scene=many).
import type { Backend, Drag } from "./backend";
import type { CheckStep, Connection, ConnectionForm, Settings, Survey, Totals } from "../wire/wire";
import { copyText } from "./clipboard";
import { askedOf, mannersOf } from "./mock/manners";
import { Verifications, receiptOf } from "./mock/proofs";
import {
  PRACTICE,
  PRESETS,
  connectionsOf,
  faultOf,
  noticesOf,
  uploadsOf,
  type Scene,
} from "./mock/scenes";
import { World } from "./mock/uploads";

const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Another address is another server: what the last one said is not of it. */
function toConnection(form: ConnectionForm, before: Connection | undefined): Connection {
  return {
    id: form.id ?? `c${Date.now()}`,
    name: form.name,
    preset: form.preset,
    endpoint: form.endpoint,
    region: form.region,
    pathStyle: form.pathStyle,
    sign: form.sign,
    bucket: form.bucket,
    prefix: form.prefix,
    caBundle: form.caBundle,
    practice: false,
    signedIn: form.sign.with !== "keys" ? "notNeeded" : form.remember ? "keychain" : "session",
    asked: before && before.endpoint === form.endpoint ? before.asked : null,
  };
}

export function mockBackend(query: URLSearchParams): Backend {
  const scene = (query.get("scene") ?? "queue") as Scene;
  let connections = connectionsOf(scene);
  let keychain = scene !== "nokeychain";
  let settings: Settings = {
    appearance: query.get("theme") === "dark" ? "dark" : query.has("theme") ? "light" : "system",
    density: query.get("density") === "compact" ? "compact" : "normal",
    language: query.get("lang") === "de" ? "de" : query.get("lang") === "en" ? "en" : "system",
    notify: true,
    sound: false,
    whenDone: "stay",
    keepAwake: true,
    onClose: "ask",
    hiddenFiles: true,
    followLinks: false,
    uploadsAtOnce: 3,
    connections: null,
    partSize: null,
    limit: null,
    askChangingAfter: 600,
  };
  const world = new World(uploadsOf(scene), noticesOf(scene), query.has("still"));
  const verifications = new Verifications(query.has("still"));
  const connectionOf = (id: string): Connection => {
    const found = connections.find((one) => one.id === id);
    if (!found) throw faultOf("bug", "There is no such connection any more.");
    return found;
  };
  const surveys = new Map<number, { started: number; survey: Survey }>();
  const buckets = ["media-prod", "media-archive", "lab-scans-2026", "nightly-backup"];
  let listener: ((drag: Drag) => void) | null = null;

  // Lets a script in the page play the file manager: window.postMessage({ drag: {...} }).
  window.addEventListener("message", (event: MessageEvent<{ drag?: Drag }>) => {
    if (event.data?.drag && event.source === window) listener?.(event.data.drag);
  });

  return {
    about: async () => ({
      version: "0.1.0",
      os: "Linux",
      dataFolder: "/home/ada/.local/share/windlass",
    }),
    totals: async () => world.totals(),
    queue_page: async (query) => world.page(query),
    detail: async (id) => world.detail(id),
    part_map: async (id) => world.map(id),
    pause: async (which) => world.pause(which),
    resume: async (which) => world.resume(which),
    retry: async (which) => world.retry(which),
    abort: async (which) => world.abort(which),
    forget: async (which) => world.forget(which),
    reorder: async (wanted) => world.reorder(wanted),
    answer_exists: async ({ ids, answer }) => {
      if (answer === "skip") return world.forget({ which: "ids", ids });
      return world.retry({ which: "ids", ids });
    },
    answer_changing: async ({ ids }) => world.retry({ which: "ids", ids }),
    receipt: async (id) => receiptOf(world.detail(id)),
    save_receipt: async ({ id }) => {
      receiptOf(world.detail(id));
      return null;
    },
    verify: async (wanted) => verifications.begin(world.detail(wanted.id).row, wanted),
    verification: async (number) => verifications.stand(number),
    forget_verification: async (number) => verifications.forget(number),

    survey: async (paths) => {
      const id = surveys.size + 1;
      const survey = surveyOf(id, paths);
      surveys.set(id, { started: Date.now(), survey });
      return id;
    },
    survey_progress: async (id) => {
      const known = surveys.get(id);
      if (!known) throw faultOf("bug", "No such survey.");
      const share = query.has("still") ? 1 : Math.min(1, (Date.now() - known.started) / 900);
      const { survey } = known;
      if (share >= 1) return { ...survey, walking: false };
      return {
        ...survey,
        walking: true,
        files: Math.floor(survey.files * share),
        bytes: Math.floor(survey.bytes * share),
      };
    },
    forget_survey: async (id) => {
      surveys.delete(id);
      return null;
    },
    add: async (request) => {
      const known = surveys.get(request.survey);
      if (!known) throw faultOf("bug", "No such survey.");
      if (request.bucket === "nobody-has-this") {
        throw faultOf("wrongPlace", `There is no bucket ${request.bucket} here.`);
      }
      return world.add(known.survey, request, connections);
    },

    connections: async () => connections,
    presets: async () => PRESETS,
    save_connection: async (form) => {
      await wait(200);
      if (form.remember && form.secretAccessKey && !keychain) {
        throw faultOf("keychain", "There is no keychain to keep the secret in.");
      }
      const saved = toConnection(
        form,
        connections.find((one) => one.id === form.id),
      );
      connections = [...connections.filter((one) => one.id !== saved.id), saved];
      return saved;
    },
    forget_connection: async (id) => {
      connections = connections.filter((one) => one.id !== id);
      return null;
    },
    check: async ({ form, step }) => {
      await wait(query.has("still") ? 20 : 420);
      return checkOf(form, step);
    },
    manners: async (id) => mannersOf(connectionOf(id)),
    ask_manners: async ({ connection, bucket }) => {
      await wait(query.has("still") ? 20 : 900);
      const found = connectionOf(connection);
      if (bucket === null && found.bucket === null) {
        throw faultOf("unsupported", "There is no bucket to ask in.");
      }
      const asked = askedOf(found, Date.now());
      connections = connections.map((one) => (one.id === connection ? asked : one));
      return mannersOf(asked);
    },
    buckets: async () => {
      await wait(150);
      return [...buckets];
    },
    create_bucket: async ({ bucket }) => {
      await wait(300);
      if (buckets.includes(bucket)) throw faultOf("exists", `${bucket} is there already.`);
      buckets.push(bucket);
      return null;
    },
    profiles: async () => ["default", "studio-sso", "archive"],
    open_practice: async () => {
      await wait(250);
      if (!connections.some((one) => one.practice)) connections = [PRACTICE, ...connections];
      return PRACTICE;
    },
    keychain: async () => keychainOf(keychain),
    retry_keychain: async () => {
      await wait(400);
      keychain = query.has("appears");
      return keychainOf(keychain);
    },
    settings: async () => settings,
    save_settings: async (wanted) => {
      settings = wanted;
      return settings;
    },
    notices: async () => world.notices,
    dismiss_notice: async (kind) => world.dismiss(kind),

    onProgress: (told: (totals: Totals) => void) => world.listen(told),
    onDrag: (told) => {
      listener = told;
      return () => {
        listener = null;
      };
    },
    pickFiles: async () => ["/home/ada/Footage/render_v3.mov"],
    pickFolder: async () => ["/home/ada/Footage"],
    pickSave: async (suggested) => `/home/ada/Documents/${suggested}`,
    pickCaBundle: async () => "/etc/ssl/certs/studio-ca.pem",
    copyText,
  };
}

function keychainOf(available: boolean) {
  return {
    available,
    detail: available
      ? "Secret Service"
      : "No secret service answers on the session bus (org.freedesktop.secrets).",
  };
}

function surveyOf(id: number, paths: string[]): Survey {
  const MiB = 1024 * 1024;
  const own = { renamed: [], renamedCount: 0, composed: 0 };
  const common = { id, walking: true, folders: 0, ...own };
  if (paths.length === 1 && !paths[0]?.endsWith("Footage")) {
    const name = paths[0]?.split("/").pop() ?? "file";
    if (name.includes("missing")) {
      const fault = faultOf("sourceMissing", "There is no such file.");
      const skipped = [{ path: paths[0] ?? "", why: { reason: "fault" as const, fault } }];
      const none = { files: 0, bytes: 0, largest: 0, single: 0, multipart: 0, parts: 0 };
      return { ...common, ...none, partSize: 0, names: [], skipped, skippedCount: 1 };
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
    };
  }
  const unreadable = faultOf("sourceMissing", "Permission denied");
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
      { path: "/home/ada/Footage/.DS_Store", why: { reason: "clutter" } },
      { path: "/home/ada/Footage/day 2/Thumbs.db", why: { reason: "clutter" } },
      { path: "/home/ada/Footage/latest", why: { reason: "symlink" } },
      {
        path: "/home/ada/Footage/private/cut_7.prproj",
        why: { reason: "fault", fault: unreadable },
      },
    ],
    skippedCount: 4,
    renamed: [{ path: "/home/ada/Footage/day 2/audio.wav", key: "audio (2).wav" }],
    renamedCount: 1,
    composed: 3,
  };
}

function checkOf(form: ConnectionForm, step: CheckStep) {
  const passed = (said: string) => ({
    step,
    outcome: "passed" as const,
    said,
    fault: null,
    region: null,
  });
  if (form.region === "us-east-1" && form.preset === "aws" && step === "bucket") {
    const fault = faultOf("wrongPlace", "The bucket is in eu-central-1.");
    return { step, outcome: "failed" as const, said: "", fault, region: "eu-central-1" };
  }
  if (form.secretAccessKey === "wrong" && step === "signedIn") {
    const fault = faultOf("credentials", "The signature does not match. Check the secret key.");
    return { step, outcome: "failed" as const, said: "", fault, region: null };
  }
  if (step === "bucket" && !form.bucket) {
    return {
      step,
      outcome: "skipped" as const,
      said: "No bucket given",
      fault: null,
      region: null,
    };
  }
  const said: Record<CheckStep, string> = {
    reached: "answered in 38 ms",
    clock: "0.2 s apart",
    signedIn: "as AKIA...7Q2X",
    bucket: form.bucket ?? "",
    mayUpload: "started and aborted one",
    checksums: "CRC64NVME of the whole object",
  };
  return passed(said[step]);
}
