// The details of the selected upload: its figures, parts, receipt and history.
import { counted } from "../counted";

const parts = (n: number) => counted(n, { one: "part", other: "parts" });

export const detail = {
  none: "Select an upload to see its parts",
  selected: (n: number) => `${counted(n, { one: "upload", other: "uploads" })} selected`,
  close: "Close details",
  percent: (n: number) => `${n}%`,
  sent: (amount: string) => `${amount} sent`,
  stored: (amount: string) => `${amount} stored`,
  /** read after its label: "Sent: 454 MB, of which 154 MB twice" */
  sentInVain: (amount: string, vain: string) => `${amount}, of which ${vain} not stored`,
  sentTwice: (amount: string, twice: string) => `${amount}, of which ${twice} twice`,
  /** what an upload is waiting for, as a sentence without its end */
  /** where somebody has to sign in first */
  goesOnSignedIn: (why: string) => `${why}. Windlass continues once you have signed in.`,
  /** where an MFA code is needed */
  goesOnWithCode: (why: string) => `${why}. Windlass continues once you have entered it.`,
  goesOn: (why: string) => `${why}. Windlass continues automatically.`,
  copyAddress: "Copy S3 URI",
  copyUrl: "Copy URL",

  receiptTitle: "Receipt",
  throughputTitle: "Throughput",
  factsTitle: "Details",
  historyTitle: "History",

  timeShown: "Time range",
  speedOfMinute: (now: string, peak: string) =>
    `Speed over the last minute: now ${now}, peak ${peak}`,
  speedOfMinutes: (minutes: number, now: string, peak: string) =>
    `Speed over the last ${minutes} minutes: now ${now}, peak ${peak}`,

  map: {
    /** kept on one line; there are at least two parts */
    storedNow: (stored: string, all: string) => `${stored} of ${all} parts stored`,
    label: (summary: string) => `Part map: ${summary}`,
    range: (first: string, last: string, percent: number) =>
      `Parts ${first} to ${last}: ${percent} percent stored`,
    part: (n: string, state: string) => `Part ${n}: ${state}`,
    stored: "stored",
    again: "waiting to be resent",
    toGo: "not sent yet",
    sending: (percent: number) => `sending, ${percent} percent`,
    /** in a narrow column */
    sendingShort: (percent: number) => `${percent}% sent`,
    againShort: "to be resent",
    table: "Parts",
    columns: { part: "Part", size: "Size", state: "State" },
    asTable: "Show as table",
    asMap: "Show as map",
  },

  facts: {
    to: "Destination",
    size: "Size",
    plan: "Parts",
    stored: "Stored",
    sent: "Sent",
    break: "If interrupted",
    "found-stored": "Already uploaded",
    retries: "Retries",
    "sent-again": "Resent",
    started: "Started",
    took: "Duration",
    proof: "Proof",
    checksum: "Checksum",
    etag: "ETag",
    version: "Version",
    "upload-id": "Upload ID",
    from: "Source",
  },
  storedOf: (stored: string, all: number) => `${stored} of ${parts(all)}`,
  /** read after its label: "If interrupted: 4 MB to resend" */
  wouldCost: (amount: string) => `${amount} to resend`,
  wouldCostNothing: "nothing to resend",
  whatItCosts: "Sent but not yet stored, so it would have to be resent",
  /** read after its label: "Resent: 3 parts, because the file changed" */
  resent: (n: number) => `${parts(n)}, because the file changed`,

  receipt: {
    summed: "CRC64NVME of the whole file, computed here",
    copy: "Copy CRC64NVME",
    verify: "Verify again",
    verifyWithFile: "Verify with file",
    save: "Save receipt...",
    /** what a verification found, and when */
    foundAt: (found: string, time: string) => `${found}. Verified again: ${time}.`,
    savedTo: (path: string) => `Saved to ${path}`,
  },

  findings: {
    title: "Results",
    readingFile: "Reading the local file",
    percentRead: (n: number) => `${n} percent read`,
    readSoFar: (amount: string) => `Reading the file: ${amount}`,
    asking: "Querying the server...",
  },
};
