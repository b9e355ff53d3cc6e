//! Reorders the queue. A position is a real number, so that a row can be put between two others.

use super::Journal;
use super::list::listed;
use crate::fault::Result;
use crate::model::query::{Place, Reorder, View};
use crate::model::upload::Id;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use std::collections::{HashMap, HashSet};

/// The smallest distance between two positions before the queue is renumbered. Twenty moves into the same gap reach it;
/// an f64 still distinguishes such neighbours at position 2^32.
const CLOSEST: f64 = 1.0 / 1_048_576.0;

/// Renumbers all rows with a distance of 1, in their current order.
const RENUMBER: &str = "UPDATE uploads SET position = ranked.place FROM \
     (SELECT id, row_number() OVER (ORDER BY position, id) AS place FROM uploads) AS ranked WHERE ranked.id = uploads.id";

impl Journal {
    /// Moves uploads in one transaction. IDs that no longer exist are ignored.
    pub(crate) async fn reorder(&self, reorder: Reorder) -> Result<()> {
        self.write(move |connection| put(connection, &reorder)).await
    }

    pub(crate) async fn positions(&self, ids: Vec<Id>) -> Result<HashMap<Id, f64>> {
        self.read(move |connection| {
            let mut positions = HashMap::with_capacity(ids.len());
            for id in ids {
                if let Some(position) = position(connection, id)? {
                    positions.insert(id, position);
                }
            }
            Ok(positions)
        })
        .await
    }
}

fn position(connection: &Connection, id: Id) -> rusqlite::Result<Option<f64>> {
    let mut ask = connection.prepare_cached("SELECT position FROM uploads WHERE id = ?")?;
    ask.query_row([id], |row| row.get(0)).optional()
}

/// The two rows between which the moved rows go. `None` is an end of the list.
#[derive(Clone, Copy, Debug)]
struct Gap {
    above: Option<f64>,
    below: Option<f64>,
}

fn put(connection: &Connection, reorder: &Reorder) -> rusqlite::Result<()> {
    let Some(moved) = Moved::find(connection, &reorder.ids)? else { return Ok(()) };
    let Some(gap) = moved.gap(connection, &reorder.to)? else { return Ok(()) };
    if moved.is_in(gap) {
        return Ok(());
    }
    if moved.step(gap) >= CLOSEST {
        return moved.lay(connection, gap);
    }
    connection.execute(RENUMBER, [])?;
    let Some(moved) = Moved::find(connection, &reorder.ids)? else { return Ok(()) };
    let Some(gap) = moved.gap(connection, &reorder.to)? else { return Ok(()) };
    moved.lay(connection, gap)
}

/// The rows to be moved, in their current order.
struct Moved {
    rows: Vec<(Id, f64)>,
    ids: HashSet<Id>,
    first: f64,
    last: f64,
}

#[derive(Clone, Copy)]
enum Way {
    Up,
    Down,
}

/// The rows that `list` shows above or below a position, nearest first.
fn neighbours(way: Way, from: f64, list: (View, &str)) -> (String, Vec<Value>) {
    let (condition, mut bound) = listed(list.0, list.1);
    bound.push(Value::Real(from));
    let (side, order) = match way {
        Way::Up => ("<", "DESC"),
        Way::Down => (">", "ASC"),
    };
    // without this, SQLite would sort all waiting rows to find one of them
    let index = if list.0 == View::All { "uploads_by_position" } else { "uploads_by_view" };
    let sql = format!(
        "SELECT id, position FROM uploads INDEXED BY {index} WHERE {condition} AND position {side} ?{} ORDER BY position {order}",
        bound.len()
    );
    (sql, bound)
}

impl Moved {
    fn find(connection: &Connection, ids: &[Id]) -> rusqlite::Result<Option<Self>> {
        let ids: HashSet<Id> = ids.iter().copied().collect();
        let mut rows = Vec::with_capacity(ids.len());
        for id in &ids {
            if let Some(position) = position(connection, *id)? {
                rows.push((*id, position));
            }
        }
        rows.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        let ends = rows.first().zip(rows.last()).map(|(first, last)| (first.1, last.1));
        Ok(ends.map(|(first, last)| Self { rows, ids, first, last }))
    }

