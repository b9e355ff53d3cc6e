// Opens the whole window in a browser on the stand-in backend, and takes it down again; knows no test.
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect } from "vitest";
import { page } from "vitest/browser";
import Window from "./App.svelte";
import type { Backend } from "./lib/backend";
import { mockBackend } from "./lib/backend/mock";
import { App } from "./lib/state/app.svelte";
import "./styles/base.css";
import "./styles/tokens.css";

let shown: ReturnType<typeof mount> | null = null;
/** the one that was opened last */
export let app: App;

export function open(scene: string, change: Partial<Backend> = {}): App {
  const backend = { ...mockBackend(new URLSearchParams(`scene=${scene}&still`)), ...change };
  const target = document.createElement("div");
  target.id = "app";
  document.body.append(target);
  app = new App(backend);
  shown = mount(Window, { target, props: { app } });
  app.start();
  flushSync();
  return app;
}

export const at = (testid: string) => page.getByTestId(testid);
export const inRow = (id: number, testid: string) => at(`row-${id}`).getByTestId(testid);

/** An upload that is paused finishes a part first: longer than is waited for otherwise. */
export const becomes = (id: number, status: string) =>
  expect.element(at(`row-${id}`), { timeout: 3000 }).toHaveAttribute("data-status", status);

beforeEach(async () => {
  localStorage.clear();
  await page.viewport(1080, 720);
});

afterEach(async () => {
  if (shown) await unmount(shown);
  document.getElementById("app")?.remove();
  shown = null;
});
