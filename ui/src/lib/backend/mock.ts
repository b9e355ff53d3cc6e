// The mock backend: simulates the shell and its uploads, in a scene that the address chooses (?scene=many).
import type { Backend, Drag } from "./backend";
import type {
  Check,
  CheckStep,
  Checked,
  Connection,
  ConnectionForm,
  Settings,
  Totals,
} from "../wire/wire";
import presets from "../wire/presets.json";
import { copyText } from "./clipboard";
import { TAKEN, browse, checkBucketName } from "./mock/browsing";
import { desktop } from "./mock/desktop";
import { inForce } from "./mock/hours";
import { importable, imported, policyOf } from "./mock/importing";
import { capabilitiesOf, withProbe } from "./mock/capabilities";
import { Verifications, receiptOf } from "./mock/proofs";
import {
  PRACTICE,
  SIGN_IN_ENDS,
  because,
  connectionsOf,
  faultOf,
  hoursOf,
  noticesOf,
  says,
  uploadsOf,
  type Scene,
} from "./mock/scenes";
import { CustomerKeys, linkTo } from "./mock/objectOptions";
import { Scans } from "./mock/scans";
import { signInOf } from "./mock/signIn";
import { Unfinisheds } from "./mock/unfinished";
import { SimulatedUploads } from "./mock/uploads";

const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** A changed endpoint is another server, whose capabilities are not known. */
function toConnection(form: ConnectionForm, before: Connection | undefined): Connection {
  return {
    id: form.id ?? `c${Date.now()}`,
    name: form.name,
    preset: form.preset,
    endpoint: form.endpoint,
    region: form.region,
    pathStyle: form.pathStyle,
    sign: form.sign,
    role: form.role,
    bucket: form.bucket,
    prefix: form.prefix,
    caBundle: form.caBundle,
    proxy: proxyOf(form),
    endpointOptions: form.endpointOptions,
    practice: false,
    signedIn: form.sign.with !== "keys" ? "notNeeded" : form.remember ? "keychain" : "session",
    probed: before && before.endpoint === form.endpoint ? before.probed : null,
    stored: form.stored,
    ifExists: form.ifExists,
  };
}

