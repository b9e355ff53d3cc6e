// Every kind of fault has words and a button, and whatever is thrown becomes a fault.
import { afterEach, describe, expect, it } from "vitest";
import { cases } from "./cases";
import { language, say } from "../i18n/language.svelte";
import { asFault, details, keepsChanging, saying } from "./faults";
import type { Fault, FaultKind } from "./wire/wire";

afterEach(() => {
  language.wanted = "system";
});

const fault = (kind: FaultKind, more: Partial<Fault> = {}): Fault => ({
  kind,
  part: null,
  status: null,
  code: null,
  requestId: null,
  detail: "It did not work.",
  reason: null,
  ...more,
});

const RESTLESS = { is: "keepsChanging", how: { way: "for", seconds: 600 } } as const;
const KINDS = Object.keys(say.faults.kinds) as FaultKind[];

const TONGUES = ["en", "de"] as const;
const inBoth = <T>(all: readonly T[]) =>
  TONGUES.flatMap((tongue) => all.map((one): [typeof tongue, T] => [tongue, one]));

it(
  "has for every kind a title without a full stop, advice with one, and a button",
  cases(
    "%s: %j",
    inBoth([...KINDS.map((kind) => fault(kind)), fault("sourceChanged", { reason: RESTLESS })]),
    (tongue, one) => {
      language.wanted = tongue;
      const { title, advice, button } = saying(one);
      expect(title).toMatch(/^[A-Z].*[^.!]$/);
      expect(advice).toMatch(/^[A-Z].*\.$/);
      expect(button.label).toMatch(/^[A-Z]/);
      expect(title + advice).not.toContain("!");
    },
  ),
);

it("speaks the language of the moment", () => {
  const denied = fault("denied", { part: 3 });
  expect(saying(denied).button).toEqual({ label: "Copy details", does: "copyDetails" });
  language.wanted = "de";
  expect(saying(denied).button).toEqual({ label: "Details kopieren", does: "copyDetails" });
  expect(details(denied)).toContain("Teil: 3");
});

describe("asFault", () => {
  it("keeps a refusal as it is", () => {
    const refused = fault("denied", { status: 403 });
    expect(asFault(refused)).toBe(refused);
  });
  it("makes anything else ours", () => {
    expect(asFault(new Error("boom"))).toMatchObject({ kind: "bug", detail: "boom" });
    expect(asFault("text")).toMatchObject({ kind: "bug", detail: "text" });
    expect(asFault(null).kind).toBe("bug");
    expect(asFault({ kind: "unheardOf", detail: "" }).kind).toBe("bug");
  });
});

describe("a file that changed", () => {
  const changing = fault("sourceChanged", { reason: RESTLESS });

  it("is asked about if it keeps changing: three answers, with the safe one explained", () => {
    const { title, advice, button, others = [] } = saying(changing);
    expect(title).toBe("This file keeps changing");
    expect(advice).toContain("No partial object is on the server");
    const labels = [button, ...others].map((way) => way.label);
    expect(labels).toEqual(["Upload current version", "Keep waiting", "Cancel"]);
    const remedies = [button, ...others].map((way) => way.does);
    expect(remedies).toEqual(["sendCopy", "keepWaiting", "cancel"]);
  });

  it("keeps its plain words without that reason", () => {
    const plain = "The file changed while it was uploading";
    expect(saying(fault("sourceChanged")).title).toBe(plain);
    expect(saying(fault("sourceChanged", { code: "Changing" })).title).toBe(plain);
    expect(keepsChanging(null)).toBe(false);
  });
});

it("does not fall over a kind that is newer than the window", () => {
  expect(saying(fault("unheardOf" as FaultKind))).toEqual(saying(fault("bug")));
});

it("puts everything that helps into the details, and no empty lines", () => {
  const text = details(fault("denied", { status: 403, code: "AccessDenied", part: 17 }), [
    "File: a",
  ]);
  expect(text).toContain("HTTP status: 403");
  expect(text).toContain("Code: AccessDenied");
  expect(text).toContain("Part: 17");
  expect(text).toContain("File: a");
  expect(text).not.toContain("null");
  expect(text).not.toMatch(/\n\n/);
});

it("offers to go on where these keys may not see whether the name is taken", () => {
  const denied = fault("denied", { reason: { is: "mayNotLook", bucket: "media", key: "a.mov" } });
  const { title, advice, button, others = [] } = saying(denied);
  expect(title).toMatch(/^[A-Z].*[^.!]$/);
  expect(advice).toContain("s3:ListBucket");
  expect([button, ...others].map((way) => way.does)).toEqual(["replace", "copyDetails"]);
});

it(
  "says a reason for what it is",
  cases(
    "%s: %s",
    inBoth(Object.keys(say.faults.reasons) as (keyof typeof say.faults.reasons)[]),
    (tongue, is) => {
      language.wanted = tongue;
      const { title, advice } = saying(fault("unsupported", { reason: { is } as Fault["reason"] }));
      expect(title).toMatch(/^[A-Z].*[^.!]$/);
      expect(advice).toMatch(/^[A-Z].*\.$/);
      expect(title).not.toBe(saying(fault("unsupported")).title);
    },
  ),
);
