// Combinations mean the same press on every system, and are written as that system writes them.
import { describe, expect, it } from "vitest";
import { language } from "../i18n/language.svelte";
import { isMac, matches, shown, type Press } from "./keys";

const press = (key: string, held: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

describe("matches", () => {
  it("takes Ctrl here and Cmd on a Mac, and not the other", () => {
    expect(matches("Mod+O", press("o", { ctrlKey: true }), false)).toBe(true);
    expect(matches("Mod+O", press("o", { metaKey: true }), true)).toBe(true);
    expect(matches("Mod+O", press("o", { metaKey: true }), false)).toBe(false);
    expect(matches("Mod+O", press("o", { ctrlKey: true }), true)).toBe(false);
    expect(matches("Mod+O", press("o"), false)).toBe(false);
  });

  it("tells Shift apart for letters", () => {
    const shifted = press("O", { ctrlKey: true, shiftKey: true });
    expect(matches("Mod+Shift+O", shifted, false)).toBe(true);
    expect(matches("Mod+O", shifted, false)).toBe(false);
  });

  it("lets signs be wherever the keyboard has them", () => {
    expect(matches("?", press("?", { shiftKey: true }), false)).toBe(true);
    expect(matches("?", press("?"), false)).toBe(true);
    expect(matches("Mod+,", press(",", { ctrlKey: true }), false)).toBe(true);
  });

  it("knows the named keys", () => {
    expect(matches("Space", press(" "), false)).toBe(true);
    expect(matches("Mod+Backspace", press("Backspace", { ctrlKey: true }), false)).toBe(true);
    expect(matches("Delete", press("Delete"), false)).toBe(true);
    expect(matches("Delete", press("Delete", { altKey: true }), false)).toBe(false);
    expect(matches("Alt+Up", press("ArrowUp", { altKey: true }), false)).toBe(true);
    expect(matches("Alt+Up", press("ArrowUp"), false)).toBe(false);
    expect(matches("Alt+Home", press("Home", { altKey: true }), true)).toBe(true);
  });
});

describe("shown", () => {
  it("writes them as the system does", () => {
    expect(shown("Mod+Shift+O", false)).toBe("Ctrl+Shift+O");
    expect(shown("Mod+Shift+O", true)).toBe("⌘⇧O");
    expect(shown("Mod+,", true)).toBe("⌘,");
    expect(shown("Alt+Up", false)).toBe("Alt+↑");
    expect(shown("Alt+Home", true)).toBe("⌥↖");
  });
});

it("names the keys as the keyboard's language does", () => {
  language.wanted = "de";
  expect(shown("Mod+Shift+O", false)).toBe("Strg+Umschalt+O");
  expect(shown("Mod+Shift+O", true)).toBe("⌘⇧O");
  language.wanted = "system";
});

it("knows a Mac by its platform", () => {
  expect(isMac("MacIntel")).toBe(true);
  expect(isMac("Linux x86_64")).toBe(false);
});
