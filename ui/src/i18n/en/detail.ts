// The one selected upload in full: its numbers, its parts, its receipt and its past.
import { counted } from "../counted";

const parts = (n: number) => counted(n, { one: "part", other: "parts" });

export const detail = {
  none: "Select an upload to see its parts",
  selected: (n: number) => `${counted(n, { one: "upload", other: "uploads" })} selected`,
  close: "Close details",
  percent: (n: number) => `${n}%`,
  percentStored: (n: number) => `${n} percent stored`,
  /** what keeps an upload from going on, as it is told */
  goesOn: (why: string) => `${why}. Windlass goes on by itself.`,
  copyAddress: "Copy the S3 address",
  copyUrl: "Copy the web address",

  receiptTitle: "Receipt",
  throughputTitle: "Throughput",
  factsTitle: "Facts",
  historyTitle: "History",

  timeShown: "Time shown",
  speedOfMinute: (now: string, peak: string) =>
    `Speed over the last minute: now ${now}, at most ${peak}`,
  speedOfMinutes: (minutes: number, now: string, peak: string) =>
    `Speed over the last ${minutes} minutes: now ${now}, at most ${peak}`,

  map: {
    /** on one line, however many there are; there are at least two */
    storedNow: (stored: string, all: string) => `${stored} of ${all} parts stored`,
    label: (summary: string) => `Part map: ${summary}`,
    range: (first: string, last: string, percent: number) =>
      `Parts ${first} to ${last}: ${percent} percent stored`,
    part: (n: string, state: string) => `Part ${n}: ${state}`,
    stored: "stored",
    again: "waiting to be sent again",
    toGo: "to go",
    sending: (percent: number) => `sending, ${percent} percent`,
    table: "Parts",
    columns: { part: "Part", size: "Size", state: "State" },
    asTable: "Show as table",
    asMap: "Show as map",
  },

  facts: {
    to: "To",
    size: "Size",
    plan: "Plan",
    stored: "Stored",
    sent: "Sent",
    break: "A break now",
    "found-stored": "Found stored",
    retries: "Retries",
    "sent-again": "Sent again",
    started: "Started",
    took: "Took",
    proof: "Proof",
    checksum: "Checksum",
    etag: "ETag",
    version: "Version",
    "upload-id": "Upload ID",
    from: "From",
  },
  storedOf: (stored: string, all: number) => `${stored} of ${parts(all)}`,
  /** read on as one sentence: "A break now would cost 4 MB" */
  wouldCost: (amount: string) => `would cost ${amount}`,
  wouldCostNothing: "would cost nothing",
  whatItCosts: "Sent, but not stored yet: it would be sent again",
  /** read on as one sentence: "Sent again because the file changed: 3 parts" */
  resent: (n: number) => `because the file changed: ${parts(n)}`,

  receipt: {
    summed: "CRC64NVME of the whole, summed here",
    copy: "Copy the CRC64NVME",
    verify: "Verify again",
    verifyWithFile: "Verify with the file",
    save: "Save receipt...",
    savedTo: (path: string) => `Saved to ${path}`,
  },

  findings: {
    title: "What was found",
    readingFile: "Reading the local file",
    percentRead: (n: number) => `${n} percent read`,
    readSoFar: (amount: string) => `Reading the file: ${amount}`,
    asking: "Asking the server...",
  },
};
