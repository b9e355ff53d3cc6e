// An upload whose bytes move, in its row and in its details: nothing around it moves with them.
import { expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { mockBackend } from "../lib/backend/mock";
import { app, at, becomes, inRow, open } from "../window.browser";

it("says that an upload is pausing, and takes it back by the same keys", async () => {
  // Here it stays so: by the clock it would be over before a slow computer has looked.
  open("slow");
  await becomes(1, "pausing");
  await at("row-1").click();
  await expect.element(inRow(1, "row-resume")).toBeVisible();
  await expect.element(at("row-1")).toHaveTextContent(/Pausing$/);
  await expect.element(at("detail-status")).toHaveTextContent("Pausing · 61%");
  const tops = () => [1, 2, 3].map((id) => at(`row-${id}`).element().getBoundingClientRect().top);
  const before = tops();
  await userEvent.keyboard("{Control>}p{/Control}");
  await becomes(1, "sending");
  expect(tops()).toEqual(before);
  await userEvent.keyboard("{Control>}p{/Control}");
  await becomes(1, "paused");
  expect(tops()).toEqual(before);
});

it("says what a break of the line would cost, in the row only where it is much", async () => {
  open("slow");
  await expect
    .element(inRow(2, "row-break"))
    .toHaveTextContent(/^\d+ MB to resend if interrupted$/);
  await expect.element(inRow(1, "row-break")).not.toBeInTheDocument();
  await expect.element(inRow(4, "row-break")).not.toBeInTheDocument();
  await at("row-4").click();
  await expect.element(at("fact-break")).toHaveTextContent(/to resend$/);
  await at("row-5").click();
  await expect.element(at("fact-size")).toHaveTextContent("80 MB");
  await expect.element(at("fact-break")).not.toBeInTheDocument();
});

it("keeps the facts where they are while nothing is between two parts", async () => {
  const real = mockBackend(new URLSearchParams("scene=slow&still"));
  let between = false;
  open("slow", {
    detail: async (id) => {
      const detail = await real.detail(id);
      return between
        ? { ...detail, sent: detail.row.stored, row: { ...detail.row, inFlight: 0 } }
        : detail;
    },
  });
  await at("row-2").click();
  await expect.element(at("fact-break")).toHaveTextContent(/^\d+ MB to resend$/);
  const top = () => at("fact-from").element().getBoundingClientRect().top;
  const before = top();
  between = true;
  app.detail.refresh();
  await expect.element(at("fact-break")).toHaveTextContent("nothing to resend");
  expect(top()).toBe(before);
});
