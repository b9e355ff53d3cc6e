// How an object is stored where nobody chooses anything; knows no screen.
import type { Options } from "./wire/wire";

export function plainOptions(): Options {
  return {
    storageClass: null,
    encryption: null,
    kmsKeyId: null,
    contentType: null,
    tags: [],
    metadata: [],
    cacheControl: null,
    contentDisposition: null,
    acl: null,
    lock: null,
    legalHold: false,
    customerKey: null,
  };
}
