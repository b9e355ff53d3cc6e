// The whole window in a browser on the stand-in backend: what a person can see and do.
import { describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { Backend } from "./lib/backend";
import { mockBackend } from "./lib/backend/mock";
import { app, at, becomes, inRow, open } from "./window.browser";

const drop = (...paths: string[]) =>
  window.postMessage({ drag: { type: "drop", tokens: paths } }, location.origin);

describe("the first minute", () => {
  it("goes from nothing to an upload with the practice store", async () => {
    open("empty");
    await at("try-practice").click();
    await expect.element(page.getByText("Drop files to upload")).toBeVisible();
    drop("/home/ada/render_v9.mov");
    await expect
      .element(at("sheet-summary"))
      .toHaveTextContent("render_v9.mov, 41.2 GB to Practice store practice");
    await expect.element(at("sheet-plan")).toHaveTextContent("2,456 parts of 16 MiB");
    await userEvent.keyboard("{Enter}");
    await expect.element(at("row-1")).toHaveTextContent("render_v9.mov");
    await expect.element(at("sheet")).not.toBeInTheDocument();
    await expect.element(at("detail-name")).toHaveTextContent("render_v9.mov");
  });

  it("cancels the sheet with Esc, and adds nothing", async () => {
    open("connected");
    drop("/home/ada/render_v9.mov");
    await expect.element(at("sheet")).toBeVisible();
    await userEvent.keyboard("{Escape}");
    await expect.element(at("sheet")).not.toBeInTheDocument();
    expect(app.totals.all).toBe(0);
  });

  it("names a file that is not there, and starts nothing", async () => {
    open("connected");
    drop("/home/ada/missing.mov");
    await expect.element(at("sheet-summary")).toHaveTextContent("Nothing to upload");
    await expect.element(at("sheet-bad")).toHaveTextContent("File not found");
    await expect.element(at("sheet-start")).toBeDisabled();
  });

  it("fills in the day in the folder's name, and remembers what was typed", async () => {
    open("connected");
    drop("/home/ada/render_v9.mov");
    await at("sheet-prefix").fill("dailies/{year}");
    const year = String(new Date().getFullYear());
    await expect.element(at("sheet-summary")).toHaveTextContent(`dailies/${year}/`);
    await userEvent.keyboard("{Enter}");
    await expect.element(at("row-1")).toHaveTextContent(`dailies/${year}/`);
    drop("/home/ada/render_v10.mov");
    await expect.element(at("sheet-prefix")).toHaveValue("dailies/{year}/");
  });

  it("says which names become others as keys", async () => {
    open("connected");
    drop("/home/ada/Footage");
    await expect.element(at("sheet-composed")).toHaveTextContent("3 names");
    await at("sheet-renamed")
      .getByText(/same name as another/)
      .click();
    await expect.element(at("sheet-renamed")).toHaveTextContent("uploaded as audio (2).wav");
  });

  it("shows where files would go while they hang over the window", async () => {
    open("queue");
    window.postMessage({ drag: { type: "over" } }, location.origin);
    await expect.element(at("drop-overlay")).toHaveTextContent("media-prod / 2026/08/");
    window.postMessage({ drag: { type: "leave" } }, location.origin);
    await expect.element(at("drop-overlay")).not.toBeInTheDocument();
  });

  it("keeps a refused start in the sheet, with its reason", async () => {
    open("queue");
    drop("/home/ada/render_v9.mov");
    await at("sheet-bucket").fill("nobody-has-this");
    await at("sheet-start").click();
    await expect
      .element(at("sheet-fault"))
      .toHaveTextContent("The bucket “nobody-has-this” does not exist");
  });
});

describe("the queue", () => {
  it("pauses and resumes from the row and by keys", async () => {
    open("queue");
    await inRow(1, "row-pause").click();
    await becomes(1, "paused");
    await inRow(1, "row-resume").click();
    await becomes(1, "waiting");
    await at("row-2").click();
    await userEvent.keyboard("{Control>}p{/Control}");
    await becomes(2, "paused");
  });

  it("moves with the arrows, extends with Shift, takes all with Ctrl-A", async () => {
    open("queue");
    await at("row-1").click();
    await userEvent.keyboard("{ArrowDown}");
    await expect.element(at("row-2")).toHaveFocus();
    await userEvent.keyboard("{Shift>}{ArrowDown}{ArrowDown}{/Shift}");
    await expect.element(at("row-4")).toHaveFocus();
    expect(app.selected.map((row) => row.id)).toEqual([2, 3, 4]);
    await userEvent.keyboard("{Control>}a{/Control}");
    await expect.poll(() => app.selected.length).toBe(25);
    await expect.element(at("detail")).toHaveTextContent("25 uploads selected");
  });

  it("moves the selected by keys and from the menu, and stays with them", async () => {
    open("queue");
    await at("row-9").click();
    await userEvent.keyboard("{Alt>}{ArrowUp}{/Alt}");
    await expect.element(at("row-9")).toHaveAttribute("aria-rowindex", "8");
    await expect.element(at("row-9")).toHaveFocus();
    await expect.element(at("live")).toHaveTextContent("proxy_0002.mp4, now 8 of 25");
    await userEvent.keyboard("{Shift>}{ArrowDown}{/Shift}{Alt>}{Home}{/Alt}");
    await expect.element(at("row-9")).toHaveAttribute("aria-rowindex", "1");
    await expect.element(at("row-8")).toHaveAttribute("aria-rowindex", "2");
    await expect.element(at("row-8")).toHaveFocus();
    await at("row-8").click({ button: "right" });
    await at("menu-moveLast").click();
    await expect.element(at("row-8")).toHaveFocus();
    await expect.element(at("row-8")).toHaveAttribute("aria-rowindex", "25");
    await expect.element(at("row-8")).toBeInViewport();
  });

  it("stays with what is sent to the far end of a hundred thousand", async () => {
    open("many");
    await at("row-3").click();
    await userEvent.keyboard("{Alt>}{End}{/Alt}");
    await expect.element(at("row-3")).toHaveAttribute("aria-rowindex", "100007");
    await expect.element(at("row-3")).toHaveFocus();
    await userEvent.keyboard("{Alt>}{Home}{/Alt}");
    await expect.element(at("row-3")).toHaveAttribute("aria-rowindex", "1");
    await expect.element(at("row-3")).toHaveFocus();
  });

  describe("carried by the mouse", () => {
    const pointer = (type: string, x: number, y: number) =>
      (document.elementFromPoint(x, y) ?? document.body).dispatchEvent(
        new PointerEvent(type, {
          bubbles: true,
          pointerId: 1,
          pointerType: "mouse",
          buttons: type === "pointerup" ? 0 : 1,
          clientX: x,
          clientY: y,
        }),
      );
    const middle = (id: number) => {
      const box = at(`row-${id}`).element().getBoundingClientRect();
      return { x: box.left + 120, y: box.top + box.height / 2, height: box.height };
    };
    /** A pointer that the script moves cannot be captured: there is none. */
    const uncaptured = () => {
      at("queue").element().setPointerCapture = () => undefined;
    };

    it("lands where the line is", async () => {
      open("queue");
      await expect.element(at("row-8")).toBeVisible();
      uncaptured();
      const [from, to] = [middle(8), middle(2)];
      pointer("pointerdown", from.x, from.y);
      pointer("pointermove", from.x, from.y - 3);
      expect(app.selected).toHaveLength(0);
      pointer("pointermove", to.x, to.y - to.height / 4);
      await expect.element(at("landing")).toBeVisible();
      await expect.poll(() => app.selected.map((row) => row.id)).toEqual([8]);
      pointer("pointerup", to.x, to.y - to.height / 4);
      await expect.element(at("row-8")).toHaveAttribute("aria-rowindex", "2");
      await expect.element(at("row-2")).toHaveAttribute("aria-rowindex", "3");
      await expect.element(at("landing")).not.toBeInTheDocument();
    });

    it("stays where it was after Esc, and stays selected", async () => {
      open("queue");
      await expect.element(at("row-8")).toBeVisible();
      uncaptured();
      const [from, to] = [middle(8), middle(2)];
      pointer("pointerdown", from.x, from.y);
      pointer("pointermove", to.x, to.y);
      await expect.element(at("landing")).toBeVisible();
      await userEvent.keyboard("{Escape}");
      pointer("pointerup", to.x, to.y);
      await expect.element(at("landing")).not.toBeInTheDocument();
      await expect.element(at("row-8")).toHaveAttribute("aria-rowindex", "8");
      expect(app.selected.map((row) => row.id)).toEqual([8]);
    });
  });

  it("draws a few rows of a hundred thousand, and reaches the last", async () => {
    open("many");
    await at("row-1").click();
    expect(document.querySelectorAll("[role=row]").length).toBeLessThan(40);
    await expect.element(at("queue")).toHaveAttribute("aria-rowcount", "100007");
    await userEvent.keyboard("{End}");
    await expect.element(at("row-100007")).toHaveFocus();
    expect(document.querySelectorAll("[role=row]").length).toBeLessThan(40);
  });

  it("keeps the focus on its row while that is scrolled away", async () => {
    open("many");
    await at("row-3").click();
    const list = at("queue").element();
    list.scrollTop = 200_000;
    await expect.poll(() => document.querySelector("[aria-rowindex='3575']")).not.toBeNull();
    await expect.element(at("row-3")).toHaveFocus();
    await userEvent.keyboard("{ArrowDown}");
    await expect.element(at("row-4")).toHaveFocus();
  });

  it("offers for a name that is taken to replace it, and the rest in the menu", async () => {
    open("queue");
    await expect.element(inRow(6, "row-remedy")).toHaveTextContent("Replace");
    await at("row-6").click({ button: "right" });
    await expect.element(at("menu-keepBoth")).toBeVisible();
    await at("menu-skip").click();
    await expect.element(at("row-6")).toHaveAttribute("data-status", "skipped");
  });

  it("says of a done row what was proved", async () => {
    open("done");
    await expect.element(at("row-1")).toHaveTextContent(/2026\/08\/\s*Verified/);
    const said = (id: number) => inRow(id, "row-proof");
    for (const id of [3, 4]) {
      await expect.element(at(`row-${id}`)).toHaveTextContent("Verified");
      await expect.element(said(id)).not.toBeInTheDocument();
    }
    await expect.element(at("row-6")).toHaveTextContent("Done");
    await expect.element(said(6)).toHaveTextContent("compared: size only; each part by MD5");
  });

  it("tells skipped files apart from uploaded ones, wherever they are counted", async () => {
    open("done");
    await expect.element(at("row-8")).toHaveAttribute("data-status", "skipped");
    await expect.element(at("row-8")).toHaveTextContent("Skipped");
    await expect.element(inRow(8, "row-skipped")).toHaveTextContent("Already there, same size");
    await expect.element(at("status-line")).toHaveTextContent("21 uploads done, 3 skipped");
    await expect.element(at("nav-done")).toHaveTextContent("21");
    await at("nav-skipped").click();
    await expect.element(at("nav-skipped")).toHaveTextContent("3");
    await expect.element(at("row-1")).not.toBeInTheDocument();
    await at("row-8").click();
    await expect.element(at("detail-status")).toHaveTextContent(/^Skipped$/);
    await expect.element(at("detail-skipped")).toHaveTextContent("Nothing was uploaded.");
    await expect.element(at("detail-skipped")).toHaveTextContent("were not compared");
    await expect.element(at("receipt")).not.toBeInTheDocument();
    await at("clear-skipped").click();
    await expect.element(at("nav-skipped")).not.toHaveTextContent("3");
    expect(app.totals.all).toBe(21);
  });

  it("gives every failure its words and one button", async () => {
    open("failed");
    await expect.element(at("row-1")).toHaveTextContent("The server cannot be reached");
    await expect.element(inRow(1, "row-retry")).toHaveTextContent("Try again");
    await inRow(2, "row-remedy").click();
    await expect.element(at("conn-form")).toBeVisible();
  });

  it("filters, and says so when nothing fits", async () => {
    open("queue");
    await userEvent.keyboard("{Control>}f{/Control}");
    await userEvent.keyboard("audio");
    await expect.element(at("row-2")).toBeVisible();
    await expect.element(at("row-1")).not.toBeInTheDocument();
    await userEvent.keyboard("zzz");
    await expect.element(page.getByText("No name here matches")).toBeVisible();
  });

  it("asks for one page at a time, however many nudges come", async () => {
    const real = mockBackend(new URLSearchParams("scene=queue&still"));
    let tell: Parameters<Backend["onProgress"]>[0] = () => undefined;
    let [under, most, pulls] = [0, 0, 0];
    open("queue", {
      onProgress: (told) => {
        tell = told;
        return () => undefined;
      },
      queue_page: async (query) => {
        pulls += 1;
        most = Math.max(most, ++under);
        await new Promise((done) => setTimeout(done, 50));
        under -= 1;
        return real.queue_page(query);
      },
    });
    await expect.element(at("row-1")).toBeVisible();
    const [before, totals] = [pulls, await real.totals(null)];
    for (let revision = 2; revision < 60; revision += 1) tell({ ...totals, revision });
    await new Promise((done) => setTimeout(done, 400));
    expect(most).toBe(1);
    expect(pulls - before).toBeLessThanOrEqual(3);
  });
});

describe("notices", () => {
  it("stand under the toolbar until they are dismissed", async () => {
    open("notices");
    const aside = at("notice-journalAside");
    await expect.element(aside).toHaveTextContent("12 uploads were recovered from it.");
    await expect.element(aside).toHaveTextContent("journal.sqlite.damaged");
    await aside.getByRole("button").click();
    await expect.element(aside).not.toBeInTheDocument();
    await expect.element(at("notice-settingsAside")).toBeVisible();
    expect(app.totals.notices).toBe(2);
  });

  it("come with a nudge, also to an empty list", async () => {
    const real = mockBackend(new URLSearchParams("scene=connected&still"));
    let tell: Parameters<Backend["onProgress"]>[0] = () => undefined;
    open("connected", {
      onProgress: (told) => {
        tell = told;
        return () => undefined;
      },
      notices: async () => [{ kind: "journalFull", saved: null, fault: null, path: null }],
    });
    await expect.element(page.getByText("Drop files to upload")).toBeVisible();
    await expect.element(at("notice-journalFull")).not.toBeInTheDocument();
    tell({ ...(await real.totals(null)), revision: 9, notices: 1 });
    await expect.element(at("notice-journalFull")).toHaveTextContent("start automatically");
  });
});

describe("the detail", () => {
  it("shows the map with its words, and the part under the keys", async () => {
    open("queue");
    await at("row-1").click();
    const map = at("part-map");
    await expect
      .element(map)
      .toHaveAttribute("aria-label", expect.stringContaining("of 2,456 parts stored"));
    const canvas = map.element() as HTMLCanvasElement;
    expect(canvas.width).toBe(Math.round(canvas.clientWidth * devicePixelRatio));
    canvas.focus();
    await userEvent.keyboard("{ArrowRight}{ArrowRight}");
    await expect.element(at("part-said")).toHaveTextContent(/^Parts? [\d,]+/);
  });

  it("shows the speed of a minute, or of ten", async () => {
    open("queue");
    await at("row-1").click();
    const chart = () => page.getByRole("img", { name: /^Speed over the last/ });
    await expect.element(chart()).toHaveAccessibleName(/last minute/);
    await at("throughput-10").click();
    await expect.element(chart()).toHaveAccessibleName(/last 10 minutes/);
  });

  it("gives the address of a finished upload, and copies it", async () => {
    let copied = "";
    open("done", {
      copyText: async (text) => {
        copied = text;
      },
    });
    await at("row-2").click();
    await expect.element(at("address")).toHaveTextContent("s3://media-prod/2026/08/proxy_0002.mp4");
    await at("copy-address").click();
    await expect.poll(() => copied).toBe("s3://media-prod/2026/08/proxy_0002.mp4");
    await expect.element(at("fact-proof")).toHaveTextContent("compared: whole object, CRC64NVME");
  });

  it("is a sheet in a narrow window, and goes away with Esc", async () => {
    await page.viewport(900, 640);
    open("queue");
    await at("row-1").click();
    await expect.element(at("detail")).not.toBeInTheDocument();
    await at("row-1").dblClick();
    await expect.element(at("detail")).toBeVisible();
    await userEvent.keyboard("{Escape}");
    await expect.element(at("detail")).not.toBeInTheDocument();
  });
});

describe("connections", () => {
  async function fillKeys(secret: string) {
    await at("conn-endpoint").fill("https://s3.example.com");
    await at("conn-access-key").fill("AKIA");
    await at("conn-secret").fill(secret);
  }

  it("saves, and keeps nothing of the secret", async () => {
    open("empty");
    await at("add-connection").click();
    await fillKeys("hush-hush");
    await at("conn-save").click();
    await expect.element(at("conn-secret")).toHaveAttribute("placeholder", "Saved in the keychain");
    await expect.element(at("conn-secret")).toHaveValue("");
    expect(JSON.stringify(app.connections.draft)).not.toContain("hush-hush");
    expect(JSON.stringify({ ...localStorage })).not.toContain("hush-hush");
  });

  it("ticks the lines of the test, and stops where it fails", async () => {
    open("empty");
    await at("add-connection").click();
    await fillKeys("wrong");
    await at("conn-test").click();
    await expect.element(at("check-reached")).toHaveAttribute("data-outcome", "passed");
    await expect.element(at("check-signedIn")).toHaveAttribute("data-outcome", "failed");
    await expect.element(at("check-mayUpload")).toHaveAttribute("data-outcome", "skipped");
  });

  it("offers the region that the bucket is in, and tests again with it", async () => {
    open("queue");
    await at("nav-connections").click();
    await at("conn-test").click();
    await at("use-region").click();
    await expect.element(at("conn-region")).toHaveValue("eu-central-1");
    await expect.element(at("check-checksums")).toHaveAttribute("data-outcome", "passed");
  });

  it("asks where the secret is to be kept when there is no keychain", async () => {
    open("nokeychain");
    await at("add-connection").click();
    await fillKeys("hush-hush");
    await expect.element(at("keychain-notice")).toHaveTextContent("gnome-keyring");
    await at("conn-save").click();
    await expect.element(at("conn-lacking")).toBeVisible();
    await at("keychain-session").click();
    await at("conn-save").click();
    await expect.element(at("conn-secret")).toHaveAttribute("placeholder", "Kept until you quit");
  });
});

it("changes its look at once", async () => {
  open("queue");
  await at("nav-settings").click();
  await at("appearance-dark").click();
  await expect.poll(() => document.documentElement.dataset["theme"]).toBe("dark");
  await at("appearance-light").click();
  await expect.poll(() => document.documentElement.dataset["theme"]).toBe("light");
});
