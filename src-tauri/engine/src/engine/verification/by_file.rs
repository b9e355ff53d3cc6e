//! An object compared with a file without a receipt: by whatever checksum the server reports.

use super::Progress;
use crate::engine::verification::finding::{Against, Evidence, Held, What};
use crate::fault::Result;
use crate::model::capabilities::Capabilities;
use crate::model::proof::Verdict;
use crate::model::upload::Target;
use crate::s3::{Object, S3};
use crate::system::local_file::Source;
use crate::transfer::same_bytes::{self, Outcome};
use std::path::Path;
use std::sync::Arc;

/// An object that nobody here has a receipt of, against a file: by whatever checksum the server tells.
pub(super) async fn verify(
    s3: &S3,
    capabilities: &Capabilities,
    target: &Target,
    path: &Path,
    object: &Object,
    progress: &Progress,
) -> Result<Verdict> {
    let (file, now) = Source::open(path).await?;
    if now.size != object.size {
        let (ours, theirs, against) = (now.size, object.size, Against::File);
        let said = Evidence::Sizes { ours, theirs, against };
        progress.found(What::Size, Held::Differs, said);
        return Ok(Verdict::Differs);
    }
    progress.found(What::Size, Held::Same, Evidence::Size { bytes: now.size });
    progress.lock().size = now.size;
    let (file, on_read) = (Arc::new(file), |at| progress.lock().read = at);
    let compared = same_bytes::compare(s3, capabilities, target, &file, now.size, object, &on_read);
    let (held, said, verdict) = match compared.await? {
        Outcome::Same { algorithm, value } => {
            let said = Evidence::Value { algorithm: Some(algorithm.to_owned()), value };
            (Held::Same, said, Verdict::Same)
        }
        Outcome::Differ { algorithm, ours, theirs } => {
            let algorithm = Some(algorithm.to_owned());
            let said = Evidence::Values { algorithm, ours, theirs, against: Against::File };
            (Held::Differs, said, Verdict::Differs)
        }
        Outcome::NotReported => (Held::Untold, Evidence::None, Verdict::SizeOnly),
        Outcome::UnknownParts => (Held::Untold, Evidence::NotHowLong, Verdict::SizeOnly),
    };
    progress.found(What::Checksum, held, said);
    Ok(verdict)
}
