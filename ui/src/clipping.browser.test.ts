// Every screen, in both languages, at every size: no text is cut off without a way to read it, and nothing scrolls sideways.
import { afterEach, describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { language } from "./i18n/language.svelte";
import type { App } from "./lib/state/app.svelte";
import { at, inRow, open } from "./window.browser";

afterEach(() => {
  language.wanted = "system";
});

const drag = (drag: unknown) => window.postMessage({ drag }, location.origin);
const css = (selector: string) => document.querySelector<HTMLElement>(selector);

/** Seen as a whole where the pointer rests, or meant to be scrolled. */
function hasAnotherWay(one: Element): boolean {
  return one.closest("[title], textarea, .unseen") !== null;
}

const SCROLLS = new Set(["auto", "scroll"]);

/** Each text that is wider than its box and each box that scrolls sideways, by name. */
function clipped(): string[] {
  const found: string[] = [];
  const top = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  for (const one of top.querySelectorAll<HTMLElement>("*")) {
    if (!one.checkVisibility({ visibilityProperty: true }) || one.closest("svg, option")) continue;
    const name = () =>
      `${one.tagName.toLowerCase()}${one.dataset["testid"] ? `[${one.dataset["testid"]}]` : `.${one.className}`}: ${(one.textContent ?? "").trim().slice(0, 60)}`;
    const style = getComputedStyle(one);
    const wide = one.scrollWidth - one.clientWidth;
    if (SCROLLS.has(style.overflowX) && wide > 0)
      found.push(`scrolls sideways by ${wide}: ${name()}`);
    const words = [...one.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
    );
    if (!words || hasAnotherWay(one)) continue;
    if (style.display !== "inline" && wide > 1) found.push(`cut off by ${wide}: ${name()}`);
    // out of a box that hides what is beyond it
    const box = one.getBoundingClientRect();
    for (let holder = one.parentElement; holder && holder !== top; holder = holder.parentElement) {
      const { overflowX } = getComputedStyle(holder);
      if (overflowX === "visible") continue;
      const edge = holder.getBoundingClientRect();
      if (box.right > edge.right + 1 && !hasAnotherWay(holder)) {
        found.push(`reaches out by ${Math.round(box.right - edge.right)}: ${name()}`);
      }
      break;
    }
    if (box.width > 0 && box.right > innerWidth + 1) found.push(`leaves the window: ${name()}`);
  }
  return [...new Set(found)];
}

type Screen = [name: string, scene: string, act?: (app: App) => Promise<unknown>];

const ready = (app: App) => expect.poll(() => app.ready).toBe(true);
const nav = (id: string) => at(`nav-${id}`).click();

async function detail(app: App, id: number) {
  await at(`row-${id}`).click({ position: { x: 8, y: 8 } });
  app.detailOpen = true;
  await expect.element(at("detail-name")).toBeVisible();
}

async function sheet(app: App, token = "/home/ada/Footage") {
  await ready(app);
  await expect.poll(() => app.connections.list.length).toBeGreaterThan(0);
  drag({ type: "drop", tokens: [token] });
  await expect.element(at("sheet-ahead")).toHaveTextContent("s3://");
}

async function browse(app: App, bucket: string, folder: string) {
  await sheet(app);
  await at("sheet-bucket").fill(bucket);
  await at("sheet-prefix").fill(folder);
  await at("sheet-prefix-browse").click();
  await expect.poll(() => app.browsing.loading).toBe(false);
}

const SCREENS: Screen[] = [
  ["the first start", "empty"],
  ["an empty list", "connected"],
  ["the queue", "queue"],
  ["a list of failures", "failed"],
  ["finished uploads", "done"],
  ["files that change", "changing"],
  ["a slow line", "slow"],
  ["a server out of reach", "offline"],
  ["notices", "notices"],
  [
    "a filter that fits nothing",
    "queue",
    async () => {
      await at("filter").fill("no such name");
      await expect.poll(() => css("[role=row]")).toBeNull();
    },
  ],
  [
    "files over the window",
    "queue",
    async (app) => (await ready(app), drag({ type: "over", at: { x: 9, y: 9 } })),
  ],
  ["the sheet", "queue", (app) => sheet(app)],
  ["the sheet for the practice store", "connected", (app) => sheet(app, "/home/ada/render_v9.mov")],
  [
    "the sheet with storage options",
    "queue",
    async (app) => {
      await sheet(app);
      css("[data-testid=sheet-options] > summary")?.click();
      await at("option-lock").selectOptions("compliance");
      await at("option-encryption").selectOptions("SSE-C");
    },
  ],
  [
    "the sheet after a refusal",
    "queue",
    async (app) => {
      await sheet(app);
      await at("sheet-bucket").fill("nobody-has-this");
      await at("sheet-start").click();
      await expect.element(at("sheet-fault")).toBeVisible();
    },
  ],
  ["a destination that is chosen", "queue", (app) => browse(app, "media-prod", "2026/08")],
  [
    "a destination deep down",
    "queue",
    (app) =>
      browse(app, "media-prod", "proxies/a long name of a folder/another one/and a third/in"),
  ],
  [
    "folders with long names",
    "queue",
    async (app) => {
      await browse(app, "media-prod", "proxies");
      await expect.element(at("browse-list")).toHaveTextContent("lighthouse");
    },
  ],
  ["a bucket that cannot be listed", "queue", (app) => browse(app, "lab-scans-2026", "")],
  [
    "a bucket that is named",
    "queue",
    async (app) => {
      await browse(app, "", "");
      await at("browse-new").click();
      await at("browse-name").fill("Media");
      await expect.element(at("browse-note")).toHaveTextContent(/\.$/);
    },
  ],
  ["the details of one that is sent", "queue", (app) => detail(app, 1)],
  [
    "its parts as a table",
    "queue",
    async (app) => {
      await detail(app, 1);
      await at("part-table-toggle").click();
      await expect.element(page.getByRole("table")).toBeVisible();
    },
  ],
  ["the details of one that failed", "queue", (app) => detail(app, 3)],
  ["the details of one whose name is taken", "queue", (app) => detail(app, 6)],
  ["the details of one with a long name", "queue", (app) => detail(app, 5)],
  ["the details of one that changes", "changing", (app) => detail(app, 1)],
  ["the details of one that waits", "offline", (app) => detail(app, 1)],
  [
    "a receipt",
    "done",
    async (app) => {
      await detail(app, 1);
      await at("receipt-verify-file").click();
      await expect.element(at("verdict")).toBeVisible();
    },
  ],
  [
    "the dialog of a link",
    "done",
    async () => {
      await at("row-1").click({ button: "right" });
      await at("menu-link").click();
      await at("link-own").click();
      await at("link-make").click();
    },
  ],
  ["the menu of a row", "queue", () => at("row-6").click({ button: "right" })],
  ["the question before a cancel", "queue", () => inRow(1, "row-cancel").click()],
  [
    "the actions",
    "queue",
    async (app) => {
      await ready(app);
      await userEvent.keyboard("{Control>}k{/Control}");
      await expect.element(at("palette")).toBeVisible();
    },
  ],
  [
    "the shortcuts",
    "queue",
    async (app) => {
      await ready(app);
      await userEvent.keyboard("{F1}");
      await expect.element(at("help")).toBeVisible();
    },
  ],
  [
    "the question before quitting",
    "queue",
    async (app) => {
      await ready(app);
      window.postMessage({ closing: { uploads: 3, tray: true } });
      await expect.element(at("leaving")).toBeVisible();
    },
  ],
  [
    "incomplete uploads",
    "queue",
    async () => {
      await nav("unfinished");
      await at("unfinished-row").first().click();
    },
  ],
  [
    "their cleanup",
    "queue",
    async () => {
      await nav("unfinished");
      await at("unfinished-cleanup").click();
      await expect.element(at("cleanup")).toBeVisible();
    },
  ],
  ["incomplete uploads without a connection", "empty", () => nav("unfinished")],
  ["a connection", "queue", () => nav("connections")],
  [
    "a connection with everything open",
    "queue",
    async () => {
      await nav("connections");
      await at("connection-lab").click();
      for (const summary of document.querySelectorAll<HTMLElement>("form summary")) summary.click();
      await at("conn-test").click();
      await expect.element(at("check-checksums")).toHaveAttribute("data-outcome", "passed");
    },
  ],
  [
    "a connection whose keys are wrong",
    "empty",
    async () => {
      await at("add-connection").click();
      await at("conn-endpoint").fill("https://s3.example.com");
      await at("conn-access-key").fill("AKIA");
      await at("conn-secret").fill("wrong");
      await at("conn-test").click();
      await expect.element(at("check-signedIn")).toHaveAttribute("data-outcome", "failed");
    },
  ],
  [
    "a connection that lacks something",
    "nokeychain",
    async () => {
      await at("add-connection").click();
      await at("conn-save").click();
      await expect.element(at("conn-lacking")).not.toBeEmptyDOMElement();
    },
  ],
  [
    "the practice store",
    "connected",
    async (app) => {
      await ready(app);
      await nav("connections");
      await expect.element(at("practice-card")).toBeVisible();
    },
  ],
  ["the settings", "queue", () => nav("settings")],
  [
    "the hours of a limit",
    "hours",
    async () => {
      await nav("settings");
      await at("hours-1-until").fill("6 pm");
      await userEvent.keyboard("{Tab}");
    },
  ],
];

const SIZES = [
  ["default", 1080, 720, ""],
  ["compact", 1080, 720, "&density=compact"],
  ["narrow", 720, 480, ""],
  ["wide", 1680, 1000, ""],
] as const;

describe.each(SIZES)("%s", (_size, width, height, query) => {
  describe.each(["en", "de"])("%s", (lang) => {
    it.each(SCREENS)("%s", async (_name, scene, act) => {
      await page.viewport(width, height);
      const app = open(`${scene}&lang=${lang}${query}`);
      await ready(app);
      await act?.(app);
      await expect.poll(() => document.getAnimations().length).toBe(0);
      expect(clipped()).toEqual([]);
    });
  });
});
