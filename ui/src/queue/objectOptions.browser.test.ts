// How objects are stored, which files of a folder go, and under which keys: the sheet and a connection's defaults.
import { expect, it, vi } from "vitest";
import { userEvent } from "vitest/browser";
import type { Backend } from "../lib/backend";
import { plainOptions } from "../lib/objectOptions";
import { app, at, open } from "../window.browser";

const added = () => {
  const add = vi.fn<Backend["add"]>(async () => ({ count: 1, ids: [1] }));
  return { add, request: () => add.mock.calls.at(-1)?.[0] };
};

async function dropped(folder = "/home/ada/Footage"): Promise<void> {
  await expect.poll(() => app.connections.list.length).toBeGreaterThan(0);
  window.postMessage({ drag: { type: "drop", tokens: [folder] } }, location.origin);
  await expect.element(at("sheet-plan")).toHaveTextContent(/parts|request/);
}

it("sends what was chosen with the files, and says it in a line", async () => {
  const { add, request } = added();
  open("connected", { add });
  await dropped();
  await expect.element(at("sheet-differing")).toHaveTextContent("bucket defaults");
  await at("sheet-options").getByText("Storage options").click();
  await at("option-encryption").selectOptions("aws:kms");
  await at("option-cache").fill("no-cache");
  await at("option-disposition").fill("attachment");
  await at("option-acl").selectOptions("bucket-owner-full-control");
  await at("option-lock").selectOptions("compliance");
  await expect.element(at("sheet-options")).toHaveTextContent("not even the account's owner");
  await at("option-lock-days").fill("90");
  await at("option-hold").click();
  await expect
    .element(at("sheet-differing"))
    .toHaveTextContent("SSE-KMS, Cache-Control, attachment");
  await at("sheet-exists-skipSame").click();
  await at("sheet-start").click();
  await expect.poll(request).toMatchObject({
    ifExists: "skipSame",
    options: {
      ...plainOptions(),
      encryption: "aws:kms",
      cacheControl: "no-cache",
      contentDisposition: "attachment",
      acl: "bucket-owner-full-control",
      lock: { mode: "compliance", days: 90 },
      legalHold: true,
    },
  });
});

it("takes a key of one's own by keyboard alone, and forgets it", async () => {
  const { add, request } = added();
  const keep = vi.fn<Backend["keep_customer_key"]>(async ({ name }) => ({
    md5: "bWQ1",
    name,
    inKeychain: true,
  }));
  open("connected", {
    add,
    keep_customer_key: keep,
    customer_keys: async () => [{ md5: "bWQ1", name: "Archive", inKeychain: true }],
  });
  await dropped();
  await at("sheet-options").getByText("Storage options").click();
  await at("option-encryption").selectOptions("SSE-C");
  await at("customer-key").selectOptions("add");
  at("customer-key-name").element().focus();
  await userEvent.keyboard("Archive{Tab}{Tab}{Enter}");
  await expect.element(at("customer-key-add")).toBeDisabled();
  const key = (at("customer-key-value").element() as HTMLInputElement).value;
  expect(key).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  at("customer-key-kept").element().focus();
  await userEvent.keyboard(" ");
  at("customer-key-add").element().focus();
  await userEvent.keyboard("{Enter}");
  await expect.element(at("customer-key-dialog")).not.toBeInTheDocument();
  expect(keep.mock.calls[0]?.[0]).toMatchObject({ key, name: "Archive", remember: true });
  expect(document.documentElement.outerHTML).not.toContain(key);
  await at("sheet-start").click();
  await expect.poll(() => request()?.options.customerKey).toBe("bWQ1");
  expect(JSON.stringify(request())).not.toContain(key);
});

it("walks again where hidden files or links are wanted otherwise, and remembers it", async () => {
  open("connected");
  await dropped();
  await at("sheet-skipped").getByText("skipped").click();
  await expect.element(at("sheet-skipped")).not.toHaveTextContent("Hidden");
  await at("sheet-hidden").click();
  await expect.element(at("sheet-skipped")).toHaveTextContent("Hidden file");
  await at("sheet-links").click();
  await expect.element(at("sheet-skipped")).not.toHaveTextContent("Symbolic link");
  expect(app.preferences.settings).toMatchObject({ hiddenFiles: false, followLinks: true });
});

it("shows under which key the first file goes, as a folder and as a pattern", async () => {
  open("connected");
  await dropped();
  await at("sheet-prefix").fill("raw/{folder}/{name}");
  await expect
    .element(at("sheet-ahead"))
    .toHaveAttribute("title", expect.stringContaining("/raw/Footage/A001_C002_0612XY.mov"));
  await at("sheet-prefix").fill("{name}");
  await expect
    .element(at("sheet-beside"))
    .toHaveTextContent("2 files would share a key with another");
});

it("starts from how the connection stores things, unless the user chose", async () => {
  const { add, request } = added();
  open("connected", { add });
  await expect.poll(() => app.connections.list.length).toBeGreaterThan(0);
  const [first] = app.connections.list;
  if (!first) throw new Error("no connection");
  app.connections.list = [{ ...first, stored: { ...plainOptions(), storageClass: "GLACIER_IR" } }];
  await dropped();
  await expect.element(at("sheet-differing")).toHaveTextContent("Glacier, instant retrieval");
  await at("sheet-start").click();
  await expect.poll(() => request()?.options.storageClass).toBe("GLACIER_IR");
});

it("keeps a connection's defaults", async () => {
  const save = vi.fn<Backend["save_connection"]>(async () => app.connections.list[0]!);
  open("queue", { save_connection: save });
  await expect.poll(() => app.connections.list.length).toBeGreaterThan(0);
  await at("nav-connections").click();
  app.connections.edit(app.connections.list.find((one) => !one.practice)?.id ?? "");
  await at("conn-stored").getByText("Storage options").click();
  await at("option-cache").fill("max-age=3600");
  await at("conn-save").click();
  await expect.poll(() => save.mock.calls[0]?.[0].stored.cacheControl).toBe("max-age=3600");
});
