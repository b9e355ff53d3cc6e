// The handlers of the action table: each carries its action out on the window's state and the engine.
import { say } from "../../i18n/language.svelte";
import type { ActionHandlers, Screen } from "../actionTypes";
import { details } from "../faults";
import { bytes } from "../format";
import { askedUntil } from "../keyConflict";
import { menuBar } from "../menubar";
import { isMoving, twoDigits } from "../progress";
import type { Fault, View } from "../wire/wire";
import { objectName, receiptName } from "../words";
import type { ActionContext } from "./actionContext";
import { serverActionHandlers } from "./serverActionHandlers";

/** How long a notice without a time of its own is shown, in ms. */
const TOLD = 8000;

/** Restores uploads that were just cancelled, and says so where it was too late. */
async function restore(app: ActionContext, ids: readonly number[]): Promise<void> {
  await app.attempt(async () => {
    const restored = await app.backend.undo_cancel([...ids]);
    const { undo } = say.frame;
    if (restored.length > 0) app.announce(undo.restored(restored.length));
    else app.undo.show({ text: undo.tooLate, note: undo.tooLateNote, run: null }, TOLD);
    await app.queue.reveal(restored);
  });
}

export function actionHandlers(app: ActionContext): ActionHandlers {
  return {
    ...serverActionHandlers(app),
    addFiles: () => void app.attempt(async () => app.take((await app.backend.pickFiles()) ?? [])),
    addFolder: () => void app.attempt(async () => app.take((await app.backend.pickFolder()) ?? [])),
    pause: (which) =>
      void app.attempt(async () => {
        const rows = app.queue.rows.filter(
          (row) => which.which === "all" || which.ids.includes(row.id),
        );
        // one whose last part is nearly sent waits for it; of these much is lost whatever happens
        const costly = rows.filter((row) => isMoving(row) && app.queue.costly(row));
        const cost = costly.reduce((all, row) => all + row.inFlight, 0);
        await app.backend.pause(which);
        if (cost === 0) return;
        const only = rows.length === 1 ? rows[0] : undefined;
        app.undo.show(
          {
            text: only ? say.frame.undo.pausedOne(objectName(only)) : say.frame.undo.pausedMany,
            note: say.frame.undo.resends(bytes(twoDigits(cost))),
            run: () => app.attempt(() => app.backend.resume(which)),
          },
          TOLD,
        );
      }),
    resume: (which) =>
      void app.attempt(async () => {
        await app.backend.resume(which);
        if (which.which === "ids") await app.queue.reveal(which.ids);
      }),
    retry: (which) =>
      void app.attempt(async () => {
        await app.backend.retry(which);
        if (which.which === "ids") await app.queue.reveal(which.ids);
      }),
    cancel: ({ ids, rows }) =>
      void app.attempt(async () => {
        const ms = await app.backend.cancel({ which: "ids", ids: [...ids] });
        const stored = rows.reduce((all, row) => all + row.stored, 0);
        const only = ids.length === 1 ? rows[0] : undefined;
        const { undo } = say.frame;
        app.undo.show(
          {
            text: only ? undo.cancelledOne(objectName(only)) : undo.cancelledMany(ids.length),
            note: stored > 0 ? undo.deletesSoon(bytes(stored)) : "",
            run: () => restore(app, ids),
          },
          ms,
        );
        const { offer } = app.undo;
        if (offer) app.announce(`${offer.text}. ${undo.within(Math.ceil(ms / 1000))}`);
      }),
    undo: () => void app.undo.take(),
    undoCancel: ({ ids }) => {
      app.undo.drop();
      void restore(app, ids);
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
        title: only ? ask.removeOne(objectName(only)) : ask.removeMany(ids.length),
        text: rows.length === ids.length ? ask.removeText(bytes(stored)) : ask.removeAllText,
        yes: ask.removeYes,
        no: ask.removeNo,
        run,
      };
    },
    forgetEnded: (view) =>
      void app.attempt(async () => {
        const limit = app.totals[view];
        const page = { view, filter: "", sort: "queue" as const, offset: 0, limit };
        const ids = await app.backend.queue_ids(page);
        await app.backend.forget({ which: "ids", ids });
        app.queue.drop(ids);
        app.queue.refresh();
      }),
    answer: ({ ids, rows }, answer, allOfDrop) =>
      void app.attempt(() =>
        app.backend.answer_exists({
          ids: [...ids],
          answer,
          allOfDrop,
          // of a large selection only the rows in view are known
          askedUntil: rows.length < ids.length ? null : askedUntil(rows),
        }),
      ),
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
