// What is in the stand-in's buckets, and the names that it takes for new ones. The rules themselves are the engine's
// (`model/bucket_name.rs`): here are enough to see each kind of message.
import type { Browse, BucketName, FolderPage, InvalidBucketName } from "../../wire/wire";
import { because, says } from "./scenes";

const FOLDERS: Record<string, string[]> = {
  "media-prod": [
    "2025/12/",
    "2026/06/",
    "2026/07/",
    "2026/08/day 01/camera A/",
    "2026/08/day 01/camera B/",
    "2026/08/day 02/",
    "masters/",
    "proxies/Interview with the lighthouse keeper, second night, graded, with burnt-in timecode/",
    "sound/",
  ],
  "media-archive": Array.from(
    { length: 1240 },
    (_, at) => `reel-${String(at + 1).padStart(4, "0")}/`,
  ),
};
const PAGE = 1000;

/** A bucket whose keys may not list it. */
const UNLISTED = "lab-scans-2026";
/** A bucket of somebody else's. */
export const TAKEN = "taken-by-others";

export function browse({ bucket, prefix, from }: Browse): FolderPage {
  if (bucket === UNLISTED) {
    throw because("denied", says("Access Denied (AccessDenied)"), {
      status: 403,
      code: "AccessDenied",
    });
  }
  if (bucket === "nobody-has-this") throw because("wrongPlace", { is: "noSuchBucket", bucket });
  const below = (FOLDERS[bucket] ?? [])
    .filter((path) => path.startsWith(prefix) && path !== prefix)
    .map((path) => path.slice(prefix.length).split("/")[0] ?? "");
  const all = [...new Set(below)];
  const start = Number(from ?? 0);
  const end = start + PAGE;
  return {
    folders: all.slice(start, end),
    objects: prefix.startsWith("2026/0") ? 12 : 0,
    next: end < all.length ? String(end) : null,
  };
}

export function checkBucketName({ name, amazon }: BucketName): InvalidBucketName | null {
  const strange = /[^a-z0-9.-]/.exec(name)?.[0];
  if (/\p{Lu}/u.test(name)) return { rule: "uppercase" };
  if (strange !== undefined) return { rule: "character", character: strange };
  if (/^[.-]/.test(name)) return { rule: "begins" };
  if (name.includes("..")) return { rule: "twoDots" };
  if (amazon && name.startsWith("xn--")) return { rule: "reservedPrefix", prefix: "xn--" };
  if (name.length < 3) return { rule: "tooShort" };
  if (name.length > 63) return { rule: "tooLong", characters: name.length };
  return /[.-]$/.test(name) ? { rule: "ends" } : null;
}
