//! What can be typed after `policy`: where uploads go and how they are stored.

use super::{Object, Server};
use clap::Args;

const MORE: &str = "The policy is for keys that upload to this prefix with these options, and compare what arrived; they may neither delete
nor list buckets. For a connection of the app whose provider has no policies, it says what to choose there instead.

It is printed alone on stdout:
  windlass-cli policy s3://BUCKET/PREFIX/ > policy.json
  aws iam put-user-policy --user-name USER --policy-name upload --policy-document file://policy.json";

#[derive(Debug, Args)]
#[command(after_help = MORE)]
pub(crate) struct Policy {
    /// Where uploads go
    #[arg(value_name = "s3://BUCKET/PREFIX")]
    pub(crate) place: String,
    #[command(flatten)]
    pub(crate) server: Server,
    #[command(flatten)]
    pub(crate) object: Object,
}

impl Policy {
    /// # Errors
    /// In words, where no bucket is named.
    pub(crate) fn bucket_and_prefix(&self) -> Result<(String, String), String> {
        super::place(&self.place)
    }
}
