// A living stand-in for the shell: simulated uploads and scenes chosen by the address (?scene=many).
import type { Backend, Drag } from "./backend";
import type { CheckStep, Connection, ConnectionForm, Settings, Totals } from "../wire/wire";
import { copyText } from "./clipboard";
import { desktop } from "./mock/desktop";
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
import { Surveys } from "./mock/surveys";
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
  const surveys = new Surveys(query.has("still"));
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
    queue_ids: async (query) => world.page(query).rows.map((row) => row.id),
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

    survey: async (paths) => surveys.begin(paths, settings),
    survey_progress: async (id) => surveys.progress(id),
    forget_survey: async (id) => surveys.forget(id),
    survey_keys: async ({ survey, prefix }) => surveys.keys(survey, prefix),
    add: async (request) => {
      const survey = surveys.found(request.survey);
      if (request.bucket === "nobody-has-this") {
        throw faultOf("wrongPlace", `There is no bucket ${request.bucket} here.`);
      }
      return world.add(survey, request, connections);
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

    ...desktop(),
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
