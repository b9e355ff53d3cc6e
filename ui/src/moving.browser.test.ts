// An upload whose bytes move, in its row and in its details: nothing around it moves with them.
import { expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { at, becomes, inRow, open } from "./window.browser";

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
