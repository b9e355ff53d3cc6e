// An object that already has an upload's key: what it is, how it compares with the file, and the answers.

export const keyConflict = {
  title: "An object with this name already exists",
  text: "Nothing is sent until you choose what to do.",
  /** the columns and rows of the comparison */
  there: "On the server",
  file: "This file",
  size: "Size",
  modified: "Modified",
  unknown: "unknown",
  bytes: {
    same: (algorithm: string) => `Both have the same bytes (${algorithm}).`,
    differ: "Their bytes differ.",
    unknown: "The server reports no checksum to compare.",
    unseen: "These keys are not allowed to read the object.",
  },
  /** in the list, before the sizes */
  row: {
    same: "Exists, same bytes.",
    differ: "Exists, differs.",
    unknown: "Already exists.",
    sizes: (there: string, here: string) => `${there} there, ${here} here`,
  },
  /** of a file that was skipped */
  skipped: {
    title: "Skipped: an object with this name already exists",
    text: "Nothing was uploaded.",
    sameSize: "Both have the same size. Their contents were not compared.",
    /** in the list */
    there: "Already there",
    thereSame: "Already there, same bytes",
    thereSameSize: "Already there, same size",
    thereDiffers: (there: string, here: string) => `Already there: ${there}, this file ${here}`,
  },
  answers: { replace: "Replace", keepBoth: "Keep both", skip: "Skip" },
  forAll: (n: string) => `Same answer for every file of this drop that needs one (${n} so far)`,
};
