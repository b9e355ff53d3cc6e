// A connection form: presets fill in addresses, secrets go one way, gaps are named.
import { describe, expect, it } from "vitest";
import { cases } from "./cases";
import {
  asPrefix,
  blank,
  dated,
  fromConnection,
  jurisdictionOf,
  lacking,
  toForm,
  withJurisdiction,
  withPlace,
  withPreset,
} from "./draft";
import { plainOptions } from "./objectOptions";
import type { Connection, Preset } from "./wire/wire";

const preset = (id: string, endpoint: string | null, region: string): Preset => ({
  id,
  name: id.toUpperCase(),
  endpoint,
  region,
  pathStyle: false,
  note: "",
  keysPage: null,
  keys: "",
});
const AWS = preset("aws", null, "us-east-1");
const WASABI = preset("wasabi", "https://s3.{region}.wasabisys.com", "eu-central-1");
const R2 = preset("r2", "https://{account}.r2.cloudflarestorage.com", "auto");

const SAVED: Connection = {
  id: "c1",
  name: "Studio",
  preset: "wasabi",
  endpoint: "https://s3.eu-central-1.wasabisys.com",
  region: "eu-central-1",
  pathStyle: true,
  sign: { with: "keys", accessKeyId: "AKIA" },
  role: null,
  bucket: "media",
  prefix: "2026/",
  caBundle: null,
  proxy: { by: "url", url: "http://proxy.example.com:3128", login: true },
  endpointOptions: { dualStack: false, fips: false, accelerate: false },
  practice: false,
  signedIn: "keychain",
  probed: null,
  stored: plainOptions(),
  ifExists: null,
};

describe("presets", () => {
  it("fill the endpoint, and follow the region", () => {
    const draft = withPreset(blank(), WASABI, AWS);
    expect(draft.endpoint).toBe("https://s3.eu-central-1.wasabisys.com");
    const moved = withPlace(draft, WASABI, { region: "us-west-1" });
    expect(moved.endpoint).toBe("https://s3.us-west-1.wasabisys.com");
  });

  it("leave an endpoint alone that somebody wrote", () => {
    const draft = { ...withPreset(blank(), WASABI, AWS), endpoint: "https://s3.example.com" };
    const moved = withPlace(draft, WASABI, { region: "us-west-1" });
    expect(moved.endpoint).toBe("https://s3.example.com");
  });

  it("ask for the account where the address has one", () => {
    const draft = { ...withPreset(blank(), R2, AWS), accessKeyId: "a", secretAccessKey: "s" };
    expect(lacking(draft, false)?.field).toBe("account");
    const filled = withPlace(draft, R2, { account: "abc123" });
    expect(filled.endpoint).toBe("https://abc123.r2.cloudflarestorage.com");
    expect(lacking(filled, false)).toBeNull();
  });

  it("name the connection until somebody does", () => {
    const draft = withPreset(blank(), AWS, undefined);
    expect(draft.name).toBe("AWS");
    expect(withPreset(draft, WASABI, AWS).name).toBe("WASABI");
    expect(withPreset({ ...draft, name: "Mine" }, WASABI, AWS).name).toBe("Mine");
  });
});

describe("secrets", () => {
  it("never come back from what is saved, and null keeps them", () => {
    const draft = fromConnection(SAVED);
    expect(draft.secretAccessKey).toBe("");
    expect(toForm(draft).secretAccessKey).toBeNull();
  });

  it("are not sent along with another way to sign in", () => {
    const draft = { ...fromConnection(SAVED), secretAccessKey: "s", signWith: "profile" as const };
    expect(toForm({ ...draft, profile: "studio" })).toMatchObject({
      secretAccessKey: null,
      sign: { with: "profile", profile: "studio" },
    });
  });

  it("of a proxy neither come back nor are sent where they are not wanted", () => {
    const draft = fromConnection(SAVED);
    expect(draft).toMatchObject({ proxyBy: "url", proxyLogin: true, proxyPassword: "" });
    expect(toForm(draft)).toMatchObject({
      proxy: { by: "url", url: "http://proxy.example.com:3128", login: true },
      proxyUser: null,
      proxyPassword: null,
    });
    const typed = { ...draft, proxyUser: "ada", proxyPassword: " p " };
    expect(toForm(typed)).toMatchObject({ proxyUser: "ada", proxyPassword: " p " });
    expect(toForm({ ...typed, proxyLogin: false })).toMatchObject({ proxyPassword: null });
    expect(toForm({ ...typed, proxyBy: "direct" })).toMatchObject({
      proxy: { by: "direct" },
      proxyPassword: null,
    });
  });

  it("are needed once", () => {
    const draft = fromConnection(SAVED);
    expect(lacking(draft, true)).toBeNull();
    expect(lacking(draft, false)?.field).toBe("secret");
  });
});

