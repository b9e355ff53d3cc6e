// The capabilities of a connection's server, as the window shows them, and probing them.
import { describe, expect, it } from "vitest";
import { at, open } from "../window.browser";

describe("the capabilities of a server", () => {
  async function openOf(id: string) {
    open("queue");
    await at("nav-connections").click();
    await at(`connection-${id}`).click();
    await at("capabilities").getByText("Server capabilities").click();
  }

  it("are known from its documentation", async () => {
    await openOf("studio");
    await expect
      .element(at("capabilities-source"))
      .toHaveTextContent("From the server's documentation");
    await expect
      .element(at("capability-checksumMode"))
      .toHaveTextContent("Yes: Verifies whole files by");
    await expect.element(at("capability-equalParts")).not.toBeInTheDocument();
  });

  it("are shown as probed, with those that it lacks", async () => {
    await openOf("lab");
    await expect.element(at("capabilities-source")).toHaveTextContent("Probed on 14 August 2026");
    await expect
      .element(at("capability-checksumMode"))
      .toHaveTextContent("Verifies parts by their MD5");
    await expect.element(at("capability-checksWhole")).toHaveAttribute("data-mark", "no");
    await expect.element(at("capability-abortsAfterDays")).toHaveTextContent("after 7 days");
    await expect.element(at("capability-maxObject")).toHaveTextContent("5 TiB");
  });

  it("are a guess until it is probed, which takes a bucket", async () => {
    await openOf("ceph");
    await expect.element(at("capabilities-source")).toHaveTextContent("Not probed yet");
    await expect.element(at("capability-checksumMode")).toHaveAttribute("data-mark", "unknown");
    await expect.element(at("probe-server")).toBeDisabled();
    await expect.element(at("capabilities-hint")).toHaveTextContent("enter a bucket above");
  });

  it("are probed, and shown as it answered", async () => {
    open("queue");
    await at("nav-connections").click();
    await at("connection-practice").click();
    await expect.element(at("capabilities-source")).toHaveTextContent("Not probed yet");
    await at("probe-server").click();
    await expect.element(at("capabilities-source")).toHaveTextContent("Probed on");
    await expect.element(at("capability-checksumMode")).toHaveAttribute("data-mark", "yes");
    await expect.element(at("probe-server")).toHaveTextContent("Probe the server");
  });

  it("stay as they were if probing failed, with the reason", async () => {
    open("queue", {
      probe_capabilities: async () => {
        throw { kind: "denied", detail: "These keys may not write to practice." };
      },
    });
    await at("nav-connections").click();
    await at("connection-practice").click();
    await at("probe-server").click();
    await expect.element(at("capabilities-fault")).toHaveTextContent("may not write to practice");
    await expect.element(at("capabilities-source")).toHaveTextContent("Not probed yet");
  });
});
