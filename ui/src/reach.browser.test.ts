// Every screen and state for those who cannot see it, or not well: axe finds nothing, in either theme.
import axe from "axe-core";
import { describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { at, inRow, open } from "./window.browser";

/** What axe finds, in a line each; motion is over before it looks. */
async function violations(): Promise<string[]> {
  await new Promise((done) => setTimeout(done, 300));
  const found = await axe.run(document.body, { resultTypes: ["violations"] });
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`),
  );
}

const nothing = async () => undefined;
const drop = (...paths: string[]) =>
  window.postMessage({ drag: { type: "drop", tokens: paths } }, location.origin);

/** The chooser over the sheet, in this bucket. */
async function browse(bucket: string): Promise<void> {
  drop("/home/ada/Footage");
  await at("sheet-bucket").fill(bucket);
  await at("sheet-prefix").fill("");
  await at("sheet-prefix-browse").click();
  await expect.element(at("browse-list")).toHaveAttribute("aria-busy", "false");
}

/** How to come to a state: its scene, and what is done there. */
const STATES: Record<string, [scene: string, act: () => Promise<unknown>]> = {
  "the first start": ["empty", nothing],
  "a connection and no upload": ["connected", nothing],
  "uploads under way": ["queue", nothing],
  "the details of one": ["queue", () => at("row-1").click()],
  "an upload that was just cancelled": ["queue", () => inRow(1, "row-cancel").click()],
  "several selected": [
    "queue",
    async () => {
      await at("row-1").click();
      await userEvent.keyboard("{Shift>}{ArrowDown}{/Shift}");
    },
  ],
  "a hundred thousand": ["many", nothing],
  failures: ["failed", () => at("row-4").click()],
  "files that keep changing": ["changing", () => at("row-1").click()],
  "out of reach": ["offline", () => at("row-1").click()],
  notices: ["notices", nothing],
  "a receipt verified": [
    "done",
    async () => {
      await at("row-1").click();
      await at("receipt-verify").click();
      await expect.element(at("verdict")).toBeVisible();
    },
  ],
  "the menu of a row": ["queue", () => at("row-1").click({ button: "right" })],
  "a question": ["queue", () => at("row-1").getByTestId("row-cancel").click()],
  "the sheet": ["connected", async () => drop("/home/ada/Footage")],
  "a destination that is chosen": ["connected", () => browse("media-prod")],
  "a destination that cannot be listed": ["connected", () => browse("lab-scans-2026")],
  "a bucket that is named": [
    "connected",
    async () => {
      await browse("");
      await at("browse-new").click();
      await at("browse-name").fill("Media");
      await expect.element(at("browse-note")).toHaveTextContent(/\.$/);
    },
  ],
  "files over the window": [
    "queue",
    async () => window.postMessage({ drag: { type: "enter" } }, location.origin),
  ],
  "a connection": ["queue", () => at("nav-connections").click()],
  "the test of a connection": [
    "queue",
    async () => {
      await at("nav-connections").click();
      await at("conn-test").click();
    },
  ],
  "no keychain": ["nokeychain", () => at("nav-connections").click()],
  settings: ["queue", () => at("nav-settings").click()],
  "limits by the clock": [
    "hours",
    async () => {
      await at("nav-settings").click();
      await at("hours-1-from").fill("25:00");
      await userEvent.keyboard("{Tab}");
      at("hours").element().scrollIntoView();
    },
  ],
  "the keys": ["queue", () => userEvent.keyboard("?")],
  "the palette": ["queue", () => userEvent.keyboard("{Control>}k{/Control}")],
};

const unfinished = async () => {
  await at("nav-unfinished").click();
  await expect.element(at("unfinished-headline")).toHaveTextContent(/38.2/);
};
const bucket = async (name: string) => {
  await unfinished();
  await at("unfinished-bucket").fill(name);
  await userEvent.keyboard("{Enter}");
};
Object.assign(STATES, {
  "a link": [
    "done",
    async () => {
      await at("row-1").click();
      await at("copy-link").click();
      await at("link-own").click();
      await at("link-amount").fill("9");
    },
  ],
  "a link that was made": [
    "done",
    async () => {
      await at("row-1").click();
      await at("copy-link").click();
      await at("link-make").click();
      await expect.element(at("link-said")).toBeVisible();
    },
  ],
  "what is unfinished": ["queue", unfinished],
  "some of it selected": [
    "queue",
    async () => {
      await unfinished();
      await userEvent.keyboard("{Control>}a{/Control}");
    },
  ],
  "what could not be discarded": [
    "queue",
    async () => {
      await unfinished();
      await at("unfinished-row").filter({ hasText: "sealed" }).click();
      await userEvent.keyboard("{Delete}");
      await at("ask-yes").click();
      await expect.element(at("unfinished-refused")).toBeVisible();
    },
  ],
  "nothing unfinished": [
    "queue",
    async () => {
      await bucket("media-archive");
      await expect.element(at("unfinished-nothing")).toBeVisible();
    },
  ],
  "unfinished, and not to be listed": [
    "queue",
    async () => {
      await bucket("nightly-backup");
      await expect.element(at("unfinished-fault")).toBeVisible();
    },
  ],
  "unfinished, and no connection": ["empty", () => at("nav-unfinished").click()],
  "cleaning up by itself": [
    "queue",
    async () => {
      await unfinished();
      await at("unfinished-cleanup").click();
    },
  ],
} satisfies typeof STATES);

it.each(["light", "dark"])("has more contrast where the desktop asks for it, %s", async (theme) => {
  open(`queue&contrast&theme=${theme}`);
  await expect.poll(() => document.documentElement.dataset["contrast"]).toBe("more");
  await expect.poll(() => document.documentElement.dataset["theme"]).toBe(theme);
  await at("row-1").click();
  await new Promise((done) => setTimeout(done, 300));
  // 7:1, the contrast that WCAG calls enhanced
  const rules = { "color-contrast-enhanced": { enabled: true } };
  const found = await axe.run(document.body, { resultTypes: ["violations"], rules });
  const low = found.violations.filter(({ id }) => id.startsWith("color-contrast"));
  expect(low.flatMap(({ nodes }) => nodes.map((node) => node.failureSummary))).toEqual([]);
});

describe.each(["light", "dark"])("in the %s theme", (theme) => {
  it.each(Object.keys(STATES))("%s", async (name) => {
    const [scene, act] = STATES[name] ?? ["", nothing];
    open(`${scene}&theme=${theme}`);
    await expect.element(page.getByRole("navigation").first()).toBeVisible();
    await expect.poll(() => document.documentElement.dataset["theme"]).toBe(theme);
    await act();
    expect(await violations()).toEqual([]);
  });
});
