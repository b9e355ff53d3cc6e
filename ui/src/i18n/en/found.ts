// What a connection test and a verification found. Numbers come formatted. Rust says the same (`engine/connection_check.rs`,
// `engine/verification/finding.rs`); sentences.test.ts holds the two together.
import { counted } from "../counted";

export const found = {
  /** the passed steps of a connection test */
  checked: {
    answers: "The server responds",
    answersThrough: (proxy: string) => `The server responds, through the proxy ${proxy}`,
    clockAgrees: "This computer's clock agrees with the server's",
    unsigned: "Requests are not signed",
    keysAccepted: "The keys are accepted",
    bucketThere: (bucket: string) => `The bucket ${bucket} exists`,
    mayUpload: "A test upload worked and was removed",
    sums: {
      objects: (algorithm: string) =>
        `The server reports checksums of whole objects (${algorithm})`,
      parts: (algorithm: string) => `The server reports composite checksums (${algorithm})`,
      partsAlone: (algorithm: string) =>
        `The server supports no newer checksums; parts are compared by ${algorithm}`,
      nothing: "The server reports no checksum that could be compared; only sizes are compared",
    },
  },
  /** the lines of a verification: they follow the name of what was compared, and begin in lower case */
  evidence: {
    there: "it exists",
    absent: "no object has this key",
    sent: (ours: string, theirs: string) => `sent ${ours}, found ${theirs}`,
    ofFile: (ours: string, theirs: string) => `the file has ${ours}, the object ${theirs}`,
    none: "not reported by the server",
    notHowLong: "the server reports a checksum of the parts, but not their sizes",
    otherVersion: "another version is the current one",
    otherVersionKept: "another version is the current one; the uploaded version still exists",
    partsUntold: "not reported by the server",
    partsDiffer: (parts: string) => `different from what was sent: ${parts}`,
    partsSame: (parts: string) => `${parts}, compared by size`,
    partsSameSums: (parts: string) => `${parts}, compared by size and checksum`,
    fileSize: (now: string, sent: string) => `it now has ${now}, but ${sent} were sent`,
    fileSame: "every byte matches what was sent",
    fileChanged: "it has changed since the upload",
    fileChangedIn: (parts: string) => `it has changed since the upload, in part ${parts}`,
    run: (first: string, last: string) => `${first} to ${last}`,
    andMore: (parts: string) => `${parts} and more`,
  },
  /** read out of a list of uploads that was damaged */
  saved: {
    none: "No uploads could be recovered from it.",
    some: (n: number) =>
      `${counted(n, { one: "upload was", other: "uploads were" })} recovered from it.`,
  },
};
