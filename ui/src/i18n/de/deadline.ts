// The deadline line, in German.
import { counted } from "../counted";
import type { deadline as en } from "../en/deadline";

const days = (n: number) => counted(n, { one: "Tag", other: "Tage" });

export const deadline: typeof en = {
  line: (rate, needs, ends) => `Bei ${rate} dauert das noch ${needs}; ${ends}`,
  signInRenewed: (within, until) =>
    `die Anmeldung gilt nur noch ${within} (sie lässt sich bis ${until} verlängern)`,
  signIn: (within) => `die Anmeldung gilt nur noch ${within}`,
  temporaryKey: (within) =>
    `der befristete Schlüssel gilt nur noch ${within} und lässt sich nicht verlängern`,
  rule: (within, n) =>
    `dem Upload bleiben noch ${within}, dann bricht ihn eine Lebenszyklusregel des Buckets ab (${days(n)} nach Beginn)`,
  provider: (within, n) =>
    `dem Upload bleiben noch ${within}, dann bricht ihn der Anbieter ab (${days(n)} nach Beginn)`,
};
