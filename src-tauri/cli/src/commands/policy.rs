//! The command `policy`. Asks no server.

use crate::connection;
use crate::flags::{Policy, wrong};
use crate::output::stdio;
use windlass_engine::{Connection, Result, smallest_policy};

/// Prints the smallest policy for uploads to a prefix.
///
/// # Errors
/// `WrongPlace`, where the app has no such connection.
pub(crate) async fn policy(flags: &Policy) -> Result<()> {
    let (bucket, prefix) =
        flags.bucket_and_prefix().unwrap_or_else(|reason| wrong("policy", &reason));
    let chosen = connection::described(&flags.server).await?;
    let options = flags.object.options(&chosen.stored, None);
    let made = smallest_policy(&Connection { bucket: Some(bucket), prefix, ..chosen }, &options)?;
    // many lines of our own making, each of which only shows
    made.text.lines().for_each(stdio::line);
    Ok(())
}
