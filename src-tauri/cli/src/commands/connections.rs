//! The commands `connections list` and `connections import`. Never sees a secret: the engine takes it from the file to the
//! keychain.

use crate::connection::app_connections;
use crate::flags::{Import, Listed};
use crate::output::json::connections as json;
use crate::output::messages::advice;
use crate::output::stdio;
use crate::state;
use windlass_engine::{
    Connection, FoundConnection, FoundConnections, FoundSecret, ImportConnections, Result, Sign,
    SignedIn,
};

/// # Errors
/// `Storage`, where the app's settings cannot be read.
pub(crate) fn list(flags: &Listed) -> Result<bool> {
    let connections = app_connections(&state::app_folder()?)?;
    for connection in &connections {
        match flags.json {
            true => json::connection(connection),
            false => stdio::line(&of_the_app(connection)),
        }
    }
    if connections.is_empty() && !flags.json {
        stdio::report(
            "The app has no connections yet. To import some, run: windlass-cli connections import",
        );
    }
    Ok(true)
}

/// False where one that was named is not there, or could not be saved.
///
/// # Errors
/// `Storage`, where the app is running, or its folder cannot be used.
pub(crate) async fn import(flags: &Import) -> Result<bool> {
    let engine = state::of_the_app()?;
    let place = flags.place();
    let there = engine.importable(place.clone()).await;
    if !flags.all && flags.names.is_empty() {
        show(flags, &there);
        return Ok(true);
    }
    let (ids, mut all_well) = chosen(flags, &there);
    let wanted = ImportConnections { ids, remember: true };
    let answer = engine.import(place, &wanted).await;
    for connection in &answer.imported {
        match flags.json {
            true => json::imported(connection),
            false => stdio::line(&format!("imported {}", of_the_app(connection))),
        }
    }
    for one in &answer.failed {
        all_well = false;
        if flags.json {
            json::not_imported(&one.name, &one.fault);
        }
        stdio::report(&format!("error: {} was not imported: {}", one.name, one.fault.detail));
        stdio::report(&format!("       {}", advice(&one.fault)));
    }
    if flags.all {
        refused(flags, &there);
    }
    let lacks_secret = |one: &&Connection| one.signed_in == SignedIn::Missing;
    for one in answer.imported.iter().filter(lacks_secret) {
        stdio::report(&format!(
            "The secret access key of {} was not in the file. Enter it in the app: Connections, {}.",
            one.name, one.name
        ));
    }
    Ok(all_well)
}

/// The ids of those that were asked for, and whether all are there.
fn chosen(flags: &Import, there: &FoundConnections) -> (Vec<String>, bool) {
    if flags.all {
        let new = there.found.iter().filter(|one| !one.known);
        return (new.map(|one| one.id.clone()).collect(), true);
    }
    let (mut ids, mut all_well) = (Vec::new(), true);
    for name in &flags.names {
        let named: Vec<&FoundConnection> =
            there.found.iter().filter(|one| one.name == *name).collect();
        let why = there.not.iter().find(|not| not.name.as_ref() == Some(name));
        let wrong = match (&named[..], why) {
            ([one], _) => {
                ids.push(one.id.clone());
                continue;
            }
            ([], Some(not)) => format!("{name} cannot be imported: {}", not.why),
            ([], None) => format!("there is no connection named \"{name}\" to import"),
            (several, _) => {
                let programs: Vec<String> =
                    several.iter().map(|one| one.program.to_string()).collect();
                format!("\"{name}\" is in {}; choose one with --from", programs.join(" and in "))
            }
        };
        all_well = false;
        stdio::report(&format!("error: {wrong}"));
    }
    (ids, all_well)
}

fn show(flags: &Import, there: &FoundConnections) {
    for one in &there.found {
        match flags.json {
            true => json::importable(one),
            false => stdio::line(&in_words(one)),
        }
    }
    refused(flags, there);
    if flags.json {
        return;
    }
    match there.found.is_empty() {
        true => stdio::report("Nothing to import was found."),
        false => stdio::report("Import with: windlass-cli connections import NAME..., or --all"),
    }
}

/// What cannot be taken, and why.
fn refused(flags: &Import, there: &FoundConnections) {
    for not in &there.not {
        if flags.json {
            json::not_importable(not);
            continue;
        }
        let what = match &not.name {
            Some(name) => format!("{name} ({}, {})", not.program, not.file),
            None => format!("{} ({})", not.file, not.program),
        };
        stdio::report(&format!("not imported: {what}: {}", not.why));
    }
}

fn in_words(one: &FoundConnection) -> String {
    let secret = match one.secret {
        FoundSecret::InFile => ", secret in the file",
        FoundSecret::NotInFile => ", secret not in the file",
        FoundSecret::NotNeeded => "",
    };
    let known = if one.known { ", in the app already" } else { "" };
    let place = place(one.endpoint.as_deref(), &one.region, one.bucket.as_deref(), &one.prefix);
    let left_out = match &one.left_out[..] {
        [] => String::new(),
        names => format!(", without {}", names.join(", ")),
    };
    let signs = signs(&one.sign);
    format!("{}  ({}, {place}, {signs}{secret}{left_out}{known})", one.name, one.program)
}

fn of_the_app(one: &Connection) -> String {
    let secret = match one.signed_in {
        SignedIn::Missing => ", secret missing",
        SignedIn::Keychain | SignedIn::Session | SignedIn::NotNeeded => "",
    };
    let place = place(one.endpoint.as_deref(), &one.region, one.bucket.as_deref(), &one.prefix);
    format!("{}  ({place}, {}{secret})", one.name, signs(&one.sign))
}

fn place(endpoint: Option<&str>, region: &str, bucket: Option<&str>, prefix: &str) -> String {
    let bucket = bucket.map(|bucket| format!(", s3://{bucket}/{prefix}")).unwrap_or_default();
    format!("{}, {region}{bucket}", endpoint.unwrap_or("Amazon S3"))
}

fn signs(sign: &Sign) -> String {
    match sign {
        Sign::Keys { access_key_id } => format!("key {access_key_id}"),
        Sign::Profile { profile } => format!("AWS profile {profile}"),
        Sign::IdentityCenter { account_id, role_name, .. } => {
            format!("IAM Identity Center: {role_name} in account {account_id}")
        }
        Sign::Environment => "keys from the environment".into(),
        Sign::Nothing => "unsigned".into(),
    }
}
