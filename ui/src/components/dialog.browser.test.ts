// What every dialog does to the window under it.
import { expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { at, inRow, open } from "../window.browser";

it("shows no tooltip of what lies under it, and gives each back", async () => {
  let hidden = 0;
  open("queue", {
    hide_tooltip: async () => {
      hidden += 1;
      return null;
    },
  });
  const tooltips = () =>
    [...document.querySelectorAll("[title]")]
      .filter((one) => one.closest("dialog") === null)
      .map((one) => one.getAttribute("title"));
  await expect.element(inRow(1, "row-cancel")).toHaveAttribute("title", "Cancel upload");
  const before = tooltips();
  await userEvent.keyboard("{F1}");
  await expect.element(at("help")).toBeVisible();
  expect(tooltips()).toEqual([]);
  expect(hidden).toBe(1);
  await expect.element(inRow(1, "row-cancel")).toHaveAccessibleName("Cancel upload");
  await userEvent.keyboard("{Escape}");
  await expect.element(at("help")).not.toBeInTheDocument();
  expect(tooltips().length).toBe(before.length);
  await expect.element(inRow(1, "row-cancel")).toHaveAttribute("title", "Cancel upload");
});
