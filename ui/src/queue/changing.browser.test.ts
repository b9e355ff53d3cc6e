// A file that keeps changing, in the window: the three answers, and what it cost.
import { describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { app, at, inRow, open } from "../window.browser";

describe("a file that keeps changing", () => {
  it("offers three answers to a file that keeps changing", async () => {
    const answers: unknown[] = [];
    open("changing", {
      answer_changing: async (answer) => {
        answers.push(answer);
        return null;
      },
    });
    await expect.element(at("row-1")).toHaveTextContent("This file keeps changing.");
    await expect.element(inRow(1, "row-remedy")).toHaveTextContent("Upload current version");
    await inRow(1, "row-remedy").click();
    await inRow(2, "row-keepWaiting").click();
    expect(answers).toEqual([
      { ids: [1], answer: "copy" },
      { ids: [2], answer: "wait" },
    ]);
    await inRow(1, "row-cancel").click();
    await expect.element(at("row-1")).toHaveAttribute("data-status", "aborted");
    await expect.element(inRow(3, "row-retry")).toHaveTextContent("Upload again");
    await expect.element(inRow(3, "row-keepWaiting")).not.toBeInTheDocument();
  });

  it("offers the three answers, and says that no partial object is on the server", async () => {
    const answers: unknown[] = [];
    open("changing", {
      answer_changing: async ({ answer }) => {
        answers.push(answer);
        return null;
      },
    });
    await at("row-1").click({ position: { x: 60, y: 20 } });
    const fault = at("detail-fault");
    await expect.element(fault).toHaveTextContent("No partial object is on the server");
    await at("detail-fault-sendCopy").click();
    await at("detail-fault-keepWaiting").click();
    expect(answers).toEqual(["copy", "wait"]);
    await at("detail-fault-cancel").click();
    await expect.element(at("undo-notice")).toHaveTextContent("on the server will be deleted");
    await expect.element(fault).not.toBeInTheDocument();
    await expect.element(at("detail-status")).toHaveTextContent("Cancelled");
  });

  it("tells how many parts were sent again", async () => {
    open("changing");
    await at("row-4").click();
    await expect
      .element(at("fact-sent-again"))
      .toHaveTextContent("3 parts, because the file changed");
    await at("row-5").click();
    await expect.element(at("detail-name")).toHaveTextContent("proxy_0040.mp4");
    await expect.element(at("fact-sent-again")).not.toBeInTheDocument();
  });

  it("asks about a file that keeps changing after as many minutes as it is told", async () => {
    open("queue");
    await at("nav-settings").click();
    await expect.element(at("ask-changing")).toHaveValue("10");
    await at("ask-changing").fill("45");
    await userEvent.keyboard("{Enter}");
    await expect.poll(() => app.preferences.settings.askChangingAfter).toBe(45 * 60);
    await at("ask-changing").fill("5000");
    await userEvent.keyboard("{Enter}");
    await expect.poll(() => app.preferences.settings.askChangingAfter).toBe(1440 * 60);
  });
});
