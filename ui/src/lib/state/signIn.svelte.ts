// A sign-in while it is under way: its page and code, the accounts and roles it leads to, an MFA code. Knows no element.
import type { Backend } from "../backend";
import { asFault } from "../faults";
import type { Account, ConnectionForm, Fault, SignInBy, SignInPage } from "../wire/wire";

type Stage = "beginning" | "waiting" | "done";

export class SignIn {
  /** the dialog of the sign-in is open while there is one */
  stage = $state<Stage | null>(null);
  page = $state.raw<SignInPage | null>(null);
  /** null: it was not tried yet */
  copied = $state<boolean | null>(null);
  fault = $state.raw<Fault | null>(null);
  /** why no browser opened the page; the sign-in goes on */
  unopened = $state.raw<Fault | null>(null);

  /** null: not asked for yet */
  accounts = $state.raw<Account[] | null>(null);
  roles = $state.raw<string[] | null>(null);
  listing = $state(false);
  /** why they could not be listed */
  unlisted = $state.raw<Fault | null>(null);

  /** the MFA device that is asked for its code; the dialog is open while there is one */
  device = $state<string | null>(null);
  entering = $state(false);
  refused = $state.raw<Fault | null>(null);

  readonly #backend: Backend;
  #run = 0;
  #listing = 0;
  #number: number | null = null;
  #runsAwsLogin = false;
  #form: ConnectionForm | null = null;
  #then: () => void = () => {};
  #after: () => void = () => {};
  #signsIn: ConnectionForm | null = null;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /**
   * Asks for a page and waits until somebody has signed in on it; `then` follows where they did. The browser opens by itself,
   * unless there is a code to compare first.
   */
  async begin(
    form: ConnectionForm,
    then: () => void,
    by: SignInBy = "browser",
    opens = true,
  ): Promise<void> {
    this.close();
    const run = this.#run;
    this.#after = then;
    this.#signsIn = form;
    this.stage = "beginning";
    try {
      const begun = await this.#backend.begin_sign_in({ form, by });
      if (run !== this.#run) return void this.#backend.cancel_sign_in(begun.number);
      this.#number = begun.number;
      this.page = begun.page;
      this.stage = "waiting";
      if (opens && begun.page.userCode === null) void this.openPage();
      await this.#backend.finish_sign_in(begun.number);
      if (run !== this.#run) return;
      this.#number = null;
      this.stage = "done";
      then();
    } catch (thrown) {
      if (run === this.#run) this.fault = asFault(thrown);
    }
  }

  /** Starts again with a code, which can be entered on any device. */
  useCode(): void {
    if (this.#signsIn) void this.begin(this.#signsIn, this.#after, "deviceCode");
  }

  /** The profile that only the AWS CLI can sign in, where that is what is in the way. */
  get awsLogin(): string | null {
    return this.fault?.reason?.is === "loginNeeded" ? this.fault.reason.profile : null;
  }

  /** Has the AWS CLI sign in. */
  async runAwsLogin(): Promise<void> {
    const [run, profile, then] = [this.#run, this.awsLogin, this.#after];
    if (profile === null) return;
    this.fault = null;
    this.stage = "waiting";
    this.#runsAwsLogin = true;
    try {
      await this.#backend.aws_login(profile);
      if (run !== this.#run) return;
      this.stage = "done";
      then();
    } catch (thrown) {
      if (run === this.#run) this.fault = asFault(thrown);
    } finally {
      if (run === this.#run) this.#runsAwsLogin = false;
    }
  }

  close(): void {
    this.#run += 1;
    if (this.#runsAwsLogin) void this.#backend.cancel_aws_login(null);
    this.#runsAwsLogin = false;
    if (this.#number !== null) void this.#backend.cancel_sign_in(this.#number);
    this.#number = null;
    this.stage = null;
    this.page = null;
    this.copied = null;
    this.fault = null;
    this.unopened = null;
  }

  async copy(): Promise<void> {
    const code = this.page?.userCode;
    if (!code) return;
    const run = this.#run;
    const copied = await this.#backend.copyText(code).then(
      () => true,
      () => false,
    );
    if (run === this.#run) this.copied = copied;
  }

  async openPage(): Promise<void> {
    const [run, number] = [this.#run, this.#number];
    if (number === null) return;
    this.unopened = null;
    try {
      await this.#backend.open_sign_in(number);
    } catch (thrown) {
      if (run === this.#run) this.unopened = asFault(thrown);
    }
  }

  /** What can be chosen is another connection's. */
  forget(): void {
    this.#listing += 1;
    this.accounts = null;
    this.roles = null;
    this.listing = false;
    this.unlisted = null;
  }

  /** The accounts; the one that there is only one of is the answer. */
  async list(form: ConnectionForm): Promise<Account | null> {
    this.forget();
    const accounts = await this.#asked(() => this.#backend.sso_accounts(form));
    if (accounts === null) return null;
    this.accounts = accounts;
    return accounts.length === 1 ? (accounts[0] ?? null) : null;
  }

  /** The roles in an account; the one that there is only one of is the answer. */
  async listRoles(form: ConnectionForm, accountId: string): Promise<string | null> {
    this.roles = null;
    const roles = await this.#asked(() => this.#backend.sso_roles({ form, accountId }));
    if (roles === null) return null;
    this.roles = roles;
    return roles.length === 1 ? (roles[0] ?? null) : null;
  }

  /** Null where it failed, which is said, or something else is listed by now. */
  async #asked<T>(ask: () => Promise<T>): Promise<T | null> {
    this.#listing += 1;
    const listing = this.#listing;
    this.listing = true;
    this.unlisted = null;
    try {
      const answer = await ask();
      return listing === this.#listing ? answer : null;
    } catch (thrown) {
      if (listing === this.#listing) this.unlisted = asFault(thrown);
      return null;
    } finally {
      if (listing === this.#listing) this.listing = false;
    }
  }

  /**
   * Does what a fault needs before there are keys; `then` follows where it was done. False: nothing of that kind. `opens`: the
   * browser opens by itself, where somebody asked to sign in.
   */
  answer(fault: Fault | null, form: ConnectionForm, then: () => void, opens = true): boolean {
    if (fault?.kind !== "signIn") return false;
    if (fault.reason?.is === "mfaCodeNeeded") {
      this.device = fault.reason.mfaSerial;
      this.refused = null;
      this.#form = form;
      this.#then = then;
      return true;
    }
    if (fault.reason?.is !== "signInNeeded" && fault.reason?.is !== "loginNeeded") return false;
    void this.begin(form, then, "browser", opens);
    return true;
  }

  async enterCode(code: string): Promise<void> {
    const form = this.#form;
    if (form === null || this.entering) return;
    this.entering = true;
    this.refused = null;
    try {
      await this.#backend.enter_mfa_code({ form, code });
      const then = this.#then;
      this.closeCode();
      then();
    } catch (thrown) {
      this.refused = asFault(thrown);
    } finally {
      this.entering = false;
    }
  }

  closeCode(): void {
    this.device = null;
    this.refused = null;
    this.#form = null;
  }
}
