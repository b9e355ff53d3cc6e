// Forms hold still: whatever a form has to say, nothing that can be pressed moves, and the field that is meant is marked.
import { describe, expect, it } from "vitest";
import { page } from "vitest/browser";
import { at, open } from "./window.browser";

const drop = (...paths: string[]) =>
  window.postMessage({ drag: { type: "drop", tokens: paths } }, location.origin);

/** Where each button, field and choice of a form stands, as far as it is seen. */
function places(form: Element): Map<Element, string> {
  const all = form.querySelectorAll<HTMLElement>("button, input, select, summary");
  return new Map(
    [...all]
      .filter((one) => one.checkVisibility())
      .map((one) => {
        const { x, y, width } = one.getBoundingClientRect();
        return [one, `${Math.round(x)},${Math.round(y)} ${Math.round(width)} wide`];
      }),
  );
}

/** What was there before and stands elsewhere now. */
function moved(form: Element, before: Map<Element, string>, but?: Element): string[] {
  const now = places(form);
  return [...before].flatMap(([one, place]) => {
    const then = now.get(one);
    if (one === but || then === undefined || then === place) return [];
    const name = one.textContent?.trim() || one.id || (one as HTMLElement).dataset["testid"];
    return [`${name}: ${place} -> ${then}`];
  });
}

describe.each([
  ["en", 1080, 720],
  ["de", 1080, 720],
  ["de", 720, 480],
])("in %s at %i x %i", (lang, width, height) => {
  async function sheet() {
    await page.viewport(width, height);
    const app = open(`queue&lang=${lang}`);
    await expect.poll(() => app.connections.list.length).toBeGreaterThan(0);
    drop("/home/ada/render_v9.mov");
    await expect.element(at("sheet-ahead")).toHaveTextContent("s3://");
    await expect.poll(() => document.getAnimations().length).toBe(0);
    return at("sheet").element();
  }

  it("the sheet holds still while it is filled in", async () => {
    const form = await sheet();
    const before = places(form);
    await at("sheet-exists-skipSame").click();
    expect(moved(form, before)).toEqual([]);
    await at("sheet-prefix").fill("dailies/{date}/{folder}/");
    await expect.element(at("sheet-ahead")).toHaveTextContent(/dailies\/\d/);
    expect(moved(form, before)).toEqual([]);
    await at("sheet-prefix").fill("");
    await at("sheet-bucket").fill("");
    await expect.element(at("sheet-start")).toBeDisabled();
    await expect.element(at("sheet-ahead")).not.toHaveTextContent("s3://");
    // beside the field a bucket can be created, and has its own room there
    expect(moved(form, before, at("sheet-bucket").element())).toEqual([]);
  });

  it("the storage options open below what opens them", async () => {
    const form = await sheet();
    const summary = form.querySelector("[data-testid=sheet-options] > summary");
    summary?.scrollIntoView({ block: "nearest" });
    const before = places(form);
    (summary as HTMLElement).click();
    await expect.element(page.elementLocator(form.querySelector("#option-class")!)).toBeVisible();
    expect(moved(form, before)).toEqual([]);
  });

  it("a refused start moves nothing, and marks the bucket", async () => {
    const form = await sheet();
    await at("sheet-bucket").fill("nobody-has-this");
    await at("sheet-prefix").click();
    await expect.element(at("sheet-bucket-create")).toBeVisible();
    const before = places(form);
    await at("sheet-start").click();
    await expect.element(at("sheet-fault")).toBeVisible();
    expect(moved(form, before)).toEqual([]);
    await expect.element(at("sheet-bucket")).toHaveAttribute("aria-invalid", "true");
    await expect.element(at("sheet-bucket")).toHaveFocus();
  });

  async function connection() {
    await page.viewport(width, height);
    open(`empty&lang=${lang}`);
    await at("add-connection").click();
    await expect.element(at("conn-form")).toBeVisible();
    return at("conn-form").element();
  }

  it.each(["conn-save", "conn-test"])(
    "a connection marks the field that is missing, after %s",
    async (button) => {
      const form = await connection();
      const buttons = form.querySelector("footer")!;
      await at("conn-preset").selectOptions("other");
      const [before, foot] = [places(form), places(buttons)];
      await at("conn-endpoint").fill("https://");
      await at(button).click();
      await expect.element(at("conn-endpoint")).toHaveFocus();
      await expect.element(at("conn-endpoint")).toHaveAttribute("aria-invalid", "true");
      await expect.element(at("conn-lacking")).toHaveTextContent(/server's address|Adresse/);
      expect(moved(buttons, foot)).toEqual([]);
      if (height > 600) expect(moved(form, before, at("conn-endpoint").element())).toEqual([]);
      await at("conn-endpoint").fill("https://s3.example.com");
      await expect.element(at("conn-endpoint")).not.toHaveAttribute("aria-invalid");
      await expect.element(at("conn-lacking")).toHaveTextContent(/access key|Access Key/);
      // the next one is found too, where it is scrolled away
      await at(button).click();
      await expect.element(at("conn-access-key")).toHaveFocus();
      await expect.element(at("conn-access-key")).toBeInViewport();
      expect(moved(buttons, foot)).toEqual([]);
    },
  );

  it("the buttons of a connection stay while it is tested and saved", async () => {
    const form = await connection();
    const buttons = form.querySelector("footer")!;
    await at("conn-endpoint").fill("https://s3.example.com");
    await at("conn-access-key").fill("AKIA");
    await at("conn-secret").fill("wrong");
    const before = places(buttons);
    await at("conn-test").click();
    expect(moved(buttons, before)).toEqual([]);
    await expect.element(at("check-signedIn")).toHaveAttribute("data-outcome", "failed");
    expect(moved(buttons, before)).toEqual([]);
    await at("conn-save").click();
    expect(moved(buttons, before)).toEqual([]);
    await expect.element(at("conn-saved")).toHaveTextContent(/Saved|Gespeichert/);
    expect(moved(buttons, before)).toEqual([]);
  });
});
