// A panic is told, and leads to the report, which has no names unless they are ticked.
import { describe, expect, it } from "vitest";
import type { Commands } from "../lib/wire/wire";
import { app, at, open } from "../window.browser";

type SaveReport = Commands["save_report"][0];

function play(panicked: { location: string; version: string; earlier: boolean }) {
  window.postMessage({ panicked });
}

describe("a panic", () => {
  it("is told with what to do, leads to the report, and is dismissed for good", async () => {
    open("queue&lang=en");
    await expect.element(at("nav-all")).toBeInTheDocument();
    play({ location: "src/x.rs:1:1", version: "0.1.0", earlier: false });
    await expect.element(at("panicked")).toHaveTextContent("Your uploads are kept");
    await at("panicked-report").click();
    await expect.element(at("save-report")).toHaveFocus();
    await at("panicked")
      .getByRole("button", { name: /dismiss/i })
      .click();
    await expect.element(at("panicked")).not.toBeInTheDocument();
    expect(await app.backend.panicked(null)).toBeNull();
  });

  it("of an earlier run is told as such", async () => {
    open("queue&lang=en", {
      panicked: async () => ({ location: "src/x.rs:1:1", version: "0.1.0", earlier: true }),
    });
    await expect.element(at("panicked")).toHaveTextContent("the last time it ran");
  });
});

describe("a report", () => {
  it("has no names unless they are ticked, and says where it was saved", async () => {
    const asked: SaveReport[] = [];
    open("queue&lang=en", {
      save_report: async (wanted) => {
        asked.push(wanted);
        return asked.length === 1 ? null : "/home/ada/report.zip";
      },
    });
    await at("nav-settings").click();
    await at("save-report").click();
    await expect.poll(() => asked.length).toBe(1);
    await expect.element(at("report-saved")).not.toBeInTheDocument();
    await at("report-names").click();
    await at("save-report").click();
    await expect.element(at("report-saved")).toHaveTextContent("/home/ada/report.zip");
    expect(asked.map((one) => one.names)).toEqual([false, true]);
    expect(asked[0]?.name).toMatch(/^windlass-report-\d{4}-\d\d-\d\d\.zip$/);
  });
});

describe("what a file manager hands over", () => {
  it("opens the sheet", async () => {
    open("queue&lang=en");
    await expect.element(at("nav-all")).toBeInTheDocument();
    await expect.poll(() => app.ready).toBe(true);
    window.postMessage({ handed: ["/home/ada/Footage/render_v3.mov"] });
    await expect.element(at("sheet")).toBeInTheDocument();
  });
});
