// A connection that is edited while uploads use it: its form says how many do, and what becomes of them.
import { expect, it } from "vitest";
import { app, at, open } from "../window.browser";

it("says what happens to the uploads that use it", async () => {
  open("queue");
  await expect.poll(() => app.ready).toBe(true);
  const id = app.queue.rows[0]?.connection ?? "";
  app.handlers.show("connections");
  app.connections.edit(id);
  await expect.element(at("conn-uses")).toHaveTextContent(/^\d+ uploads use this connection\./);
  await expect.element(at("conn-uses")).toHaveTextContent("stored parts are kept");
  const place = () => at("conn-endpoint").element().getBoundingClientRect();
  const before = place();
  await at("conn-endpoint").fill("https://other.example.com");
  await expect.element(at("conn-uses")).toHaveTextContent("uploading starts over there");
  expect(place()).toEqual(before);
  app.connections.begin();
  await expect.element(at("conn-form")).toBeVisible();
  await expect.element(at("conn-uses")).not.toBeInTheDocument();
});
