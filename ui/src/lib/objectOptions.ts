// How an object is stored where nobody chooses anything; knows no screen.
import { say } from "../i18n/language.svelte";
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

/** What differs from what the bucket does by itself, in a line; empty where nothing does. */
export function differs(options: Options): string {
  const classes: Record<string, string> = say.drop.classes;
  const { storageClass, encryption, customerKey, tags, metadata } = options;
  const named = ([name]: [string, string]) => name.trim() !== "";
  const count = { tags: tags.filter(named).length, metadata: metadata.filter(named).length };
  return [
    storageClass === null ? "" : (classes[storageClass] ?? storageClass),
    customerKey !== null
      ? "SSE-C"
      : encryption === "aws:kms"
        ? "SSE-KMS"
        : encryption === null
          ? ""
          : "SSE-S3",
    options.contentType ?? "",
    options.cacheControl === null ? "" : say.objectOptions.cacheControl,
    options.contentDisposition ?? "",
    options.acl ?? "",
    options.lock === null ? "" : say.objectOptions[options.lock.mode],
    options.legalHold ? say.objectOptions.legalHold : "",
    count.tags === 0 ? "" : say.objectOptions.tags(count.tags),
    count.metadata === 0 ? "" : say.objectOptions.entries(count.metadata),
  ]
    .filter((text) => text !== "")
    .join(", ");
}

/** As they are sent: lines of tags and metadata that were begun and have no name are not meant. */
export function settled(options: Options): Options {
  const named = ([name]: [string, string]) => name.trim() !== "";
  return { ...options, tags: options.tags.filter(named), metadata: options.metadata.filter(named) };
}
