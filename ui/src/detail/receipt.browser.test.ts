// The receipt of a done upload in the window: what it says, holding it against the server, saving it.
import { beforeEach, describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import type { Backend } from "../lib/backend";
import { app, at, inRow, open } from "../window.browser";

describe("the receipt", () => {
  it("says what was proved, and gives the checksum", async () => {
    let copied = "";
    open("done", {
      copyText: async (text) => {
        copied = text;
      },
    });
    await at("row-6").click();
    await expect
      .element(at("receipt-proof"))
      .toHaveTextContent("compared: size only; each part by MD5");
    await at("receipt-copy").click();
    await expect.poll(() => copied).toBe("cMhO4tY8Bq0=");
    await at("row-8").click();
    await expect.element(at("detail-name")).toHaveTextContent("proxy_0008.mp4");
    await expect.element(at("receipt")).not.toBeInTheDocument();
  });

  it("is verified against the server by keyboard alone, and the verdict is announced", async () => {
    open("done");
    await at("row-1").click();
    await expect.element(at("receipt-crc")).toBeVisible();
    at("receipt-verify").element().focus();
    await userEvent.keyboard("{Enter}");
    await expect
      .element(at("verdict"))
      .toHaveTextContent("The object on the server matches what was sent");
    await expect.element(at("finding-checksum")).toHaveAttribute("data-held", "same");
    await expect.element(at("finding-version")).toHaveTextContent("Version unknown:");
    await expect.element(at("finding-file")).not.toBeInTheDocument();
    await expect
      .element(at("live"))
      .toHaveTextContent("The object on the server matches what was sent");
    await expect.element(at("receipt-verify")).toHaveFocus();
  });

  it.each([
    [6, "sizeOnly", "Nothing differs, but this server reports only the size"],
    [9, "differs", "The object on the server does not match what was sent"],
    [10, "gone", "The object no longer exists"],
  ])("of row %i is found to be %s", async (id, verdict, said) => {
    open("done");
    await at(`row-${id}`).click();
    await at("receipt-verify").click();
    await expect.element(at("verdict")).toHaveAttribute("data-verdict", verdict);
    await expect.element(at("verdict")).toHaveTextContent(said);
  });

  it("is not called verified in the list once something else was found", async () => {
    open("done");
    await expect.element(at("row-9")).toHaveTextContent("Verified");
    await at("row-9").click();
    await expect.element(at("detail-status")).toHaveTextContent("Verified");
    await at("receipt-verify").click();
    await expect.element(at("row-9")).toHaveTextContent("Mismatch");
    await expect.element(at("row-9")).not.toHaveTextContent("Verified");
    await expect.element(inRow(9, "row-mismatch")).toHaveTextContent("was changed");
    await expect.element(at("detail-status")).toHaveTextContent("Mismatch");
    await at("row-10").click();
    await at("receipt-verify").click();
    await expect.element(inRow(10, "row-mismatch")).toHaveTextContent("was deleted");
    // it is kept with the upload, whatever is shown meanwhile
    await at("row-9").click();
    await expect
      .element(at("detail-mismatch"))
      .toHaveTextContent("does not match what was sent. Verified again:");
    const found = app.queue.rows.find((row) => row.id === 9);
    expect(found?.verification?.verdict).toBe("differs");
  });

  it("tells why it could not be verified", async () => {
    open("done");
    await at("row-11").click();
    await at("receipt-verify").click();
    await expect.element(at("receipt-fault")).toHaveTextContent("s3:GetObject");
    await at("row-2").click();
    await expect.element(at("detail-name")).toHaveTextContent("proxy_0002.mp4");
    await expect.element(at("receipt-fault")).not.toBeInTheDocument();
  });

  it("keeps what was found before something stopped it", async () => {
    const fault = { kind: "sourceMissing" as const, part: null, status: null, code: null };
    open("done", {
      verification: async () => ({
        running: false,
        read: 5,
        size: 10,
        findings: [{ what: "size", held: "same", said: { tells: "size", bytes: 10 } }],
        verdict: null,
        fault: { ...fault, requestId: null, detail: "The drive was taken away.", reason: null },
      }),
    });
    await at("row-2").click();
    await at("receipt-verify-file").click();
    await expect.element(at("receipt-fault")).toHaveTextContent("The drive was taken away.");
    await expect.element(at("finding-size")).toBeVisible();
    await expect.element(at("verdict")).not.toBeInTheDocument();
    await expect.element(at("receipt-verify-file")).toHaveFocus();
  });

  describe("with the file", () => {
    const forgotten: number[] = [];
    const reading: Partial<Backend> = {
      verify: async () => 7,
      verification: async () => ({
        running: true,
        read: 1_200_000_000,
        size: 4_100_000_000,
        findings: [{ what: "size", held: "same", said: { tells: "size", bytes: 4_100_000_000 } }],
        verdict: null,
        fault: null,
      }),
      forget_verification: async (number) => {
        forgotten.push(number);
        return null;
      },
    };
    beforeEach(() => void (forgotten.length = 0));

    it("shows how far it is read, and is cancelled where it was begun", async () => {
      open("done", reading);
      await at("row-2").click();
      await at("receipt-verify-file").click();
      await expect.element(at("receipt-reading")).toHaveTextContent("1.20 of 4.1 GB");
      await expect.element(at("receipt-verify")).toBeDisabled();
      await expect.element(at("receipt-cancel")).toHaveFocus();
      await userEvent.keyboard("{Enter}");
      await expect.element(at("receipt-verify-file")).toHaveFocus();
      await expect.element(at("receipt-reading")).not.toBeInTheDocument();
      expect(forgotten).toEqual([7]);
    });

    it("ends when the upload is left", async () => {
      open("done", reading);
      await at("row-2").click();
      await at("receipt-verify-file").click();
      await expect.element(at("receipt-reading")).toBeVisible();
      await at("row-1").click();
      await expect.element(at("receipt-reading")).not.toBeInTheDocument();
      await expect.poll(() => forgotten).toEqual([7]);
    });
  });

  it("is saved under the object's name, unless the user changes their mind", async () => {
    const asked: string[] = [];
    let answer: string | null = "/home/ada/proxy.json";
    open("done", {
      save_receipt: async ({ name }) => {
        asked.push(name);
        return answer;
      },
    });
    await at("row-2").click();
    await at("receipt-save").click();
    await expect.element(at("receipt-saved")).toHaveTextContent("/home/ada/proxy.json");
    await expect.element(at("live")).toHaveTextContent("Receipt saved");
    answer = null;
    await at("receipt-save").click();
    await expect.poll(() => asked.length).toBe(2);
    expect(asked[0]).toBe("proxy_0002.mp4.receipt.json");
  });

  it("is verified from the menu, which opens the details", async () => {
    open("done");
    await at("row-1").click();
    await userEvent.keyboard(" ");
    await expect.element(at("detail")).not.toBeInTheDocument();
    await at("row-1").click({ button: "right" });
    await expect.element(at("menu-receipt.save")).toBeVisible();
    await at("menu-receipt.verify").click();
    await expect.element(at("verdict")).toHaveAttribute("data-verdict", "same");
  });
});
