// The palette: every action by its name, with the keyboard alone.
import { describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { at, open } from "../window.browser";

describe("the palette", () => {
  it("goes where it is told, and gives the focus back", async () => {
    open("queue");
    await at("row-1").click();
    await userEvent.keyboard("{Control>}k{/Control}");
    await expect.element(at("palette-typed")).toHaveFocus();
    await userEvent.keyboard("sett{Enter}");
    await expect.element(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
    await expect.element(at("palette")).not.toBeInTheDocument();
  });

  it("moves with the arrows, and does what is chosen to the selected upload", async () => {
    const app = open("queue");
    await at("row-1").click();
    await userEvent.keyboard("{Control>}k{/Control}");
    await userEvent.keyboard("pause");
    const options = page.getByRole("option");
    await expect.element(options.nth(0)).toHaveAttribute("aria-selected", "true");
    await userEvent.keyboard("{ArrowDown}");
    await expect.element(at("palette-pause")).toHaveAttribute("aria-selected", "true");
    await userEvent.keyboard("{Enter}");
    await expect.poll(() => app.selected[0]?.status).toMatch(/^paus(ing|ed)$/);
  });

  it("says so when nothing is called so, and goes away with Esc", async () => {
    open("empty");
    await userEvent.keyboard("{Control>}k{/Control}");
    await userEvent.keyboard("zzz");
    await expect.element(page.getByText(/^No matching action/)).toBeVisible();
    await userEvent.keyboard("{Enter}{Escape}");
    await expect.element(at("palette")).not.toBeInTheDocument();
  });
});
