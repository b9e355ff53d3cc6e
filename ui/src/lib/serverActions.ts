// The actions for incomplete multipart uploads: their part of the action table.
import type { Desk, Doing, ServerDesk } from "./actionTypes";
import type { UnfinishedUpload } from "./wire/wire";

function onServer(
  id: Doing["id"],
  keys: readonly string[],
  enabled: (server: ServerDesk) => boolean,
  run: (desk: Desk) => void,
): Doing {
  return {
    id,
    group: "server",
    keys,
    enabled: ({ screen, server }) => screen === "unfinished" && enabled(server),
    run,
  };
}

/** The only one that is selected. */
function only({ picked }: ServerDesk): UnfinishedUpload | undefined {
  return picked.length === 1 ? picked[0] : undefined;
}

export const SERVER_DOINGS: readonly Doing[] = [
  onServer(
    "server.look",
    ["Mod+R"],
    ({ where }) => where,
    ({ handlers }) => handlers.look(),
  ),
  onServer(
    "server.adopt",
    ["Mod+P"],
    (server) => !server.busy && only(server)?.ours === null,
    ({ server, handlers }) => {
      const one = only(server);
      if (one) handlers.adopt(one);
    },
  ),
  onServer(
    "server.show",
    [],
    (server) => (only(server)?.ours ?? null) !== null,
    ({ server, handlers }) => {
      const id = only(server)?.ours ?? null;
      if (id !== null) handlers.showUpload(id);
    },
  ),
  onServer(
    "server.copyKey",
    ["Mod+C"],
    ({ picked }) => picked.length > 0,
    ({ server, handlers }) => handlers.copyKeys(server.picked),
  ),
  onServer(
    "server.discard",
    ["Mod+Backspace", "Delete"],
    ({ picked, busy }) => picked.length > 0 && !busy,
    ({ server, handlers }) => handlers.discard(server.picked),
  ),
  onServer(
    "server.cleanup",
    [],
    ({ cleans }) => cleans,
    ({ handlers }) => handlers.cleanup(),
  ),
];

/** What the right-click menu of the selected ones offers, in this order; each list is a section. */
export const SERVER_MENU = [
  ["server.adopt", "server.show"],
  ["server.copyKey"],
  ["server.discard"],
] as const;
