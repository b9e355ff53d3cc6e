// A connection that is being edited: what is missing, and the steps of the connection test.

export const draft = {
  lacking: {
    account: "Enter the account ID.",
    endpoint: "Complete the endpoint.",
    host: "Enter the server's address.",
    scheme: "The endpoint must start with https:// or http://.",
    region: "Enter the region.",
    accessKeyId: "Enter the access key ID.",
    secretAccessKey: "Enter the secret access key.",
    profile: "Choose a profile.",
    proxy: "Enter the proxy's address.",
    startUrl: "Enter the start URL.",
    ssoRegion: "Enter the SSO region.",
    ssoAccount: "Sign in, and choose an account and a role.",
  },
  steps: {
    reached: "Connect to the server",
    clock: "Clock",
    signedIn: "Sign in",
    bucket: "Bucket",
    mayUpload: "Create an upload",
    checksums: "Checksums",
  },
};
