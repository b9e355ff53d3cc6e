// Pictures of every screen on the stand-in backend, to be looked at: light, dark, compact, narrow, high contrast, many,
// German. usage: npm run build && npm run pictures [-- PART OF A NAME...]; they go to target/shots. Knows the window's test ids; proves nothing.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";
import { preview } from "vite";

const folder = fileURLToPath(new URL("../target/shots/", import.meta.url));
mkdirSync(folder, { recursive: true });

const tap = (id) => (page) => page.click(`[data-testid="${id}"]`, { timeout: 5000 });
const fill = (id, text) => async (page) => {
  await page.fill(`[data-testid="${id}"]`, text, { timeout: 5000 });
  await page.keyboard.press("Tab");
};
const scrollTo = (id) => (page) =>
  page.evaluate(
    (testid) =>
      document.querySelector(`[data-testid="${testid}"]`)?.scrollIntoView({ block: "center" }),
    id,
  );
const post = (what) => (page) => page.evaluate((told) => window.postMessage(told), what);
const drop = post({ drag: { type: "drop", tokens: ["/home/ada/Footage"] } });
const steps =
  (...all) =>
  async (page) => {
    for (const step of all) {
      await step(page);
      await page.waitForTimeout(250);
    }
  };

/** name, scene, what is done before the picture */
const SCREENS = [
  ["empty", "empty"],
  ["welcome", "connected"],
  ["queue", "queue", tap("row-1")],
  ["failed", "failed"],
  ["many", "many"],
  ["done", "done", tap("row-1")],
  ["table", "queue", steps(tap("row-1"), tap("part-table-toggle"))],
  ["drop", "queue", post({ drag: { type: "over", at: { x: 500, y: 300 } } })],
  ["sheet", "queue", drop],
  ["sheet-options", "queue", steps(drop, tap("sheet-options"))],
  ["palette", "queue", (page) => page.keyboard.press("Control+k")],
  ["keys", "queue", (page) => page.keyboard.press("?")],
  ["leaving", "queue", post({ closing: { uploads: 3, tray: true } })],
  ["unfinished", "queue", tap("nav-unfinished")],
  ["connections", "queue", tap("nav-connections")],
  ["deadline", "slow", tap("row-2")],
  ["policy", "queue", steps(tap("nav-connections"), tap("copy-policy"), scrollTo("policy"))],
  ["import", "queue", steps(tap("nav-connections"), tap("import"))],
  ["settings", "queue", tap("nav-settings")],
  [
    "settings-hours",
    "hours",
    steps(tap("nav-settings"), fill("hours-1-until", "6 pm"), scrollTo("hours")),
  ],
  ["offline", "offline"],
  ["pausing", "slow", tap("row-1")],
  ["break", "slow", steps(tap("row-2"), scrollTo("fact-break"))],
  ["notices", "notices"],
  ["nokeychain", "nokeychain", tap("nav-connections")],
];

const WIDE = { width: 1080, height: 720 };
/** name, what the address says, the page */
const LOOKS = [
  ["light", "theme=light", { viewport: WIDE }],
  ["dark", "theme=dark", { viewport: WIDE }],
  ["compact", "theme=light&density=compact", { viewport: WIDE }],
  ["narrow", "theme=light", { viewport: { width: 720, height: 480 } }],
  ["german", "theme=light&lang=de", { viewport: WIDE }],
  ["german-narrow", "theme=dark&lang=de", { viewport: { width: 720, height: 480 } }],
  ["contrast", "theme=dark", { viewport: WIDE, forcedColors: "active", colorScheme: "dark" }],
];

const wanted = process.argv.slice(2);
const server = await preview({ preview: { port: 0, strictPort: false }, logLevel: "error" });
const address = server.resolvedUrls.local[0];
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
for (const [look, query, options] of LOOKS) {
  for (const [screen, scene, act] of SCREENS) {
    const name = `window-${screen}-${look}`;
    if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
    const page = await browser.newPage(options);
    page.on("pageerror", (error) => console.error(`${name}: ${error}`));
    await page.goto(`${address}?scene=${scene}&still&${query}`);
    await page.waitForSelector("main");
    await page.waitForTimeout(400);
    try {
      await act?.(page);
    } catch (error) {
      console.error(`${name}: ${String(error).split("\n")[0]}`);
    }
    await page.waitForTimeout(400);
    await page.screenshot({ path: `${folder}${name}.png` });
    await page.close();
  }
}
await browser.close();
await server.close();
