// A connection while it is written and tested: what it still lacks, and the lines of its test.

export const draft = {
  lacking: {
    endpoint: "Fill in the rest of the endpoint.",
    scheme: "The endpoint starts with https:// or http://.",
    region: "Fill in the region.",
    accessKeyId: "Fill in the access key ID.",
    secretAccessKey: "Fill in the secret access key.",
    profile: "Choose a profile.",
  },
  steps: {
    reached: "Reach the server",
    clock: "Clock",
    signedIn: "Sign in",
    bucket: "Bucket",
    mayUpload: "Start an upload",
    checksums: "Checksums",
  },
};
