//! Guards against paginated listings that never end.

use super::S3;
use crate::fault::{Fault, FaultKind, Reason, Result};
use std::collections::HashSet;
use std::hash::Hash;

/// Maximum number of consecutive pages that add nothing: some servers skip what the credentials may not see.
const BARREN: u32 = 100;
/// Maximum number of pages: an upload has at most 10,000 parts, and no real bucket has so many uploads of one key.
const MOST: usize = 100_000;

/// What was listed so far.
pub(crate) struct Pages<Marker, Item> {
    place: String,
    asked: HashSet<Marker>,
    found: HashSet<Item>,
    /// Number of consecutive pages that added nothing.
    barren: u32,
}

impl S3 {
    /// Guards one listing. Call `after` for each page.
    pub(crate) fn pages<Marker, Item>(&self) -> Pages<Marker, Item> {
        Pages::new(&self.place)
    }
}

impl<Marker, Item> Pages<Marker, Item> {
    fn new(place: &str) -> Self {
        let (asked, found) = (HashSet::new(), HashSet::new());
        Self { place: place.to_owned(), asked, found, barren: 0 }
    }
}

impl<Marker: Hash + Eq + Clone, Item: Hash + Eq> Pages<Marker, Item> {
    /// The marker of the page after one with these items, or `None` at the end.
    ///
    /// # Errors
    /// `Unsupported`, if the listing repeats itself or does not end.
    pub(crate) fn after(
        &mut self,
        items: impl IntoIterator<Item = Item>,
        next: Option<Marker>,
    ) -> Result<Option<Marker>> {
        let found = self.found.len();
        self.found.extend(items);
        let is_barren = self.found.len() == found;
        let Some(next) = next else { return Ok(None) };
        self.barren = if is_barren { self.barren + 1 } else { 0 };
        if self.asked.insert(next.clone()) && self.barren < BARREN && self.found.len() < MOST {
            return Ok(Some(next));
        }
        let reason = Reason::EndlessList { place: self.place.clone() };
        Err(Fault::because(FaultKind::Unsupported, reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_endless<T: std::fmt::Debug>(answer: &Result<T>) -> bool {
        let endless = Reason::EndlessList { place: "s3".into() };
        answer.as_ref().is_err_and(|fault| fault.reason.get() == Some(&endless))
    }

    #[test]
    fn a_list_goes_on_while_it_brings_something_new() {
        let mut pages = Pages::new("s3");
        for page in 0..1_000u32 {
            assert_eq!(pages.after([page], Some(page + 1)).unwrap(), Some(page + 1));
        }
        assert_eq!(pages.after([], None::<u32>).unwrap(), None);
    }

    #[test]
    fn pages_that_go_round_end_the_list_with_a_fault() {
        let mut pages = Pages::new("s3");
        pages.after([1], Some('a')).unwrap();
        pages.after([2], Some('b')).unwrap();
        assert!(is_endless(&pages.after([3], Some('a'))));
    }

    #[test]
    fn pages_with_nothing_new_end_the_list_with_a_fault() {
        let mut pages = Pages::new("s3");
        let endless = (0..10_000u32).find(|page| is_endless(&pages.after([7], Some(*page))));
        assert_eq!(endless, Some(BARREN));
    }
}
