// A connection while it is being written: form fields as text, and the way to the wire and back.
import { say } from "../i18n/language.svelte";
import { plainOptions, settled } from "./objectOptions";
import type {
  Connection,
  ConnectionForm,
  ConnectionOrForm,
  IfExists,
  Options,
  Preset,
  Role,
} from "./wire/wire";
import { serverName } from "./words";

export type SignWith = ConnectionForm["sign"]["with"];
export type ProxyBy = ConnectionForm["proxy"]["by"];

/** a role and an MFA device, as they are typed */
export type RoleDraft = {
  roleArn: string;
  externalId: string;
  sessionName: string;
  duration: string;
  mfaSerial: string;
};

export type Draft = {
  id: string | null;
  name: string;
  preset: string;
  endpoint: string;
  /** fills {account} of a preset's endpoint; never sent */
  account: string;
  region: string;
  pathStyle: boolean;
  signWith: SignWith;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  profile: string;
  startUrl: string;
  ssoRegion: string;
  sessionName: string;
  accountId: string;
  roleName: string;
  role: RoleDraft;
  bucket: string;
  prefix: string;
  caBundle: string;
  proxyBy: ProxyBy;
  proxyUrl: string;
  /** the proxy wants a user name and a password */
  proxyLogin: boolean;
  proxyUser: string;
  proxyPassword: string;
  dualStack: boolean;
  fips: boolean;
  accelerate: boolean;
  stored: Options;
  /** null: as in the settings */
  ifExists: IfExists | null;
  remember: boolean;
};

export function blank(): Draft {
  return {
    id: null,
    name: "",
    preset: "other",
    endpoint: "",
    account: "",
    region: "us-east-1",
    pathStyle: true,
    signWith: "keys",
    accessKeyId: "",
    secretAccessKey: "",
    sessionToken: "",
    profile: "",
    startUrl: "",
    ssoRegion: "us-east-1",
    sessionName: "",
    accountId: "",
    roleName: "",
    role: { roleArn: "", externalId: "", sessionName: "", duration: "", mfaSerial: "" },
    bucket: "",
    prefix: "",
    caBundle: "",
    proxyBy: "system",
    proxyUrl: "",
    proxyLogin: false,
    proxyUser: "",
    proxyPassword: "",
    dualStack: false,
    fips: false,
    accelerate: false,
    stored: plainOptions(),
    ifExists: null,
    remember: true,
  };
}

export function fromConnection(connection: Connection): Draft {
  const { sign, proxy } = connection;
  return {
    ...blank(),
    id: connection.id,
    name: connection.name,
    preset: connection.preset,
    endpoint: connection.endpoint ?? "",
    region: connection.region,
    pathStyle: connection.pathStyle,
    signWith: sign.with,
    accessKeyId: sign.with === "keys" ? sign.accessKeyId : "",
    profile: sign.with === "profile" ? sign.profile : "",
    ...centerOf(sign),
    role: roleOf(connection.role),
    bucket: connection.bucket ?? "",
    prefix: connection.prefix,
    caBundle: connection.caBundle ?? "",
    proxyBy: proxy.by,
    proxyUrl: proxy.by === "url" ? proxy.url : "",
    proxyLogin: proxy.by === "url" && proxy.login,
    ...connection.endpointOptions,
    stored: connection.stored,
    ifExists: connection.ifExists,
    remember: connection.signedIn !== "session",
  };
}

function centerOf(sign: Connection["sign"]): Partial<Draft> {
  if (sign.with !== "identityCenter") return {};
  const { center, accountId, roleName } = sign;
  return {
    startUrl: center.startUrl,
    ssoRegion: center.ssoRegion,
    sessionName: center.sessionName ?? "",
    accountId,
    roleName,
  };
}

function roleOf(role: Role | null): RoleDraft {
  return {
    roleArn: role?.roleArn ?? "",
    externalId: role?.externalId ?? "",
    sessionName: role?.roleSessionName ?? "",
    duration: role?.durationSeconds?.toString() ?? "",
    mfaSerial: role?.mfaSerial ?? "",
  };
}

/** Seconds that AWS STS takes; null where none are typed, NaN where it is another number. */
export function durationOf(text: string): number | null {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  const seconds = /^\d+$/.test(trimmed) ? Number(trimmed) : NaN;
  return seconds >= 900 && seconds <= 129_600 ? seconds : NaN;
}

