// What a connection's server takes, as the window shows it, and asking it.
import { describe, expect, it } from "vitest";
import { at, open } from "../window.browser";

describe("what a server takes", () => {
  async function openOf(id: string) {
    open("queue");
    await at("nav-connections").click();
    await at(`connection-${id}`).click();
    await at("manners").getByText("Server capabilities").click();
  }

  it("is told from its documentation", async () => {
    await openOf("studio");
    await expect.element(at("manners-source")).toHaveTextContent("From the server's documentation");
    await expect.element(at("manner-rung")).toHaveTextContent("Yes: Verifies whole files by");
    await expect.element(at("manner-equalParts")).not.toBeInTheDocument();
  });

  it("is told as it answered, with what it lacks", async () => {
    await openOf("lab");
    await expect.element(at("manners-source")).toHaveTextContent("Probed on 14 August 2026");
    await expect.element(at("manner-rung")).toHaveTextContent("Verifies parts by their MD5");
    await expect.element(at("manner-checksWhole")).toHaveAttribute("data-mark", "no");
    await expect.element(at("manner-abortsAfterDays")).toHaveTextContent("after 7 days");
    await expect.element(at("manner-maxObject")).toHaveTextContent("5 TiB");
  });

  it("is a guess until it is asked, which takes a bucket", async () => {
    await openOf("ceph");
    await expect.element(at("manners-source")).toHaveTextContent("Not probed yet");
    await expect.element(at("manner-rung")).toHaveAttribute("data-mark", "unasked");
    await expect.element(at("ask-manners")).toBeDisabled();
    await expect.element(at("manners-hint")).toHaveTextContent("enter a bucket above");
  });

  it("is asked, and shown as it answered", async () => {
    open("queue");
    await at("nav-connections").click();
    await at("connection-practice").click();
    await expect.element(at("manners-source")).toHaveTextContent("Not probed yet");
    await at("ask-manners").click();
    await expect.element(at("manners-source")).toHaveTextContent("Probed on");
    await expect.element(at("manner-rung")).toHaveAttribute("data-mark", "yes");
    await expect.element(at("ask-manners")).toHaveTextContent("Probe the server");
  });

  it("stays as it was where asking failed, with the reason", async () => {
    open("queue", {
      probe_capabilities: async () => {
        throw { kind: "denied", detail: "These keys may not write to practice." };
      },
    });
    await at("nav-connections").click();
    await at("connection-practice").click();
    await at("ask-manners").click();
    await expect.element(at("manners-fault")).toHaveTextContent("may not write to practice");
    await expect.element(at("manners-source")).toHaveTextContent("Not probed yet");
  });
});
