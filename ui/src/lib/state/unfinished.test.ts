// The look at unfinished uploads: page after page, discarded while it runs, and answers that come too late.
import { describe, expect, it, vi } from "vitest";
import type { Backend } from "../backend";
import type { Unfinished, UnfinishedUpload } from "../wire/wire";
import { UnfinishedUploads, idOf } from "./unfinished.svelte";

vi.mock("./memory", () => ({ recall: () => null, remember: () => undefined }));

const upload = (n: number, bytes: number | null = 1): UnfinishedUpload => ({
  key: `k${n}`,
  uploadId: `u${n}`,
  initiated: null,
  initiator: null,
  storageClass: null,
  parts: bytes === null ? null : 1,
  bytes,
  ours: null,
  fault: null,
});

/** A server whose look stands as the test says. */
function server(stand: { rows: UnfinishedUpload[]; running: boolean }) {
  const forgotten: number[] = [];
  let number = 0;
  const backend = {
    look_unfinished: async () => ++number,
    unfinished: async ({ offset, limit }): Promise<Unfinished> => ({
      running: stand.running,
      uploads: stand.rows.slice(offset, offset + limit),
      count: stand.rows.length,
      bytes: stand.rows.reduce((all, one) => all + (one.bytes ?? 0), 0),
      sized: stand.rows.filter((one) => one.bytes !== null).length,
      more: false,
      fault: null,
    }),
    forget_unfinished: async (id) => {
      forgotten.push(id);
      return null;
    },
    cleanup_rule: async () => ({ supported: false, days: null, ours: false, others: [] }),
    discard_unfinished: async ({ uploads }) => {
      const gone = new Set(uploads.map(idOf));
      stand.rows = stand.rows.filter((one) => !gone.has(idOf(one)));
      return { gone: gone.size, faults: [] };
    },
  } satisfies Partial<Backend>;
  const said: string[] = [];
  const unfinished = new UnfinishedUploads(
    backend as unknown as Backend,
    (text) => said.push(text),
    () => undefined,
  );
  return { backend, unfinished, forgotten, said };
}

const settled = () => new Promise((done) => setTimeout(done, 20));

describe("a look", () => {
  it("gathers all pages in their order, and in the end their sizes", async () => {
    const rows = Array.from({ length: 2500 }, (_, n) => upload(n, null));
    const stand = { rows, running: true };
    const { unfinished, said } = server(stand);
    unfinished.choose("c", "b");
    await vi.waitFor(() => expect(unfinished.uploads).toHaveLength(2500));
    expect(said).toEqual([]);
    stand.rows = Array.from({ length: 2600 }, (_, n) => upload(n));
    stand.running = false;
    await vi.waitFor(() => expect(unfinished.looking).toBe(false));
    expect(unfinished.uploads.map((one) => one.key)).toEqual(stand.rows.map((one) => one.key));
    expect(unfinished.uploads.every((one) => one.bytes === 1)).toBe(true);
    expect(said).toEqual(["2,600 incomplete uploads take up 2.6 kB."]);
  });

  it("is forgotten when another bucket is chosen, and shows nothing of it", async () => {
    const stand = { rows: [upload(1)], running: true };
    const { unfinished, forgotten } = server(stand);
    unfinished.choose("c", "b");
    await vi.waitFor(() => expect(unfinished.uploads).toHaveLength(1));
    unfinished.choose("c", "");
    expect(unfinished.uploads).toEqual([]);
    expect(unfinished.looking).toBe(false);
    await settled();
    expect(forgotten).toEqual([1]);
    expect(unfinished.uploads).toEqual([]);
  });

  it("that is asked for again shows what was there until all is known again", async () => {
    const stand = { rows: [upload(1), upload(2)], running: false };
    const { unfinished } = server(stand);
    unfinished.choose("c", "b");
    await vi.waitFor(() => expect(unfinished.uploads).toHaveLength(2));
    unfinished.selection.pick(1, "only");
    [stand.rows, stand.running] = [[], true];
    void unfinished.look();
    await settled();
    expect(unfinished.uploads).toHaveLength(2);
    [stand.rows, stand.running] = [[upload(2)], false];
    await vi.waitFor(() => expect(unfinished.uploads).toHaveLength(1));
    expect(unfinished.picked.map((one) => one.key)).toEqual(["k2"]);
  });
});

it("what is discarded while it is looked is gone at once, and from the sum", async () => {
  const stand = { rows: [upload(1), upload(2, 5), upload(3, null)], running: true };
  const { unfinished } = server(stand);
  unfinished.choose("c", "b");
  await vi.waitFor(() => expect(unfinished.uploads).toHaveLength(3));
  await unfinished.discard([upload(1)]);
  expect(unfinished.uploads.map((one) => one.key)).toEqual(["k2", "k3"]);
  expect(unfinished.sum).toMatchObject({ count: 2, bytes: 5, sized: 1 });
  stand.running = false;
  await vi.waitFor(() => expect(unfinished.looking).toBe(false));
  expect(unfinished.uploads).toHaveLength(2);
});
