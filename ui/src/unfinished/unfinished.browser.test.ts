// Incomplete multipart uploads in the window: listed, resumed, discarded, by mouse and by keyboard.
import { describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { Backend } from "../lib/backend";
import type { Adopt, CleanupRule, Discard, UnfinishedUpload } from "../lib/wire/wire";
import { app, at, open } from "../window.browser";

const row = (key: string) => at("unfinished-row").filter({ hasText: key });
const NIGHTLY = "backup/nightly-2026-08-02.tar.zst";

async function shown(change: Partial<Backend> = {}, scene = "queue") {
  open(`${scene}&lang=en`, change);
  await userEvent.keyboard("{Control>}6{/Control}");
  await expect.element(at("unfinished")).toBeVisible();
}

/** As many as are wanted, one a key. */
function many(n: number): Partial<Backend> {
  const uploads = Array.from({ length: n }, (_, at): UnfinishedUpload => ({
    key: `reel/${String(at).padStart(5, "0")}.mxf`,
    uploadId: `u${at}`,
    initiated: 0,
    initiator: "ada",
    storageClass: null,
    parts: 1,
    bytes: 1e6,
    ours: null,
    fault: null,
  }));
  return {
    unfinished: async ({ offset, limit }) => ({
      running: false,
      uploads: uploads.slice(offset, offset + limit),
      count: n,
      bytes: n * 1e6,
      sized: n,
      more: n >= 20_000,
      fault: null,
    }),
  };
}

describe("incomplete uploads", () => {
  it("is told with what it costs, and marks what is in the queue", async () => {
    await shown();
    await expect
      .element(at("unfinished-headline"))
      .toHaveTextContent("14 incomplete uploads take up 38.2 GB or more. You are billed for them.");
    await expect.element(at("nav-unfinished")).toHaveTextContent("14");
    await expect.element(at("live")).toHaveTextContent("14 incomplete uploads take up 38.2 GB.");
    await expect.element(row("rushes_reel_3")).toHaveTextContent("12.8 GB");
    await expect.element(row("sealed")).toHaveTextContent("not reported");
    await at("unfinished-ours").click();
    await expect.element(at("row-2")).toHaveFocus();
    expect(app.selected.map((one) => one.name)).toEqual(["audio.wav"]);
  });

  it("is counted live, and shown as it comes", async () => {
    const { uploads } = await many(2).unfinished!({ id: 1, offset: 0, limit: 2 });
    let asked = 0;
    await shown({
      unfinished: async () => {
        asked += 1;
        const known = asked > 2;
        return {
          running: asked < 5,
          uploads: uploads.map((one) => (known ? one : { ...one, bytes: null, parts: null })),
          count: 2,
          bytes: known ? 2e6 : 0,
          sized: known ? 2 : 0,
          more: false,
          fault: null,
        };
      },
    });
    await expect
      .element(at("unfinished-headline"))
      .toHaveTextContent("2 incomplete uploads found so far");
    await expect.element(row("00001")).toHaveTextContent("...");
    await expect
      .element(at("unfinished-headline"))
      .toHaveTextContent("Getting sizes: 2 of 2, 2 MB so far");
    await expect
      .element(at("unfinished-headline"))
      .toHaveTextContent("2 incomplete uploads take up 2 MB. You are billed for them.");
  });

  it("is another bucket's when another is chosen", async () => {
    await shown();
    await at("unfinished-connection").selectOptions("lab");
    await expect.element(at("unfinished-nothing")).toHaveTextContent("nothing to pay for");
    await expect.element(at("unfinished-rule")).toHaveTextContent("does not support cleanup rules");
    await expect.element(at("unfinished-cleanup")).not.toBeInTheDocument();
    await at("unfinished-connection").selectOptions("studio");
    await at("unfinished-bucket").fill("nightly-backup");
    expect(app.unfinished.bucket).toBe("media-prod");
    await userEvent.keyboard("{Enter}");
    await expect.element(at("unfinished-fault")).toHaveTextContent("s3:ListBucketMultipartUploads");
    await at("unfinished-connection").selectOptions("ceph");
    await expect.element(page.getByText("Choose a bucket")).toBeVisible();
    await expect.element(at("unfinished-look")).toBeDisabled();
  });

  it("is not asked for again and again where the answer is no", async () => {
    let asked = 0;
    await shown({
      look_unfinished: () => {
        asked += 1;
        return Promise.reject(new Error("no such thing"));
      },
    });
    await expect.element(at("unfinished-fault")).toHaveTextContent("No such thing");
    await new Promise((done) => setTimeout(done, 300));
    expect(asked).toBe(1);
    await at("unfinished-look").click();
    await expect.poll(() => asked).toBe(2);
  });

  it("needs a connection", async () => {
    await shown({}, "empty");
    await expect.element(at("unfinished-no-connection")).toBeVisible();
    await at("unfinished-connect").click();
    await expect.element(at("conn-form")).toBeVisible();
  });

  it("costs nothing in the practice store", async () => {
    await shown(many(1), "connected");
    await expect
      .element(at("unfinished-headline"))
      .toHaveTextContent(
        "1 incomplete upload takes up 1 MB. They take up space only on this computer.",
      );
  });

  it("may be twenty thousand: a few are drawn, the last is reached, the filter finds", async () => {
    await shown(many(20_000));
    await expect.element(at("unfinished-table")).toHaveAttribute("aria-rowcount", "20001");
    await row("00000").click();
    expect(document.querySelectorAll("[data-testid=unfinished-row]").length).toBeLessThan(60);
    await userEvent.keyboard("{End}");
    await expect.element(row("19999")).toHaveFocus();
    await expect.element(row("19999")).toBeInViewport();
    await expect.element(page.getByText("only the first 20,000 are shown")).toBeVisible();
    await userEvent.keyboard("{Control>}f{/Control}");
    await userEvent.keyboard("0123");
    await expect.element(row("00123")).toBeInViewport();
    await expect.element(at("unfinished-table")).toHaveAttribute("aria-rowcount", "13");
    await userEvent.keyboard("x");
    await expect.element(page.getByText("No key here matches “0123x”.")).toBeVisible();
    await userEvent.keyboard("{Escape}");
    await expect.element(at("unfinished-table")).toHaveAttribute("aria-rowcount", "20001");
  });
});

describe("the keyboard", () => {
  it("moves, extends, takes all and none, with one tab stop", async () => {
    await shown();
    await row("rushes_reel_3").click();
    await userEvent.keyboard("{ArrowDown}{Shift>}{ArrowDown}{ArrowDown}{/Shift}");
    await expect.element(at("unfinished-selected")).toHaveTextContent("3 selected, 9.4 GB");
    expect(document.querySelectorAll("[data-testid=unfinished-row][tabindex='0']")).toHaveLength(1);
    await expect.element(at("unfinished-adopt")).toBeDisabled();
    await userEvent.keyboard("{Control>}a{/Control}");
    await expect.element(at("unfinished-selected")).toHaveTextContent("14 selected");
    await userEvent.keyboard("{Escape}");
    expect(app.unfinished.picked).toHaveLength(0);
    await userEvent.keyboard("{Home}");
    await expect.element(row("rushes_reel_3")).toHaveFocus();
  });

  it("has the menu of a row, and copies its key", async () => {
    let copied = "";
    await shown({ copyText: async (text) => void (copied = text) });
    await row(NIGHTLY).click();
    await userEvent.keyboard("{Shift>}{F10}{/Shift}");
    await expect.element(at("menu-server.adopt")).toHaveFocus();
    await expect.element(at("menu-server.show")).not.toBeInTheDocument();
    await userEvent.keyboard("{ArrowDown}{Enter}");
    await expect.poll(() => copied).toBe(NIGHTLY);
    await expect.element(row(NIGHTLY)).toHaveFocus();
  });
});

describe("discarding", () => {
  it("asks first, with how many and how much, and stays in the list", async () => {
    await shown();
    await row("dailies_0714").click();
    await userEvent.keyboard("{Shift>}{ArrowDown}{/Shift}{Delete}");
    await expect.element(at("ask")).toHaveTextContent("Discard 2 incomplete uploads?");
    await expect.element(at("ask")).toHaveTextContent("4.6 GB on the server will be deleted");
    await userEvent.keyboard("{Enter}");
    await expect.element(at("ask")).not.toBeInTheDocument();
    await expect.element(row("dailies_0714")).toBeVisible();
    await userEvent.keyboard("{Delete}");
    await at("ask-yes").click();
    await expect.element(row("dailies_0714")).not.toBeInTheDocument();
    await expect.element(at("live")).toHaveTextContent("2 incomplete uploads discarded");
    await expect.element(at("unfinished-headline")).toHaveTextContent("12 incomplete uploads");
    await expect.element(row("dailies_0728")).toHaveFocus();
  });

  it("cancels what is in the queue, and says so before", async () => {
    await shown();
    await row("audio.wav").click();
    await at("unfinished-discard").click();
    await expect.element(at("ask")).toHaveTextContent("It is in the queue here");
    await at("ask-yes").click();
    await expect.element(row("audio.wav")).not.toBeInTheDocument();
    await at("nav-all").click();
    await expect.element(at("row-2")).toHaveAttribute("data-status", "aborted");
  });

  it("tells which could not be, and why, and keeps them selected", async () => {
    await shown();
    await row("sealed").click();
    await userEvent.keyboard("{Shift>}{ArrowDown}{/Shift}");
    await at("unfinished-discard").click();
    await expect.element(at("ask")).toHaveTextContent("600 MB or more");
    await at("ask-yes").click();
    const note = at("unfinished-refused");
    await expect.element(note).toHaveTextContent("1 of 2 could not be discarded");
    await expect.element(note).toHaveTextContent("legal/deposition sealed.mov");
    await expect.element(note).toHaveTextContent("s3:AbortMultipartUpload).");
    expect(app.unfinished.picked.map((one) => one.key)).toEqual(["legal/deposition sealed.mov"]);
    await expect.element(row("sealed")).toBeInViewport();
    await at("unfinished-refused-close").click();
    await expect.element(note).not.toBeInTheDocument();
  });

  it("names the bucket that was looked into", async () => {
    const asked: Discard[] = [];
    await shown({
      discard_unfinished: async (wanted) => {
        asked.push(wanted);
        return { gone: 1, faults: [] };
      },
    });
    await row("drone_0612").click();
    await at("unfinished-bucket").fill("another");
    await at("unfinished-discard").click();
    // leaving the field looked into the other bucket: nothing of the first can be discarded any more
    await expect.element(at("ask")).not.toBeInTheDocument();
    expect(asked).toEqual([]);
    expect(app.unfinished.bucket).toBe("another");
  });
});

describe("going on", () => {
  it("takes the file, and leads to its row in the queue", async () => {
    const asked: Adopt[] = [];
    await shown();
    const real = app.backend.adopt;
    app.backend.adopt = async (wanted) => {
      asked.push(wanted);
      return real(wanted);
    };
    await row("drone_0611").click();
    await userEvent.keyboard("{Enter}");
    await expect.element(at("queue")).toBeVisible();
    await expect.poll(() => app.selected.map((one) => one.name)).toEqual(["render_v3.mov"]);
    const id = app.selected[0]?.id ?? 0;
    await expect.element(at(`row-${id}`)).toHaveFocus();
    await expect.element(at(`row-${id}`)).toBeInViewport();
    expect(asked[0]).toMatchObject({
      connection: "studio",
      bucket: "media-prod",
      key: "2026/08/drone_0611.mp4",
      path: "/home/ada/Footage/render_v3.mov",
      ifExists: "ask",
    });
    await at("nav-unfinished").click();
    await expect.element(row("drone_0611")).toHaveTextContent("In the queue");
  });

  it("tells in place why a file does not do, and takes another", async () => {
    let path = "/home/ada/short.mov";
    await shown({ pickFiles: async () => [path] });
    await row("drone_0611").click();
    await at("unfinished-adopt").click();
    const note = at("unfinished-refused");
    await expect.element(note).toHaveTextContent("drone_0611.mp4 cannot be resumed from this file");
    await expect.element(note).toHaveTextContent("this file has only 1,000,000,000 bytes");
    path = "/home/ada/drone_0611.mp4";
    await at("unfinished-another").click();
    await expect.element(at("queue")).toBeVisible();
  });

  it("goes on from one file, and does nothing where none is chosen", async () => {
    let paths: string[] | null = null;
    await shown({ pickFiles: async () => paths });
    await row("drone_0611").click();
    await at("unfinished-adopt").click();
    await expect.poll(() => app.unfinished.busy).toBe(false);
    await expect.element(at("unfinished-refused")).not.toBeInTheDocument();
    paths = ["/a", "/b"];
    await at("unfinished-adopt").click();
    await expect.element(at("unfinished-refused")).toHaveTextContent("several were chosen");
  });
});

describe("cleaning up by itself", () => {
  it("is set, changed and taken away by keyboard", async () => {
    await shown();
    await expect
      .element(at("unfinished-rule"))
      .toHaveTextContent("They are not removed automatically");
    at("unfinished-cleanup").element().focus();
    await userEvent.keyboard("{Enter}");
    await expect.element(at("cleanup-save")).toHaveFocus();
    await expect.element(at("cleanup-days")).toHaveValue("7");
    await at("cleanup-days").fill("0");
    await expect.element(at("cleanup-save")).toBeDisabled();
    await at("cleanup-days").fill("30");
    await userEvent.keyboard("{Enter}");
    await expect.element(at("cleanup")).not.toBeInTheDocument();
    await expect
      .element(at("unfinished-rule"))
      .toHaveTextContent("The server aborts them 30 days after they were created.");
    await expect.element(at("unfinished-cleanup")).toHaveFocus();
    await userEvent.keyboard("{Enter}");
    await expect.element(at("cleanup-days")).toHaveValue("30");
    await at("cleanup-on").click();
    await at("cleanup-save").click();
    await expect
      .element(at("unfinished-rule"))
      .toHaveTextContent("They are not removed automatically");
  });

  const RULES: [string, CleanupRule, RegExp][] = [
    [
      "another rule of the whole bucket",
      { supported: true, days: 3, ours: false, others: [{ name: "tidy", days: 3, prefix: "" }] },
      /them 3 days after they were created, by the rule “tidy”\.$/,
    ],
    [
      "ours before a slower one",
      { supported: true, days: 7, ours: true, others: [{ name: "slow", days: 90, prefix: "" }] },
      /them 7 days after they were created\.$/,
    ],
    [
      "a rule of some keys",
      {
        supported: true,
        days: null,
        ours: false,
        others: [{ name: "l", days: 1, prefix: "log/" }],
      },
      /^The rule “l” aborts those under log\/ after 1 day\.$/,
    ],
  ];
  it.each(RULES)("knows %s", async (_, rule, said) => {
    await shown({ cleanup_rule: async () => rule });
    await expect.element(at("unfinished-rule")).toHaveTextContent(said);
    await at("unfinished-cleanup").click();
    await expect.element(at("cleanup-others")).toHaveTextContent(rule.others[0]?.name ?? "");
    await expect.element(at("cleanup-others")).toHaveTextContent("left unchanged");
  });

  it("keeps a refusal in the dialog, and an unknown rule out of the way", async () => {
    const fault = {
      kind: "denied" as const,
      part: null,
      status: 403,
      code: "AccessDenied",
      requestId: null,
      detail: "s3:PutLifecycleConfiguration is missing",
      reason: null,
    };
    await shown({ set_cleanup_rule: () => Promise.reject(fault) });
    await at("unfinished-cleanup").click();
    await at("cleanup-save").click();
    await expect.element(at("cleanup-fault")).toHaveTextContent("PutLifecycleConfiguration");
    await at("cleanup-cancel").click();
    app.backend.cleanup_rule = () => Promise.reject(fault);
    await userEvent.keyboard("{Control>}r{/Control}");
    await expect
      .element(at("unfinished-rule"))
      .toHaveTextContent("Could not read the cleanup rules");
    await expect.element(at("unfinished-cleanup")).not.toBeInTheDocument();
    await expect.element(row("drone_0611")).toBeVisible();
  });
});
