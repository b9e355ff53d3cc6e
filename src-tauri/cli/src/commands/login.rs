//! The command `login`: signs in with IAM Identity Center, and lists the accounts and roles where none is chosen yet. Knows
//! the browser; does not know how a sign-in is done.

use crate::connection;
use crate::flags::Login;
use crate::output::{json, stdio};
use crate::sign_in::{asked, is_login};
use crate::signals::StopSignal;
use std::io::IsTerminal;
use tokio::process::Command;
use windlass_engine::{
    Account, Connection, Fault, FaultKind, ProxyLogin, Sign, SignIn, SignInBy, SignInPage,
    accounts, roles,
};

/// # Errors
/// What stands in the way; none where somebody stopped it.
pub(crate) async fn login(flags: &Login, stop: &StopSignal) -> Result<bool, Option<Fault>> {
    let server = flags.server();
    let connection = connection::to_sign_in(&server).await?;
    let proxy_login = connection::proxy_login(&server, &connection).await?;
    let by = match flags.use_device_code || is_headless() {
        true => SignInBy::DeviceCode,
        false => SignInBy::Browser,
    };
    let sign_in = match stopped(stop, SignIn::begin(&connection, proxy_login.clone(), by)).await? {
        Err(fault) => match is_login(&fault) {
            Some(profile) => return by_the_aws_cli(profile, fault.clone(), stop).await,
            None => return Err(Some(fault)),
        },
        Ok(sign_in) => sign_in,
    };
    let page = sign_in.page().clone();
    show(&page, flags);
    let expires_at = stopped(stop, sign_in.finish()).await??;
    match flags.json {
        true => json::signed_in(&page.start_url, expires_at),
        false => stdio::report(&format!("Signed in to {}.", page.start_url)),
    }
    match &connection.sign {
        Sign::IdentityCenter { account_id, .. } if account_id.is_empty() => {
            choose((&connection, proxy_login), flags, stop).await?;
        }
        _ => {}
    }
    Ok(true)
}

/// Whether no browser can be opened on this computer, nor reach it on loopback.
fn is_headless() -> bool {
    let unset = |name| std::env::var_os(name).is_none_or(|value| value.is_empty());
    cfg!(target_os = "linux") && ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"].into_iter().all(unset)
}

async fn stopped<T>(stop: &StopSignal, work: impl Future<Output = T>) -> Result<T, Option<Fault>> {
    tokio::select! {
        biased;
        () = stop.requested() => Err(None),
        done = work => Ok(done),
    }
}

fn show(page: &SignInPage, flags: &Login) {
    if flags.json {
        json::sign_in(page);
    }
    let opened = !flags.no_browser && !is_headless() && open::that_detached(&page.url).is_ok();
    let start_url = &page.start_url;
    match &page.user_code {
        Some(code) => {
            let how = match opened {
                true => {
                    "check that the page in the browser shows this code. On another device, open"
                }
                false => "open this page on any device, and enter the code:",
            };
            stdio::report(&format!("To sign in to {start_url}, {how}"));
            stdio::report(&format!("    {}", page.verification_url));
            stdio::report(&format!("    {code}"));
        }
        None if opened => {
            stdio::report(&format!("Sign in to {start_url} in the browser. If it does not open:"));
            stdio::report(&format!("    {}", page.url));
        }
        None => {
            stdio::report(&format!("To sign in to {start_url}, open this page on this computer:"));
            stdio::report(&format!("    {}", page.url));
            stdio::report("On another device, sign in with --use-device-code.");
        }
    }
}

/// A profile of `aws login` is signed in by the program that made it.
async fn by_the_aws_cli(
    profile: &str,
    needed: Fault,
    stop: &StopSignal,
) -> Result<bool, Option<Fault>> {
    stdio::report(&format!("Running: aws login --profile {profile}"));
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => Some(needed.clone()),
        _ => Some(Fault::new(FaultKind::SignIn, format!("aws login: {error}"))),
    };
    let mut command = Command::new("aws");
    command.args(["login", "--profile", profile]);
    // what it says is none of our events
    command.stdout(std::io::stderr());
    let mut running = command.spawn().map_err(failed)?;
    let ended = tokio::select! {
        biased;
        () = stop.requested() => None,
        ended = running.wait() => Some(ended),
    };
    match ended {
        Some(ended) => ended.map(|status| status.success()).map_err(failed),
        None => {
            // a Ctrl-C at the terminal has reached it already
            let _ = running.kill().await;
            Err(None)
        }
    }
}

/// An account, and a role in it.
struct Choice {
    account: Account,
    role_name: String,
}

/// Lists what there is to choose from, asks, and says how it is used.
async fn choose(
    (connection, proxy_login): (&Connection, Option<ProxyLogin>),
    flags: &Login,
    stop: &StopSignal,
) -> Result<(), Option<Fault>> {
    let choices = stopped(stop, choices(connection, proxy_login)).await??;
    if flags.json {
        choices.iter().for_each(|choice| json::role(&choice.account, &choice.role_name));
        return Ok(());
    }
    for (number, Choice { account, role_name }) in choices.iter().enumerate() {
        let Account { account_id, name, .. } = account;
        stdio::line(&format!("{:>3}  {account_id}  {role_name}  ({name})", number + 1));
    }
    let chosen = match &choices[..] {
        [] => {
            stdio::report("No account is assigned to you; an administrator can assign one.");
            return Ok(());
        }
        [one] => one,
        several if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() => loop {
            let question = format!("Account and role (1 to {}): ", several.len());
            let Some(line) = asked(&question, stop).await else { return Err(None) };
            let number = line.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            if let Some(chosen) = number.and_then(|number| several.get(number)) {
                break chosen;
            }
        },
        several => &several[0],
    };
    let (Some(start_url), Some(region)) = (&flags.center.sso_start_url, &flags.center.sso_region)
    else {
        return Ok(());
    };
    let session = flags.center.sso_session.as_ref();
    let session = session.map(|name| format!(" --sso-session {name}")).unwrap_or_default();
    stdio::report("Upload with, for example:");
    stdio::report(&format!(
        "    windlass-cli upload FILE s3://BUCKET/ --sso-start-url {start_url} --sso-region {region}{session} \
         --sso-account-id {} --sso-role-name {}",
        chosen.account.account_id, chosen.role_name
    ));
    Ok(())
}

async fn choices(
    connection: &Connection,
    proxy_login: Option<ProxyLogin>,
) -> Result<Vec<Choice>, Fault> {
    let mut choices = Vec::new();
    for account in accounts(connection, proxy_login.clone()).await? {
        for role_name in roles(connection, proxy_login.clone(), &account.account_id).await? {
            choices.push(Choice { account: account.clone(), role_name });
        }
    }
    Ok(choices)
}
