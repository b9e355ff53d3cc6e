// The backend inside the desktop shell: the one file that names Tauri; knows no screen.
import { invoke } from "@tauri-apps/api/core";
import { PhysicalPosition } from "@tauri-apps/api/dpi";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import { say } from "../../i18n/language.svelte";
import { asFault } from "../faults";
import type { Closing, Commands, Dropped, Totals } from "../wire/wire";
import type { Backend, Calls, Point, Unlisten } from "./backend";
import { copyText } from "./clipboard";

/** Every command by name; the value only makes the list complete, a missing one does not compile. */
const NAMES: { [C in keyof Commands]: true } = {
  about: true,
  high_contrast: true,
  hide_tooltip: true,
  totals: true,
  queue_page: true,
  queue_ids: true,
  detail: true,
  part_map: true,
  pause: true,
  resume: true,
  retry: true,
  cancel: true,
  undo_cancel: true,
  forget: true,
  reorder: true,
  answer_exists: true,
  answer_changing: true,
  receipt: true,
  save_receipt: true,
  verify: true,
  verification: true,
  forget_verification: true,
  pick: true,
  pick_ca_bundle: true,
  take_handed: true,
  scan: true,
  scan_progress: true,
  forget_scan: true,
  scan_keys: true,
  add: true,
  connections: true,
  presets: true,
  save_connection: true,
  forget_connection: true,
  uploads_of: true,
  open_keys_page: true,
  smallest_policy: true,
  importable: true,
  import_connections: true,
  check: true,
  begin_sign_in: true,
  open_sign_in: true,
  finish_sign_in: true,
  cancel_sign_in: true,
  aws_login: true,
  cancel_aws_login: true,
  sso_accounts: true,
  sso_roles: true,
  enter_mfa_code: true,
  capabilities: true,
  probe_capabilities: true,
  buckets: true,
  create_bucket: true,
  check_bucket_name: true,
  browse: true,
  profiles: true,
  unreadable_profiles: true,
  open_practice: true,
  practice_usage: true,
  empty_practice: true,
  keychain: true,
  retry_keychain: true,
  keep_customer_key: true,
  customer_keys: true,
  forget_customer_key: true,
  presign: true,
  look_unfinished: true,
  unfinished: true,
  forget_unfinished: true,
  discard_unfinished: true,
  adopt: true,
  cleanup_rule: true,
  set_cleanup_rule: true,
  settings: true,
  save_settings: true,
  notices: true,
  dismiss_notice: true,
  notify: true,
  reveal: true,
  leave: true,
  set_menu: true,
  toggle_menu: true,
  set_tray: true,
  panicked: true,
  dismiss_panic: true,
  save_report: true,
};

async function call(name: string, arg: unknown): Promise<unknown> {
  try {
    return await invoke(name, { arg });
  } catch (thrown) {
    throw asFault(thrown);
  }
}

/** Listening starts a moment later; stopping before that must still stop it. */
function later(started: Promise<() => void>): Unlisten {
  return () => void started.then((stop) => stop());
}

export function tauriBackend(): Backend {
  const calls = Object.fromEntries(
    Object.keys(NAMES).map((name) => [name, (arg: unknown) => call(name, arg)]),
  ) as unknown as Calls;

  return {
    ...calls,
    onAction: (told) => later(listen<string>("action", (event) => told(event.payload))),
    onClosing: (told) => later(listen<Closing>("closing", (event) => told(event.payload))),
    onProgress: (told) => later(listen<Totals>("progress", (event) => told(event.payload))),
    onHanded: (told) => later(listen("handed", () => told())),
    onPanicked: (told) => later(listen("panicked", () => told())),
    onDrag: (told) => {
      const logical = (x: number, y: number): Point =>
        new PhysicalPosition(x, y).toLogical(window.devicePixelRatio);
      const hanging = getCurrentWebview().onDragDropEvent(({ payload }) => {
        if (payload.type === "leave") return told({ type: "leave" });
        // what is let go comes from the shell, by its tokens
        if (payload.type === "drop") return;
        const { x, y } = payload.position;
        told({ type: payload.type, at: logical(x, y) });
      });
      const dropped = listen<Dropped>("dropped", ({ payload: { tokens, x, y } }) =>
        told({ type: "drop", tokens, at: logical(x, y) }),
      );
      const stops = [later(hanging), later(dropped)];
      return () => stops.forEach((stop) => stop());
    },
    pickFiles: () => calls.pick({ folders: false, title: say.frame.dialogs.files }),
    pickFolder: () => calls.pick({ folders: true, title: say.frame.dialogs.folders }),
    pickCaBundle: () =>
      calls.pick_ca_bundle({
        title: say.frame.dialogs.certificates,
        name: say.frame.dialogs.certificateFiles,
      }),
    copyText,
  };
}
