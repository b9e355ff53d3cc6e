// A link to a finished upload, its receipt and its file in the window: by mouse and by keyboard, granted and refused.
import { describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import type { Backend } from "../lib/backend";
import type { Fault, Presign } from "../lib/wire/wire";
import { app, at, inRow, open } from "../window.browser";

const DAY = 86_400;

/** Remembers what was asked for and what was copied. */
function links(change: Partial<Backend> = {}) {
  const asked: Presign[] = [];
  const copied: string[] = [];
  open("done&lang=en", {
    presign: async (wanted) => {
      asked.push(wanted);
      const until = Date.UTC(2026, 7, 14, 12, 0);
      return { url: `https://s3.example.com/${asked.length}`, until, mayEndSooner: false };
    },
    copyText: async (text) => void copied.push(text),
    ...change,
  });
  return { asked, copied };
}

describe("a link", () => {
  it("is made and copied from the details, for as long as is chosen", async () => {
    const { asked, copied } = links();
    await at("row-2").click();
    await at("copy-link").click();
    await expect.element(at("link")).toHaveTextContent("Link to proxy_0002.mp4");
    await expect.element(at("link-warns")).toHaveTextContent(/Anyone with the link can read/);
    await at("link-week").click();
    await at("link-download").click();
    await at("link-make").click();
    await expect.element(at("link-said")).toHaveTextContent("Copied.");
    await expect.element(at("link-url")).toHaveValue("https://s3.example.com/1");
    await expect.element(at("link-warns")).toHaveTextContent("14 August");
    await expect.element(at("link-sooner")).not.toBeInTheDocument();
    expect(asked).toEqual([{ id: 2, seconds: 7 * DAY, download: true }]);
    expect(copied).toEqual(["https://s3.example.com/1"]);
    // copied again, not made again
    await at("link-make").click();
    await expect.poll(() => copied.length).toBe(2);
    expect(asked).toHaveLength(1);
  });

  it("is made by keyboard alone, from the menu of the row", async () => {
    const { asked } = links();
    await at("row-1").click();
    await userEvent.keyboard("{Shift>}{F10}{/Shift}");
    await expect.element(at("menu-link")).toBeVisible();
    await userEvent.keyboard("{ArrowDown}{ArrowDown}{ArrowDown}");
    while (document.activeElement !== at("menu-link").element()) {
      await userEvent.keyboard("{ArrowDown}");
    }
    await userEvent.keyboard("{Enter}");
    await expect.element(at("link-make")).toHaveFocus();
    await userEvent.keyboard("{Enter}");
    await expect.element(at("link-said")).toBeVisible();
    await expect.element(at("link-make")).toHaveFocus();
    expect(asked[0]?.seconds).toBe(DAY);
    await userEvent.keyboard("{Escape}");
    await expect.element(at("link")).not.toBeInTheDocument();
    await expect.element(at("row-1")).toHaveFocus();
    expect(app.linking.link).toBeNull();
  });

  it("takes a time of one's own, and no more than seven days; remembers it", async () => {
    const { asked } = links();
    await at("row-1").click();
    await at("copy-link").click();
    await at("link-own").click();
    await at("link-amount").fill("8");
    await expect.element(at("link-make")).toBeDisabled();
    await expect.element(at("link")).toHaveTextContent("Seven days at most");
    await at("link-unit").selectOptions("hours");
    await at("link-amount").fill("1,5");
    await at("link-make").click();
    await expect.element(at("link-url")).toBeVisible();
    expect(asked[0]?.seconds).toBe(5400);
    // what was made is not what is wanted any more
    await at("link-amount").fill("2");
    await expect.element(at("link-url")).not.toBeInTheDocument();
    await at("link-close").click();
    await at("copy-link").click();
    await expect.element(at("link-amount")).toHaveValue("1,5");
  });

  it("says when it may end sooner, and when the clipboard refused", async () => {
    links({
      presign: async () => ({ url: "https://s3.example.com/x", until: 0, mayEndSooner: true }),
      copyText: () => Promise.reject(new Error("no")),
    });
    await at("row-1").click();
    await at("copy-link").click();
    await at("link-make").click();
    await expect.element(at("link-sooner")).toHaveTextContent("It may expire sooner");
    await expect.element(at("link-said")).toHaveTextContent("Could not copy it to the clipboard");
    await expect.element(at("link-url")).toHaveValue("https://s3.example.com/x");
  });

  it("tells in the dialog why there is none", async () => {
    const fault = {
      kind: "unsupported",
      part: null,
      status: null,
      code: null,
      requestId: null,
      detail: "this connection does not sign requests",
      reason: null,
    } satisfies Fault;
    links({ presign: () => Promise.reject(fault) });
    await at("row-1").click();
    await at("copy-link").click();
    await at("link-make").click();
    await expect
      .element(at("link-fault"))
      .toHaveTextContent("This connection does not sign requests");
    await expect.element(at("link-url")).not.toBeInTheDocument();
    expect(app.notice).toBeNull();
  });

  it("is offered for what is done, and for nothing else", async () => {
    open("queue");
    await at("row-1").click({ button: "right" });
    await expect.element(at("menu-copyAddress")).toBeVisible();
    await expect.element(at("menu-link")).not.toBeInTheDocument();
  });
});

it("the receipt is brought into view, with the keyboard, in a small window too", async () => {
  const { page } = await import("vitest/browser");
  await page.viewport(720, 480);
  open("done");
  await at("row-1").click();
  await userEvent.keyboard("{Escape}");
  await at("row-1").click({ button: "right" });
  await at("menu-receipt.open").click();
  await expect.element(at("receipt")).toHaveFocus();
  await expect.element(at("receipt")).toBeInViewport();
  await expect.element(at("receipt-verify")).toBeInViewport();
});

it("the file is shown in its folder from the details", async () => {
  open("done");
  await at("row-1").click();
  await at("fact-reveal").click();
  await expect
    .poll(() => window.desktopAsked?.at(-1))
    .toEqual({ what: "reveal", with: { what: "upload", id: 1 } });
  await expect.element(inRow(1, "row-copyAddress")).toBeInTheDocument();
});
