// What the engine has to say that belongs to no one upload, until it is dismissed; knows no element.
import type { Backend } from "../backend";
import { Coalescer } from "../coalesce";
import type { Notice, NoticeKind } from "../wire/wire";

export class Notices {
  list = $state.raw<readonly Notice[]>([]);
  readonly #backend: Backend;
  readonly #pull: Coalescer;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.#pull = new Coalescer(async () => {
      this.list = await backend.notices(null);
    });
  }

  /** The engine tells with every nudge how many there are. */
  follow(many: number): void {
    if (many !== this.list.length) void this.#pull.ask();
  }

  async dismiss(kind: NoticeKind): Promise<void> {
    await this.#backend.dismiss_notice(kind);
    this.list = this.list.filter((one) => one.kind !== kind);
  }
}
