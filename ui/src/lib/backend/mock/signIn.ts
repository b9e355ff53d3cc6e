// Signing in, as the stand-in plays it: a code that is confirmed after a while, two accounts, an MFA device.
import type { Calls } from "../backend";
import type { ConnectionForm, Fault } from "../../wire/wire";
import { because } from "./scenes";

type Names =
  | "begin_sign_in"
  | "open_sign_in"
  | "finish_sign_in"
  | "cancel_sign_in"
  | "aws_login"
  | "cancel_aws_login"
  | "sso_accounts"
  | "sso_roles"
  | "enter_mfa_code";

const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
const START_URL = "https://example.awsapps.com/start";
const PAGE = `${START_URL}/#/device`;

/** `still`: nobody confirms the code until the page was opened. */
export function signInOf(still: boolean) {
  let number = 0;
  let opened: (() => void) | null = null;
  const entered = new Set<string>();

  const startUrlOf = ({ sign }: ConnectionForm) => {
    if (sign.with === "identityCenter") return sign.center.startUrl;
    if (sign.with === "profile" && sign.profile === "studio-sso") return START_URL;
    const profile = sign.with === "profile" ? sign.profile : "default";
    if (profile === "archive") throw because("signIn", { is: "loginNeeded", profile });
    throw because("credentials", { is: "noIdentityCenter", profile });
  };

  const calls: Pick<Calls, Names> = {
    begin_sign_in: async ({ form, by }) => {
      const startUrl = startUrlOf(form);
      if (!/^https?:\/\//.test(startUrl)) {
        throw because("credentials", { is: "noStartUrl", startUrl });
      }
      number += 1;
      return {
        number,
        page: {
          url: `${PAGE}?user_code=HXKT-VNQD`,
          verificationUrl: PAGE,
          userCode: by === "deviceCode" ? "HXKT-VNQD" : null,
          startUrl,
          seconds: 600,
        },
      };
    },
    open_sign_in: async () => {
      opened?.();
      return null;
    },
    finish_sign_in: async () => {
      await (still ? new Promise<void>((done) => (opened = done)) : wait(6_000));
      return null;
    },
    cancel_sign_in: async () => null,
    cancel_aws_login: async () => null,
    aws_login: async () => wait(still ? 10 : 2_000).then(() => null),
    sso_accounts: async () => [
      { accountId: "111111111111", name: "Archive", email: "archive@example.com" },
      { accountId: "222222222222", name: "Production", email: "production@example.com" },
    ],
    sso_roles: async ({ accountId }) =>
      accountId === "111111111111" ? ["Upload"] : ["ReadOnly", "Upload"],
    enter_mfa_code: async ({ form, code }) => {
      await wait(still ? 10 : 400);
      if (!/^\d{6}$/.test(code.replace(/\s/g, ""))) {
        throw because("credentials", { is: "noMfaCode" });
      }
      entered.add(form.role?.mfaSerial ?? "");
      return null;
    },
  };

  /** What is to be done before this connection has keys. */
  const needed = (form: ConnectionForm): Fault | null => {
    const mfaSerial = form.role?.mfaSerial ?? null;
    if (mfaSerial === null || entered.has(mfaSerial)) return null;
    return because("signIn", { is: "mfaCodeNeeded", mfaSerial });
  };

  return { calls, needed };
}
