//! One thing measured several times: the middle, the lowest and the highest. Pure numbers.

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    lowest: f64,
    highest: f64,
}

impl Spread {
    /// None of nothing.
    pub(crate) fn from_values(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<_> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        let (high, lowest, highest) = (*values.get(middle)?, *values.first()?, *values.last()?);
        let odd = values.len() % 2 == 1;
        let median = if odd { high } else { f64::midpoint(values[middle - 1], high) };
        Some(Self { median, lowest, highest })
    }

    /// `0.252 (0.240–0.260)`, or the median alone where all of them look alike.
    pub(crate) fn text(self, digits: usize) -> String {
        let [median, lowest, highest] =
            [self.median, self.lowest, self.highest].map(|value| format!("{value:.digits$}"));
        if lowest == highest { median } else { format!("{median} ({lowest}–{highest})") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_one_or_between_the_middle_two() {
        let median = |values: &[f64]| Spread::from_values(values.iter().copied()).map(|s| s.median);
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn the_lowest_and_the_highest_stand_beside_it_where_they_differ() {
        let spread = Spread::from_values([0.26, 0.24, 0.252]).unwrap();
        assert_eq!(spread.text(3), "0.252 (0.240–0.260)");
        assert_eq!(spread.text(0), "0");
        assert_eq!(Spread::from_values([1.5]).unwrap().text(2), "1.50");
    }
}
