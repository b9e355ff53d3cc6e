// The part of the queue that is shown, and what is selected in it; knows no element.
import type { Backend } from "../backend";
import { isCostly } from "../progress";
import { Coalescer } from "../coalesce";
import { step } from "../rows";
import type { PageQuery, Place, QueuePage, Row, Sort, View } from "../wire/wire";
import { recall, remember } from "./memory";

const PAGE = 1000;

export class Queue {
  view = $state<View>("all");
  filter = $state("");
  /** the list's order; only in the queue's own can rows be moved */
  sort = $state<Sort>(recall<Sort>("sort") ?? "queue");
  total = $state(0);
  /** where the loaded rows start in the list */
  offset = $state(0);
  rows = $state.raw<Row[]>([]);
  /** whether the rows are those of the current view and filter */
  fresh = $state(false);
  /** the selected uploads; a hundred thousand numbers are less than a megabyte, as rows they are a hundred */
  picked = $state.raw<ReadonlySet<number>>(new Set());
  /** those of them that are known, as they were last seen */
  #known = $state.raw<ReadonlyMap<number, Row>>(new Map());
  /** the row that the keyboard is on */
  focus = $state.raw<Row | null>(null);
  focusAt = $state(0);
  /** counts the moves within the queue: the list shows where the row with the focus went */
  moves = $state(0);
  /** a row that is to be in view, counted so that the same one can be asked for again */
  revealed = $state.raw<{ at: number; times: number } | null>(null);

  #backend: Backend;
  /** where a selection of several is stretched from */
  #anchor = { id: 0, at: 0 };
  #range = { first: 0, count: 40 };
  /** rows changed their places: what is loaded around the view is not where it was */
  #moved = false;
  /** what is loaded outside the view is older than what is in it */
  #older = false;
  /** another list was chosen, and its rows are not there yet */
  #changed = false;
  /** those whose row says what a break of the line would cost */
  #costly = new Set<number>();
  readonly #pull: Coalescer;

