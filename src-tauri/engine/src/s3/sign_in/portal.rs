//! The accounts and roles that somebody may choose from once signed in, as the access portal lists them.
//! <https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/Welcome.html>

use super::{credentials, instance};
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::connection::Connection;
use crate::model::proxy::ProxyLogin;
use crate::model::sign_in::IdentityCenter;
use crate::s3::faults;
use aws_config::sso::SsoTokenProvider;
use aws_credential_types::provider::token::ProvideToken as _;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sso::Client;
use serde::Serialize;

/// An AWS account that somebody may work in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Account {
    pub account_id: String,
    pub name: String,
    /// Of the account itself, not of a person.
    pub email: String,
}

/// Lists the accounts, by their names.
///
/// # Errors
/// `SignIn` where nobody is signed in; as for a sign-in.
pub async fn accounts(
    connection: &Connection,
    proxy_login: Option<ProxyLogin>,
) -> Result<Vec<Account>> {
    let (client, token, center) = portal(connection, proxy_login).await?;
    let mut pages = client.list_accounts().access_token(token).into_paginator().items().send();
    let mut accounts = Vec::new();
    while let Some(account) = pages.next().await {
        let account = account.map_err(|error| refused(&error, &center))?;
        let account_id = account.account_id.unwrap_or_default();
        accounts.push(Account {
            name: account.account_name.unwrap_or_else(|| account_id.clone()),
            email: account.email_address.unwrap_or_default(),
            account_id,
        });
    }
    accounts
        .sort_by_cached_key(|account| (account.name.to_lowercase(), account.account_id.clone()));
    Ok(accounts)
}

/// Lists the names of the roles in an account.
///
/// # Errors
/// As for `accounts`.
pub async fn roles(
    connection: &Connection,
    proxy_login: Option<ProxyLogin>,
    account_id: &str,
) -> Result<Vec<String>> {
    let (client, token, center) = portal(connection, proxy_login).await?;
    let request = client.list_account_roles().access_token(token).account_id(account_id);
    let mut pages = request.into_paginator().items().send();
    let mut roles = Vec::new();
    while let Some(role) = pages.next().await {
        let role = role.map_err(|error| refused(&error, &center))?;
        roles.extend(role.role_name);
    }
    roles.sort();
    Ok(roles)
}

async fn portal(
    connection: &Connection,
    proxy_login: Option<ProxyLogin>,
) -> Result<(Client, String, IdentityCenter)> {
    let (instance, sdk) = instance(connection, proxy_login).await?;
    let center = instance.center;
    let provider = SsoTokenProvider::builder()
        .configure(&sdk)
        .region(aws_sdk_s3::config::Region::new(center.sso_region.clone()))
        .session_name(center.cache_key())
        .start_url(&center.start_url)
        .build()
        .await;
    // it is refreshed on the way, where it may be
    let token = provider.provide_token().await.map_err(|_| needed(&center))?;
    Ok((Client::new(&sdk), token.token().to_owned(), center))
}

fn refused<E>(error: &SdkError<E, HttpResponse>, center: &IdentityCenter) -> Fault
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match error {
        SdkError::ServiceError(context) if context.raw().status().as_u16() == 401 => needed(center),
        SdkError::ServiceError(context) => {
            let said = context.err().meta();
            let cause = said.message().or(said.code()).unwrap_or("no reason was given").to_owned();
            let start_url = center.start_url.clone();
            credentials(Reason::SignInFailed { start_url, cause })
        }
        _ => faults::fault(error, &center.start_url),
    }
}

fn needed(center: &IdentityCenter) -> Fault {
    let start_url = center.start_url.clone();
    Fault::because(FaultKind::SignIn, Reason::SignInNeeded { start_url })
}
