// Key combinations as text ("Mod+Shift+O"): matching them and showing them; knows no action.
import { say } from "../i18n/language.svelte";

export type Press = {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
};

const NAMES: Record<string, string> = {
  " ": "Space",
  Esc: "Escape",
  Del: "Delete",
  ArrowUp: "Up",
  ArrowDown: "Down",
};
const MAC: Record<string, string> = {
  Mod: "⌘",
  Shift: "⇧",
  Alt: "⌥",
  Backspace: "⌫",
  Enter: "↩",
  Up: "↑",
  Down: "↓",
  Home: "↖",
  End: "↘",
};
const ARROWS: Record<string, string> = { Up: "↑", Down: "↓" };

export function isMac(platform: string): boolean {
  return /mac|iphone|ipad/i.test(platform);
}

function named(key: string): string {
  const name = NAMES[key] ?? key;
  return name.length === 1 ? name.toUpperCase() : name;
}

/** Whether a key press is this combination. Mod is Cmd on a Mac, Ctrl elsewhere. */
export function matches(combination: string, press: Press, mac: boolean): boolean {
  const parts = combination.split("+");
  const key = parts.pop() ?? "";
  const mod = mac ? press.metaKey : press.ctrlKey;
  const other = mac ? press.ctrlKey : press.metaKey;
  if (mod !== parts.includes("Mod") || other) return false;
  if (press.altKey !== parts.includes("Alt")) return false;
  // "?" and "," sit behind Shift on some keyboards and not on others.
  const letter = /^[A-Za-z]$/.test(key) || key.length > 1;
  if (letter && press.shiftKey !== parts.includes("Shift")) return false;
  return named(press.key) === named(key);
}

/** The combination as the system's own menus write it. */
export function shown(combination: string, mac: boolean): string {
  const parts = combination.split("+");
  const words: Record<string, string> = say.actions.keys;
  const signs = mac ? MAC : ARROWS;
  return parts.map((part) => signs[part] ?? words[part] ?? part).join(mac ? "" : "+");
}

/** Whether keys belong to the field that has the focus rather than to the window. */
export function isTyping(target: EventTarget | null): boolean {
  if (typeof HTMLElement === "undefined" || !(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement) {
    return !["checkbox", "radio", "button", "submit", "range"].includes(target.type);
  }
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
