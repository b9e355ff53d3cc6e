//! The commands about incomplete multipart uploads.

use super::Answer;
use crate::Shell;
use tauri::State;
use windlass_engine::{
    Added, Adopt, BucketOf, CleanupRule, Discard, Discarded, LookUnfinished, SetCleanup,
    Unfinished, UnfinishedQuery,
};

pub(super) async fn look_unfinished(shell: State<'_, Shell>, arg: LookUnfinished) -> Answer<u32> {
    Ok(shell.engine.look_unfinished(arg))
}

pub(super) async fn unfinished(
    shell: State<'_, Shell>,
    arg: UnfinishedQuery,
) -> Answer<Unfinished> {
    shell.engine.unfinished(arg).await
}

pub(super) async fn forget_unfinished(shell: State<'_, Shell>, arg: u32) -> Answer<()> {
    shell.engine.forget_unfinished(arg);
    Ok(())
}

pub(super) async fn discard_unfinished(shell: State<'_, Shell>, arg: Discard) -> Answer<Discarded> {
    shell.engine.discard_unfinished(arg).await
}

pub(super) async fn adopt(shell: State<'_, Shell>, arg: Adopt) -> Answer<Added> {
    let path = shell.file_tokens.path(&arg.path)?.to_string_lossy().into_owned();
    shell.engine.adopt(Adopt { path, ..arg }).await
}

pub(super) async fn cleanup_rule(shell: State<'_, Shell>, arg: BucketOf) -> Answer<CleanupRule> {
    shell.engine.cleanup_rule(arg).await
}

pub(super) async fn set_cleanup_rule(
    shell: State<'_, Shell>,
    arg: SetCleanup,
) -> Answer<CleanupRule> {
    shell.engine.set_cleanup_rule(arg).await
}
