//! The commands `bucket create` and `bucket list`.

use crate::flags::{self, Buckets, Create, Program, Server};
use crate::output::messages::advice_on_buckets;
use crate::output::{json, stdio};
use crate::signals::StopSignal;
use crate::{connection, sign_in, state};
use windlass_engine::{Connection, Engine, Fault, NewBucket, Result};

/// Creates a bucket. `false` if that failed, which is reported; `None` if interrupted.
pub(crate) async fn create(flags: &Create, stop: &StopSignal) -> Option<bool> {
    let bucket = flags.bucket().unwrap_or_else(|reason| flags::wrong("bucket", &reason));
    let made = async {
        let connection = connection::chosen(&flags.server).await?;
        let engine = engine(&flags.program, (&connection, &flags.server), stop).await?;
        let new = NewBucket { server: connection.id.as_str().into(), bucket: bucket.clone() };
        let made = engine.create_bucket(&new).await;
        engine.close().await;
        made
    };
    match stopped(stop, made).await? {
        Ok(_) if flags.program.json => json::bucket(&bucket),
        Ok(_) => {
            stdio::line(&format!("s3://{bucket} is ready."));
            stdio::report(&format!("Upload to it with: windlass-cli upload FILE s3://{bucket}/"));
        }
        Err(fault) => {
            if flags.program.json {
                json::not_created(&bucket, &fault);
            }
            return Some(failed(&fault));
        }
    }
    Some(true)
}

/// Lists the buckets. Returns the same as `create`.
pub(crate) async fn list(flags: &Buckets, stop: &StopSignal) -> Option<bool> {
    let listed = async {
        let connection = connection::chosen(&flags.server).await?;
        let engine = engine(&flags.program, (&connection, &flags.server), stop).await?;
        let listed = engine.buckets(&connection.id.as_str().into()).await;
        engine.close().await;
        listed
    };
    match stopped(stop, listed).await? {
        Ok(names) if flags.program.json => names.iter().for_each(|name| json::bucket(name)),
        Ok(names) => {
            names.iter().for_each(|name| stdio::line(&format!("s3://{name}")));
            if names.is_empty() {
                stdio::report("No buckets. Create one with: windlass-cli bucket create s3://NAME");
            }
        }
        Err(fault) => {
            if flags.program.json {
                json::not_listed(&fault);
            }
            return Some(failed(&fault));
        }
    }
    Some(true)
}

async fn engine(
    program: &Program,
    (connection, server): (&Connection, &Server),
    stop: &StopSignal,
) -> Result<Engine> {
    let slot = state::free(&state::folder(program.state.as_deref())?, None).await?;
    slot.messages.iter().for_each(|words| stdio::report(words));
    // if it is interrupted meanwhile, the whole command is
    sign_in::keep(&slot.engine, server, connection, stop).await?;
    Ok(slot.engine)
}

async fn stopped<T>(stop: &StopSignal, work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        () = stop.requested() => None,
        done = work => Some(done),
    }
}

fn failed(fault: &Fault) -> bool {
    stdio::report(&format!("error: {}", fault.detail));
    stdio::report(&format!("       {}", advice_on_buckets(fault)));
    false
}