/** As it is saved: what signs in to it is kept apart. */
function proxyOf({ proxy, proxyUser }: ConnectionForm): Connection["proxy"] {
  if (proxy.by !== "url") return proxy;
  const [, scheme = "", login = "", place = ""] =
    /^([a-z0-9]+:\/\/)?(?:(.*)@)?(.*)$/i.exec(proxy.url) ?? [];
  return {
    by: "url",
    url: (scheme || "http://") + place,
    login: proxy.login || login !== "" || proxyUser !== null,
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
    limitHours: hoursOf(scene),
    lowPriority: false,
    askChangingAfter: 600,
    ifExists: "ask",
  };
  const world = new SimulatedUploads(uploadsOf(scene), noticesOf(scene), query.has("still"));
  world.limits = () => inForce(settings, new Date());
  let practice = { objects: 12, uploads: 1, bytes: 3_400_000_000 };
  const verifications = new Verifications(query.has("still"));
  const connectionOf = (id: string): Connection => {
    const found = connections.find((one) => one.id === id);
    if (!found) throw faultOf("bug", "There is no such connection any more.");
    return found;
  };
  const unfinished = new Unfinisheds(scene, world, query.has("still"));
  const keys = new CustomerKeys(() => keychain);
  const signIn = signInOf(query.has("still"));
  const scans = new Scans(query.has("still"));
  const buckets = ["media-prod", "media-archive", "lab-scans-2026", "nightly-backup"];
  let listener: ((drag: Drag) => void) | null = null;

  // Lets a script in the page play the file manager: window.postMessage({ drag: {...} }).
  window.addEventListener("message", (event: MessageEvent<{ drag?: Drag }>) => {
    if (event.data?.drag && event.source === window) listener?.(event.data.drag);
  });

  return {
    hide_tooltip: async () => null,
    high_contrast: async () => query.has("contrast"),
    about: async () => ({
      version: "0.1.0",
      os: "Linux",
      logFolder: "/home/ada/.local/share/io.github.windlassapp.Windlass/logs",
      dataFolder: "/home/ada/.local/share/io.github.windlassapp.Windlass",
    }),
    totals: async () => world.totals(),
    queue_page: async (query) => world.page(query),
    queue_ids: async (query) => world.page(query).rows.map((row) => row.id),
    detail: async (id) => world.detail(id),
    part_map: async (id) => world.map(id),
    pause: async (which) => world.pause(which),
    resume: async (which) => world.resume(which),
    retry: async (which) => world.retry(which),
    cancel: async (which) => world.cancel(which),
    undo_cancel: async (ids) => world.undoCancel(ids),
    forget: async (which) => world.forget(which),
    reorder: async (wanted) => world.reorder(wanted),
    answer_exists: async (answer) => world.answer(answer),
    answer_changing: async ({ ids }) => world.retry({ which: "ids", ids }),
    receipt: async (id) => receiptOf(world.detail(id)),
    save_receipt: async ({ id, name }) => {
      receiptOf(world.detail(id));
      return `/home/ada/Documents/${name}`;
    },
    verify: async (wanted) => verifications.begin(world.detail(wanted.id).row, wanted),
    verification: async (number) => {
      const stand = verifications.stand(number);
      if (stand.verdict) world.verified(verifications.of(number), stand.verdict);
      return stand;
    },
    forget_verification: async (number) => verifications.forget(number),

    // the stand-in's tokens are the paths themselves
    pick: async ({ folders }) => [
      folders ? "/home/ada/Footage" : "/home/ada/Footage/render_v3.mov",
    ],
    pick_ca_bundle: async () => "/etc/ssl/certs/studio-ca.pem",
    scan: async (paths) => scans.begin(paths, settings),
    scan_progress: async (id) => scans.progress(id),
    forget_scan: async (id) => scans.forget(id),
    scan_keys: async ({ scan, prefix }) => ({
      ...scans.keys(scan, prefix),
      deadline: scene === "slow" ? SIGN_IN_ENDS : null,
    }),
    add: async (request) => {
      const scan = scans.found(request.scan);
      if (request.bucket === "nobody-has-this") {
        throw because("wrongPlace", { is: "noSuchBucket", bucket: request.bucket });
      }
      return world.add(scan, request, connections);
    },

    connections: async () => connections,
    presets: async () => presets,
    save_connection: async (form) => {
      await wait(200);
      if (form.remember && form.secretAccessKey && !keychain) {
        throw because("keychain", { is: "keychain", how: "none" });
      }
      const saved = toConnection(
        form,
        connections.find((one) => one.id === form.id),
      );
      connections = [...connections.filter((one) => one.id !== saved.id), saved];
      return saved;
    },
    uploads_of: async (id) => world.openOf(id),
    forget_connection: async (id) => {
      connections = connections.filter((one) => one.id !== id);
      return null;
    },
    smallest_policy: async ({ bucket, prefix, preset }) => policyOf(bucket, prefix, preset),
    importable: async () => importable(connections),
    import_connections: async ({ ids, remember }) => {
      const added = imported(ids, remember);
      connections = [...connections, ...added];
      return { imported: added, failed: [] };
    },
    check: async ({ form, step }) => {
      await wait(query.has("still") ? 20 : 420);
      const needed = step === "signedIn" ? signIn.needed(form) : null;
      if (needed) return { step, outcome: "failed", said: null, fault: needed, region: null };
      return checkOf(form, step);
    },
    ...signIn.calls,
    capabilities: async (id) => capabilitiesOf(connectionOf(id)),
    probe_capabilities: async ({ connection, bucket }) => {
      await wait(query.has("still") ? 20 : 900);
      const found = connectionOf(connection);
      if (bucket === null && found.bucket === null) {
        throw because("wrongPlace", { is: "noUsualBucket" });
      }
      const probed = withProbe(found, Date.now());
      connections = connections.map((one) => (one.id === connection ? probed : one));
      return capabilitiesOf(probed);
    },
    buckets: async (server) => {
      await wait(query.has("still") ? 20 : 150);
      if (server.by === "connection" && connectionOf(server.id).preset === "ceph") {
        throw because("denied", says("Access Denied (AccessDenied)"), { status: 403 });
      }
      return [...buckets];
    },
    create_bucket: async ({ bucket }) => {
      await wait(query.has("still") ? 20 : 300);
      if (bucket === TAKEN) throw because("wrongPlace", { is: "bucketTaken", bucket });
      if (buckets.includes(bucket)) return "alreadyYours";
      buckets.push(bucket);
      return "created";
    },
    check_bucket_name: async (name) => checkBucketName(name),
    browse: async (wanted) => wait(query.has("still") ? 20 : 150).then(() => browse(wanted)),
    unreadable_profiles: async () => [],
    profiles: async () => ["default", "studio-sso", "archive"],
    open_practice: async () => {
      await wait(250);
      if (!connections.some((one) => one.practice)) connections = [PRACTICE, ...connections];
      return PRACTICE;
    },
    practice_usage: async () => practice,
    empty_practice: async () => {
      practice = { objects: 0, uploads: 0, bytes: 0 };
      return null;
    },
    keychain: async () => keychainOf(keychain),
    retry_keychain: async () => {
      await wait(400);
      keychain = query.has("appears");
      return keychainOf(keychain);
    },
    keep_customer_key: async (given) => keys.keep(given),
    customer_keys: async () => keys.list(),
    forget_customer_key: async (md5) => keys.forget(md5),
    presign: async (wanted) => {
      const detail = world.detail(wanted.id);
      const connection = connections.find((one) => one.id === detail.row.connection);
      return linkTo(detail, connection, wanted);
    },
    look_unfinished: async (at) => unfinished.look(at),
    unfinished: async (wanted) => unfinished.stand(wanted),
    forget_unfinished: async (id) => unfinished.forget(id),
    discard_unfinished: async (wanted) => wait(400).then(() => unfinished.discard(wanted)),
    adopt: async (wanted) => unfinished.adopt(wanted, connections),
    cleanup_rule: async (of) => wait(200).then(() => unfinished.rule(of)),
    set_cleanup_rule: async (set) => wait(300).then(() => unfinished.setRule(set)),
    settings: async () => settings,
    save_settings: async (wanted) => {
      settings = wanted;
      world.heed();
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
    pickCaBundle: async () => "/etc/ssl/certs/studio-ca.pem",
    copyText,
  };
}

function keychainOf(available: boolean) {
  const fault = because("keychain", { is: "keychain", how: "none" });
  return { available, fault: available ? null : fault };
}

function checkOf(form: ConnectionForm, step: CheckStep): Check {
  const nothing = { step, said: null, fault: null, region: null };
  if (form.region === "us-east-1" && form.preset === "aws" && step === "bucket") {
    const region = "eu-central-1";
    const fault = because("wrongPlace", { is: "wrongRegion", region });
    return { ...nothing, outcome: "failed", fault, region };
  }
  if (form.secretAccessKey === "wrong" && step === "signedIn") {
    const fault = faultOf("credentials", "The signature does not match. Check the secret key.");
    return { ...nothing, outcome: "failed", fault };
  }
  if (step === "bucket" && !form.bucket) return { ...nothing, outcome: "skipped" };
  const said: Record<CheckStep, Checked> = {
    reached: { found: "answers" },
    clock: { found: "clockAgrees" },
    signedIn: { found: "keysAccepted" },
    bucket: { found: "bucketThere", bucket: form.bucket ?? "" },
    mayUpload: { found: "mayUpload" },
    checksums: { found: "sums", algorithm: "CRC64NVME", of: "objects" },
  };
  return { ...nothing, outcome: "passed", said: said[step] };
}
