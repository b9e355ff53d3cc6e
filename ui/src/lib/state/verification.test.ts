// A verification is followed until it ends, and let go of when it ends, is left or is cancelled.
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Backend } from "../backend";
import type { Fault, Receipt, Verification } from "../wire/wire";
import { Verifying } from "./verification.svelte";

const stand = (more: Partial<Verification> = {}): Verification => ({
  running: false,
  read: 0,
  size: 0,
  findings: [],
  verdict: null,
  fault: null,
  ...more,
});
const broken: Fault = {
  kind: "denied",
  part: null,
  status: 403,
  code: "AccessDenied",
  requestId: null,
  detail: "These keys may not read it.",
  reason: null,
};

let stands: Verification[];
let said: string[];
let backend: { [K in keyof Backend]?: ReturnType<typeof vi.fn> };
let verifying: Verifying;

beforeEach(() => {
  vi.useFakeTimers();
  stands = [];
  said = [];
  let number = 0;
  backend = {
    receipt: vi.fn(async () => ({ crc64nvme: "cMhO4tY8Bq0=" }) as Receipt),
    verify: vi.fn(async () => (number += 1)),
    verification: vi.fn(async () => stands.shift() ?? stand({ running: true })),
    forget_verification: vi.fn(async () => null),
    save_receipt: vi.fn(async () => null),
  };
  verifying = new Verifying(backend as unknown as Backend, (text) => void said.push(text));
  verifying.show(7);
});

it("is asked for every 250 ms until it ends, then forgotten", async () => {
  const size = { tells: "size" as const, bytes: 10 };
  const findings = [{ what: "size" as const, held: "same" as const, said: size }];
  stands = [stand({ running: true }), stand({ running: true, findings })];
  stands.push(stand({ findings, verdict: "same" }));
  const done = verifying.begin(7, false);
  expect(verifying.against).toBe("server");
  await vi.advanceTimersByTimeAsync(240);
  expect(backend.verification).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(20);
  expect(verifying.stand?.findings).toEqual(findings);
  expect(backend.forget_verification).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(250);
  await done;
  expect(backend.verify).toHaveBeenCalledWith({ id: 7, file: false });
  expect(verifying.stand?.verdict).toBe("same");
  expect(verifying.against).toBeNull();
  expect(backend.forget_verification).toHaveBeenCalledExactlyOnceWith(1);
  expect(said).toEqual(["Verifying", "The object on the server matches what was sent"]);
});

describe("is let go of", () => {
  it("when cancelled, and what was found so far with it", async () => {
    void verifying.begin(7, true);
    await vi.advanceTimersByTimeAsync(300);
    expect(verifying.against).toBe("serverAndFile");
    verifying.cancel();
    await vi.advanceTimersByTimeAsync(2000);
    expect(backend.verification).toHaveBeenCalledTimes(2);
    expect(backend.forget_verification).toHaveBeenCalledExactlyOnceWith(1);
    expect(verifying).toMatchObject({ stand: null, fault: null, against: null });
  });

  it("when another upload is shown", async () => {
    void verifying.begin(7, false);
    await vi.advanceTimersByTimeAsync(10);
    verifying.show(8);
    await vi.advanceTimersByTimeAsync(2000);
    expect(backend.verification).toHaveBeenCalledTimes(1);
    expect(backend.forget_verification).toHaveBeenCalledExactlyOnceWith(1);
    expect(verifying.stand).toBeNull();
  });

  it("also where it was left before its number came", async () => {
    let answer: (number: number) => void = () => undefined;
    backend.verify?.mockImplementation(() => new Promise<number>((done) => (answer = done)));
    void verifying.begin(7, false);
    verifying.show(null);
    answer(5);
    await vi.advanceTimersByTimeAsync(10);
    expect(backend.verification).not.toHaveBeenCalled();
    expect(backend.forget_verification).toHaveBeenCalledExactlyOnceWith(5);
  });

  it("when it is restarted", async () => {
    void verifying.begin(7, true);
    await vi.advanceTimersByTimeAsync(10);
    void verifying.begin(7, false);
    await vi.advanceTimersByTimeAsync(10);
    expect(backend.forget_verification).toHaveBeenCalledExactlyOnceWith(1);
    expect(verifying.against).toBe("server");
  });
});

describe("tells the fault", () => {
  it("that refused it", async () => {
    backend.verify?.mockRejectedValue(broken);
    await verifying.begin(7, false);
    expect(verifying.fault).toEqual(broken);
    expect(verifying.against).toBeNull();
  });

  it("that ended it", async () => {
    stands = [stand({ fault: broken })];
    await verifying.begin(7, false);
    expect(verifying.fault).toEqual(broken);
    expect(backend.forget_verification).toHaveBeenCalledOnce();
  });
});

describe("the receipt", () => {
  it("is read once, and not kept for another upload", async () => {
    await verifying.read();
    await verifying.read();
    expect(backend.receipt).toHaveBeenCalledOnce();
    expect(verifying.receipt?.crc64nvme).toBe("cMhO4tY8Bq0=");
    verifying.show(8);
    expect(verifying.receipt).toBeNull();
  });

  it("may be missing", async () => {
    backend.receipt?.mockRejectedValue(broken);
    await verifying.read();
    expect(verifying).toMatchObject({ receipt: null, fault: null });
  });

  it("tells where it was saved", async () => {
    await verifying.save(7, "a.receipt.json");
    expect(verifying.savedTo).toBeNull();
    backend.save_receipt?.mockResolvedValue("/tmp/a.receipt.json");
    await verifying.save(7, "a.receipt.json");
    const title = "Save the receipt";
    expect(backend.save_receipt).toHaveBeenCalledWith({ id: 7, name: "a.receipt.json", title });
    expect(verifying.savedTo).toBe("/tmp/a.receipt.json");
    expect(said).toEqual(["Receipt saved"]);
  });
});
