// Signing in with IAM Identity Center, and the code of an MFA device, as somebody does it in the window.
import { describe, expect, it } from "vitest";
import { at, inRow, open } from "../window.browser";

const STUDIO = "studio";

async function connection(backend: Parameters<typeof open>[1] = {}) {
  open("queue", backend);
  await at("nav-connections").click();
  await at(`connection-${STUDIO}`).click();
}

async function identityCenter(startUrl = "https://example.awsapps.com/start") {
  await at("conn-sign-identityCenter").click();
  await at("conn-start-url").fill(startUrl);
  await at("conn-sso-region").fill("eu-west-1");
}

describe("IAM Identity Center without a profile", () => {
  it("opens the browser, and then lists what can be chosen", async () => {
    const opened: number[] = [];
    await connection({
      open_sign_in: async (number) => {
        opened.push(number);
        return null;
      },
    });
    await identityCenter();
    await at("conn-sso-begin").click();
    await expect.element(at("sign-in")).toHaveTextContent("in your browser");
    await expect.element(at("sign-in-stands")).toHaveTextContent("Waiting for you");
    expect(document.querySelector('[data-testid="sign-in-code"]')).toBeNull();
    await expect.poll(() => opened).toHaveLength(1);
    await at("sign-in-open").click();
    expect(opened, "the same page again").toEqual([opened[0], opened[0]]);
  });

  it("shows a code where there is no browser, and then what can be chosen", async () => {
    const copied: string[] = [];
    const cancelled: number[] = [];
    await connection({
      copyText: async (text) => void copied.push(text),
      cancel_sign_in: async (number) => {
        cancelled.push(number);
        return null;
      },
    });
    await identityCenter();
    await expect.element(at("conn-sso-account")).toBeDisabled();
    await at("conn-sso-begin").click();
    await at("sign-in-use-code").click();
    expect(cancelled, "the page in the browser is not waited for any more").toHaveLength(1);
    await expect.element(at("sign-in-code")).toHaveTextContent("HXKT-VNQD");
    await expect.element(at("sign-in-stands")).toHaveTextContent("Waiting for you");
    await at("sign-in-copy").click();
    await expect.element(at("sign-in-copy")).toHaveTextContent("Copied");
    expect(copied).toEqual(["HXKT-VNQD"]);
    await at("sign-in-open").click();
    await expect.element(at("sign-in-stands")).toHaveTextContent("You are signed in");
    await at("sign-in-close").click();

    await at("conn-sso-account").selectOptions("111111111111");
    await expect.element(at("conn-sso-role")).toHaveValue("Upload");
    await at("conn-sso-account").selectOptions("222222222222");
    await expect.element(at("conn-sso-role")).toHaveValue("");
    await at("conn-save").click();
    await expect.element(at("conn-lacking")).toHaveTextContent("choose an account and a role");
    await at("conn-sso-role").selectOptions("ReadOnly");
    await at("conn-save").click();
    await expect.element(at("conn-saved")).toHaveTextContent("Saved");
    await expect.element(at("conn-sso-role")).toHaveValue("ReadOnly");
  });

  it("says what is wrong with a start URL", async () => {
    await connection();
    await identityCenter("example");
    await at("conn-sso-begin").click();
    await expect.element(at("sign-in-fault")).toHaveTextContent("is not a start URL");
  });

  it("is ended at the server where the dialog is closed", async () => {
    const cancelled: number[] = [];
    await connection({
      cancel_sign_in: async (number) => {
        cancelled.push(number);
        return null;
      },
    });
    await identityCenter();
    await at("conn-sso-begin").click();
    await expect.element(at("sign-in-open")).toBeVisible();
    await at("sign-in-close").click();
    await expect.element(at("sign-in")).not.toBeInTheDocument();
    expect(cancelled).toHaveLength(1);
  });
});

it("leaves a profile of aws login to the AWS CLI", async () => {
  const run: string[] = [];
  await connection({
    aws_login: async (profile) => {
      run.push(profile);
      return null;
    },
  });
  await at("conn-sign-profile").click();
  await at("conn-profile").selectOptions("archive");
  await at("conn-profile-sign-in").click();
  await expect.element(at("sign-in-fault")).toHaveTextContent("aws login --profile archive");
  await at("sign-in-aws-login").click();
  await expect.element(at("sign-in-stands")).toHaveTextContent("You are signed in");
  expect(run).toEqual(["archive"]);
});

