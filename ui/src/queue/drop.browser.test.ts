// Files dragged over the window: the usual place, and those where files went before.
import { describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { mockBackend } from "../lib/backend/mock";
import { at, open } from "../window.browser";

const drag = (drag: unknown) => window.postMessage({ drag }, location.origin);
const usual = (bucket: string, prefix: string) => ({
  connection: "studio",
  bucket,
  prefix,
});

function remembered(connection: string): void {
  const places = [usual("media-prod", "2026/"), usual("nightly-backup", ""), usual("lab", "raw/")];
  const own = places.map((place) => ({ ...place, connection }));
  localStorage.setItem("windlass.destination", JSON.stringify(own[0]));
  localStorage.setItem("windlass.destinations", JSON.stringify(own));
}

describe("files over the window", () => {
  it("go where they are let go: on a place of before, or anywhere else", async () => {
    const app = open("connected");
    await expect.poll(() => app.connections.list.length).toBeGreaterThan(0);
    remembered(app.connections.list[0]?.id ?? "");
    drag({ type: "enter", at: { x: 1, y: 1 } });
    await expect.element(at("drop-offer-0")).toHaveTextContent("nightly-backup");
    await expect.element(at("drop-offer-1")).toHaveTextContent("lab / raw/");
    const box = at("drop-offer-1").element().getBoundingClientRect();
    const over = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    drag({ type: "over", at: over });
    await expect.element(at("drop-offer-1")).toHaveClass("on");
    await expect.element(at("drop-goal")).toHaveTextContent("lab / raw/");
    drag({ type: "drop", tokens: ["/home/ada/render_v9.mov"], at: over });
    await expect.element(at("sheet-summary")).toHaveTextContent("lab / raw/");
    await userEvent.keyboard("{Escape}");

    drag({ type: "enter", at: { x: 1, y: 1 } });
    drag({ type: "drop", tokens: ["/home/ada/render_v9.mov"], at: { x: 1, y: 1 } });
    await expect.element(at("sheet-summary")).toHaveTextContent("media-prod / 2026/");
  });

  it("go to the server that six uploads went to, and never to the practice store below the pointer", async () => {
    const app = open("queue");
    await expect.poll(() => app.connections.list.length).toBeGreaterThan(1);
    const practice = { connection: "practice", bucket: "practice", prefix: "" };
    localStorage.setItem("windlass.destination", JSON.stringify(practice));
    localStorage.setItem("windlass.destinations", JSON.stringify([practice]));
    for (let upload = 0; upload < 6; upload += 1) {
      drag({ type: "drop", tokens: ["/home/ada/render_v9.mov"] });
      await expect.element(at("sheet")).toBeVisible();
      if (upload === 0) await at("sheet-connection").selectOptions("studio");
      await at("sheet-start").click();
      await expect.element(at("sheet")).not.toBeInTheDocument();
    }
    // anywhere in the window: where it hangs last decides
    drag({ type: "enter", at: { x: 1, y: 1 } });
    await expect.element(at("drop-overlay")).toHaveTextContent("Drop to upload to Studio");
    for (let y = 20; y < innerHeight; y += 60) {
      drag({ type: "over", at: { x: innerWidth / 2, y } });
      await expect.poll(() => app.drop.at?.y).toBe(y);
      expect(app.drop.aimedAt(app.connections.list)?.connection ?? "studio").toBe("studio");
    }
    drag({ type: "drop", tokens: ["/home/ada/render_v9.mov"], at: { x: 540, y: 420 } });
    await expect.element(at("sheet-connection")).toHaveValue("studio");
    await expect.element(at("sheet-summary")).toHaveTextContent("to Studio: media-prod");
  });

  it("lie in the middle on no other place than the usual one", async () => {
    const app = open("connected");
    await expect.poll(() => app.connections.list.length).toBeGreaterThan(0);
    remembered(app.connections.list[0]?.id ?? "");
    for (const y of [0.3, 0.5, 0.65]) {
      drag({ type: "over", at: { x: innerWidth / 2 - 60, y: innerHeight * y } });
      await expect.element(at("drop-offer-0")).toBeVisible();
      await expect.poll(() => app.drop.at?.y).toBe(innerHeight * y);
      expect(app.drop.aimed).toBeNull();
    }
  });

  it("go to a connection once it is made", async () => {
    const app = open("connected");
    await expect.poll(() => app.connections.list.length).toBeGreaterThan(0);
    remembered(app.connections.list[0]?.id ?? "");
    await at("nav-connections").click();
    await at("add-connection").click();
    await at("conn-name").fill("Post house");
    await at("conn-endpoint").fill("https://s3.example.com");
    await at("conn-access-key").fill("AKIA");
    await at("conn-secret").fill("hush-hush");
    await at("conn-bucket").fill("media-prod");
    await at("conn-save").click();
    await expect.element(at("conn-saved")).toHaveTextContent("Saved");
    drag({ type: "drop", tokens: ["/home/ada/render_v9.mov"] });
    await expect.element(at("sheet-summary")).toHaveTextContent("to Post house: media-prod");
    // kept where it was, it is not the next one's default: another was used since
    await at("sheet-connection").selectOptions(app.connections.list[0]?.id ?? "");
    await at("sheet-bucket").fill("media-archive");
    await at("sheet-start").click();
    await expect.element(at("sheet")).not.toBeInTheDocument();
    drag({ type: "drop", tokens: ["/home/ada/render_v9.mov"] });
    await expect.element(at("sheet-summary")).toHaveTextContent("media-archive");
    await expect.element(at("sheet-practising")).toBeVisible();
  });

  it("go by themselves where the last ones went", async () => {
    const app = open("connected");
    await expect.poll(() => app.connections.list.length).toBeGreaterThan(0);
    for (const prefix of ["first", "second"]) {
      drag({ type: "drop", tokens: ["/home/ada/render_v9.mov"] });
      await at("sheet-prefix").fill(prefix);
      await userEvent.keyboard("{Enter}");
      await expect.element(at("sheet")).not.toBeInTheDocument();
    }
    drag({ type: "enter", at: { x: 1, y: 1 } });
    await expect.element(at("drop-overlay")).toHaveTextContent("second/");
    await expect.element(at("drop-offer-0")).toHaveTextContent("first/");
  });

  it("are asked about if they exist, whatever was chosen for the drop before", async () => {
    const asked: string[] = [];
    const inner = mockBackend(new URLSearchParams("scene=connected&still"));
    const app = open("connected", {
      add: (request) => {
        asked.push(request.ifExists);
        return inner.add(request);
      },
      scan: inner.scan,
      scan_progress: inner.scan_progress,
    });
    await expect.poll(() => app.connections.list.length).toBeGreaterThan(0);
    drag({ type: "drop", tokens: ["/home/ada/render_v9.mov"] });
    await at("sheet-exists-replace").click();
    await userEvent.keyboard("{Enter}");
    await expect.element(at("sheet")).not.toBeInTheDocument();
    drag({ type: "drop", tokens: ["/home/ada/render_v9.mov"] });
    await expect.element(at("sheet-exists-ask").getByRole("radio")).toBeChecked();
    await userEvent.keyboard("{Enter}");
    await expect.poll(() => asked).toEqual(["replace", "ask"]);
  });

  it("are asked about as the connection or the settings say, and show what differs from it", async () => {
    const asked: string[] = [];
    const inner = mockBackend(new URLSearchParams("scene=queue&still"));
    const app = open("queue", {
      connections: async () =>
        (await inner.connections(null)).map((one) => ({
          ...one,
          ifExists: one.id === "lab" ? ("skip" as const) : null,
        })),
      add: (request) => {
        asked.push(request.ifExists);
        return inner.add(request);
      },
      scan: inner.scan,
      scan_progress: inner.scan_progress,
    });
    await expect.poll(() => app.connections.list.length).toBeGreaterThan(0);
    const checked = (value: string) =>
      expect.element(at(`sheet-exists-${value}`).getByRole("radio")).toBeChecked();
    const begin = () => drag({ type: "drop", tokens: ["/home/ada/render_v9.mov"] });
    await app.preferences.change({ ifExists: "keepBoth" });
    begin();
    await checked("keepBoth");
    await expect.element(at("sheet")).not.toHaveTextContent("For this upload only");
    await at("sheet-connection").selectOptions("lab");
    await checked("skip");
    await at("sheet-exists-replace").click();
    await expect
      .element(at("sheet"))
      .toHaveTextContent("For this upload only; the default is “Skip”.");
    await userEvent.keyboard("{Enter}");
    await expect.element(at("sheet")).not.toBeInTheDocument();
    begin();
    await checked("skip");
    await userEvent.keyboard("{Enter}");
    await expect.poll(() => asked).toEqual(["replace", "skip"]);
  });

  it("are all counted that cannot be read, though only the first are named", async () => {
    const inner = mockBackend(new URLSearchParams("scene=connected&still"));
    const app = open("connected", {
      scan: inner.scan,
      scan_progress: async (id) => ({
        ...(await inner.scan_progress(id)),
        skippedCount: 2_280,
        failedCount: 130,
      }),
    });
    await expect.poll(() => app.connections.list.length).toBeGreaterThan(0);
    drag({ type: "drop", tokens: ["/home/ada/Footage"] });
    await expect.element(at("sheet-bad")).toHaveTextContent("130 files cannot be read");
    await expect.element(at("sheet-bad")).toHaveTextContent("and 129 more");
    await expect.element(at("sheet-skipped")).toHaveTextContent("2,150 files skipped");
  });

  it("forget the place when they leave", async () => {
    const app = open("connected");
    await expect.poll(() => app.connections.list.length).toBeGreaterThan(0);
    drag({ type: "enter" });
    await expect.element(page.getByText(/^Drop to upload/)).toBeVisible();
    drag({ type: "leave" });
    await expect.element(at("drop-overlay")).not.toBeInTheDocument();
    expect(app.drop.aimed).toBeNull();
  });
});