it("leaves options of Amazon's endpoints to Amazon's endpoints", () => {
  const draft = { ...fromConnection(SAVED), dualStack: true };
  expect(toForm(draft).endpointOptions.dualStack).toBe(false);
  expect(toForm({ ...draft, endpoint: "" }).endpointOptions.dualStack).toBe(true);
});

it("goes to the wire and back unchanged", () => {
  const form = toForm(fromConnection(SAVED));
  expect(form).toMatchObject({
    id: "c1",
    name: "Studio",
    endpoint: SAVED.endpoint,
    region: "eu-central-1",
    pathStyle: true,
    bucket: "media",
    prefix: "2026/",
    remember: true,
  });
});

it("keeps R2's jurisdiction when the account is typed", () => {
  let draft = withPreset(blank(), R2, undefined);
  draft.endpoint = withJurisdiction(draft.endpoint, "eu");
  draft = withPlace(draft, R2, { account: "9c1f" });
  expect(draft.endpoint).toBe("https://9c1f.eu.r2.cloudflarestorage.com");
  expect(jurisdictionOf(draft.endpoint)).toBe("eu");
  expect(withJurisdiction(draft.endpoint, "fedramp")).toBe(
    "https://9c1f.fedramp.r2.cloudflarestorage.com",
  );
  expect(withJurisdiction(draft.endpoint, "")).toBe("https://9c1f.r2.cloudflarestorage.com");
  expect(withJurisdiction("https://s3.example.com", "eu")).toBe("https://s3.example.com");
});

it("takes Identity Center and a role to the wire and back", () => {
  const sign = {
    with: "identityCenter" as const,
    center: { startUrl: "https://x.awsapps.com/start", ssoRegion: "eu-west-1", sessionName: null },
    accountId: "111111111111",
    roleName: "Upload",
  };
  const role = {
    roleArn: "arn:aws:iam::1:role/r",
    roleSessionName: null,
    externalId: null,
    durationSeconds: 3600,
    mfaSerial: "arn:aws:iam::1:mfa/ada",
  };
  const draft = fromConnection({ ...SAVED, sign, role });
  expect(toForm(draft)).toMatchObject({ sign, role, secretAccessKey: null });
  expect(lacking(draft, false)).toBeNull();
  const lack = lacking({ ...draft, roleName: "" }, false);
  expect(lack).toMatchObject({
    field: "sso-account",
    text: expect.stringMatching(/account and a role/),
  });
  const typed = { ...draft, role: { ...draft.role, duration: "an hour" } };
  expect(lacking(typed, false)?.text).toMatch(/900 to 129,600/);
  expect(toForm({ ...draft, signWith: "nothing" }).role).toBeNull();
});

it(
  "makes a prefix of a folder",
  cases(
    "%j is %j",
    [
      ["", ""],
      ["/", ""],
      ["2026/08", "2026/08/"],
      ["/2026/08//", "2026/08/"],
      [" a b ", "a b/"],
    ],
    (text, prefix) => expect(asPrefix(text)).toBe(prefix),
  ),
);

it(
  "says what is lacking",
  cases(
    "%j",
    [
      [{ endpoint: "s3.example.com" }, "endpoint", /https/],
      [{ endpoint: "https://" }, "endpoint", /server's address/],
      [{ endpoint: "" }, "endpoint", /server's address/],
      [{ region: " " }, "region", /region/],
      [{ accessKeyId: "" }, "access-key", /access key/],
      [{ signWith: "profile" as const, profile: "" }, "profile", /profile/],
      [{ proxyBy: "url" as const, proxyUrl: " " }, "proxy-address", /proxy/],
    ],
    (change, field, said) => {
      const lack = lacking({ ...fromConnection(SAVED), ...change }, true, WASABI);
      expect(lack?.field).toBe(field);
      expect(lack?.text).toMatch(said);
    },
  ),
);

it(
  "fills in the day",
  cases(
    "%j is %j",
    [
      ["dailies/{date}/", "dailies/2026-08-03/"],
      ["{year}/{month}/{day}-{time}/", "2026/08/03-0907/"],
      ["{who}/plain/", "{who}/plain/"],
    ],
    (typed, folder) => expect(dated(typed, new Date(2026, 7, 3, 9, 7))).toBe(folder),
  ),
);
