// Importing connections from other programs, in the window on the stand-in backend.
import { expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { app, at, open } from "../window.browser";

const names = () => app.connections.list.map((one) => one.name);

it("imports what is chosen, and opens the first of it", async () => {
  open("connected");
  await at("nav-connections").click();
  await at("import").click();
  const dialog = at("import-connections");
  await expect.element(dialog).toHaveTextContent("archive");
  await expect.element(at("import-Lab scans")).toHaveTextContent("enter it after importing");
  await expect.element(at("import-run")).toHaveTextContent("Import 4 connections");
  await at("import-build-server").click();
  await expect.element(at("import-run")).toHaveTextContent("Import 3 connections");
  await at("import-run").click();
  await expect.element(dialog).not.toBeInTheDocument();
  expect(names()).toEqual(expect.arrayContaining(["archive", "offsite", "Lab scans"]));
  expect(names()).not.toContain("build-server");
  await expect.element(at("conn-name")).toHaveValue("archive");
  await expect.element(at("connection-imported-lab-scans")).toHaveTextContent("Secret key needed");

  // what is there already is not chosen again
  await at("import").click();
  await expect.element(at("import-archive")).toHaveTextContent("already imported");
  await expect.element(at("import-run")).toHaveTextContent("Import 1 connection");
});

it("says what cannot be taken, and why", async () => {
  open("connected");
  await at("nav-connections").click();
  await at("import").click();
  await at("import-not").getByText("2 entries cannot be imported").click();
  await expect.element(at("import-not")).toHaveTextContent("Not S3 (drive)");
  await expect.element(at("import-not")).toHaveTextContent("damaged or not in the expected format");
  await userEvent.keyboard("{Escape}");
  await expect.element(at("import-connections")).not.toBeInTheDocument();
});

it("is offered on the first start", async () => {
  open("empty");
  await at("import").click();
  await expect.element(at("import-archive")).toBeInTheDocument();
  await at("import-run").click();
  await expect.poll(() => app.screen).toBe("connections");
  expect(names()).toContain("archive");
});

it("keeps secrets for the session where there is no keychain, and says so", async () => {
  const asked: unknown[] = [];
  const app = open("nokeychain");
  const { import_connections } = app.backend;
  app.backend.import_connections = (wanted) => {
    asked.push(wanted.remember);
    return import_connections(wanted);
  };
  await at("nav-connections").click();
  await at("import").click();
  await expect.element(at("import-session")).toHaveTextContent("until you quit");
  await at("import-run").click();
  await expect.poll(() => asked).toEqual([false]);
});

it("keeps the dialog open for what could not be saved", async () => {
  const fault = {
    kind: "keychain" as const,
    part: null,
    status: null,
    code: null,
    requestId: null,
  };
  open("connected", {
    import_connections: async () => ({
      imported: [],
      failed: [
        {
          name: "archive",
          fault: { ...fault, detail: "", reason: { is: "keychain", how: "locked" } },
        },
      ],
    }),
  });
  await at("nav-connections").click();
  await at("import").click();
  await at("import-run").click();
  await expect.element(at("import-connections")).toHaveTextContent("archive was not imported");
});
