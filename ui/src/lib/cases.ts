// A table of cases as the body of one test: all are tried, and each that fails is named in the message. For tests alone.

/**
 * Gives the body of a test that checks every row. `name` describes a case by its values in their order: `%s` as they are, `%j` as
 * JSON. A row that is an array gives `check` its values one by one.
 *
 *     it("writes sizes", cases("%j is %j", [[0, "0 bytes"], [1, "1 byte"]], (n, text) => expect(bytes(n)).toBe(text)));
 */
export function cases<Row extends unknown[] | [unknown]>(
  name: string,
  rows: readonly Row[],
  check: (...values: Row) => void,
): () => void;
export function cases<One>(
  name: string,
  rows: readonly One[],
  check: (one: One) => void,
): () => void;
export function cases(
  name: string,
  rows: readonly unknown[],
  check: (...values: unknown[]) => void,
): () => void {
  return () => {
    if (rows.length === 0) throw new Error("There are no cases to check.");
    const failed = rows.flatMap((row) => {
      const values: unknown[] = Array.isArray(row) ? row : [row];
      try {
        check(...values);
        return [];
      } catch (thrown) {
        return [`${described(name, values)}: ${thrown instanceof Error ? thrown.message : thrown}`];
      }
    });
    if (failed.length === 0) return;
    throw new Error(`${failed.length} of ${rows.length} cases failed:\n${failed.join("\n")}`);
  };
}

function described(name: string, values: readonly unknown[]): string {
  let at = 0;
  return name.replace(/%([sj])/g, (_, how: string) => {
    const value = values[at++];
    return how === "j" ? (JSON.stringify(value) ?? String(value)) : String(value);
  });
}