it("ends aws login where the dialog is closed", async () => {
  const cancelled: string[] = [];
  await connection({
    aws_login: () => new Promise(() => {}),
    cancel_aws_login: async () => {
      cancelled.push("cancelled");
      return null;
    },
  });
  await at("conn-sign-profile").click();
  await at("conn-profile").selectOptions("archive");
  await at("conn-profile-sign-in").click();
  await at("sign-in-aws-login").click();
  await expect.element(at("sign-in-stands")).toHaveTextContent("Waiting for you");
  expect(cancelled).toEqual([]);
  await at("sign-in-close").click();
  await expect.element(at("sign-in")).not.toBeInTheDocument();
  expect(cancelled).toEqual(["cancelled"]);
});

describe("uploads that wait for a sign-in", () => {
  it("say so in row, details, status line, tray and one notification", async () => {
    const asked = (what: string) => (window.desktopAsked ?? []).filter((one) => one.what === what);
    const before = asked("notify").length;
    const app = open("signedOut");
    await expect.element(at("row-1")).toHaveTextContent("not signed in to https://example");
    await expect.element(at("status-line")).toHaveTextContent("Waiting for you to sign in");
    await at("row-1").click();
    await expect.element(at("detail-status")).toHaveTextContent("Sign-in needed");
    await expect.element(at("detail-waits")).toHaveTextContent("once you have signed in.");
    const tip = () => (asked("set_tray").at(-1)?.with as { tip: string } | undefined)?.tip;
    await expect.poll(tip).toBe("Waiting for you to sign in");
    const told = () =>
      asked("notify")
        .slice(before)
        .map((one) => one.with);
    const title = "3 uploads are waiting for you to sign in";
    await expect.poll(told).toMatchObject([{ title }]);
    app.desktop.nudged({ ...app.totals, signIn: 2 }, { pause: false, resume: false });
    expect(told(), "said once").toHaveLength(1);
    app.desktop.nudged({ ...app.totals, signIn: 0 }, { pause: false, resume: false });
    app.desktop.nudged({ ...app.totals, signIn: 1 }, { pause: false, resume: false });
    await expect.poll(told).toHaveLength(2);
  });

  it("are signed in for from the row, with what the connection needs", async () => {
    open("signedOut");
    await inRow(1, "row-sign-in").click();
    await expect.element(at("sign-in")).toBeVisible();
    await at("sign-in-close").click();
    await expect.element(inRow(3, "row-sign-in")).toHaveTextContent("MFA code...");
    await inRow(3, "row-sign-in").click();
    await expect.element(at("mfa")).toHaveTextContent("mfa/ada");
  });
});

describe("a role with MFA", () => {
  it("asks for the code when the connection is tested, and tests on", async () => {
    await connection();
    await at("conn-role").getByText("Role and MFA").click();
    await at("conn-role-roleArn").fill("arn:aws:iam::111111111111:role/upload");
    await at("conn-role-mfaSerial").fill("arn:aws:iam::111111111111:mfa/ada");
    await at("conn-role-duration").fill("12");
    await at("conn-test").click();
    await expect.element(at("conn-lacking")).toHaveTextContent("900 to 129,600 seconds");
    await at("conn-role-duration").fill("3600");
    await at("conn-test").click();
    await expect.element(at("mfa")).toHaveTextContent("arn:aws:iam::111111111111:mfa/ada");
    await at("mfa-code").fill("12345");
    await at("mfa-enter").click();
    await expect.element(at("mfa-fault")).toHaveTextContent("six digits");
    await expect.element(at("mfa-code")).toHaveValue("");
    await expect.element(at("mfa-code")).toHaveFocus();
    await at("mfa-code").fill("123 456");
    await at("mfa-enter").click();
    await expect.element(at("mfa")).not.toBeInTheDocument();
    await expect.element(at("check-signedIn")).toHaveAttribute("data-outcome", "passed");
  });
});