/** Null where neither a role nor a device is named, or nothing is signed. */
function toRole({ role, signWith }: Draft): Role | null {
  const [roleArn, mfaSerial] = [emptied(role.roleArn), emptied(role.mfaSerial)];
  if ((roleArn === null && mfaSerial === null) || signWith === "nothing") return null;
  return {
    roleArn,
    mfaSerial,
    externalId: emptied(role.externalId),
    roleSessionName: emptied(role.sessionName),
    durationSeconds: durationOf(role.duration),
  };
}

export function toForm(draft: Draft): ConnectionForm {
  return {
    id: draft.id,
    name: draft.name.trim(),
    preset: draft.preset,
    endpoint: emptied(draft.endpoint),
    region: draft.region.trim(),
    pathStyle: draft.pathStyle,
    sign: signOf(draft),
    role: toRole(draft),
    secretAccessKey: draft.signWith === "keys" ? emptied(draft.secretAccessKey) : null,
    sessionToken: draft.signWith === "keys" ? emptied(draft.sessionToken) : null,
    bucket: emptied(draft.bucket),
    prefix: asPrefix(draft.prefix),
    caBundle: emptied(draft.caBundle),
    proxy: proxyOf(draft),
    proxyUser: asksLogin(draft) ? emptied(draft.proxyUser) : null,
    proxyPassword: asksLogin(draft) && draft.proxyPassword !== "" ? draft.proxyPassword : null,
    endpointOptions: endpointOptionsOf(draft),
    stored: settled(draft.stored),
    ifExists: draft.ifExists,
    remember: draft.remember,
  };
}

function signOf(draft: Draft): ConnectionForm["sign"] {
  switch (draft.signWith) {
    case "keys":
      return { with: "keys", accessKeyId: draft.accessKeyId.trim() };
    case "profile":
      return { with: "profile", profile: draft.profile };
    case "identityCenter":
      return {
        with: "identityCenter",
        center: {
          startUrl: draft.startUrl.trim(),
          ssoRegion: draft.ssoRegion.trim(),
          sessionName: emptied(draft.sessionName),
        },
        accountId: draft.accountId,
        roleName: draft.roleName,
      };
    default:
      return { with: draft.signWith };
  }
}

function proxyOf(draft: Draft): ConnectionForm["proxy"] {
  return draft.proxyBy === "url"
    ? { by: "url", url: draft.proxyUrl.trim(), login: draft.proxyLogin }
    : { by: draft.proxyBy };
}

function asksLogin(draft: Draft): boolean {
  return draft.proxyBy === "url" && draft.proxyLogin;
}

/** Only Amazon's own endpoints have them. */
function endpointOptionsOf(draft: Draft): ConnectionForm["endpointOptions"] {
  const amazons = draft.endpoint.trim() === "";
  return {
    dualStack: amazons && draft.dualStack,
    fips: amazons && draft.fips,
    accelerate: amazons && draft.accelerate,
  };
}

function emptied(text: string): string | null {
  const trimmed = text.trim();
  return trimmed === "" ? null : trimmed;
}

/** A saved connection's server, and how it is called where its buckets are looked through. */
export function serverOf(connection: Connection) {
  const { id, endpoint } = connection;
  const server: ConnectionOrForm = { by: "connection", id };
  return { server, name: serverName(connection), amazon: endpoint === null };
}

/** A prefix as a folder: "2026/08" and "/2026/08/" are both "2026/08/". */
export function asPrefix(text: string): string {
  const bare = text.trim().replace(/^\/+|\/+$/g, "");
  return bare === "" ? "" : `${bare}/`;
}

/** `{date}` and its kin as they are at this moment, by this computer's clock; what is not known stays as it is typed. */
export function dated(text: string, now: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const [year, month, day] = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())];
  const words: Record<string, string> = {
    date: `${year}-${month}-${day}`,
    year: String(year),
    month,
    day,
    time: `${two(now.getHours())}${two(now.getMinutes())}`,
  };
  return text.replace(/\{([a-z]+)\}/g, (all, word: string) => words[word] ?? all);
}

/** A field of the form, by the end of its id. */
export type DraftField =
  | "account"
  | "endpoint"
  | "region"
  | "access-key"
  | "secret"
  | "profile"
  | "start-url"
  | "sso-region"
  | "sso-account"
  | "role-duration"
  | "proxy-address"
  | "keychain";

