// Pictures of every screen on the stand-in backend, to be looked at: light, dark, compact, narrow, high contrast, many,
// German. usage: npm run build && npm run pictures [-- PART OF A NAME...]; they go to target/shots. Knows the window's test ids; proves nothing.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";
import { preview } from "vite";

const folder = fileURLToPath(new URL("../target/shots/", import.meta.url));
mkdirSync(folder, { recursive: true });

/** A narrow window shows the details of an upload on demand. */
const details = (id) => async (page) => {
  await page.click(`[data-testid="row-${id}"]`, { timeout: 5000, position: { x: 60, y: 12 } });
  if (!(await page.isVisible('[data-testid="detail-name"]'))) await page.keyboard.press(" ");
  await page.waitForSelector('[data-testid="detail-name"]', { timeout: 5000 });
};
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

/** The sheet for this bucket and folder. */
const sheetAt = (bucket, folder) =>
  steps(drop, fill("sheet-bucket", bucket), fill("sheet-prefix", folder));

/** name, scene, what is done before the picture */
const SCREENS = [
  ["empty", "empty"],
  ["welcome", "connected"],
  ["queue", "queue", details(1)],
  // the README's
  ["readme", "queue", steps(tap("nav-unfinished"), tap("nav-all"), details(1))],
  ["failed", "failed"],
  ["anyway", "failed", details(16)],
  [
    "conflicts",
    "conflicts",
    (page) => page.click('[data-testid="row-3"] .title', { timeout: 5000 }),
  ],
  ["many", "many"],
  ["done", "done", details(1)],
  [
    "cancelled",
    "queue",
    (page) => page.click('[data-testid="row-1"] [data-testid="row-cancel"]', { timeout: 5000 }),
  ],
  ["table", "queue", steps(details(1), tap("part-table-toggle"))],
  ["drop", "queue", post({ drag: { type: "over", at: { x: 500, y: 300 } } })],
  ["drop-practice", "connected", post({ drag: { type: "over", at: { x: 500, y: 300 } } })],
  ["sheet", "queue", drop],
  ["sheet-deadline", "slow", steps(drop, scrollTo("sheet-deadline"))],
  [
    "sheet-options",
    "queue",
    steps(drop, (page) => page.click("[data-testid=sheet-options] > summary")),
  ],
  [
    "sheet-practice",
    "connected",
    post({ drag: { type: "drop", tokens: ["/home/ada/take_7.mov"] } }),
  ],
  [
    "sheet-refused",
    "queue",
    steps(drop, fill("sheet-bucket", "nobody-has-this"), tap("sheet-start")),
  ],
  ["browse", "queue", steps(sheetAt("media-prod", "2026/08"), tap("sheet-prefix-browse"))],
  [
    "browse-deep",
    "queue",
    steps(sheetAt("media-prod", "2026/08/day 01/camera A/reel 7"), tap("sheet-prefix-browse")),
  ],
  ["browse-buckets", "queue", steps(sheetAt("", ""), tap("sheet-prefix-browse"))],
  [
    "browse-create",
    "queue",
    steps(sheetAt("", ""), tap("sheet-prefix-browse"), tap("browse-new"), (page) =>
      page.keyboard.type("media_2027"),
    ),
  ],
  [
    "browse-new",
    "queue",
    steps(
      sheetAt("media-prod", "2026"),
      tap("sheet-prefix-browse"),
      tap("browse-new"),
      (page) => page.keyboard.type("09"),
      tap("browse-make"),
      (page) => page.keyboard.press("Backspace"),
    ),
  ],
  ["browse-denied", "queue", steps(sheetAt("lab-scans-2026", "mri"), tap("sheet-prefix-browse"))],
  ["palette", "queue", (page) => page.keyboard.press("Control+k")],
  ["keys", "queue", (page) => page.keyboard.press("F1")],
  ["leaving", "queue", post({ closing: { uploads: 3, tray: true, resend: 4_249_000 } })],
  ["unfinished", "queue", tap("nav-unfinished")],
  ["connections", "queue", tap("nav-connections")],
  ["deadline", "slow", details(2)],
  ["policy", "queue", steps(tap("nav-connections"), tap("copy-policy"), scrollTo("policy"))],
  ["import", "queue", steps(tap("nav-connections"), tap("import"))],
  [
    "identity-center",
    "queue",
    steps(tap("nav-connections"), tap("conn-sign-identityCenter"), scrollTo("conn-sso-region")),
  ],
  ["sign-in", "signedOut", steps(details(1), tap("row-sign-in"))],
  ["sign-in-code", "signedOut", steps(details(1), tap("row-sign-in"), tap("sign-in-use-code"))],
  ["signed-out", "signedOut", details(1)],
  [
    "mfa",
    "signedOut",
    steps(details(3), tap("detail-sign-in"), fill("mfa-code", "12345"), tap("mfa-enter")),
  ],
  [
    "role",
    "queue",
    steps(
      tap("nav-connections"),
      (page) => page.click("[data-testid=conn-role] > summary"),
      scrollTo("conn-role"),
    ),
  ],
  ["practice", "connected", tap("nav-connections")],
  [
    "lacking",
    "empty",
    steps(tap("add-connection"), fill("conn-endpoint", "https://"), tap("conn-save")),
  ],
  [
    "wrong-keys",
    "empty",
    steps(
      tap("add-connection"),
      fill("conn-endpoint", "https://s3.example.com"),
      fill("conn-access-key", "AKIAIOSFODNN7EXAMPLE"),
      fill("conn-secret", "wrong"),
      tap("conn-test"),
    ),
  ],
  ["settings", "queue", tap("nav-settings")],
  [
    "settings-hours",
    "hours",
    steps(tap("nav-settings"), fill("hours-1-until", "6 pm"), scrollTo("hours")),
  ],
  ["offline", "offline"],
  ["pausing", "slow", details(1)],
  ["again", "offline", details(4)],
  ["break", "slow", steps(details(2), scrollTo("fact-break"))],
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
