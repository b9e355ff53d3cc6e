// A connection's proxy and Amazon's endpoints in the form: what is typed, what is sent, and what does not come back.
import { describe, expect, it } from "vitest";
import type { CheckRequest, ConnectionForm } from "../lib/wire/wire";
import { mockBackend } from "../lib/backend/mock";
import { app, at, open } from "../window.browser";

async function openStudio() {
  const mock = mockBackend(new URLSearchParams("scene=queue&still"));
  const saved: ConnectionForm[] = [];
  const checked: CheckRequest[] = [];
  open("queue", {
    connections: (none) => mock.connections(none),
    save_connection: (form) => {
      saved.push(form);
      return mock.save_connection(form);
    },
    check: async (request) => {
      checked.push(request);
      const said = { found: "answersThrough" as const, proxy: "proxy.example.com:3128" };
      const { step } = request;
      return { step, outcome: "passed", said, fault: null, region: null };
    },
  });
  await at("nav-connections").click();
  await at("connection-studio").click();
  return { saved, checked };
}

describe("a connection's proxy", () => {
  it("is the system's until another is chosen, and its password is sent once", async () => {
    const { saved, checked } = await openStudio();
    await expect.element(at("conn-proxy")).toHaveTextContent("Proxy: System");
    await at("conn-proxy").getByText("Proxy: System").click();
    await at("conn-proxy-url").click();
    await at("conn-save").click();
    await expect.element(at("conn-lacking")).toHaveTextContent("Enter the proxy's address");

    await at("conn-proxy-address").fill("http://proxy.example.com:3128");
    await expect.element(at("conn-proxy-user")).not.toBeInTheDocument();
    await at("conn-proxy-login").click();
    await at("conn-proxy-user").fill("ada");
    await at("conn-proxy-password").fill("hush");
    await expect.element(at("conn-proxy-password")).toHaveAttribute("type", "password");
    await at("conn-test").click();
    await expect
      .element(at("conn-form"))
      .toHaveTextContent("The server responds, through the proxy proxy.example.com:3128");
    expect(checked[0]?.form).toMatchObject({ proxyUser: "ada", proxyPassword: "hush" });

    await at("conn-save").click();
    await expect.element(at("conn-saved")).toHaveTextContent("Saved");
    expect(saved.at(-1)).toMatchObject({
      proxy: { by: "url", url: "http://proxy.example.com:3128", login: true },
      proxyUser: "ada",
      proxyPassword: "hush",
    });
    await expect.element(at("conn-proxy-password")).toHaveValue("");
    await expect.element(at("conn-proxy-password")).toHaveAttribute("placeholder", "Saved");
    expect(JSON.stringify(app.connections.draft)).not.toContain("hush");
    expect(document.body.innerHTML).not.toContain("hush");

    // another proxy has a login of its own
    await at("conn-proxy-address").fill("http://other.example.com:3128");
    await expect.element(at("conn-proxy-password")).toHaveAttribute("placeholder", "");
  });

  it("can be none", async () => {
    const { saved } = await openStudio();
    await at("conn-proxy").getByText("Proxy: ").click();
    await at("conn-proxy-direct").click();
    await at("conn-save").click();
    await expect.element(at("conn-saved")).toHaveTextContent("Saved");
    expect(saved.at(-1)).toMatchObject({ proxy: { by: "direct" }, proxyPassword: null });
  });
});

it("offers Amazon's endpoints where no other is typed", async () => {
  const { saved } = await openStudio();
  await at("conn-dualStack").click();
  await at("conn-save").click();
  await expect.element(at("conn-saved")).toHaveTextContent("Saved");
  expect(saved.at(-1)?.endpointOptions).toEqual({
    dualStack: true,
    fips: false,
    accelerate: false,
  });
  await at("conn-endpoint").fill("https://s3.example.com");
  await expect.element(at("conn-dualStack")).not.toBeInTheDocument();
  await at("conn-save").click();
  await expect.poll(() => saved.at(-1)?.endpointOptions.dualStack).toBe(false);
});
