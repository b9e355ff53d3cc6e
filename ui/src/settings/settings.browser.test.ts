// The settings of language, of what happens when everything is sent, and of closing, by mouse and by keyboard alone.
import { afterEach, describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { Settings } from "../lib/wire/wire";
import { app, at, open } from "../window.browser";
import { language } from "../i18n/language.svelte";

afterEach(() => {
  language.wanted = "system";
});

async function openSettings() {
  const kept: Settings[] = [];
  open("queue&lang=en", {
    save_settings: async (settings) => {
      kept.push(settings);
      return settings;
    },
  });
  await at("nav-settings").click();
  await expect.element(at("notify")).toBeInTheDocument();
  return kept;
}

const now = () => app.preferences.settings;
const ticked = (testid: string) => expect.element(at(testid));
/** The radio button inside a choice: what takes the focus. */
const radio = (testid: string) => at(testid).getByRole("radio");
const focused = () => document.activeElement;

describe("the limit", () => {
  it("is opened from the foot of the window, and keeps its number while it is off", async () => {
    open("queue&lang=en");
    await expect.element(at("status-limit")).toHaveTextContent("full speed");
    await at("status-limit").click();
    await expect.element(at("limit-choice")).toHaveFocus();
    await at("limit-choice").selectOptions("number");
    await at("limit").fill("7.5");
    await userEvent.keyboard("{Tab}");
    await expect.element(at("status-limit")).toHaveTextContent("limited to 7.5 MB/s");
    await at("limit-choice").selectOptions("automatic");
    await expect.element(at("status-limit")).toHaveTextContent("full speed");
    await at("nav-all").click();
    await at("nav-settings").click();
    await at("limit-choice").selectOptions("number");
    await expect.element(at("limit")).toHaveValue("7.5");
    expect(now().limit).toBe(7_500_000);
    await at("status-limit").click();
    await expect.element(at("limit")).toHaveFocus();
  });
});

describe("by mouse", () => {
  it("the language changes at once, each by its own name", async () => {
    const kept = await openSettings();
    await expect.element(at("language-en")).toHaveTextContent("English");
    await expect.element(at("language-de")).toHaveTextContent("Deutsch");
    await at("language-de").click();
    await expect
      .element(page.getByRole("heading", { level: 1 }))
      .toHaveTextContent("Einstellungen");
    await expect.element(at("language-system")).toHaveTextContent("Wie das System");
    await expect.element(at("language-en")).toHaveTextContent("English");
    await expect.element(at("on-close-ask")).toHaveTextContent("Fragen");
    expect(kept.at(-1)?.language).toBe("de");
    await at("language-en").click();
    await expect.element(page.getByRole("heading", { level: 1 })).toHaveTextContent("Settings");
  });

  it("the sound belongs to the notification", async () => {
    const kept = await openSettings();
    await ticked("notify").toBeChecked();
    await page.getByText("With a sound").click();
    await ticked("sound").toBeChecked();
    await page.getByText("With a notification").click();
    await ticked("notify").not.toBeChecked();
    await ticked("sound").toBeDisabled();
    expect(kept.at(-1)).toMatchObject({ notify: false, sound: true });
    await at("notify").click();
    await ticked("sound").toBeEnabled();
    await ticked("sound").toBeChecked();
  });

  it("what then, staying awake, and what closing does are kept", async () => {
    const kept = await openSettings();
    await at("when-done-sleep").click();
    await expect.poll(() => now().whenDone).toBe("sleep");
    await page.getByText("Keep it awake while uploading").click();
    await ticked("keep-awake").not.toBeChecked();
    await at("on-close-tray").click();
    await expect.element(radio("on-close-tray")).toBeChecked();
    expect(kept.at(-1)).toMatchObject({ whenDone: "sleep", keepAwake: false, onClose: "tray" });
  });

  it("what could not be kept is taken back, with the reason", async () => {
    open("queue&lang=en", {
      save_settings: async () => {
        throw { kind: "storage", detail: "The disk is full." };
      },
    });
    await at("nav-settings").click();
    await at("keep-awake").click();
    await expect.element(at("settings-fault")).toHaveTextContent("The disk is full.");
    await ticked("keep-awake").toBeChecked();
  });
});

describe("by keyboard alone", () => {
  it("everything is reached in the order it is read, and changed", async () => {
    const kept = await openSettings();
    (radio("language-system").element() as HTMLElement).focus();
    await userEvent.keyboard("{ArrowRight}{ArrowRight}");
    await expect.poll(() => now().language).toBe("de");
    expect(focused()).toBe(radio("language-de").element());
    await userEvent.keyboard("{ArrowLeft}");
    await expect.poll(() => now().language).toBe("en");

    (at("ask-changing").element() as HTMLElement).focus();
    await userEvent.keyboard("{Tab}");
    expect(focused()).toBe(at("notify").element());
    await userEvent.keyboard(" ");
    await ticked("notify").not.toBeChecked();
    await userEvent.keyboard("{Tab}");
    // Without a notification there is no sound to be reached.
    expect(focused()).toBe(radio("when-done-stay").element());
    await userEvent.keyboard("{Shift>}{Tab}{/Shift} {Tab} ");
    await ticked("sound").toBeChecked();

    await userEvent.keyboard("{Tab}{ArrowRight}");
    await expect.poll(() => now().whenDone).toBe("quit");
    await userEvent.keyboard("{Tab} ");
    await ticked("keep-awake").not.toBeChecked();
    await userEvent.keyboard("{Tab}{ArrowLeft}");
    await expect.poll(() => now().onClose).toBe("tray");
    expect(kept.at(-1)).toMatchObject({
      notify: true,
      sound: true,
      whenDone: "quit",
      keepAwake: false,
      onClose: "tray",
    });
  });
});

it("every checkbox and choice can be hit, and its words with it", async () => {
  await openSettings();
  const labels = [...document.querySelectorAll<HTMLElement>(".page label:has(input)")];
  expect(labels.length).toBeGreaterThan(8);
  for (const label of labels) {
    expect(label.getBoundingClientRect().height, label.textContent).toBeGreaterThanOrEqual(24);
  }
});
