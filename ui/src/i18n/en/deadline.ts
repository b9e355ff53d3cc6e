// The deadline line: what ends before an upload does. Rust says the same (`scheduling/deadline.rs`); sentences.test.ts holds
// the two together.
import { counted } from "../counted";

const days = (n: number) => counted(n, { one: "day", other: "days" });

export const deadline = {
  /** the rate, the time that the upload needs, and what ends */
  line: (rate: string, needs: string, ends: string) => `At ${rate} this needs ${needs}; ${ends}`,
  signInRenewed: (within: string, until: string) =>
    `your sign-in ends in ${within} (it can be renewed until ${until})`,
  signIn: (within: string) => `your sign-in ends in ${within}`,
  temporaryKey: (within: string) => `the temporary key ends in ${within} and cannot be renewed`,
  rule: (within: string, n: number) =>
    `a lifecycle rule of the bucket aborts it in ${within} (${days(n)} after its start)`,
  provider: (within: string, n: number) =>
    `the provider aborts it in ${within} (${days(n)} after its start)`,
};
