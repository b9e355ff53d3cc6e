// The desktop around the window: what it is told, what it asks, and the menu bar, all on the stand-in backend.
import { expect, it, vi } from "vitest";
import { userEvent } from "vitest/browser";
import type { Totals } from "./lib/wire/wire";
import { app, at, open } from "./window.browser";

const asked = (what: string) => (window.desktopAsked ?? []).filter((one) => one.what === what);

/** Uploads end: as the engine tells it. */
function nudge(change: Partial<Totals>) {
  app.totals = { ...app.totals, ...change, revision: app.totals.revision + 1 };
  app.desktop.nudged(app.totals, { pause: false, resume: false });
}

const RUNNING = { all: 2, active: 2, waiting: 0, paused: 0, done: 0, failed: 0, offline: false };

it("asks before uploads pause, by mouse and by keyboard alone", async () => {
  open("queue");
  window.postMessage({ closing: { uploads: 3, tray: true, resend: 0 } });
  await expect.element(at("leaving")).toHaveTextContent("3 uploads will pause");
  await expect.element(at("leaving-stay")).toHaveFocus();
  await userEvent.keyboard("{Enter}");
  await expect.element(at("leaving")).not.toBeInTheDocument();
  window.postMessage({ closing: { uploads: 1, tray: false, resend: 4_249_000 } });
  await expect.element(at("leaving")).toHaveTextContent("1 upload will pause");
  await expect
    .element(at("leaving"))
    .toHaveTextContent("4.2 MB of what is on its way will be sent again.");
  expect(document.querySelector('[data-testid="leaving-tray"]')).toBeNull();
  await userEvent.keyboard("{Escape}");
  window.postMessage({ closing: { uploads: 3, tray: true, resend: 0 } });
  await at("leaving-tray").click();
  window.postMessage({ closing: { uploads: 3, tray: true, resend: 0 } });
  await at("leaving-quit").click();
  expect(asked("leave").map((one) => one.with)).toEqual(["stay", "stay", "tray", "quit"]);
});

it("does what is chosen in the menu of the system and in the tray, where it can be done", async () => {
  open("queue");
  await expect.poll(() => app.ready).toBe(true);
  window.postMessage({ action: "settings" });
  await expect.poll(() => app.screen).toBe("settings");
  window.postMessage({ action: "all" });
  window.postMessage({ action: "pauseAll" });
  await expect.poll(() => app.totals.paused).toBeGreaterThan(0);
});

it("shows the menu bar on demand, and keeps what can be done in it", async () => {
  open("queue");
  await expect.poll(() => app.ready).toBe(true);
  expect(asked("set_menu")).toHaveLength(0);
  await userEvent.keyboard("{F10}");
  await expect.poll(() => asked("toggle_menu")).toHaveLength(1);
  const pause = () => {
    const told = asked("set_menu").at(-1)?.with as {
      groups: { items: { id: string; enabled: boolean }[] }[];
    };
    return told.groups.flatMap((group) => group.items).find((item) => item.id === "pause")?.enabled;
  };
  expect(pause()).toBe(false);
  await at("row-1").click();
  await expect.poll(pause).toBe(true);
});

it("notifies once when the last one ends, and of a failure at once", async () => {
  open("empty");
  await expect.poll(() => app.ready).toBe(true);
  nudge(RUNNING);
  nudge({ active: 1, failed: 1 });
  const told = () => asked("notify").map((one) => one.with as { title: string; text: string });
  await expect.poll(told).toMatchObject([{ title: "1 upload failed" }]);
  nudge({ active: 0, done: 1 });
  nudge({});
  await expect
    .poll(told)
    .toMatchObject([{ title: "1 upload failed" }, { title: "1 upload done", sound: false }]);
  await app.preferences.change({ notify: false });
  nudge({ active: 1 });
  nudge({ active: 0, done: 2 });
  expect(asked("notify")).toHaveLength(2);
});

it("says in a notification how many files were skipped", async () => {
  open("empty");
  await expect.poll(() => app.ready).toBe(true);
  const told = () => asked("notify").map((one) => one.with as { title: string; text: string });
  nudge(RUNNING);
  nudge({ active: 0, done: 12, skipped: 3 });
  await expect.poll(() => told().at(-1)?.title).toBe("12 uploads done, 3 skipped");
  expect(told().at(-1)?.text).toContain("already exist");
  nudge({ active: 1 });
  nudge({ active: 0, skipped: 4 });
  await expect.poll(() => told().at(-1)?.title).toBe("1 file skipped");
});

