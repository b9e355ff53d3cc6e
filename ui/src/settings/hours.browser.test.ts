// Scheduled limits and low priority in the settings, by mouse and by keyboard alone; and how the foot of the window tells them.
import { afterEach, describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import type { ScheduledLimit, Settings } from "../lib/wire/wire";
import { app, at, open } from "../window.browser";
import { language } from "../i18n/language.svelte";

afterEach(() => {
  language.wanted = "system";
});

const WORKDAYS = ["mo", "tu", "we", "th", "fr"];
const kept = (): ScheduledLimit[] => app.preferences.settings.limitHours;
const focused = () => document.activeElement?.getAttribute("data-testid");

async function openSettings(scene = "queue&lang=en") {
  open(scene);
  await at("nav-settings").click();
  await expect.element(at("hours-add")).toBeInTheDocument();
}

describe("by mouse", () => {
  it("a line is added, changed and told at once", async () => {
    await openSettings();
    await at("hours-add").click();
    await expect.element(at("hours-0-from")).toHaveValue("08:00");
    expect(kept()).toEqual([{ days: WORKDAYS, from: 480, until: 1080, limit: 2_000_000 }]);
    for (const day of ["sa", "su"]) await at(`hours-0-${day}`).click({ force: true });
    await at("hours-0-from").fill("0");
    await at("hours-0-until").fill("24:00");
    await at("hours-0-limit").fill("0,5");
    await userEvent.keyboard("{Tab}");
    await expect.element(at("hours-0-until")).toHaveValue("00:00");
    await expect.element(at("hours-0-limit")).toHaveValue("0.5");
    await expect.element(at("hours-0")).toHaveTextContent("All day");
    expect(kept()[0]).toMatchObject({ from: 0, until: 0, limit: 500_000 });
    expect(kept()[0]?.days).toHaveLength(7);
    await expect.element(at("status-limit")).toHaveTextContent("limited to 500 kB/s");
    await at("hours-0-limit").fill("");
    await userEvent.keyboard("{Tab}");
    expect(kept()[0]?.limit).toBeNull();
    await expect.element(at("status-limit")).toHaveTextContent("full speed");
  });

  it("what is wrong is said in its line, and what held before holds", async () => {
    await openSettings("hours&lang=en");
    const before = structuredClone(kept());
    await at("hours-1-until").fill("6 pm");
    await userEvent.keyboard("{Tab}");
    await expect.element(at("hours-1")).toHaveTextContent("Not a time of day.");
    await expect.element(at("hours-1-until")).toHaveAttribute("aria-invalid", "true");
    await at("hours-1-limit").fill("fast");
    await at("hours-1-until").fill("17");
    await userEvent.keyboard("{Tab}");
    await expect.element(at("hours-1")).toHaveTextContent("Not a number of MB/s.");
    await at("hours-1-limit").fill("3");
    await userEvent.keyboard("{Tab}");
    await expect.element(at("hours-1")).not.toHaveTextContent("This is no");
    expect(kept()).toEqual(before.with(1, { ...before[1]!, until: 17 * 60, limit: 3_000_000 }));
    await expect.element(at("hours-2")).toHaveTextContent("Until 06:00 on the next day");
    await expect
      .element(at("hours-3"))
      .toHaveTextContent("Without a day, these times never apply.");
  });

  it("German writes its numbers with a comma", async () => {
    await openSettings("hours&lang=de");
    await expect.element(at("hours-1-limit")).toHaveValue("2,5");
  });
});

describe("by keyboard alone", () => {
  it("lines are added, moved and removed, and the focus stays where they were", async () => {
    await openSettings("hours&lang=en");
    const [first, second, third, fourth] = structuredClone(kept());
    (at("hours-1-up").element() as HTMLElement).focus();
    await userEvent.keyboard("{Enter}");
    await expect.poll(kept).toEqual([second, first, third, fourth]);
    expect(focused()).toBe("hours-0-remove");
    await userEvent.keyboard("{Enter}");
    await expect.poll(kept).toEqual([first, third, fourth]);
    expect(focused()).toBe("hours-0-remove");
    await userEvent.keyboard("{Enter}{Enter}{Enter}");
    await expect.poll(kept).toEqual([]);
    expect(focused()).toBe("hours-add");
    await userEvent.keyboard("{Enter}");
    await expect.poll(() => kept().length).toBe(1);
    expect(focused()).toBe("hours-0-from");
    await userEvent.keyboard("{Shift>}{Tab}{/Shift} ");
    await expect.poll(() => kept()[0]?.days).toContain("su");
  });
});

it("every day and button can be hit", async () => {
  await openSettings("hours&lang=en");
  for (const one of document.querySelectorAll<HTMLElement>(".hours label, .hours button")) {
    const { width, height } = one.getBoundingClientRect();
    expect(Math.min(width, height), one.outerHTML).toBeGreaterThanOrEqual(24);
  }
});

it("low priority is kept", async () => {
  const saved: Settings[] = [];
  open("queue&lang=en", {
    save_settings: async (settings) => {
      saved.push(settings);
      return settings;
    },
  });
  await at("nav-settings").click();
  await at("low-priority").click();
  await expect.element(at("low-priority")).toBeChecked();
  expect(saved.at(-1)?.lowPriority).toBe(true);
});
