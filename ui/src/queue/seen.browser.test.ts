// What is new, goes on or is selected is seen, and nothing else.
import { expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { at, becomes, open } from "../window.browser";

const drop = (...paths: string[]) =>
  window.postMessage({ drag: { type: "drop", tokens: paths } }, location.origin);

it("shows in the details nothing that the list does not show", async () => {
  open("queue");
  await at("row-1").click();
  await expect.element(at("detail-name")).toHaveTextContent("render_v3.mov");
  await at("nav-active").click();
  await expect.element(at("detail-name")).toHaveTextContent("render_v3.mov");
  await at("nav-done").click();
  await expect.element(at("detail-name")).not.toBeInTheDocument();
  await expect.element(at("detail")).toHaveTextContent("Select an upload");
});

it("keeps the details when Esc is pressed, and one row of several", async () => {
  open("queue");
  await at("row-1").click();
  await userEvent.keyboard("{Escape}");
  await expect.element(at("detail-name")).toHaveTextContent("render_v3.mov");
  await userEvent.keyboard("{Shift>}{ArrowDown}{/Shift}");
  await expect.element(at("detail")).toHaveTextContent("2 uploads selected");
  await userEvent.keyboard("{Escape}");
  await expect.element(at("detail-name")).toHaveTextContent("audio.wav");
});

it("has the row of a new upload when the sheet closes, and in view", async () => {
  open("many");
  await expect.element(at("row-1")).toBeVisible();
  drop("/home/ada/render_v9.mov");
  await expect.element(at("sheet-start")).toBeEnabled();
  let first: Element | null | undefined;
  const closes = new MutationObserver(() => {
    if (first !== undefined || document.querySelector("[data-testid=sheet]")) return;
    requestAnimationFrame(() => (first = document.querySelector("[data-testid=row-100008]")));
  });
  closes.observe(document.body, { childList: true, subtree: true });
  await at("sheet-start").click();
  await expect.element(at("row-100008")).toBeInViewport();
  closes.disconnect();
  expect(first, "in the frame after the sheet").toBeTruthy();
  await expect.element(at("detail-name")).toHaveTextContent("render_v9.mov");
});

it("starts where uploads are active, and scrolls to one that is resumed", async () => {
  localStorage.setItem("windlass.sort", JSON.stringify("newest"));
  open("queue");
  // the newest come first, and all of those have ended or wait
  await expect.element(at("row-7")).toBeInViewport();
  const list = at("queue").element();
  await at("row-4").click();
  list.scrollTop = 0;
  await expect.element(at("row-25")).toBeInViewport();
  await userEvent.keyboard("{Control>}p{/Control}");
  await becomes(4, "waiting");
  await expect.element(at("row-4")).toBeInViewport();
});
