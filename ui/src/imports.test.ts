// No file of the window imports itself by way of others, type imports included: a reader can always start at the bottom.
import { describe, expect, it } from "vitest";

type Graph = ReadonlyMap<string, readonly string[]>;

const SOURCES = import.meta.glob<string>("./**/*.{ts,svelte}", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** Each file with the files of the window that it imports. */
function graph(sources: Readonly<Record<string, string>>): Graph {
  return new Map(
    Object.entries(sources).map(([path, source]) => {
      const specifiers = source.matchAll(/\b(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g);
      const imported = [...specifiers].map(([, specifier = ""]) => resolve(path, specifier));
      return [path, imported.flatMap((base) => found(base, sources))];
    }),
  );
}

function resolve(from: string, specifier: string): string {
  return `.${new URL(specifier, new URL(from, "file:///")).pathname}`;
}

function found(base: string, sources: Readonly<Record<string, string>>): string[] {
  return [base, `${base}.ts`, `${base}/index.ts`].filter((path) => path in sources).slice(0, 1);
}

/** One way around for each file that closes a circle: "a -> b -> a". */
function cycles(files: Graph): string[] {
  const [done, circles] = [new Set<string>(), new Set<string>()];
  const walk = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) circles.add([...way.slice(start), path].join(" -> "));
    if (start >= 0 || done.has(path)) return;
    for (const next of files.get(path) ?? []) walk(next, [...way, path]);
    done.add(path);
  };
  for (const path of files.keys()) walk(path, []);
  return [...circles];
}

describe("imports", () => {
  it("form no cycle", () => {
    const files = graph(SOURCES);
    // Were the paths not resolved, there would be nothing to find.
    expect(files.get("./main.ts")).toContain("./App.svelte");
    expect(files.get("./i18n/counted.ts")).toEqual(["./i18n/figures.ts"]);
    expect(cycles(files)).toEqual([]);
  });

  it("would be found if they did", () => {
    const circle = {
      "./a.ts": 'import type { B } from "./b/b";',
      "./b/b.ts": 'export { c } from "../c.svelte";',
      "./c.svelte": 'import {\n  a,\n} from "./a";',
      "./d.ts": 'import { a } from "./a";\nconst later = import("./a");',
    };
    expect(cycles(graph(circle))).toEqual(["./a.ts -> ./b/b.ts -> ./c.svelte -> ./a.ts"]);
  });
});
