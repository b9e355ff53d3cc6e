//! The commands about signing in: one short body each. The window never names a page to open; it opens that of a sign-in.

use super::Answer;
use crate::{Shell, native};
use std::process::Stdio;
use tauri::State;
use tokio::process::Command;
use windlass_engine::{
    Account, BeginSignIn, ConnectionForm, EnterMfaCode, Fault, FaultKind, Reason, RolesOf,
    SignInBegun,
};

/// `CREATE_NO_WINDOW`: a console would open beside the app.
#[cfg(windows)]
const NO_WINDOW: u32 = 0x0800_0000;

pub(super) async fn begin_sign_in(
    shell: State<'_, Shell>,
    arg: BeginSignIn,
) -> Answer<SignInBegun> {
    shell.engine.begin_sign_in(&arg).await
}

pub(super) async fn open_sign_in(shell: State<'_, Shell>, arg: u32) -> Answer<()> {
    let Some(page) = shell.engine.sign_in_page(arg) else { return Ok(()) };
    native::open_page(page.url).await
}

pub(super) async fn finish_sign_in(shell: State<'_, Shell>, arg: u32) -> Answer<()> {
    shell.engine.finish_sign_in(arg).await.map(|_| ())
}

pub(super) async fn aws_login(shell: State<'_, Shell>, arg: String) -> Answer<()> {
    // the page starts no program with words of its own
    if !shell.engine.profiles().await.contains(&arg) {
        return Err(Fault::because(FaultKind::Credentials, Reason::NoProfile { profile: arg }));
    }
    let mut command = Command::new("aws");
    command.args(["login", "--profile", &arg]).kill_on_drop(true);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(windows)]
    command.creation_flags(NO_WINDOW);
    let ended = tokio::select! {
        () = shell.aws_login_cancelled.notified() => None,
        ended = command.status() => ended.ok(),
    };
    match ended {
        Some(status) if status.success() => {
            shell.engine.signed_in();
            Ok(())
        }
        // it is not installed, or too old, or nobody signed in
        _ => Err(Fault::because(FaultKind::SignIn, Reason::LoginNeeded { profile: arg })),
    }
}

pub(super) async fn cancel_aws_login(shell: State<'_, Shell>, arg: ()) -> Answer<()> {
    let () = arg;
    shell.aws_login_cancelled.notify_waiters();
    Ok(())
}

pub(super) async fn cancel_sign_in(shell: State<'_, Shell>, arg: u32) -> Answer<()> {
    shell.engine.cancel_sign_in(arg);
    Ok(())
}

pub(super) async fn sso_accounts(
    shell: State<'_, Shell>,
    arg: ConnectionForm,
) -> Answer<Vec<Account>> {
    shell.engine.sso_accounts(&arg).await
}

pub(super) async fn sso_roles(shell: State<'_, Shell>, arg: RolesOf) -> Answer<Vec<String>> {
    shell.engine.sso_roles(&arg).await
}

pub(super) async fn enter_mfa_code(shell: State<'_, Shell>, arg: EnterMfaCode) -> Answer<()> {
    shell.engine.enter_mfa_code_of_form(&arg).await
}
