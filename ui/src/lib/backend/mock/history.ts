// The stand-in's histories: what an upload went through, by how it stands; knows no time.
import type { Event, Row } from "../../wire/wire";
import { because, UNREACHABLE } from "./scenes";

/** As it goes on a day with a busy server and a poor line. */
export function historyOf({ status, parts, proof, fault }: Row): Event[] {
  if (status === "waiting") return [{ did: "queued" }];
  const busy = because("throttled", { is: "slowDown", place: "Amazon S3" });
  const end: Event[] = [];
  if (status === "paused") end.push({ did: "paused" });
  if (status === "needsAnswer") return [{ did: "queued" }, { did: "started" }, { did: "keyTaken" }];
  if (status === "failed" && fault) end.push({ did: "failed", fault });
  if (status === "offline") end.push({ did: "waiting", fault: UNREACHABLE });
  if (proof) end.push({ did: "done", proof });
  if (status === "skipped") return [{ did: "queued" }, { did: "started" }, { did: "skipped" }];
  return [
    { did: "queued" },
    { did: "started" },
    { did: "resent", part: parts > 1 ? Math.min(212, parts) : null, times: 1, fault: busy },
    { did: "waiting", fault: UNREACHABLE },
    { did: "reconnected", seconds: 24 },
    ...end,
  ];
}
