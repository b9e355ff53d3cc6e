// The window in German, and from one language to the other without being opened again.
import { afterEach, describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { at, inRow, open } from "./window.browser";
import { language } from "./i18n/language.svelte";

const drop = (...paths: string[]) =>
  window.postMessage({ drag: { type: "drop", tokens: paths } }, location.origin);

afterEach(() => {
  language.wanted = "system";
});

describe("in German", () => {
  it("the frame and the queue are", async () => {
    open("queue&lang=de");
    await expect.element(at("nav-failed")).toHaveTextContent("Fehler");
    await expect.element(at("add-files")).toHaveTextContent("Dateien ...");
    await expect
      .element(at("add-files"))
      .toHaveAttribute("title", expect.stringMatching(/^Dateien hinzufügen \((Strg\+|⌘)O\)$/));
    await expect.element(at("row-1")).toHaveTextContent(/Teile unterwegs/);
    await expect.element(at("row-1")).toHaveTextContent(/\d,\d von 41,2 GB/);
    await expect.element(inRow(6, "row-remedy")).toHaveTextContent("Ersetzen");
    expect(document.documentElement.lang).toBe("de");
  });

  it("the sheet is", async () => {
    open("connected&lang=de");
    drop("/home/ada/Footage");
    await expect.element(at("sheet-summary")).toHaveTextContent(/Dateien, .* nach /);
    await expect.element(at("sheet-plan")).toHaveTextContent(/große Dateien in .* Teilen/);
    await expect.element(at("sheet-start")).toHaveTextContent("Upload starten");
    await expect.element(at("sheet-exists-keepBoth")).toHaveTextContent("Beide behalten");
  });

  it("the palette is, and finds by its words", async () => {
    open("queue&lang=de");
    await at("row-1").click();
    await userEvent.keyboard("{Control>}k{/Control}");
    await userEvent.keyboard("einst{Enter}");
    await expect.element(at("appearance-dark")).toBeVisible();
  });
});

it("changes its language at once, and keeps what is shown", async () => {
  const app = open("queue&lang=en");
  await at("row-1").click();
  await expect.element(at("add-files")).toHaveTextContent("Add files...");
  await expect.element(at("row-1")).toHaveTextContent("parts in flight");
  await app.preferences.change({ language: "de" });
  await expect.element(at("add-files")).toHaveTextContent("Dateien ...");
  await expect.element(at("row-1")).toHaveTextContent("Teile unterwegs");
  await expect.element(page.getByRole("navigation")).toHaveTextContent("Einstellungen");
  expect(app.selected.map((row) => row.id)).toEqual([1]);
  await app.preferences.change({ language: "en" });
  await expect.element(at("add-files")).toHaveTextContent("Add files...");
});
