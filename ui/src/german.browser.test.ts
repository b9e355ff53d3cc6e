// German is longer than English: nothing of the forms and panels is cut off, down to the smallest window.
import { afterEach, describe, expect, it } from "vitest";
import { page } from "vitest/browser";
import { at, inRow, open } from "./window.browser";
import { language } from "./i18n/language.svelte";

afterEach(() => {
  language.wanted = "system";
});

/** Buttons, choices and labels whose words are wider than they are, or that reach out of what holds them. */
function cutOff(): string[] {
  const shown = document.querySelectorAll<HTMLElement>(
    ".segments, .segments label, button, label, h1, h2, h3, legend, dt",
  );
  return [...shown]
    .filter((one) => one.checkVisibility() && !one.closest("nav, [role=grid], .unseen"))
    .filter((one) => {
      // An icon has no words to cut, and a file's name may be as long as it likes.
      if (one.textContent?.trim() === "" || one.dataset["testid"] === "detail-name") return false;
      const holder = one.parentElement?.getBoundingClientRect();
      const box = one.getBoundingClientRect();
      return one.scrollWidth > one.clientWidth + 1 || (holder && box.right > holder.right + 1);
    })
    .map((one) => one.textContent?.trim() ?? "");
}

describe.each([
  [1080, 720],
  [940, 720],
  [720, 480],
])("at %i x %i nothing is cut off", (width, height) => {
  async function inGerman(scene: string) {
    await page.viewport(width, height);
    return open(`${scene}&lang=de`);
  }

  it("in the settings", async () => {
    await inGerman("queue");
    await at("nav-settings").click();
    await expect.element(at("on-close-tray")).toBeInTheDocument();
    expect(cutOff()).toEqual([]);
  });

  it("in the form of a connection", async () => {
    await inGerman("queue");
    await at("nav-connections").click();
    await at("connection-lab").click();
    await expect.element(at("conn-form")).toHaveTextContent("Anmeldung");
    await at("capabilities").getByText("Fähigkeiten des Servers").click();
    await expect.element(at("capabilities-source")).toHaveTextContent("14. August 2026");
    expect(cutOff()).toEqual([]);
  });

  it("in a new one without a keychain", async () => {
    await inGerman("nokeychain");
    await at("nav-connections").click();
    await at("add-connection").click();
    await expect.element(at("keychain-notice")).toHaveTextContent("Schlüsselbund");
    await expect.element(at("conn-form")).toHaveTextContent("Die Region muss die des Buckets sein");
    expect(cutOff()).toEqual([]);
  });

  it("in the details of an upload, while it is sent", async () => {
    const app = await inGerman("queue");
    await at("row-1").click();
    app.detailOpen = true;
    await expect.element(at("fact-stored")).toHaveTextContent(/von 2\.456 Teilen/);
    await expect.element(at("part-said")).toHaveTextContent(/gespeichert, \d+ unterwegs/);
    // The line above the map does not break: the map would jump.
    expect(at("part-said").element().getBoundingClientRect().height).toBeLessThan(30);
    // Nor do the facts.
    await expect.element(at("fact-break")).toHaveTextContent(/^.+ erneut zu senden$/);
    expect(at("fact-break").element().getBoundingClientRect().height).toBeLessThan(20);
    expect(cutOff()).toEqual([]);
  });

  it("in the row of one that is pausing", async () => {
    await inGerman("slow");
    const row = at("row-1");
    await expect.element(row).toHaveTextContent("Wird angehalten");
    const state = row.element().querySelector<HTMLElement>(".state");
    expect(state?.scrollWidth).toBeLessThanOrEqual(state?.clientWidth ?? 0);
    // It takes two lines where others have two facts: they stand where those stand.
    const [one, other] = [row, at("row-2")].map((each) =>
      each.element().querySelector(".numbers")?.getBoundingClientRect(),
    );
    expect([one?.height, (one?.top ?? 0) + 56]).toEqual([other?.height, other?.top]);
  });

  it.each(["normal", "compact"])("in a row that says what a break costs, %s", async (density) => {
    await inGerman(`slow&density=${density}`);
    await expect.element(inRow(2, "row-break")).toHaveTextContent(/^Unterbrechung kostet \d+ MB$/);
    const note = inRow(2, "row-break").element();
    // It is there as a whole or not at all; low rows this narrow leave it to the details.
    expect(note.checkVisibility()).toBe(density === "normal");
    expect(note.scrollWidth).toBeLessThanOrEqual(note.clientWidth);
    expect(at("row-2").element().scrollHeight).toBeLessThanOrEqual(density === "normal" ? 56 : 32);
  });

  it("in a receipt", async () => {
    const app = await inGerman("done");
    await at("row-1").click();
    app.detailOpen = true;
    await at("receipt-verify-file").click();
    await expect.element(at("verdict")).toHaveTextContent("stimmt mit dem Gesendeten überein");
    expect(cutOff()).toEqual([]);
  });

  it("in the dialog of a link", async () => {
    await inGerman("done");
    await at("row-1").click({ button: "right" });
    await at("menu-link").click();
    await at("link-own").click();
    await at("link-make").click();
    await expect.element(at("link-said")).toHaveTextContent("Kopiert");
    expect(cutOff()).toEqual([]);
  });

  it("in what is unfinished, and what cleans it up", async () => {
    await inGerman("queue");
    await at("nav-unfinished").click();
    await expect.element(at("unfinished-headline")).toHaveTextContent("belegen 38,2 GB");
    await at("unfinished-row").first().click();
    expect(cutOff()).toEqual([]);
    await expect.element(at("unfinished-selected")).toHaveTextContent("1 ausgewählt, 12,8 GB");
    const said = at("unfinished-selected").element();
    expect(said.scrollWidth).toBeLessThanOrEqual(said.clientWidth);
    const ours = at("unfinished-ours").element().parentElement;
    expect(ours?.scrollWidth).toBeLessThanOrEqual(ours?.clientWidth ?? 0);
    await at("unfinished-cleanup").click();
    await expect.element(at("cleanup")).toHaveTextContent("Automatisch aufräumen");
    expect(cutOff()).toEqual([]);
  });
});

it("ends a sentence with one full stop, where hours are abbreviated too", async () => {
  await page.viewport(1080, 720);
  open("slow&lang=de");
  await expect.element(at("row-1")).toBeInTheDocument();
  window.postMessage({ drag: { type: "drop", tokens: ["/home/ada/Footage"] } }, location.origin);
  await expect.element(at("sheet-deadline")).toHaveTextContent(/ Std\.$/);
});
