// The deadline line: what ends before an upload does is said in its details, and nowhere else.
import { expect, it } from "vitest";
import { page } from "vitest/browser";
import { at, open } from "../window.browser";

it("says what ends before the upload does", async () => {
  open("slow");
  await at("row-2").click();
  await expect
    .element(at("detail-deadline"))
    .toHaveTextContent(
      "At 3.2 MB/s this needs 11 h; the provider aborts it in 2 h (7 days after its start).",
    );
  await at("row-3").click();
  await expect.element(at("detail-name")).toHaveTextContent(/./);
  await expect.element(at("detail-deadline")).not.toBeInTheDocument();
});

it("says before the start what ends before all is sent", async () => {
  open("slow");
  await expect.element(at("row-1")).toBeInTheDocument();
  window.postMessage({ drag: { type: "drop", tokens: ["/home/ada/Footage"] } }, location.origin);
  await expect
    .element(at("sheet-deadline"))
    .toHaveTextContent("At 3.2 MB/s this needs 4 h; your sign-in ends in 1 h.");
});

it("says it where no list of findings hides it", async () => {
  await page.viewport(720, 480);
  const { backend } = open("slow");
  const inner = backend.scan_progress;
  backend.scan_progress = async (id) => {
    const scan = await inner(id);
    const path = (at: number) => `/home/ada/Footage/locked/clip_${at}.mov`;
    const one = scan.skipped.find(({ reason }) => reason.reason === "fault");
    const skipped = Array.from({ length: 60 }, (_, at) => one && { ...one, path: path(at) });
    return { ...scan, skipped: skipped.filter((each) => each !== undefined) };
  };
  await expect.element(at("row-1")).toBeInTheDocument();
  window.postMessage({ drag: { type: "drop", tokens: ["/home/ada/Footage"] } }, location.origin);
  const line = at("sheet-deadline");
  await expect.element(line).toBeVisible();
  await expect
    .poll(() => document.querySelectorAll("[data-testid=sheet-bad] li").length)
    .toBeGreaterThan(50);
  const seen = line.element().getBoundingClientRect();
  const start = at("sheet-start").element().getBoundingClientRect();
  expect(seen.top).toBeGreaterThan(0);
  expect(seen.bottom).toBeLessThanOrEqual(start.top);
  expect(start.bottom).toBeLessThanOrEqual(innerHeight);
});
