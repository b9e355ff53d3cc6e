// The handlers of the action table: each carries its action out on the window's state and the engine.
import { say } from "../../i18n/language.svelte";
import type { ActionHandlers, Screen } from "../actionTypes";
import { details } from "../faults";
import { bytes } from "../format";
import { menuBar } from "../menubar";
import type { Fault, View, Selection } from "../wire/wire";
import { receiptName } from "../words";
import type { ActionContext } from "./actionContext";
import { serverActionHandlers } from "./serverActionHandlers";

export function actionHandlers(app: ActionContext): ActionHandlers {
  return {
    ...serverActionHandlers(app),
    addFiles: () => void app.attempt(async () => app.take((await app.backend.pickFiles()) ?? [])),
    addFolder: () => void app.attempt(async () => app.take((await app.backend.pickFolder()) ?? [])),
    pause: (which) => void app.attempt(() => app.backend.pause(which)),
    resume: (which) => void app.attempt(() => app.backend.resume(which)),
    retry: (which) => void app.attempt(() => app.backend.retry(which)),
    cancel: ({ ids, rows }) => {
      const which: Selection = { which: "ids", ids: [...ids] };
      const run = () => void app.attempt(() => app.backend.abort(which));
      const stored = rows.reduce((all, row) => all + row.stored, 0);
      if (stored === 0 && rows.length === ids.length) return run();
      const only = ids.length === 1 ? rows[0] : undefined;
      const { ask } = say.frame;
      app.question = {
        title: only ? ask.cancelOne(only.name) : ask.cancelMany(ids.length),
        text: rows.length === ids.length ? ask.cancelText(bytes(stored)) : ask.cancelAllText,
        yes: ask.cancelYes,
        no: ask.cancelNo,
        run,
      };
    },
    forget: ({ ids, rows }) => {
      const run = () =>
        void app.attempt(async () => {
          await app.backend.forget({ which: "ids", ids: [...ids] });
          app.queue.drop(ids);
          app.queue.refresh();
        });
      const stored = rows
        .filter((row) => row.status === "failed")
        .reduce((all, row) => all + row.stored, 0);
      if (stored === 0 && rows.length === ids.length) return run();
      const only = ids.length === 1 ? rows[0] : undefined;
      const { ask } = say.frame;
      app.question = {
        title: only ? ask.removeOne(only.name) : ask.removeMany(ids.length),
        text: rows.length === ids.length ? ask.removeText(bytes(stored)) : ask.removeAllText,
        yes: ask.removeYes,
        no: ask.removeNo,
        run,
      };
    },
    forgetDone: () =>
      void app.attempt(async () => {
        const page = {
          view: "done" as const,
          filter: "",
          sort: "queue" as const,
          offset: 0,
          limit: app.totals.done,
        };
        const ids = await app.backend.queue_ids(page);
        await app.backend.forget({ which: "ids", ids });
        app.queue.drop(ids);
        app.queue.refresh();
      }),
    answer: ({ ids }, answer) =>
      void app.attempt(() => app.backend.answer_exists({ ids: [...ids], answer })),
    answerChanging: ({ ids }, answer) =>
      void app.attempt(() => app.backend.answer_changing({ ids: [...ids], answer })),
    move: ({ ids }, to) => {
      const { view, filter } = app.queue;
      app.moveTo(ids, to === "up" || to === "down" ? { place: to, view, filter } : { place: to });
    },
    copyAddress: ({ ids, rows }) =>
      void app.attempt(async () => {
        const all = rows.length === ids.length ? rows : await app.queue.rowsOf(new Set(ids));
        await app.copy(all.map((row) => `s3://${row.bucket}/${row.key}`).join("\n"));
      }),
    copyDetails: ({ rows }) =>
      void app.copy(
        rows
          .filter((row) => row.fault !== null)
          .map((row) =>
            details(row.fault as Fault, [
              say.faults.details.file(row.path),
              say.faults.details.to(`s3://${row.bucket}/${row.key}`, row.connectionName),
            ]),
          )
          .join("\n\n"),
      ),
    reveal: (row) => void app.attempt(() => app.backend.reveal({ what: "upload", id: row.id })),
    link: (row) => app.linking.open(row),
    openReceipt: (row) => {
      app.detailOpen = true;
      app.verifying.look(row.id);
    },
    saveReceipt: (row) => void app.attempt(() => app.verifying.save(row.id, receiptName(row.key))),
    verify: (row) => {
      app.detailOpen = true;
      void app.verifying.begin(row.id, false);
    },
    toggleDetail: () => {
      app.detailOpen = !app.detailOpen;
    },
    selectAll: () => {
      if (app.screen === "unfinished") app.unfinished.selection.all();
      else void app.attempt(() => app.queue.pickAll());
    },
    focusFilter: () => {
      app.filterAsked += 1;
    },
    show: (screen: Screen, view?: View) => {
      app.screen = screen;
      if (view) app.queue.show(view);
      app.pull();
    },
    menuBar: () =>
      void app.attempt(async () => {
        if (!app.menuBar) await app.backend.set_menu(menuBar(app));
        app.menuBar = true;
        await app.backend.toggle_menu(null);
      }),
    quit: () => void app.attempt(() => app.backend.leave("ask")),
    sort: (by) => app.queue.show(app.queue.view, app.queue.filter, by),
    help: () => {
      app.helpOpen = true;
    },
    palette: () => {
      app.paletteOpen = true;
    },
  };
}
