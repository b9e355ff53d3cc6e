// Cancelling and pausing from the list: what they cost is said, and what was done can be undone.
import { expect, it, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { app, at, becomes, inRow, open } from "../window.browser";

it("cancels at once, and restores it by the notice, the row or the key", async () => {
  open("queue");
  await inRow(1, "row-cancel").click();
  await expect.element(at("row-1")).toHaveAttribute("data-status", "aborted");
  await expect.element(at("undo-notice")).toHaveTextContent("render_v3.mov cancelled");
  await expect.element(at("undo-notice")).toHaveTextContent("on the server will be deleted");
  const stored = app.queue.rows[0]?.stored;
  expect(stored).toBeGreaterThan(0);
  await at("undo").click();
  await expect.element(at("row-1")).toHaveAttribute("data-status", "waiting");
  expect(app.queue.rows[0]?.stored).toBe(stored);
  await expect.element(at("undo-notice")).not.toBeInTheDocument();
  await inRow(1, "row-cancel").click();
  await inRow(1, "row-undoCancel").click();
  await expect.element(at("row-1")).toHaveAttribute("data-status", "waiting");
  await at("row-9").click();
  await userEvent.keyboard("{Delete}");
  await expect.element(at("row-9")).toHaveAttribute("data-status", "aborted");
  await userEvent.keyboard("{Control>}z{/Control}");
  await expect.element(at("row-9")).toHaveAttribute("data-status", "waiting");
});

it("shows how long a cancel can be undone, and moves nothing while that runs out", async () => {
  open("queue");
  const undo = () => at("undo").element().getBoundingClientRect();
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    await inRow(1, "row-cancel").click();
    await expect.element(at("undo-left")).toHaveTextContent(/^10\ss$/);
    const before = undo();
    await expect.element(at("live")).toHaveTextContent("render_v3.mov cancelled. Undo within 10");
    vi.advanceTimersByTime(3000);
    await expect.element(at("undo-left")).toHaveTextContent(/^7\ss$/);
    await expect.element(at("undo")).toHaveAccessibleName("Undo");
    expect(undo()).toEqual(before);
  } finally {
    vi.useRealTimers();
  }
});

it("draws cancelling and removing from the list differently", async () => {
  open("queue");
  await expect.element(inRow(1, "row-cancel")).toHaveAccessibleName("Cancel upload");
  const drawing = (id: number, testid: string) => inRow(id, testid).element().innerHTML;
  const done = app.queue.rows.find((row) => row.status === "done")?.id ?? 0;
  await expect.element(inRow(done, "row-forget")).toHaveAccessibleName("Remove from list");
  expect(drawing(1, "row-cancel")).not.toBe(drawing(done, "row-forget"));
});

it("lists what was cancelled until it is removed", async () => {
  open("queue");
  await expect.element(at("nav-cancelled")).not.toBeInTheDocument();
  await inRow(2, "row-cancel").click();
  await at("nav-cancelled").click();
  await expect.element(at("row-2")).toBeVisible();
  await expect.element(at("row-1")).not.toBeInTheDocument();
  await at("clear-cancelled").click();
  await expect.element(page.getByText("No cancelled uploads")).toBeVisible();
  await expect.element(at("undo-notice")).not.toBeInTheDocument();
});

it("lists what is paused, beside what waits", async () => {
  open("queue");
  await expect.poll(() => app.ready).toBe(true);
  const paused = app.totals.paused;
  await at("nav-active").click();
  await inRow(1, "row-pause").click();
  await expect.element(at("row-1"), { timeout: 3000 }).not.toBeInTheDocument();
  await expect.element(at("nav-paused")).toHaveTextContent(`Paused ${paused + 1}`);
  await at("nav-waiting").click();
  await expect.element(at("row-8")).toBeVisible();
  await expect.element(at("row-1")).not.toBeInTheDocument();
  await at("nav-paused").click();
  await expect.element(at("row-1")).toHaveAttribute("data-status", "paused");
  await inRow(1, "row-resume").click();
  await expect.element(at("row-1")).not.toBeInTheDocument();
  await at("nav-waiting").click();
  await expect.element(at("row-1")).toBeVisible();
});

it("says so where it is too late to undo", async () => {
  open("queue", { undo_cancel: async () => [] });
  await inRow(1, "row-cancel").click();
  await at("undo").click();
  await expect.element(at("undo-notice")).toHaveTextContent("Too late to undo");
  await expect.element(at("undo")).not.toBeInTheDocument();
});

it("says what a pause costs, before and after", async () => {
  open("slow");
  await expect
    .element(inRow(2, "row-pause"))
    .toHaveAttribute("title", expect.stringMatching(/^Pause: up to \d+ MB/));
  await inRow(2, "row-pause").click();
  await expect.element(at("undo-notice")).toHaveTextContent("will be sent again");
  await at("undo").click();
  await becomes(2, "sending");
});