    /// The nearest row above or below a position that `list` shows and that is not moved.
    fn nearest(
        &self,
        connection: &Connection,
        way: Way,
        from: f64,
        list: (View, &str),
    ) -> rusqlite::Result<Option<f64>> {
        let (sql, bound) = neighbours(way, from, list);
        let mut rows = connection.prepare_cached(&sql)?;
        let mut rows = rows.query(params_from_iter(bound))?;
        while let Some(row) = rows.next()? {
            if !self.ids.contains(&row.get(0)?) {
                return row.get(1).map(Some);
            }
        }
        Ok(None)
    }

    fn above(&self, connection: &Connection, from: f64) -> rusqlite::Result<Option<f64>> {
        self.nearest(connection, Way::Up, from, (View::All, ""))
    }

    fn below(&self, connection: &Connection, from: f64) -> rusqlite::Result<Option<f64>> {
        self.nearest(connection, Way::Down, from, (View::All, ""))
    }

    fn around(&self, connection: &Connection, position: f64) -> rusqlite::Result<Gap> {
        let above = self.above(connection, position)?;
        Ok(Gap { above, below: self.below(connection, position)? })
    }

    fn over(&self, connection: &Connection, position: f64) -> rusqlite::Result<Gap> {
        Ok(Gap { above: self.above(connection, position)?, below: Some(position) })
    }

    /// The target gap, or `None` if the row that it refers to no longer exists.
    fn gap(&self, connection: &Connection, to: &Place) -> rusqlite::Result<Option<Gap>> {
        let gap = match to {
            Place::First => Gap { above: None, below: self.below(connection, f64::NEG_INFINITY)? },
            Place::Last => Gap { above: self.above(connection, f64::INFINITY)?, below: None },
            Place::Before { id } => match position(connection, *id)? {
                None => return Ok(None),
                Some(position) if self.ids.contains(id) => self.around(connection, position)?,
                Some(position) => self.over(connection, position)?,
            },
            // already at the top of the list: gathered there
            Place::Up { view, filter } => {
                match self.nearest(connection, Way::Up, self.first, (*view, filter))? {
                    Some(position) => self.over(connection, position)?,
                    None => self.around(connection, self.first)?,
                }
            }
            Place::Down { view, filter } => {
                match self.nearest(connection, Way::Down, self.last, (*view, filter))? {
                    Some(position) => {
                        Gap { above: Some(position), below: self.below(connection, position)? }
                    }
                    None => self.around(connection, self.last)?,
                }
            }
        };
        Ok(Some(gap))
    }

    /// Whether the rows are in the gap already, with nothing else between them.
    fn is_in(&self, gap: Gap) -> bool {
        gap.above.is_none_or(|above| above < self.first)
            && gap.below.is_none_or(|below| self.last < below)
    }

    fn step(&self, gap: Gap) -> f64 {
        match (gap.above, gap.below) {
            (Some(above), Some(below)) => (below - above) / (self.count() + 1.0),
            _ => 1.0,
        }
    }

    fn count(&self) -> f64 {
        f64::from(u32::try_from(self.rows.len()).unwrap_or(u32::MAX))
    }

