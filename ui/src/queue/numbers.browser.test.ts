// The numbers of an upload: the same in the row, the details and the foot, and none that is cut off.
import { expect, it } from "vitest";
import { page } from "vitest/browser";
import { mockBackend } from "../lib/backend/mock";
import { at, inRow, open } from "../window.browser";

it("draws a burst that lasted a second", async () => {
  const real = mockBackend(new URLSearchParams("scene=done&still"));
  const burst = { ...(await real.detail(1)), throughput: [52_000_000] };
  open("done", { detail: async () => burst });
  await at("row-1").click();
  const line = () => document.querySelector<SVGPathElement>(".chart path.line");
  await expect.poll(() => line()?.getTotalLength() ?? 0).toBeGreaterThan(1);
});

it("tells its counts in the narrow sidebar too", async () => {
  await page.viewport(720, 480);
  open("many");
  await expect.element(at("nav-failed").getByText("2").last()).toBeVisible();
  await expect.element(at("nav-waiting").getByText("999+")).toBeVisible();
});

it("shows beside a name in a low row nothing that has no room", async () => {
  const app = open("queue");
  await expect.element(at("row-2")).toBeVisible();
  app.preferences.settings = { ...app.preferences.settings, density: "compact" };
  await expect.poll(() => at("row-1").element().clientHeight).toBeLessThan(48);
  for (const row of document.querySelectorAll('[role="row"]:not(.failed)')) {
    const name = row.querySelector(".name")!.getBoundingClientRect();
    const line = row.querySelector(".line")!.getBoundingClientRect();
    expect(line.top >= name.bottom - 1 || line.width >= 96, row.textContent).toBe(true);
  }
});

it("tells the same numbers in the row, the details and the foot", async () => {
  const real = mockBackend(new URLSearchParams("scene=slow&still"));
  const page_ = await real.queue_page({
    view: "all",
    filter: "",
    sort: "queue",
    offset: 0,
    limit: 9,
  });
  const [row] = page_.rows;
  const one = {
    ...row!,
    status: "sending" as const,
    size: 300e6,
    stored: 120e6,
    inFlight: 53e6,
    rate: 2e6,
    secondsLeft: 64,
  };
  const totals = {
    ...(await real.totals(null)),
    all: 1,
    active: 1,
    waiting: 0,
    done: 0,
    rate: 2e6,
    secondsLeft: 64,
  };
  open("slow", {
    totals: async () => totals,
    queue_page: async () => ({ ...page_, total: 1, rows: [one] }),
    queue_ids: async () => [one.id],
    detail: async () => ({ ...(await real.detail(one.id)), row: one, sent: 327e6 }),
    onProgress: () => () => undefined,
  });
  await at(`row-${one.id}`).click();
  await expect.element(at(`row-${one.id}`)).toHaveTextContent("173 of 300 MB");
  await expect.element(inRow(one.id, "row-bar")).toHaveAttribute("aria-valuenow", "57");
  await expect.element(at(`row-${one.id}`)).toHaveTextContent("1 min");
  await expect.element(at("detail-status")).toHaveTextContent("57% · 2.0 MB/s · 1 min left");
  await expect.element(at("detail-amounts")).toHaveTextContent("173 of 300 MB sent, 120 MB stored");
  await expect.element(at("fact-sent")).toHaveTextContent("327 MB, of which 154 MB not stored");
  await expect.element(page.getByText("1 upload · 1 min left")).toBeVisible();
});