it("names an upload in a notification as it was saved", async () => {
  open("done");
  await expect.poll(() => app.ready).toBe(true);
  const told = () => asked("notify").map((one) => one.with as { title: string; text: string });
  const page = app.backend.queue_page;
  const detail = app.backend.detail;
  const [only] = (await page({ view: "done", filter: "", sort: "queue", offset: 0, limit: 1 }))
    .rows;
  app.backend.queue_page = async (query) =>
    query.view === "active" && only ? { revision: 1, total: 1, rows: [only] } : page(query);
  // another object came to its key while it was sent
  app.backend.detail = async (id) => {
    const found = await detail(id);
    return { ...found, row: { ...found.row, key: "2026/08/proxy (2).mp4" } };
  };
  nudge({ ...RUNNING, all: 1, active: 1 });
  await new Promise((soon) => setTimeout(soon));
  nudge({ active: 0, done: 1 });
  await expect.poll(() => told().at(-1)?.title).toBe("proxy (2).mp4 uploaded to Studio");
});

it("names the server in a notification, and says what is on this computer only", async () => {
  const told = () => asked("notify").map((one) => one.with as { title: string; text: string });
  open("done");
  await expect.poll(() => app.ready).toBe(true);
  nudge({ ...RUNNING, done: 0 });
  nudge({ active: 0, done: 2 });
  await expect.poll(() => told().at(-1)?.title).toBe("2 uploads to Studio done");
  expect(told().at(-1)?.text).not.toContain("this computer");
  // the practice store, even where there is nothing else
  app.connections.list = app.connections.list.filter((one) => one.practice);
  const [practice] = app.connections.list;
  const page = app.backend.queue_page;
  app.backend.queue_page = async (query) => {
    const found = await page(query);
    const rows = found.rows.map((row) => ({ ...row, connection: practice?.id ?? "" }));
    return { ...found, rows };
  };
  nudge({ ...RUNNING, done: 0 });
  nudge({ active: 0, done: 2 });
  await expect.poll(() => told().at(-1)?.title).toBe("2 uploads to Practice store done");
  expect(told().at(-1)?.text).toContain("The files are on this computer only.");
});

it("notifies of what needs an answer, of those of one drop together", async () => {
  open("empty");
  await expect.poll(() => app.ready).toBe(true);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const titles = () => asked("notify").map((one) => (one.with as { title: string }).title);
    nudge(RUNNING);
    nudge({ active: 1, needsAnswer: 1 });
    expect(titles()).toEqual([]);
    nudge({ needsAnswer: 2 });
    vi.advanceTimersByTime(2000);
    expect(titles()).toEqual(["2 files need your answer"]);
    // more of them are told once nothing goes any more, and an answer is no reason to tell again
    nudge({ needsAnswer: 3 });
    nudge({ needsAnswer: 5 });
    vi.advanceTimersByTime(60_000);
    expect(titles()).toHaveLength(1);
    nudge({ active: 0 });
    expect(titles()).toEqual(["2 files need your answer", "5 files need your answer"]);
    nudge({ needsAnswer: 4 });
    nudge({ needsAnswer: 0 });
    nudge({ needsAnswer: 1 });
    expect(titles().at(-1)).toBe("1 file needs your answer");
  } finally {
    vi.useRealTimers();
  }
});

it("waits before it quits by itself, and stays where somebody says so", async () => {
  open("empty");
  await expect.poll(() => app.ready).toBe(true);
  await app.preferences.change({ whenDone: "quit" });
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    nudge(RUNNING);
    nudge({ active: 0, done: 2 });
    await expect.element(at("parting")).toHaveTextContent("quits in 30 s");
    await at("parting-stay").click();
    vi.advanceTimersByTime(60_000);
    expect(asked("leave")).toHaveLength(0);
    nudge({ active: 1 });
    nudge({ active: 0, done: 3 });
    await expect.element(at("parting")).toBeInTheDocument();
    vi.advanceTimersByTime(30_000);
    expect(asked("leave").map((one) => one.with)).toEqual(["quit"]);
  } finally {
    vi.useRealTimers();
  }
});
