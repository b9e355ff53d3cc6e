// The deadline line: what ends before an upload does is said in its details, and nowhere else.
import { expect, it } from "vitest";
import { at, open } from "../window.browser";

it("says what ends before the upload does", async () => {
  open("slow");
  await at("row-2").click();
  await expect
    .element(at("detail-deadline"))
    .toHaveTextContent(
      "At 3.2 MB/s this needs 11 h; the provider aborts it in 2 h (7 days after its start).",
    );
  await at("row-3").click();
  await expect.element(at("detail-name")).toHaveTextContent(/./);
  await expect.element(at("detail-deadline")).not.toBeInTheDocument();
});

it("says before the start what ends before all is sent", async () => {
  open("slow");
  await expect.element(at("row-1")).toBeInTheDocument();
  window.postMessage({ drag: { type: "drop", tokens: ["/home/ada/Footage"] } }, location.origin);
  await expect
    .element(at("sheet-deadline"))
    .toHaveTextContent("At 3.2 MB/s this needs 4 h; your sign-in ends in 1 h.");
});
