// The native menu bar, made of the action table; knows no menu of the system.
import { say } from "../i18n/language.svelte";
import { ACTIONS, type Desk, type Group } from "./actions";
import type { MenuBar } from "./wire/wire";

const GROUPS: readonly Group[] = ["add", "uploads", "selection", "server", "goTo"];

/** Every action in its group, and whether it can be done now. */
export function menuBar(desk: Desk): MenuBar {
  return {
    edit: say.desk.edit,
    groups: GROUPS.map((group) => ({
      title: say.actions.groups[group],
      items: ACTIONS.filter((one) => one.group === group).map((one) => ({
        id: one.id,
        label: one.label,
        keys: one.keys[0] ?? null,
        enabled: one.enabled(desk),
      })),
    })),
  };
}
