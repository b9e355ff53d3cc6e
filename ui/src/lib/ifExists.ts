// What to do if an object exists: the choices of a drop, a connection and the settings.
import { say } from "../i18n/language.svelte";
import type { IfExists } from "./wire/wire";

/** The choices that the window offers; "fail" is for scripts. */
export const IF_EXISTS = ["ask", "replace", "keepBoth", "skip", "skipSame"] as const;
export type Offered = (typeof IF_EXISTS)[number];

/** The choice that the window shows: "ask" is nearest to one that only scripts make. */
export function shownIfExists(value: IfExists): Offered {
  return IF_EXISTS.find((one) => one === value) ?? "ask";
}

export function ifExistsLabel(value: IfExists): string {
  const shown = shownIfExists(value);
  return shown === "skipSame" ? say.objectOptions.skipSame : say.drop.ifExists[shown];
}
