//! Whether an object can have come of this upload, by its age and by how it is stored. Looks at no bytes.

use crate::persistence::journal::Entry;
use crate::s3::Object;
use crate::transfer::shared::Shared;
use std::time::Duration;

/// Servers tell times by the second, and an answer takes its time.
const SLACK: Duration = Duration::from_secs(5);

/// Can the object have come of what was asked for at `since` (ms since 1970, this computer's clock)? It is not older, and
/// it is stored as it was asked for. A multipart object has the time at which it was begun
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html>).
pub(super) fn can_be_ours(shared: &Shared, entry: &Entry, there: &Object, since: u64) -> bool {
    let elapsed = Duration::from_millis(shared.wall_clock().saturating_sub(since));
    there.age.is_none_or(|age| age <= elapsed + SLACK) && is_as_asked(entry, there)
}

/// Storage class and metadata, as far as they are told.
fn is_as_asked(entry: &Entry, there: &Object) -> bool {
    const STANDARD: &str = "STANDARD";
    let asked = entry.options.storage_class.as_deref().unwrap_or(STANDARD);
    let class = there.storage_class.as_deref();
    let is_other_class = class.is_some_and(|class| class != asked);
    let metadata = &entry.options.metadata;
    // what is no ASCII comes back encoded
    let is_plain = metadata.iter().all(|(_, value)| value.is_ascii());
    let has = |(name, value): &(String, String)| {
        let mut reported = there.metadata.iter();
        reported.any(|(have, of)| have.eq_ignore_ascii_case(name) && of.trim() == value.trim())
    };
    let is_same = metadata.len() == there.metadata.len() && metadata.iter().all(has);
    !is_other_class && (!is_plain || is_same)
}
