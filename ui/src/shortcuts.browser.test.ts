// The list of shortcuts opens wherever the focus is.
import { expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { app, at, open } from "./window.browser";

it("shows its keys", async () => {
  open("queue");
  await expect.element(at("row-1")).toBeVisible();
  await userEvent.keyboard("?");
  await expect.element(at("help")).toHaveTextContent("Pause all");
  await userEvent.keyboard("{Escape}");
  await expect.element(at("help")).not.toBeInTheDocument();
  // the key of help on every desktop, in a text field too
  await userEvent.click(document.querySelector("input")!);
  await userEvent.keyboard("{F1}");
  await expect.element(at("help")).toBeVisible();
  await userEvent.keyboard("{Escape}");
  // over a dialog, and from a choice that no text is written into
  await at("nav-settings").click();
  document.querySelector<HTMLElement>("[data-testid='limit-choice']")?.focus();
  await userEvent.keyboard("?");
  await expect.element(at("help")).toBeVisible();
  await userEvent.keyboard("{Escape}");
  app.handlers.palette();
  await expect.element(at("palette")).toBeVisible();
  await userEvent.keyboard("?");
  await expect.element(at("help")).not.toBeInTheDocument();
  await userEvent.keyboard("{F1}");
  await expect.element(at("help")).toBeVisible();
  await userEvent.keyboard("{Escape}");
  await expect.element(at("help")).not.toBeInTheDocument();
  await expect.element(at("palette")).toBeVisible();
});

it("fit the smallest window: they scroll downwards and never sideways", async () => {
  await page.viewport(720, 480);
  open("queue");
  await userEvent.keyboard("?");
  await expect.element(at("help")).toBeVisible();
  const scrolls = [...at("help").element().querySelectorAll("*")].filter(
    (element) => element.scrollWidth > element.clientWidth && element.clientWidth > 0,
  );
  expect(scrolls).toEqual([]);
});
