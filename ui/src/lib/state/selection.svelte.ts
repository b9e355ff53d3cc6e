// What is selected in a list of rows that have names, and where the keyboard is; knows no row and no element.
import { step } from "../rows";

export class Selection {
  ids = $state.raw<ReadonlySet<string>>(new Set());
  /** the row that the keyboard is on */
  focus = $state<string | null>(null);

  /** the names of what is shown, in its order */
  readonly #list: () => readonly string[];
  /** where a selection of several is stretched from */
  #anchor: string | null = null;

  constructor(list: () => readonly string[]) {
    this.#list = list;
  }

  /** Where the focus is in the list; at its top while its row is not shown. */
  get at(): number {
    return this.focus === null ? 0 : Math.max(0, this.#list().indexOf(this.focus));
  }

  /** One row alone, one more or less, or everything from the last one to here. */
  pick(index: number, how: "only" | "toggle" | "range"): void {
    const list = this.#list();
    const id = list[index];
    if (id === undefined) return;
    if (how === "range") {
      const anchor = this.#anchor === null ? -1 : list.indexOf(this.#anchor);
      const from = anchor < 0 ? index : anchor;
      this.ids = new Set(list.slice(Math.min(from, index), Math.max(from, index) + 1));
    } else {
      const ids = new Set(how === "toggle" ? this.ids : []);
      if (!ids.delete(id)) ids.add(id);
      this.ids = ids;
      this.#anchor = id;
    }
    this.focus = id;
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

  /** Of the rows that were shown, these are still there: the keyboard goes to the next one, or the last. */
  keep(there: ReadonlySet<string>, before: readonly string[]): void {
    this.ids = new Set([...this.ids].filter((id) => there.has(id)));
    const { focus } = this;
    if (focus === null || there.has(focus)) return;
    const from = before.indexOf(focus);
    const left = (ids: readonly string[]) => ids.find((id) => there.has(id));
    this.focus = left(before.slice(from + 1)) ?? left(before.slice(0, from + 1).reverse()) ?? null;
  }
}
