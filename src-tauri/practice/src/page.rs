//! Pages of sorted keys: prefix, delimiter, marker, limit.

/// The arguments of a list.
pub(crate) struct Query<'a> {
    pub(crate) prefix: &'a str,
    pub(crate) delimiter: Option<&'a str>,
    /// the common prefix that the page before ended with, if it did: its keys were listed already
    pub(crate) told: Option<&'a str>,
    pub(crate) limit: usize,
}

/// One page: entries, common prefixes, and where the next page starts.
pub(crate) struct Page<T> {
    pub(crate) entries: Vec<T>,
    pub(crate) prefixes: Vec<String>,
    pub(crate) last: Option<Last>,
    pub(crate) truncated: bool,
}

/// What a page ended with.
pub(crate) enum Last {
    Entry,
    Prefix(String),
}

/// S3's page sizes: 1,000 unless fewer are requested.
pub(crate) fn limit(asked: Option<i32>) -> s3s::S3Result<usize> {
    let asked = usize::try_from(asked.unwrap_or(1000));
    let asked = asked
        .map_err(|_| s3s::s3_error!(InvalidArgument, "A page's size must not be negative."))?;
    Ok(asked.min(1000))
}

impl Query<'_> {
    /// `sorted` starts after the marker.
    pub(crate) fn page<'k, T>(&self, sorted: impl Iterator<Item = (&'k str, T)>) -> Page<T> {
        let mut page =
            Page { entries: Vec::new(), prefixes: Vec::new(), last: None, truncated: false };
        for (key, entry) in sorted.skip_while(|(key, _)| *key < self.prefix) {
            let Some(rest) = key.strip_prefix(self.prefix) else { break };
            let common = self.common_prefix(key, rest);
            if common.is_some()
                && (common == self.told || common == page.prefixes.last().map(String::as_str))
            {
                continue;
            }
            if page.entries.len() + page.prefixes.len() == self.limit {
                // S3 says of a page of size zero that it is the last
                page.truncated = self.limit > 0;
                break;
            }
            match common {
                Some(common) => {
                    page.prefixes.push(common.to_owned());
                    page.last = Some(Last::Prefix(common.to_owned()));
                }
                None => {
                    page.entries.push(entry);
                    page.last = Some(Last::Entry);
                }
            }
        }
        page
    }

    fn common_prefix<'k>(&self, key: &'k str, rest: &str) -> Option<&'k str> {
        let delimiter = self.delimiter.filter(|delimiter| !delimiter.is_empty())?;
        let at = rest.find(delimiter)?;
        key.get(..self.prefix.len() + at + delimiter.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 6] = ["a/1", "a/2", "b", "c/1", "c/2", "d"];

    fn page(query: &Query<'_>, after: &str) -> (Vec<&'static str>, Vec<String>, bool) {
        let sorted = KEYS.into_iter().filter(|key| *key > after).map(|key| (key, key));
        let page = query.page(sorted);
        (page.entries, page.prefixes, page.truncated)
    }

    fn query<'a>(
        prefix: &'a str,
        delimiter: Option<&'a str>,
        told: Option<&'a str>,
        limit: usize,
    ) -> Query<'a> {
        Query { prefix, delimiter, told, limit }
    }

    #[test]
    fn prefixes_count_as_one() {
        let all = page(&query("", Some("/"), None, 1000), "");
        assert_eq!(all, (vec!["b", "d"], vec!["a/".to_owned(), "c/".to_owned()], false));
    }

    #[test]
    fn a_page_goes_on_behind_the_prefix_it_ended_with() {
        assert_eq!(page(&query("", Some("/"), None, 1), ""), (vec![], vec!["a/".to_owned()], true));
        assert_eq!(
            page(&query("", Some("/"), Some("a/"), 2), "a/"),
            (vec!["b"], vec!["c/".to_owned()], true)
        );
        assert_eq!(page(&query("", Some("/"), Some("c/"), 2), "c/"), (vec!["d"], vec![], false));
    }

    #[test]
    fn a_prefix_bounds_the_list() {
        assert_eq!(
            page(&query("c/", Some("/"), None, 1000), ""),
            (vec!["c/1", "c/2"], vec![], false)
        );
        assert_eq!(page(&query("a/", None, None, 1), ""), (vec!["a/1"], vec![], true));
        assert_eq!(page(&query("a/", None, None, 0), ""), (vec![], vec![], false));
    }
}