  readonly selected = $derived([...this.#known.values()]);

  constructor(backend: Backend) {
    this.#backend = backend;
    this.#pull = new Coalescer(async () => (await this.fetch())());
  }

  refresh(): Promise<void> {
    return this.#pull.ask();
  }

  /** The rows that the window shows now, with some to both sides. */
  want(first: number, count: number): void {
    if (first === this.#range.first && count === this.#range.count) return;
    this.#range = { first, count };
    if (this.#older || !this.#isLoaded(first, count)) this.#pull.ask();
  }

  show(view: View, filter = this.filter, sort = this.sort): void {
    if (view === this.view && filter === this.filter && sort === this.sort) return;
    if (sort !== this.sort) remember("sort", sort);
    // in another order it is the same list
    this.#changed ||= view !== this.view || filter !== this.filter;
    this.view = view;
    this.filter = filter;
    this.sort = sort;
    this.fresh = false;
    this.#range = { first: 0, count: this.#range.count };
    this.#pull.ask();
  }

  /** What is shown, as the engine is asked for it. */
  get #list(): Pick<PageQuery, "view" | "filter" | "sort"> {
    return { view: this.view, filter: this.filter, sort: this.sort };
  }

  /** Asks for the rows; what is answered is shown once the caller says so, with what else has changed. */
  async fetch(): Promise<() => void> {
    const { view, filter, sort } = this;
    const { first, count } = this.#range;
    const shown = this.fresh && !this.#moved && this.#isLoaded(first, count);
    // rows that are not there yet come with as many to both sides, so that scrolling seldom waits; a nudge asks for
    // what is on the screen
    const offset = shown ? first : Math.max(0, first - count);
    const limit = shown ? count : Math.min(PAGE, first - offset + 2 * count);
    const page = await this.#backend.queue_page({ ...this.#list, offset, limit });
    return () => {
      // The user went on meanwhile: the pull that this has asked for will bring the right rows.
      if (view !== this.view || filter !== this.filter || sort !== this.sort) return;
      this.#show(page, { shown, offset, first, count });
    };
  }

  #show(
    page: QueuePage,
    {
      shown,
      offset,
      first,
      count,
    }: { shown: boolean; offset: number; first: number; count: number },
  ): void {
    const at = offset - this.offset;
    if (
      shown &&
      page.total === this.total &&
      at >= 0 &&
      at + page.rows.length <= this.rows.length
    ) {
      this.rows = this.rows.toSpliced(at, page.rows.length, ...page.rows);
      this.#older = page.rows.length < this.rows.length;
    } else {
      this.offset = offset;
      this.rows = page.rows;
      this.#older = false;
      if (!shown) this.#moved = false;
    }
    this.total = page.total;
    this.fresh = true;
    if (this.#changed) this.#keepListed(page.rows);
    this.#follow(page.rows, offset);
    // A list that became shorter under the window: what is shown now is the last page.
    if (page.rows.length <= first - offset && page.total > 0 && first > 0) {
      this.want(Math.max(0, page.total - count), count);
    }
  }

  /** Of what was selected in the list before, only what this one shows stays selected. */
  #keepListed(rows: readonly Row[]): void {
    this.#changed = false;
    const listed = new Set(rows.map((row) => row.id));
    const gone = [...this.picked].filter((id) => !listed.has(id));
    if (gone.length > 0) this.drop(gone);
    if (this.focus !== null && !listed.has(this.focus.id)) this.focus = null;
  }

  #isLoaded(first: number, count: number): boolean {
    const end = Math.min(first + count, this.total);
    return first >= this.offset && end <= this.offset + this.rows.length;
  }

  #follow(rows: Row[], offset: number): void {
    const many = this.picked.size > PAGE;
    // of many selected ones only those on the screen are kept
    const known = new Map(many ? [] : this.#known);
    let changed = many;
    rows.forEach((row, at) => {
      if (isCostly(row, this.#costly.has(row.id))) this.#costly.add(row.id);
      else this.#costly.delete(row.id);
      if (this.picked.has(row.id)) {
        known.set(row.id, row);
        changed = true;
      }
      if (row.id === this.#anchor.id) this.#anchor.at = offset + at;
      if (row.id === this.focus?.id) {
        this.focus = row;
        this.focusAt = offset + at;
      }
    });
    if (changed) this.#known = known;
    if (this.total > 0) this.focusAt = Math.min(this.focusAt, this.total - 1);
  }

  /** Whether a break of the line would cost so much that the row says it. */
  costly(row: Row): boolean {
    return this.#costly.has(row.id);
  }

  at(index: number): Row | undefined {
    return this.rows[index - this.offset];
  }

  async #load(from: number, to: number): Promise<Row[]> {
    const local = this.rows.slice(Math.max(0, from - this.offset), to + 1 - this.offset);
    if (from >= this.offset && local.length === to - from + 1) return local;
    const list = this.#list;
    const rows: Row[] = [];
    for (let offset = from; offset <= to; offset += PAGE) {
      const limit = Math.min(PAGE, to - offset + 1);
      const page = await this.#backend.queue_page({ ...list, offset, limit });
      rows.push(...page.rows);
      if (page.rows.length < limit) break;
    }
    return rows;
  }

  /** One row alone, one more or less, or everything from the last one to here. */
  async pick(index: number, how: "only" | "toggle" | "range"): Promise<void> {
    const [row] = await this.#load(index, index);
    if (!row) return;
    if (how === "range") {
      await this.#pickRange(Math.min(index, this.#anchor.at), Math.max(index, this.#anchor.at));
    } else {
      const [ids, known] = how === "toggle" ? [new Set(this.picked), new Map(this.#known)] : none();
      if (ids.delete(row.id)) known.delete(row.id);
      else {
        ids.add(row.id);
        known.set(row.id, row);
      }
      this.#select(ids, known);
      this.#anchor = { id: row.id, at: index };
    }
    this.focus = row;
    this.focusAt = index;
  }

  move(by: number, extend: boolean): Promise<void> {
    // from nowhere, one step leads to the first row, and a jump as far as it goes
    const from = this.focus !== null ? this.focusAt : Math.abs(by) > 1 ? 0 : -by;
    const to = step(from, by, this.total);
    return this.pick(to, extend ? "range" : "only");
  }

  /** Moves uploads within the queue, and stays with the row that the keyboard is on. */
  async reorder(ids: readonly number[], to: Place): Promise<void> {
    await this.#backend.reorder({ ids: [...ids], to });
    this.#moved = true;
    await this.#pull.ask();
    const { focus } = this;
    if (focus === null || !ids.includes(focus.id)) return;
    // Far from the rows that are loaded: at the end it was sent to. The next pull knows exactly.
    if (!this.rows.some((row) => row.id === focus.id)) {
      if (to.place === "first") this.focusAt = 0;
      if (to.place === "last") this.focusAt = Math.max(0, this.total - 1);
    }
    this.moves += 1;
  }

  /** One upload, wherever it stands in the list: selects it, and the list shows it. */
  async find(id: number, total: number): Promise<void> {
    const ids = await this.#backend.queue_ids({ ...this.#list, offset: 0, limit: total });
    const at = ids.indexOf(id);
    if (at < 0) return;
    await this.pick(at, "only");
    this.moves += 1;
  }

  /** Scrolls to one of these, if none of them is in view. Nothing else changes. */
  async reveal(ids: readonly number[]): Promise<void> {
    const id = ids[0];
    if (id === undefined) return;
    const { first, count } = this.#range;
    const seen = this.rows.slice(Math.max(0, first - this.offset), first - this.offset + count);
    const near = seen.findIndex((row) => ids.includes(row.id));
    const at =
      near >= 0
        ? Math.max(this.offset, first) + near
        : (await this.#backend.queue_ids({ ...this.#list, offset: 0, limit: this.total })).indexOf(
            id,
          );
    if (at >= 0) this.revealed = { at, times: (this.revealed?.times ?? 0) + 1 };
  }

  /** At the start: where uploads are active, whatever ended before them. */
  async begin(): Promise<void> {
    const id = await this.#first("active");
    await this.refresh();
    if (id !== undefined) await this.reveal([id]);
  }

  /** Scrolls to the first upload that needs an answer, in the list of all. */
  async revealQuestion(): Promise<void> {
    const id = this.view === "all" ? await this.#first("needsAnswer") : undefined;
    if (id !== undefined) await this.reveal([id]);
  }

  async #first(view: View): Promise<number | undefined> {
    const query = { view, filter: "", sort: this.sort, offset: 0, limit: 1 };
    return (await this.#backend.queue_ids(query))[0];
  }

  async pickAll(): Promise<void> {
    if (this.total > 0) await this.#pickRange(0, this.total - 1);
  }

  async #pickRange(from: number, to: number): Promise<void> {
    if (to - from < PAGE) return this.#selectRows(await this.#load(from, to));
    const list = this.#list;
    const limit = to - from + 1;
    const ids = new Set(await this.#backend.queue_ids({ ...list, offset: from, limit }));
    this.#select(
      ids,
      new Map(this.rows.filter((row) => ids.has(row.id)).map((row) => [row.id, row])),
    );
  }

  #select(ids: ReadonlySet<number>, known: ReadonlyMap<number, Row>): void {
    this.picked = ids;
    this.#known = known;
  }

  #selectRows(rows: readonly Row[]): void {
    this.#select(new Set(rows.map((row) => row.id)), new Map(rows.map((row) => [row.id, row])));
  }

  /** Rows of the list, whether they are on the screen or not. */
  async rowsOf(ids: ReadonlySet<number>): Promise<Row[]> {
    const list = this.#list;
    const found: Row[] = [];
    for (let offset = 0; found.length < ids.size; offset += PAGE) {
      const { rows } = await this.#backend.queue_page({ ...list, offset, limit: PAGE });
      found.push(...rows.filter((row) => ids.has(row.id)));
      if (rows.length < PAGE) break;
    }
    return found;
  }

  /** Rows that are known by their numbers only, such as those that were just added. */
  async pickIds(ids: readonly number[]): Promise<void> {
    const first = ids[0];
    if (first === undefined) return;
    const { row } = await this.#backend.detail(first);
    this.#selectRows([row]);
    this.focus = row;
  }

  drop(ids: readonly number[]): void {
    const [left, known] = [new Set(this.picked), new Map(this.#known)];
    for (const id of ids) {
      left.delete(id);
      known.delete(id);
    }
    this.#select(left, known);
    if (this.focus !== null && ids.includes(this.focus.id)) this.focus = null;
  }

  /** Of several selected ones, the row with the focus alone. */
  pickFocused(): void {
    if (this.picked.size > 1) this.#selectRows(this.focus === null ? [] : [this.focus]);
  }

  pickNone(): void {
    this.#select(...none());
  }
}

function none(): [Set<number>, Map<number, Row>] {
  return [new Set(), new Map()];
}
