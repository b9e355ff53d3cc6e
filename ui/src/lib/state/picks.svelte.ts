// What is selected in a list of rows that have names, and where the keyboard is; knows no row and no element.
import { step } from "../rows";

export class Picks {
  ids = $state.raw<ReadonlySet<string>>(new Set());
  /** the row that the keyboard is on */
  focus = $state<string | null>(null);

  /** the names of what is shown, in its order */
  readonly #list: () => readonly string[];
  /** where a selection of several is stretched from */
  #anchor: string | null = null;
  /** where the focus was last: its row may be gone */
  #last = 0;

  constructor(list: () => readonly string[]) {
    this.#list = list;
  }

  /** Where the focus is in the list; where its row was, if that is gone. */
  get at(): number {
    const list = this.#list();
    const found = this.focus === null ? -1 : list.indexOf(this.focus);
    return found >= 0 ? found : Math.min(this.#last, Math.max(0, list.length - 1));
  }

  /** One row alone, one more or less, or everything from the last one to here. */
  pick(index: number, how: "only" | "toggle" | "range"): void {
    const list = this.#list();
    const id = list[index];
    if (id === undefined) return;
    if (how === "range") {
      const from = Math.max(0, this.#anchor === null ? index : list.indexOf(this.#anchor));
      this.ids = new Set(list.slice(Math.min(from, index), Math.max(from, index) + 1));
    } else {
      const ids = new Set(how === "toggle" ? this.ids : []);
      if (!ids.delete(id)) ids.add(id);
      this.ids = ids;
      this.#anchor = id;
    }
    this.focus = id;
    this.#last = index;
  }

  move(by: number, extend: boolean): void {
    const total = this.#list().length;
    // from nowhere, one step leads to the first row, and a jump as far as it goes
    const from = this.focus !== null ? this.at : Math.abs(by) > 1 ? 0 : -by;
    this.pick(step(from, by, total), extend ? "range" : "only");
  }

  all(): void {
    this.ids = new Set(this.#list());
  }

  none(): void {
    this.ids = new Set();
  }

  /** These rows and no others are still there. */
  keep(there: ReadonlySet<string>): void {
    this.#last = this.at;
    this.ids = new Set([...this.ids].filter((id) => there.has(id)));
    if (this.focus !== null && !there.has(this.focus)) this.focus = null;
  }
}
