// However often it is requested, at most one fetch runs, and the last request is answered.
import { expect, it } from "vitest";
import { Coalescer } from "./coalesce";

const settle = () => new Promise((done) => setTimeout(done, 0));

function slow() {
  const open: (() => void)[] = [];
  let most = 0;
  let runs = 0;
  const pull = new Coalescer(async () => {
    runs += 1;
    const gate = new Promise<void>((done) => open.push(done));
    most = Math.max(most, open.length);
    await gate;
  });
  const release = async () => {
    open.shift()?.();
    await settle();
  };
  return { pull, release, runs: () => runs, most: () => most };
}

it("turns a burst of questions into two pulls", async () => {
  const { pull, release, runs, most } = slow();
  for (let n = 0; n < 50; n += 1) pull.ask();
  expect(runs()).toBe(1);
  await release();
  expect(runs()).toBe(2);
  await release();
  expect(runs()).toBe(2);
  expect(most()).toBe(1);
});

it("pulls again when asked after it was done", async () => {
  const { pull, release, runs } = slow();
  pull.ask();
  await release();
  pull.ask();
  expect(runs()).toBe(2);
});

it("is not stopped by a pull that fails", async () => {
  let runs = 0;
  const pull = new Coalescer(async () => {
    runs += 1;
    throw new Error("refused");
  });
  pull.ask();
  await settle();
  pull.ask();
  await settle();
  expect(runs).toBe(2);
});

it("answers whoever asks when a pull begun after the question is done", async () => {
  const { pull, release, runs } = slow();
  void pull.ask();
  let answered = 0;
  void pull.ask().then(() => (answered = runs()));
  await release();
  expect(answered).toBe(0);
  await release();
  expect(answered).toBe(2);
});
