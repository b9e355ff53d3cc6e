// An object that already has an upload's key, in the window: what it shows, the answers by mouse, by keys and from the palette.
import { describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { AnswerExists, Totals } from "../lib/wire/wire";
import { mockBackend } from "../lib/backend/mock";
import { app, at, inRow, open } from "../window.browser";

const NAME = { position: { x: 60, y: 20 } };

function asked(): AnswerExists[] {
  const answers: AnswerExists[] = [];
  const inner = mockBackend(new URLSearchParams("scene=conflicts&still"));
  open("conflicts", {
    ...inner,
    answer_exists: async (answer) => {
      answers.push(answer);
      return inner.answer_exists(answer);
    },
  });
  return answers;
}

describe("an upload that needs an answer", () => {
  it("is counted apart, and is no failure", async () => {
    asked();
    await expect.element(at("row-2")).toHaveAttribute("data-status", "needsAnswer");
    await expect.element(at("nav-needsAnswer")).toHaveTextContent("4");
    await expect.element(at("nav-failed")).toHaveTextContent("1");
    await expect.element(at("status-asks")).toHaveTextContent("4 need your answer");
    await at("status-asks").click();
    await expect.element(at("row-5")).toBeVisible();
    await expect.element(at("row-1")).not.toBeInTheDocument();
    await at("row-2").click(NAME);
    await expect.element(at("detail-status")).toHaveTextContent("Needs your answer");
  });

  it("says in its row whether it is the same file", async () => {
    asked();
    const says = (id: number) => expect.element(inRow(id, "row-asked"));
    await says(2).toHaveTextContent("Exists, same bytes.");
    await says(3).toHaveTextContent("Exists, differs. 9.6 GB there, 9.8 GB here");
    await says(4).toHaveTextContent("Already exists. 2.1 GB there, 2.1 GB here");
    await says(5).toHaveTextContent(/^Already exists\. media-prod/);
  });

  it("shows the object beside the file", async () => {
    asked();
    await at("row-3").click(NAME);
    const conflict = at("detail-conflict");
    await expect.element(conflict.getByRole("row", { name: /^Size/ })).toHaveTextContent("9.6 GB");
    await expect.element(conflict.getByRole("row", { name: /^Size/ })).toHaveTextContent("9.8 GB");
    await expect
      .element(conflict.getByRole("row", { name: /^Modified/ }))
      .toHaveTextContent("2026");
    await expect.element(at("conflict-verdict")).toHaveTextContent("Their bytes differ.");
    await at("row-2").click(NAME);
    await expect.element(at("conflict-verdict")).toHaveTextContent("same bytes (CRC64NVME)");
    await at("row-4").click(NAME);
    await expect.element(at("conflict-verdict")).toHaveTextContent("reports no checksum");
    await at("row-5").click(NAME);
    await expect.element(at("conflict-verdict")).toHaveTextContent("not allowed to read");
  });

  it("is answered in its row, about the object that was seen", async () => {
    const answers = asked();
    await inRow(2, "row-answer-replace").click();
    await inRow(3, "row-answer-keepBoth").click();
    await inRow(4, "row-answer-skip").click();
    await expect.element(at("row-2")).not.toHaveAttribute("data-status", "needsAnswer");
    await expect.element(at("row-4")).toHaveAttribute("data-status", "skipped");
    const { existing } = { existing: Date.UTC(2026, 7, 14, 9, 30) };
    expect(answers).toEqual([
      { ids: [2], answer: "replace", allOfDrop: false, askedUntil: existing },
      { ids: [3], answer: "keepBoth", allOfDrop: false, askedUntil: existing },
      { ids: [4], answer: "skip", allOfDrop: false, askedUntil: existing },
    ]);
  });

  it("has the name that it was saved as, in its row and its details", async () => {
    asked();
    await expect.element(at("row-3")).toBeInTheDocument();
    const name = app.queue.rows.find((row) => row.id === 3)?.name ?? "";
    const saved = name.replace(/(\.[^.]*)$/, " (2)$1");
    await inRow(3, "row-answer-keepBoth").click();
    await expect.element(at("row-3")).toHaveTextContent(saved);
    await expect.element(inRow(3, "row-from")).toHaveTextContent(`from ${name}`);
    await at("row-3").click(NAME);
    await expect.element(at("detail-name")).toHaveTextContent(saved);
    await expect.element(at("fact-from")).toHaveTextContent(name);
  });

  it("is answered for all of its drop, from the details", async () => {
    const answers = asked();
    await at("row-3").click(NAME);
    await at("conflict-for-all").click();
    await at("conflict-skip").click();
    await expect.element(at("row-5")).toHaveAttribute("data-status", "skipped");
    await expect.element(at("detail-conflict")).not.toBeInTheDocument();
    await expect.element(at("status-asks")).not.toBeInTheDocument();
    expect(answers).toMatchObject([{ ids: [3], answer: "skip", allOfDrop: true }]);
  });

  it("is answered by keys, and from the palette", async () => {
    const answers = asked();
    await at("row-2").click(NAME);
    await userEvent.keyboard("{Control>}{Shift>}b{/Shift}{/Control}");
    await expect.poll(() => answers).toMatchObject([{ ids: [2], answer: "keepBoth" }]);
    await at("row-3").click(NAME);
    await userEvent.keyboard("{Control>}k{/Control}");
    await userEvent.keyboard("replace drop{Enter}");
    await expect.poll(() => answers.at(-1)).toMatchObject({ answer: "replace", allOfDrop: true });
  });

  it("is scrolled to when it is the first that needs one", async () => {
    const inner = mockBackend(new URLSearchParams("scene=many&still"));
    const late = 5_000;
    let nudge: (totals: Totals) => void = () => undefined;
    open("many", {
      ...inner,
      onProgress: (listener) => {
        nudge = listener;
        return () => undefined;
      },
      queue_ids: async (query) => (query.view === "needsAnswer" ? [late] : inner.queue_ids(query)),
    });
    await expect.poll(() => app.ready).toBe(true);
    await expect.element(at(`row-${late}`)).not.toBeInTheDocument();
    const before = app.totals;
    nudge({ ...before, revision: before.revision + 1, needsAnswer: 1 });
    await expect.element(at(`row-${late}`)).toBeInViewport();
    const shown = app.queue.revealed?.times;
    nudge({ ...before, revision: before.revision + 2, needsAnswer: 2 });
    await expect.poll(() => app.totals.needsAnswer).toBe(2);
    expect(app.queue.revealed?.times).toBe(shown);
  });

  it("keeps its sentence and its buttons in compact rows", async () => {
    open("conflicts");
    await expect.poll(() => app.ready).toBe(true);
    await app.preferences.change({ density: "compact" });
    await expect.element(at("row-3")).toHaveClass("compact");
    const asks = inRow(3, "row-asked").element().getBoundingClientRect();
    const row = at("row-3").element().getBoundingClientRect();
    expect(asks.top).toBeGreaterThanOrEqual(row.top);
    expect(asks.bottom).toBeLessThanOrEqual(row.bottom);
    expect(asks.width).toBeGreaterThan(90);
    expect(at("row-3").element().classList).not.toContain("plain");
  });

  it("reaches its buttons by tab, and none is pressed by itself", async () => {
    const answers = asked();
    await at("row-2").click(NAME);
    await userEvent.tab();
    await expect.element(inRow(2, "row-answer-replace")).toHaveFocus();
    await userEvent.tab();
    await userEvent.tab();
    await expect.element(inRow(2, "row-answer-skip")).toHaveFocus();
    expect(answers).toEqual([]);
    await userEvent.keyboard("{Enter}");
    await expect.poll(() => answers).toMatchObject([{ ids: [2], answer: "skip" }]);
  });

  it("can be cancelled, and is not paused or tried again", async () => {
    open("conflicts");
    await at("row-3").click(NAME);
    await expect.element(inRow(3, "row-cancel")).toBeVisible();
    await expect.element(inRow(3, "row-retry")).not.toBeInTheDocument();
    await expect.element(inRow(3, "row-pause")).not.toBeInTheDocument();
    await inRow(3, "row-cancel").click();
    await expect.element(at("row-3")).toHaveAttribute("data-status", "aborted");
  });

  it("has room for its name and its buttons, in both languages and at every width", async () => {
    open("conflicts");
    await expect.poll(() => app.ready).toBe(true);
    for (const language of ["en", "de"] as const) {
      await app.preferences.change({ language });
      for (const [width, height] of [[1080, 720] as const, [720, 480] as const]) {
        await page.viewport(width, height);
        await expect.element(at("row-3")).toBeVisible();
        const row = at("row-3").element();
        const { right } = row.getBoundingClientRect();
        for (const button of row.querySelectorAll("button")) {
          expect(button.getBoundingClientRect().right).toBeLessThanOrEqual(right);
          expect(button.scrollWidth).toBeLessThanOrEqual(button.clientWidth + 1);
        }
        const title = row.querySelector(".title")?.getBoundingClientRect();
        expect(title?.width, `${language} ${width}`).toBeGreaterThan(90);
        const foot = document.querySelector("footer");
        const tall = [...(foot?.querySelectorAll("span, button") ?? [])].filter(
          (one) => one.getBoundingClientRect().height > 28,
        );
        expect(tall.map((one) => one.textContent)).toEqual([]);
      }
    }
  });
});
