// The practice store's card: what it holds, and emptying it after a question.
import { expect, it } from "vitest";
import { app, at, open } from "../window.browser";

it("is emptied once that is confirmed, and says what it holds", async () => {
  let emptied = 0;
  let holds = { objects: 12, uploads: 1, bytes: 3_400_000_000 };
  open("connected", {
    practice_usage: async () => holds,
    empty_practice: async () => {
      emptied += 1;
      holds = { objects: 0, uploads: 0, bytes: 0 };
      return null;
    },
  });
  await expect.poll(() => app.ready).toBe(true);
  await app.openPractice();
  app.handlers.show("connections");
  app.connections.edit("practice");
  await expect
    .element(at("practice-holds"))
    .toHaveTextContent("12 objects, 1 incomplete upload, 3.4 GB");
  await at("practice-empty").click();
  await expect.element(at("ask")).toHaveTextContent("12 objects, 1 incomplete upload, 3.4 GB");
  await expect.element(at("ask-no")).toHaveFocus();
  await at("ask-no").click();
  expect(emptied).toBe(0);
  await at("practice-empty").click();
  await at("ask-yes").click();
  await expect.element(at("practice-holds")).toHaveTextContent("empty");
  await expect.element(at("practice-empty")).toBeDisabled();
  await expect.element(at("live")).toHaveTextContent("The practice store is empty");
  expect(emptied).toBe(1);
});
