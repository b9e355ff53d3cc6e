// Where a provider's keys are made, and what they have to be allowed. Rust says the same of the former
// (`model/provider_presets/keys.rs`); sentences.test.ts holds the two together.

export const keysHelp = {
  /** by a preset's id; the engine's own words are shown for any other preset */
  how: {
    aws: "Create an access key for an IAM user under Security credentials.",
    r2: "Create an R2 API token with Object Read & Write. Its access key ID and secret access key go here, not the token value.",
    b2: "Add a new application key. The master application key does not work with S3.",
    wasabi: "Create an access key, preferably for a user with access to this bucket only.",
    minio: "Create an access key in the MinIO console, or run: mc admin accesskey create ALIAS",
    ceph: "The administrator of the gateway creates keys with: radosgw-admin user create --uid=NAME",
    garage: "Create a key with: garage key create NAME",
    gcs: "Create an HMAC key for a service account under Interoperability.",
    spaces: "Create an access key with limited access to this bucket.",
  },
  page: "Open the keys page",
  copy: "Copy the smallest policy",
  needsBucket: "Enter the bucket first: the policy is for it alone.",
  copied: "Copied. It allows uploads to this bucket and prefix, and nothing else.",
  copiedWords: "Copied. This is all the key needs; it does not have to list buckets.",
  notCopied: "It could not be copied. Copy it from here:",
  jurisdiction: "Jurisdiction",
  jurisdictions: { none: "None", eu: "European Union (EU)", fedramp: "FedRAMP" },
};
