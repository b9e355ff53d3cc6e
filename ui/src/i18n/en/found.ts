// What a connection's test and a verification found. Numbers come written.
import { counted } from "../counted";

export const found = {
  /** the lines of a connection's test */
  checked: {
    answers: "The server answers",
    clockAgrees: "This computer's clock agrees with the server's",
    unsigned: "Requests go out unsigned",
    keysAccepted: "The keys are accepted",
    bucketThere: (bucket: string) => `The bucket ${bucket} is there`,
    mayUpload: "An upload could be started and was aborted",
    sums: {
      objects: (algorithm: string) => `The server sums whole objects (${algorithm})`,
      parts: (algorithm: string) => `The server sums parts, and their sums (${algorithm})`,
      partsAlone: (algorithm: string) =>
        `The server has no newer checksums; parts are compared by ${algorithm}`,
      nothing: "The server has no checksum that can be compared; sizes are",
    },
  },
  /** the lines of a verification: they follow the name of what was compared, and begin small */
  evidence: {
    there: "it is there",
    absent: "no object has this key",
    sent: (ours: string, theirs: string) => `${ours} was sent, ${theirs} is there`,
    ofFile: (ours: string, theirs: string) => `the file's is ${ours}, the object's ${theirs}`,
    sizesSent: (ours: string, theirs: string) => `${ours} were sent, ${theirs} are there`,
    sizesOfFile: (ours: string, theirs: string) => `the file has ${ours}, the object ${theirs}`,
    none: "the server tells none",
    notHowLong: "the server tells a checksum of its parts, and not how long they are",
    otherVersion: "another version is the current one",
    otherVersionKept: "another version is the current one; the one that was sent is still kept",
    partsUntold: "the server does not tell them",
    partCount: (sent: string, there: string) => `${sent} were sent, ${there} are there`,
    partsDiffer: (parts: string) => `other than sent: ${parts}`,
    partsSame: (parts: string) => `${parts}, by their sizes`,
    partsSameSums: (parts: string) => `${parts}, by their sizes and checksums`,
    fileSize: (now: string, sent: string) => `it has ${now} by now, and ${sent} were sent`,
    fileSame: "every byte is what was sent",
    fileChanged: "it has changed since",
    fileChangedIn: (parts: string) => `it has changed since, in part ${parts}`,
    run: (first: string, last: string) => `${first} to ${last}`,
    andMore: (parts: string) => `${parts} and more`,
  },
  /** read out of a list of uploads that was damaged */
  saved: {
    none: "No upload could be read from it.",
    some: (n: number) =>
      `${counted(n, { one: "upload was", other: "uploads were" })} saved from it.`,
  },
};
