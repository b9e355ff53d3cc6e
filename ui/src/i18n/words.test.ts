// Both languages have every word, German is German, and no element of the window has words of its own.
import { describe, expect, it } from "vitest";
import { cases } from "../lib/cases";
import * as de from "./de";
import * as en from "./en";

type Leaf = [path: string, word: unknown];

function leaves(of: object, path = ""): Leaf[] {
  return Object.entries(of).flatMap(([key, value]: [string, unknown]): Leaf[] => {
    const at = path === "" ? key : `${path}.${key}`;
    return typeof value === "object" && value !== null ? leaves(value, at) : [[at, value]];
  });
}

/** What is said with these in its gaps: a word with values has to be said to be compared. */
function said(word: unknown): string {
  if (typeof word !== "function") return String(word);
  return String((word as (...values: unknown[]) => unknown)(...[2, 3, 4, 5].slice(0, word.length)));
}

/** The same in both: names, S3's own words, and what German took over. */
const SAME = new Set([
  "Cache-Control",
  "Alt",
  "Bucket",
  "Buckets",
  "Details",
  "ETag",
  "Identity Center",
  "optional",
  "Esc",
  "Key",
  "Proxy",
  "Region",
  "Server",
  "System",
  "Request ID: 2",
  "Code: 2",
  "Standard",
  "Tags",
  "Upload",
  "Uploads",
  "2 Uploads",
  "2 uploads",
  "Version",
  "2, 3",
]);

describe("the languages", () => {
  const [english, german] = [leaves(en), leaves(de)];
  const words = new Map(german);

  it("have the same words", () =>
    expect(german.map(([path]) => path).sort()).toEqual(english.map(([path]) => path).sort()));

  it(
    "leave no word empty",
    cases("%s", [...english, ...german], (_, word) => {
      expect(said(word).trim()).not.toBe("");
      expect(said(word)).not.toMatch(/undefined|NaN|\[object/);
    }),
  );

  it("take as many values", () => {
    for (const [path, word] of english) {
      if (typeof word === "function") expect(words.get(path), path).toHaveLength(word.length);
    }
  });

  it("differ", () => {
    const same = english
      .filter(([path, word]) => said(word) === said(words.get(path)))
      .filter(([, word]) => !SAME.has(said(word)))
      .map(([path, word]) => `${path}: ${said(word)}`);
    expect(same).toEqual([]);
  });

  it("speak to nobody in person in German", () => {
    const personal =
      /\b(Sie (haben|können|müssen|sollten|wollen)|Ihr(e|en|em|er|es)?|[Dd]u|[Dd]ein\w*)\b/;
    expect(german.map(([, word]) => said(word)).filter((word) => personal.test(word))).toEqual([]);
  });
});

describe("an element", () => {
  const files = import.meta.glob<string>("../**/*.svelte", {
    query: "?raw",
    import: "default",
    eager: true,
  });

  /** What is seen, and is a name or a sign in any language. */
  const NAMES = new Set(["Windlass", "MiB"]);
  /** Text in quotes that is a key of the keyboard, an element or a value of the platform. */
  const PLATFORM =
    /^(Escape|Enter|Tab|Home|End|Delete|Backspace|ContextMenu|Arrow\w+|Page\w+|F\d+|Up|Down|Shift\+\w+|Range|Mod\+.+)$/;

  it(
    "has no words of its own",
    cases("%s", Object.keys(files), (path) => {
      expect(literals(files[path] ?? "")).toEqual([]);
    }),
  );

  function literals(source: string): string[] {
    const markup = source
      .replace(/<(script|style)\b[\s\S]*?<\/\1>/g, "")
      .replace(/<!--[\s\S]*?-->/g, "");
    const script = [...source.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)]
      .map(([, code = ""]) => code.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|^\s*import\b.*$/gm, ""))
      .join("\n");
    const attributes = /\b(?:label|title|placeholder|alt|aria-\w+text|aria-label|hint)="([^"]*)"/g;
    const bare = withoutBraces(markup);
    const seen = [
      ...[...bare.matchAll(attributes)].map(([, text = ""]) => text),
      ...bare.split(/<[^>]*>/).map((text) => text.trim()),
    ].filter((text) => /\p{L}/u.test(text) && !NAMES.has(text));
    // In code a word begins large; what is small there is an id.
    const quoted = [...`${script}\n${markup}`.matchAll(/"([^"\n]*)"|`([^`]*)`/g)]
      .map(([, double, back]) => double ?? back ?? "")
      .filter((text) => /^\p{Lu}[\p{Ll}' ]/u.test(text))
      .filter((text) => !PLATFORM.test(text) && !NAMES.has(text));
    return [...new Set([...seen, ...quoted])];
  }

  /** What stands in braces is code: its comparisons would end a tag. Braces that are in quotes there are text. */
  function withoutBraces(text: string): string {
    let [depth, bare] = [0, ""];
    for (const [token] of text.matchAll(/"[^"\n]*"|[^"]|"/g)) {
      if (token === "{") depth += 1;
      if (depth === 0) bare += token.length > 1 ? token.replace(/\{[^}]*\}/g, "") : token;
      if (token === "}") depth -= 1;
    }
    return bare;
  }
});
