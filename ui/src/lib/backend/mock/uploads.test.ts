// The stand-in pauses as the engine does: a part that is nearly done is finished, and until then the upload is pausing.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Seed } from "./scenes";
import { SimulatedUploads } from "./uploads";

const MiB = 1024 * 1024;
const all = { which: "all" } as const;
const seed = (more: Partial<Seed>): Seed => ({
  name: "a.mov",
  folder: "",
  size: 160 * MiB,
  status: "sending",
  stored: 0.5,
  partSize: 16 * MiB,
  rate: MiB,
  ...more,
});

function world(more: Partial<Seed> = {}) {
  const made = new SimulatedUploads([seed(more)], [], true);
  return { made, row: () => made.detail(1).row };
}

describe("pausing", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("finishes a part that is nearly done, and no other", () => {
    const { made, row } = world({ sending: [20, 80, 40] });
    made.pause(all);
    expect(row()).toMatchObject({ status: "pausing", partsStored: 5, partsInFlight: 1 });
    vi.advanceTimersByTime(999);
    expect(row().status).toBe("pausing");
    vi.advanceTimersByTime(1);
    expect(row()).toMatchObject({ status: "paused", partsStored: 6, partsInFlight: 0, rate: 0 });
  });

  it("stores nothing where no part is near its end", () => {
    const { made, row } = world({ sending: [20, 40] });
    made.pause(all);
    vi.advanceTimersByTime(1000);
    expect(row()).toMatchObject({ status: "paused", partsStored: 5 });
  });

  it("is over at once when it is resumed or cancelled", () => {
    const { made, row } = world({ sending: [80] });
    made.pause(all);
    made.resume(all);
    vi.advanceTimersByTime(1000);
    expect(row().status).toBe("sending");
    made.pause(all);
    made.abort(all);
    vi.advanceTimersByTime(1000);
    expect(row()).toMatchObject({ status: "aborted", stored: 0 });
  });

  it("does not happen to one that sends nothing", () => {
    const { made, row } = world({ status: "offline" });
    made.pause(all);
    expect(row().status).toBe("paused");
  });
});
