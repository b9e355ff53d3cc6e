// Choosing a bucket and a folder: by mouse and by keys, a folder that is new, a bucket that is created, keys that may not list.
import { beforeEach, describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { mockBackend } from "../lib/backend/mock";
import type { App } from "../lib/state/app.svelte";
import { language } from "../i18n/language.svelte";
import { at, open } from "../window.browser";

const drag = (drag: unknown) => window.postMessage({ drag }, location.origin);
const press = (keys: string) => userEvent.keyboard(keys);
const row = (name: string) => at("browse-row").filter({ hasText: name });
const rows = () => document.querySelectorAll("[data-testid=browse-row]").length;
const active = () => expect.element(at("browse-list").getByRole("option", { selected: true }));
const path = () => expect.element(at("browse-path"));

async function sheet(): Promise<App> {
  const app = open("queue");
  await expect.poll(() => app.connections.list.length).toBeGreaterThan(0);
  drag({ type: "drop", tokens: ["/home/ada/render_v9.mov"] });
  await expect.element(at("sheet")).toBeVisible();
  await at("sheet-connection").selectOptions("studio");
  return app;
}

/** From the sheet, at this place. */
async function browse(bucket: string, prefix: string): Promise<App> {
  const app = await sheet();
  await at("sheet-bucket").fill(bucket);
  await at("sheet-prefix").fill(prefix);
  await at("sheet-prefix-browse").click();
  await expect.element(at("browse")).toBeVisible();
  await expect.poll(() => app.browsing.loading).toBe(false);
  return app;
}

beforeEach(() => {
  language.wanted = "en";
});

describe("choosing a destination", () => {
  it("goes by the keyboard alone", async () => {
    await browse("media-prod", "");
    await expect.element(at("browse-filter")).toHaveFocus();
    await active().toHaveTextContent("2025");
    await press("{ArrowDown}");
    await active().toHaveTextContent("2026");
    await press("{Enter}");
    await active().toHaveTextContent("06");
    await press("{ArrowDown}{ArrowDown}{ArrowRight}");
    await active().toHaveTextContent("day 01");
    await expect.element(at("browse-note")).toHaveTextContent("2 folders, 12 objects");
    // up again, and on the row where it came from
    await press("{ArrowLeft}");
    await active().toHaveTextContent("08");
    await press("{Backspace}");
    await active().toHaveTextContent("2026");
    await press("{ArrowLeft}");
    await active().toHaveTextContent("media-prod");
    // typing filters, and the keys of the text are the text's
    await press("ARCH");
    await expect.poll(rows).toBe(2);
    await press("{ArrowLeft}{Backspace}");
    await expect.element(at("browse-filter")).toHaveValue("ARH");
    await press("{End}{Backspace}{Backspace}{Backspace}prod{Enter}");
    await active().toHaveTextContent("2025");
    await press("{ArrowDown}{Enter}");
    await active().toHaveTextContent("06");
    await press("{Control>}{Enter}{/Control}");
    await expect.element(at("browse")).not.toBeInTheDocument();
    await expect.element(at("sheet-bucket")).toHaveValue("media-prod");
    await expect.element(at("sheet-prefix")).toHaveValue("2026/");
    await expect.element(at("sheet-prefix-browse")).toHaveFocus();
  });

  it("goes by the mouse alone, and nothing in the sheet moves", async () => {
    await sheet();
    const before = at("sheet-start").element().getBoundingClientRect();
    await at("sheet-bucket").fill("media-prod");
    await at("sheet-prefix").fill("");
    await at("sheet-prefix-browse").click();
    await row("2026").click();
    await row("08").click();
    await row("day 01").click();
    await row("camera B").click();
    // a deep path shows where it is, and a way to each end
    await path().toHaveTextContent("…");
    await path().toHaveTextContent("camera B");
    await at("browse-step-0").click();
    await row("media-prod").click();
    await row("masters").click();
    await at("browse-choose").click();
    await expect.element(at("sheet-prefix")).toHaveValue("masters/");
    expect(at("sheet-start").element().getBoundingClientRect()).toEqual(before);
  });

  it("closes on Escape, and leaves the sheet and what was typed in it", async () => {
    await browse("media-prod", "{year}/in");
    await press("{Escape}");
    await expect.element(at("browse")).not.toBeInTheDocument();
    await expect.element(at("sheet-prefix")).toHaveValue("{year}/in");
    // chosen as it is, it keeps its pattern
    await at("sheet-prefix-browse").click();
    await path().toHaveTextContent(`${new Date().getFullYear()}`);
    await expect.element(at("browse-blank")).toHaveTextContent("No folders here.");
    await at("browse-choose").click();
    await expect.element(at("sheet-prefix")).toHaveValue("{year}/in");
  });

  it("makes a folder that is there as soon as something is in it", async () => {
    await browse("media-prod", "2026");
    await at("browse-new").click();
    await expect.element(at("browse-make")).toBeDisabled();
    await press("09/day 01{Enter}");
    await path().toHaveTextContent("09");
    await path().toHaveTextContent("day 01");
    await press("{ArrowLeft}{ArrowLeft}");
    await active().toHaveTextContent("09");
    await active().toHaveTextContent("new");
    // Escape ends the naming alone
    await at("browse-new").click();
    await press("x{Escape}");
    await expect.element(at("browse-filter")).toHaveFocus();
    await press("09{Enter}");
    await active().toHaveTextContent("day 01");
    await press("{Enter}");
    await expect.element(at("browse-blank")).toHaveTextContent("No folders here.");
    // where nothing is left to open, Enter takes it
    await press("{Enter}");
    await expect.element(at("sheet-prefix")).toHaveValue("2026/09/day 01/");
  });

  it("creates a bucket, whose name is checked as it is typed", async () => {
    await browse("", "");
    const note = () => expect.element(at("browse-note"));
    await expect.element(at("browse-choose")).toBeDisabled();
    await at("browse-new").click();
    const says: [string, string, boolean][] = [
      ["me", "at least 3 characters", false],
      ["Media", "uppercase", true],
      ["my media", "digits, dots and hyphens", true],
      ["media-", "ends with a letter or a digit", false],
      ["xn--media", "reserved by Amazon S3", true],
    ];
    for (const [name, words, wrong] of says) {
      await at("browse-name").fill(name);
      await note().toHaveTextContent(words);
      await expect.element(at("browse-make")).toBeDisabled();
      await expect.element(at("browse-name")).toHaveAttribute("aria-invalid", String(wrong));
    }
    await at("browse-name").fill("taken-by-others");
    await press("{Enter}");
    await note().toHaveTextContent("taken by somebody else's bucket");
    await at("browse-name").fill("media-prod");
    await note().toHaveTextContent("You already have the bucket “media-prod”.");
    await expect.element(at("browse-make")).toHaveTextContent("Open");
    await at("browse-name").fill("media-2027");
    await note().toHaveTextContent(/^$/);
    await press("{Enter}");
    await path().toHaveTextContent("media-2027");
    await at("browse-choose").click();
    await expect.element(at("sheet-bucket")).toHaveValue("media-2027");
  });

  it("shows a thousand folders, and more when they are asked for", async () => {
    await browse("media-archive", "");
    await expect.poll(rows).toBe(1001);
    await expect.element(at("browse-note")).toHaveTextContent("The first 1,000 folders");
    await row("Show more").click();
    await expect.poll(rows).toBe(1240);
    await expect.element(at("browse-note")).toHaveTextContent("1,240 folders");
    await press("reel-1111{Enter}");
    await path().toHaveTextContent("reel-1111");
  });

  it("takes a path that these keys may not list", async () => {
    await browse("lab-scans-2026", "");
    await expect.element(at("browse-blank")).toHaveTextContent("not allowed to list what is here");
    await at("browse-new").click();
    await press("mri{Enter}");
    await path().toHaveTextContent("mri");
    await at("browse-choose").click();
    await expect.element(at("sheet-prefix")).toHaveValue("mri/");
    // nor the buckets: the name is typed
    await at("sheet-connection").selectOptions("ceph");
    await at("sheet-bucket").fill("");
    await at("sheet-prefix").fill("");
    await at("sheet-prefix-browse").click();
    await expect.element(at("browse-blank")).toHaveTextContent("not allowed to list buckets");
    await press("nightly-backup");
    await active().toHaveTextContent("Open “nightly-backup”");
    await press("{Enter}");
    await path().toHaveTextContent("nightly-backup");
  });

  it("asks again where the server cannot be reached", async () => {
    const inner = mockBackend(new URLSearchParams("scene=queue&still"));
    let down = true;
    const app = open("queue", {
      browse: async (wanted) => {
        if (!down) return inner.browse(wanted);
        const reason = { is: "noAnswer" as const, place: "Amazon S3" };
        const nothing = { part: null, status: null, code: null, requestId: null, detail: "" };
        throw { kind: "offline", reason, ...nothing };
      },
    });
    await expect.poll(() => app.connections.list.length).toBeGreaterThan(0);
    drag({ type: "drop", tokens: ["/home/ada/render_v9.mov"] });
    await at("sheet-bucket").fill("media-prod");
    await at("sheet-prefix").fill("");
    await at("sheet-prefix-browse").click();
    await expect.element(at("browse-blank")).toHaveTextContent("Amazon S3");
    down = false;
    await at("browse-again").click();
    await active().toHaveTextContent("2025");
    await expect.element(at("browse-filter")).toHaveFocus();
  });

  it("shows the buckets of a form before it is saved, once it is whole", async () => {
    const asked: unknown[] = [];
    const inner = mockBackend(new URLSearchParams("scene=connected&still"));
    const app = open("connected", {
      buckets: async (server) => {
        asked.push(server);
        return inner.buckets(server);
      },
    });
    await expect.poll(() => app.ready).toBe(true);
    await at("nav-connections").click();
    await at("add-connection").click();
    await at("conn-endpoint").fill("https://s3.example.com");
    await at("conn-prefix-browse").click();
    await expect.element(at("conn-lacking")).not.toBeEmptyDOMElement();
    await expect.element(at("browse")).not.toBeInTheDocument();
    await at("conn-access-key").fill("AKIA");
    await at("conn-secret").fill("hush-hush");
    await at("conn-bucket").click();
    await press("{ArrowDown}");
    await expect.element(page.getByRole("option", { name: "media-archive" })).toBeVisible();
    await press("{Escape}");
    await at("conn-prefix-browse").click();
    await row("media-prod").click();
    await row("masters").click();
    await at("browse-choose").click();
    await expect.element(at("conn-bucket")).toHaveValue("media-prod");
    await expect.element(at("conn-prefix")).toHaveValue("masters/");
    expect(asked.length).toBeGreaterThan(0);
    for (const one of asked) expect(one).toMatchObject({ by: "form" });
  });

  it("offers the buckets of a new connection once its test has passed", async () => {
    const app = open("connected");
    await expect.poll(() => app.ready).toBe(true);
    await at("nav-connections").click();
    await at("add-connection").click();
    await at("conn-endpoint").fill("https://s3.example.com");
    await at("conn-access-key").fill("AKIA");
    await at("conn-secret").fill("hush-hush");
    await expect.element(at("conn-bucket")).toHaveAttribute("placeholder", "bucket name");
    await at("conn-test").click();
    await expect
      .element(at("conn-bucket"))
      .toHaveAttribute("placeholder", expect.stringMatching(/^\d+ buckets found: choose one/));
    await at("conn-bucket").click();
    await press("{ArrowDown}");
    await page.getByRole("option", { name: "media-archive" }).click();
    await expect.element(at("conn-bucket")).toHaveValue("media-archive");
    const draft = app.connections.draft;
    app.connections.close();
    // what was typed goes with the form
    expect(draft?.secretAccessKey).toBe("");
    expect(JSON.stringify([app.connections, app.browsing])).not.toContain("hush-hush");
  });
});
