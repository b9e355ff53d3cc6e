//! The commands that choose where uploads go. One short body each.

use super::Answer;
use crate::Shell;
use tauri::State;
use windlass_engine::{
    Browse, BucketName, ConnectionOrForm, CreatedBucket, FolderPage, InvalidBucketName, NewBucket,
};

pub(crate) async fn buckets(shell: State<'_, Shell>, arg: ConnectionOrForm) -> Answer<Vec<String>> {
    shell.engine.buckets(&arg).await
}

pub(crate) async fn create_bucket(
    shell: State<'_, Shell>,
    arg: NewBucket,
) -> Answer<CreatedBucket> {
    shell.engine.create_bucket(&arg).await
}

pub(crate) async fn check_bucket_name(
    shell: State<'_, Shell>,
    arg: BucketName,
) -> Answer<Option<InvalidBucketName>> {
    let _ = shell;
    Ok(arg.check().err())
}

pub(crate) async fn browse(shell: State<'_, Shell>, arg: Browse) -> Answer<FolderPage> {
    shell.engine.browse(&arg).await
}