/** What the form lacks, and in which field. */
export type Lack = { field: DraftField; text: string };

/** What is still needed before this can be saved or tested; null: nothing. */
export function lacking(draft: Draft, secretSaved: boolean, preset?: Preset): Lack | null {
  const words = say.draft.lacking;
  const lack = (field: DraftField, text: string): Lack => ({ field, text });
  const endpoint = draft.endpoint.trim();
  if (endpoint.includes("{account}")) return lack("account", words.account);
  if (endpoint.includes("{")) return lack("endpoint", words.endpoint);
  // without an endpoint it is Amazon's own
  const needed = preset !== undefined && preset.endpoint !== null;
  if (endpoint === "" ? needed : /^https?:\/*$/i.test(endpoint)) {
    return lack("endpoint", words.host);
  }
  if (endpoint !== "" && !/^https?:\/\/[^/\s]+/i.test(endpoint)) {
    return lack("endpoint", words.scheme);
  }
  if (draft.region.trim() === "") return lack("region", words.region);
  if (draft.signWith === "keys") {
    if (draft.accessKeyId.trim() === "") return lack("access-key", words.accessKeyId);
    if (draft.secretAccessKey === "" && !secretSaved) {
      return lack("secret", words.secretAccessKey);
    }
  }
  if (draft.signWith === "profile" && draft.profile === "") return lack("profile", words.profile);
  if (draft.signWith === "identityCenter") {
    if (draft.startUrl.trim() === "") return lack("start-url", words.startUrl);
    if (draft.ssoRegion.trim() === "") return lack("sso-region", words.ssoRegion);
    if (draft.accountId === "" || draft.roleName === "") {
      return lack("sso-account", words.ssoAccount);
    }
  }
  if (draft.signWith !== "nothing" && Number.isNaN(durationOf(draft.role.duration))) {
    return lack("role-duration", say.signIn.roles.wrongDuration);
  }
  if (draft.proxyBy === "url" && draft.proxyUrl.trim() === "")
    return lack("proxy-address", words.proxy);
  return null;
}

function filled(template: string | null, draft: Draft): string {
  return (template ?? "")
    .replace("{region}", draft.region.trim() || "{region}")
    .replace("{account}", draft.account.trim() || "{account}");
}

/** The draft with a preset's address, region and path style in place of the last preset's. */
export function withPreset(draft: Draft, preset: Preset, before: Preset | undefined): Draft {
  const name = draft.name === "" || draft.name === before?.name ? preset.name : draft.name;
  const next = {
    ...draft,
    name,
    preset: preset.id,
    region: preset.region,
    pathStyle: preset.pathStyle,
  };
  return { ...next, endpoint: filled(preset.endpoint, next) };
}

/** The draft with another region or account, also where a preset's endpoint holds it. */
export function withPlace(
  draft: Draft,
  preset: Preset | undefined,
  change: { region?: string; account?: string },
): Draft {
  const next = { ...draft, ...change };
  const jurisdiction = jurisdictionOf(draft.endpoint);
  const plain = withJurisdiction(draft.endpoint, "");
  if (preset === undefined || plain !== filled(preset.endpoint, draft)) return next;
  const endpoint = filled(preset.endpoint, next);
  return { ...next, endpoint: withJurisdiction(endpoint, jurisdiction) };
}

/** R2 keeps the buckets of a jurisdiction behind a host of their own; empty: none. */
export const JURISDICTIONS = ["", "eu", "fedramp"] as const;
export type Jurisdiction = (typeof JURISDICTIONS)[number];

const R2 = /^(https?:\/\/[^./\s]+)(?:\.(eu|fedramp))?(\.r2\.cloudflarestorage\.com.*)$/i;

export function jurisdictionOf(endpoint: string): Jurisdiction {
  const name = R2.exec(endpoint.trim())?.[2]?.toLowerCase();
  return JURISDICTIONS.find((one) => one === name) ?? "";
}

export function withJurisdiction(endpoint: string, jurisdiction: Jurisdiction): string {
  const found = R2.exec(endpoint.trim());
  if (!found) return endpoint;
  const [, account = "", , rest = ""] = found;
  return jurisdiction === "" ? `${account}${rest}` : `${account}.${jurisdiction}${rest}`;
}
