//! The lines about connections: the app's, and those of other programs.

use super::put;
use serde::Serialize;
use windlass_engine::{Connection, Fault, FoundConnection, NotImportable, Sign, SignedIn};

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Event<'a> {
    /// One of the app's.
    Connection(Saved<'a>),
    /// One of another program, which can be imported.
    Importable(&'a FoundConnection),
    NotImportable(&'a NotImportable),
    Imported(Saved<'a>),
    NotImported {
        name: &'a str,
        fault: &'a Fault,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Saved<'a> {
    id: &'a str,
    name: &'a str,
    preset: &'a str,
    endpoint: Option<&'a str>,
    region: &'a str,
    path_style: bool,
    sign: &'a Sign,
    bucket: Option<&'a str>,
    prefix: &'a str,
    signed_in: SignedIn,
}

impl<'a> Saved<'a> {
    fn of(connection: &'a Connection) -> Self {
        Self {
            id: &connection.id,
            name: &connection.name,
            preset: &connection.preset,
            endpoint: connection.endpoint.as_deref(),
            region: &connection.region,
            path_style: connection.path_style,
            sign: &connection.sign,
            bucket: connection.bucket.as_deref(),
            prefix: &connection.prefix,
            signed_in: connection.signed_in,
        }
    }
}

pub(crate) fn connection(connection: &Connection) {
    put(&Event::Connection(Saved::of(connection)));
}

pub(crate) fn importable(found: &FoundConnection) {
    put(&Event::Importable(found));
}

pub(crate) fn not_importable(not: &NotImportable) {
    put(&Event::NotImportable(not));
}

pub(crate) fn imported(connection: &Connection) {
    put(&Event::Imported(Saved::of(connection)));
}

pub(crate) fn not_imported(name: &str, fault: &Fault) {
    put(&Event::NotImported { name, fault });
}
