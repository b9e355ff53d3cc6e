//! The command `verify`: compares an object with the receipt of its upload, with a local file, or both.

use crate::connection::{self, customer_key};
use crate::flags::{self, Verify};
use crate::output::proved::{VerifyOutcome, VerifyOutput};
use crate::sign_in;
use crate::signals::StopSignal;
use crate::state::{self, receipts};
use std::path::PathBuf;
use std::time::Duration;
use windlass_engine::{Engine, Fault, FaultKind, Receipt, Target, Verification, absolute};

/// Interval between two polls.
const LOOK: Duration = Duration::from_millis(100);

/// # Errors
/// The fault that prevented it, or `None` if interrupted.
pub(crate) async fn verify(
    flags: &Verify,
    output: &mut VerifyOutput,
    stop: &StopSignal,
) -> Result<VerifyOutcome, Option<Fault>> {
    let named = flags.object().unwrap_or_else(|reason| flags::wrong("verify", &reason));
    let file = flags.file.as_deref().map(absolute);
    if let Some((bucket, key)) = &named {
        output.about(bucket, key);
    }
    if let Some(path) = &file {
        output.reads(&path.display().to_string());
    }
    let given = flags.receipt.as_deref().map(Receipt::read).transpose()?;
    let connection = match &given {
        Some(receipt) => connection::of_receipt(&flags.server, receipt).await?,
        None => connection::chosen(&flags.server).await?,
    };
    let (bucket, key) = match (named, &given) {
        (Some(named), _) => named,
        (None, Some(receipt)) => (receipt.bucket.clone(), receipt.key.clone()),
        (None, None) => flags::wrong("verify", "no object; write s3://BUCKET/KEY"),
    };
    output.about(&bucket, &key);
    let receipt = match given {
        Some(given) => Some(given),
        None => {
            let mut unread = Vec::new();
            let state = flags.state.as_deref();
            let found = receipts::last_of((&bucket, &key), &connection, state, &mut unread)?;
            unread.iter().for_each(|words| output.say(words));
            found.inspect(|receipt| {
                if !receipts::is_of(receipt, &connection) {
                    let of = receipt.endpoint.as_deref().unwrap_or("Amazon S3");
                    output.say(&format!("The receipt is for an upload to {of}."));
                }
            })
        }
    };
    if receipt.is_none() && file.is_none() {
        let detail = format!("this computer has no receipt for s3://{bucket}/{key}");
        return Err(Some(Fault::new(FaultKind::Unsupported, detail)));
    }

    let slot = state::free(&state::folder(flags.state.as_deref())?, None).await?;
    slot.messages.iter().for_each(|words| output.say(words));
    if !sign_in::keep(&slot.engine, &flags.server, &connection, stop).await? {
        return Err(None);
    }
    let target = Target { connection: connection.id, bucket, key };
    let key = customer_key::given(&slot.engine, &flags.customer_key).await?;
    let known = receipt.is_some();
    let verification = driven(&slot.engine, (target, receipt, file, key), output, stop).await;
    slot.engine.close().await;
    let Verification { findings, verdict, fault, .. } = verification?;
    match (verdict, fault) {
        (Some(verdict), _) => Ok(VerifyOutcome { verdict, findings, receipt: known }),
        (None, fault) => Err(Some(fault.unwrap_or_else(|| {
            Fault::new(FaultKind::Bug, "the verification ended without a verdict")
        }))),
    }
}

/// Runs the verification until it ends or is interrupted.
async fn driven(
    engine: &Engine,
    (target, receipt, file, key): (Target, Option<Receipt>, Option<PathBuf>, Option<String>),
    output: &mut VerifyOutput,
    stop: &StopSignal,
) -> Result<Verification, Option<Fault>> {
    let number = engine.verify_object(target, receipt, file, key)?;
    loop {
        let now = engine.verification(number)?;
        output.moving(&now);
        if !now.running {
            return Ok(now);
        }
        tokio::select! {
            biased;
            () = stop.requested() => {
                engine.forget_verification(number);
                output.clear();
                return Err(None);
            }
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}