    fn lay(&self, connection: &Connection, gap: Gap) -> rusqlite::Result<()> {
        let step = self.step(gap);
        let mut place = match (gap.above, gap.below) {
            (Some(above), _) => above,
            (None, Some(below)) => below - step * (self.count() + 1.0),
            (None, None) => 0.0,
        };
        let mut update =
            connection.prepare_cached("UPDATE uploads SET position = ? WHERE id = ?")?;
        for (id, _) in &self.rows {
            place += step;
            update.execute((place, id))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::object_options::Options;
    use crate::model::upload::{IfExists, Target};
    use crate::persistence::journal::Room;
    use crate::persistence::journal::{NewEntry, open};
    use crate::system::local_file::Fingerprint;
    use proptest::prelude::*;

    fn new_entry(name: String) -> NewEntry {
        let target = Target { connection: "c".into(), bucket: "b".into(), key: name.clone() };
        NewEntry {
            path: format!("/{name}").into(),
            name,
            fingerprint: Fingerprint { size: 1, modified_ns: 0, file_id: 0, changed_ns: 3 },
            target,
            if_exists: IfExists::Replace,
            options: Options::default(),
            wanted_part_size: None,
            added_at: 0,
        }
    }

    /// An in-memory queue of this many uploads, numbered from 1.
    fn queue(many: u32) -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        for step in open::MIGRATIONS {
            connection.execute_batch(step).unwrap();
        }
        for number in 1..=many {
            new_entry(format!("file {number}")).insert(&connection).unwrap();
        }
        connection
    }

    fn order(connection: &Connection) -> Vec<Id> {
        let mut rows =
            connection.prepare_cached("SELECT id FROM uploads ORDER BY position").unwrap();
        rows.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    fn moved(connection: &Connection, ids: &[Id], to: Place) -> Vec<Id> {
        put(connection, &Reorder { ids: ids.to_vec(), to }).unwrap();
        order(connection)
    }

    fn up() -> Place {
        Place::Up { view: View::All, filter: String::new() }
    }

    fn down() -> Place {
        Place::Down { view: View::All, filter: String::new() }
    }

    #[test]
    fn the_moved_keep_their_order_wherever_they_go() {
        let queue = queue(6);
        assert_eq!(moved(&queue, &[5, 3], Place::First), [3, 5, 1, 2, 4, 6]);
        assert_eq!(moved(&queue, &[1, 5], Place::Last), [3, 2, 4, 6, 5, 1]);
        assert_eq!(moved(&queue, &[1, 3], Place::Before { id: 6 }), [2, 4, 3, 1, 6, 5]);
        assert_eq!(moved(&queue, &[1, 6], up()), [2, 4, 1, 6, 3, 5]);
        assert_eq!(moved(&queue, &[2, 4], down()), [1, 2, 4, 6, 3, 5]);
        // rows that are not adjacent are gathered on the way
        assert_eq!(moved(&queue, &[1, 6], down()), [2, 4, 3, 1, 6, 5]);
    }

    #[test]
    fn at_an_end_and_on_themselves_they_stay() {
        let queue = queue(4);
        for (ids, to) in [
            (vec![1], up()),
            (vec![4], down()),
            (vec![1, 2], Place::First),
            (vec![4], Place::Last),
            (vec![2, 3], Place::Before { id: 3 }),
            (vec![2, 3], Place::Before { id: 4 }),
            (vec![1, 2, 3, 4], Place::Last),
            (vec![], Place::First),
            (vec![77], Place::First),
            (vec![2], Place::Before { id: 77 }),
        ] {
            assert_eq!(moved(&queue, &ids, to.clone()), [1, 2, 3, 4], "{ids:?} {to:?}");
        }
    }

    #[test]
    fn up_and_down_go_by_what_the_list_shows() {
        let queue = queue(6);
        queue.execute("UPDATE uploads SET view = 'done' WHERE id IN (2, 3)", []).unwrap();
        queue.execute("UPDATE uploads SET view = 'paused' WHERE id = 5", []).unwrap();
        let waiting = |filter: &str| (View::Waiting, filter.to_owned());
        let (view, filter) = waiting("");
        assert_eq!(moved(&queue, &[4], Place::Up { view, filter }), [4, 1, 2, 3, 5, 6]);
        let (view, filter) = waiting("");
        assert_eq!(moved(&queue, &[1], Place::Down { view, filter }), [4, 2, 3, 5, 6, 1]);
        let (view, filter) = waiting("FILE 4");
        assert_eq!(moved(&queue, &[6], Place::Up { view, filter }), [6, 4, 2, 3, 5, 1]);
        // a literal, not a pattern
        let (view, filter) = waiting("file_");
        assert_eq!(moved(&queue, &[1], Place::Up { view, filter }), [6, 4, 2, 3, 5, 1]);
    }

    #[test]
    fn one_moved_row_is_one_written_row() {
        let queue = queue(100);
        let before = queue.total_changes();
        moved(&queue, &[90], Place::Before { id: 10 });
        moved(&queue, &[91], up());
        moved(&queue, &[92], Place::First);
        assert_eq!(queue.total_changes() - before, 3);
    }

    #[test]
    fn a_thousand_moves_into_one_gap_find_room_each_time() {
        let queue = queue(8);
        let mut wanted: Vec<Id> = vec![1, 2, 3, 4, 5, 6, 7, 8];
        for turn in 0..1000 {
            let id = 3 + turn % 5;
            wanted.retain(|one| *one != id);
            wanted.insert(1, id);
            assert_eq!(moved(&queue, &[id], Place::Before { id: wanted[2] }), wanted, "{turn}");
        }
        // positions far above those at which two neighbours become equal
        let closest: f64 = queue
            .query_row(
                "SELECT min(gap) FROM (SELECT position - lag(position) OVER (ORDER BY position) AS gap FROM uploads)",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert!(closest >= CLOSEST, "{closest}");
    }

    /// Moving one of a hundred thousand rows costs no more than one of ten: the neighbour is found by an index, and
    /// nothing is sorted.
    #[test]
    fn neighbours_are_found_without_a_scan() {
        let queue = queue(10);
        for view in [
            View::All,
            View::Active,
            View::Waiting,
            View::Paused,
            View::Failed,
            View::Done,
            View::Skipped,
            View::Cancelled,
        ] {
            for way in [Way::Up, Way::Down] {
                let (sql, bound) = neighbours(way, 9.0, (view, ""));
                let mut plan = queue.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
                let step = |row: &rusqlite::Row<'_>| row.get::<_, String>("detail");
                let steps = plan.query_map(params_from_iter(bound), step).unwrap();
                let steps: Vec<String> = steps.collect::<Result<_, _>>().unwrap();
                assert!(steps[0].contains("SEARCH uploads USING"), "{view:?} {steps:?}");
                assert!(
                    steps.iter().all(|step| !step.contains("TEMP B-TREE")),
                    "{view:?} {steps:?}"
                );
            }
        }
    }

    #[tokio::test]
    async fn the_order_is_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.sqlite");
        let (journal, _) = Journal::open(&path).unwrap();
        let names = ["a", "b", "c"].map(|name| new_entry(name.into()));
        let ids = journal.add(names.to_vec()).await.unwrap();
        let [a, b, c] = ids[..] else { panic!("three were added") };
        journal.reorder(Reorder { ids: vec![c], to: Place::First }).await.unwrap();
        drop(journal);
        let (journal, _) = Journal::open(&path).unwrap();
        let next = journal
            .next(Room { large: 9, small: 9, ..Room::default() }, HashSet::new())
            .await
            .unwrap();
        assert_eq!(next.iter().map(|entry| entry.id).collect::<Vec<_>>(), [c, a, b]);
        let positions = journal.positions(vec![a, c, 99]).await.unwrap();
        assert!(positions.len() == 2 && positions[&c] < positions[&a]);
    }

    /// The same move on a plain list.
    fn model(list: &[Id], ids: &[Id], to: &Place) -> Vec<Id> {
        let (block, mut rest): (Vec<Id>, Vec<Id>) = list.iter().partition(|id| ids.contains(id));
        let Some(first) = list.iter().position(|id| ids.contains(id)) else { return list.to_vec() };
        let last = list.iter().rposition(|id| ids.contains(id)).unwrap();
        let stay = |range: &[Id]| range.iter().filter(|id| !ids.contains(id)).count();
        let at = match to {
            Place::First => 0,
            Place::Last => rest.len(),
            Place::Before { id } => match list.iter().position(|one| one == id) {
                None => return list.to_vec(),
                Some(anchor) => stay(&list[..anchor]),
            },
            Place::Up { .. } => stay(&list[..first]).saturating_sub(1),
            Place::Down { .. } => (stay(&list[..=last]) + 1).min(rest.len()),
        };
        rest.splice(at..at, block);
        rest
    }

    fn place() -> impl Strategy<Value = Place> {
        prop_oneof![
            Just(Place::First),
            Just(Place::Last),
            (1u32..=14).prop_map(|id| Place::Before { id }),
            Just(up()),
            Just(down()),
        ]
    }

    proptest! {
        #[test]
        fn any_moves_do_what_they_say_and_lose_nobody(
            moves in proptest::collection::vec((proptest::collection::vec(1u32..=13, 0..5), place()), 0..40)
        ) {
            let queue = queue(12);
            let mut wanted = order(&queue);
            for (ids, to) in moves {
                wanted = model(&wanted, &ids, &to);
                let found = moved(&queue, &ids, to.clone());
                prop_assert_eq!(&found, &wanted, "{:?} {:?}", ids, to);
                let mut all = found;
                all.sort_unstable();
                prop_assert_eq!(all, (1..=12).collect::<Vec<Id>>());
            }
        }
    }
}
