// The settings as they are in force, and the look that follows from them; knows no screen.
import type { Backend } from "../backend";
import { asFault } from "../faults";
import type { About, Fault, Settings } from "../wire/wire";
import { recall, remember } from "./memory";

export class Preferences {
  settings = $state.raw<Settings>({
    appearance: "system",
    density: "normal",
    language: "system",
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
    limitHours: [],
    lowPriority: false,
    askChangingAfter: 600,
    ifExists: "ask",
  });
  about = $state.raw<About | null>(null);
  fault = $state.raw<Fault | null>(null);
  systemDark = $state(false);
  /** by the web view's word, or the desktop's where that says nothing */
  #asksContrast = $state(false);
  #contrastTheme = $state(false);

  #backend: Backend;

  readonly theme = $derived(
    this.settings.appearance === "system"
      ? this.systemDark
        ? "dark"
        : "light"
      : this.settings.appearance,
  );
  readonly contrast = $derived(this.#asksContrast || this.#contrastTheme ? "more" : "normal");
  readonly rowHeight = $derived(this.settings.density === "compact" ? 32 : 56);

  constructor(backend: Backend) {
    this.#backend = backend;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    this.systemDark = dark.matches;
    dark.addEventListener("change", (event) => (this.systemDark = event.matches));
    const contrast = matchMedia("(prefers-contrast: more)");
    this.#asksContrast = contrast.matches;
    contrast.addEventListener("change", (event) => (this.#asksContrast = event.matches));
    const before = recall<Settings["appearance"]>("appearance");
    if (before) this.settings = { ...this.settings, appearance: before };
  }

  async load(): Promise<void> {
    const [settings, about] = await Promise.all([
      this.#backend.settings(null),
      this.#backend.about(null),
    ]);
    this.settings = settings;
    this.about = about;
    remember("appearance", settings.appearance);
  }

  /** Asked again when the window comes back: the theme may have been changed meanwhile. */
  async lookAtContrast(): Promise<void> {
    this.#contrastTheme = await this.#backend.high_contrast(null).catch(() => false);
  }

  /** Shows the change at once, and takes it back when it could not be kept. */
  async change(change: Partial<Settings>): Promise<void> {
    const before = this.settings;
    this.settings = { ...before, ...change };
    this.fault = null;
    try {
      this.settings = await this.#backend.save_settings(this.settings);
      remember("appearance", this.settings.appearance);
    } catch (thrown) {
      this.settings = before;
      this.fault = asFault(thrown);
    }
  }
}
