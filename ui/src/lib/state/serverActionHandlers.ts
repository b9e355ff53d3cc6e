// The handlers of the actions on a server's incomplete uploads.
import { say } from "../../i18n/language.svelte";
import { bytes } from "../format";
import type { ServerActionHandlers } from "../actionTypes";
import type { UnfinishedUpload } from "../wire/wire";
import type { ActionContext } from "./actionContext";

export function serverActionHandlers(app: ActionContext): ServerActionHandlers {
  return {
    look: () => void app.unfinished.look(),
    adopt: (upload) => void app.unfinished.adopt(upload),
    showUpload: (id) => app.showUpload(id),
    copyKeys: (uploads) => void app.copy(uploads.map(({ key }) => key).join("\n")),
    discard: (uploads) => {
      const { ask } = say.unfinished;
      const only = uploads.length === 1 ? uploads[0] : undefined;
      app.question = {
        title: only ? ask.one(only.key) : ask.many(uploads.length),
        text: consequences(uploads),
        yes: ask.yes,
        no: ask.no,
        run: () => void app.unfinished.discard(uploads),
      };
    },
    cleanup: () => app.unfinished.cleanup.begin(),
  };
}

function consequences(uploads: readonly UnfinishedUpload[]): string {
  const { ask } = say.unfinished;
  const stored = bytes(uploads.reduce((all, one) => all + (one.bytes ?? 0), 0));
  const known = uploads.every((one) => one.bytes !== null);
  const ours = uploads.filter((one) => one.ours !== null).length;
  return [
    known ? ask.text(stored) : ask.textSome(stored),
    ours === 0 ? "" : uploads.length === 1 ? ask.oursOne : ask.ours(ours),
  ]
    .filter((text) => text !== "")
    .join(" ");
}
