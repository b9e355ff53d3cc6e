// What a break of the line would cost is said in a row until it is half of what is much: it does not come and go.
import { expect, it } from "vitest";
import type { Backend } from "../backend";
import type { Row } from "../wire/wire";
import { Queue } from "./queue.svelte";

const MiB = 1024 * 1024;

it("says what a break would cost from ten seconds on, until it is five", async () => {
  let inFlight = 0;
  const row = () => ({ id: 1, status: "sending", rate: 8 * MiB, inFlight }) as Row;
  const queue = new Queue({
    queue_page: async () => ({ revision: 1, total: 1, rows: [row()] }),
  } as unknown as Backend);
  const said: boolean[] = [];
  for (const amount of [79, 81, 60, 41, 39, 60, 81]) {
    inFlight = amount * MiB;
    (await queue.fetch())();
    said.push(queue.costly(row()));
  }
  expect(said).toEqual([false, true, true, true, false, false, true]);
});
