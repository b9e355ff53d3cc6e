// Below the keys of a connection: where they are made, and the smallest policy, on the stand-in backend.
import { expect, it } from "vitest";
import { at, open } from "../window.browser";

const asked = (what: string) => (window.desktopAsked ?? []).filter((one) => one.what === what);
const policy = () => document.querySelector<HTMLTextAreaElement>('[data-testid="policy"]')?.value;

it("opens the provider's page, and says which keys it makes", async () => {
  open("connected");
  await at("nav-connections").click();
  await at("add-connection").click();
  await at("conn-preset").selectOptions("r2");
  await expect.element(at("keys-help")).toHaveTextContent("not the token value");
  await at("keys-page").click();
  await expect.poll(() => asked("open_keys_page")).toHaveLength(1);
  expect(asked("open_keys_page")[0]?.with).toBe("r2");
  await at("conn-preset").selectOptions("minio");
  await expect.element(at("keys-help")).toHaveTextContent("mc admin accesskey create");
  await expect.element(at("keys-page")).not.toBeInTheDocument();
});

it("puts R2's jurisdiction into the endpoint", async () => {
  open("connected");
  await at("nav-connections").click();
  await at("add-connection").click();
  await at("conn-preset").selectOptions("r2");
  await at("conn-jurisdiction").selectOptions("eu");
  await at("conn-account").fill("9c1f");
  await expect.element(at("conn-endpoint")).toHaveValue("https://9c1f.eu.r2.cloudflarestorage.com");
});

it("copies the policy of what is written, and asks for a bucket first", async () => {
  const copies: string[] = [];
  open("connected", {
    copyText: async (text) => {
      copies.push(text);
    },
  });
  await at("nav-connections").click();
  await at("add-connection").click();
  await at("copy-policy").click();
  await expect.element(at("policy-said")).toHaveTextContent("Enter the bucket first");
  await at("conn-bucket").fill("dailies");
  await at("conn-prefix").fill("2026");
  await at("copy-policy").click();
  await expect.element(at("policy-said")).toHaveTextContent("Copied");
  expect(copies).toHaveLength(1);
  expect(copies[0]).toContain("arn:aws:s3:::dailies/2026/*");
  expect(policy()).toBe(copies[0]);
  // another bucket is another policy
  await at("conn-bucket").fill("other");
  await expect.poll(policy).toBeUndefined();
});

it("shows the policy where the clipboard refuses, and never sends the secret", async () => {
  const app = open("connected", {
    copyText: () => Promise.reject(new Error("no")),
  });
  const forms: unknown[] = [];
  const { smallest_policy } = app.backend;
  app.backend.smallest_policy = (form) => {
    forms.push(form);
    return smallest_policy(form);
  };
  await at("nav-connections").click();
  await at("add-connection").click();
  await at("conn-secret").fill("do-not-send-me");
  await at("conn-bucket").fill("dailies");
  await at("copy-policy").click();
  await expect.element(at("policy-said")).toHaveTextContent("could not be copied");
  expect(policy()).toContain("s3:PutObject");
  expect(JSON.stringify(forms)).not.toContain("do-not-send-me");
});
