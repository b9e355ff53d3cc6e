//! Connections of other programs: found in their configuration, shown without their secrets, and saved as our own. The
//! files are read anew for each step, so that no secret waits in memory for somebody to choose.

use crate::engine::Engine;
use crate::engine::connections::new_id;
use crate::fault::{Fault, Result};
use crate::model::connection::{Connection, Sign, SignedIn};
use crate::model::import::{Contents, FoundConnection, Importable, NotImportable, Program};
use crate::model::object_options;
use crate::system::import_files;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Whose connections are looked for, and where.
#[derive(Clone, Debug, Default)]
pub struct ImportFrom {
    /// None: all programs.
    pub program: Option<Program>,
    /// None: where the program keeps it.
    pub file: Option<PathBuf>,
}

/// What other programs have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct FoundConnections {
    pub found: Vec<FoundConnection>,
    /// What could not be taken, each with its reason.
    pub not: Vec<NotImportable>,
}

/// Those that are to be imported.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct ImportConnections {
    /// Of `FoundConnection`.
    pub ids: Vec<String>,
    /// False: their secrets are kept for this session only.
    pub remember: bool,
}

/// A connection that was chosen and could not be saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct NotImported {
    pub name: String,
    pub fault: Fault,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct ImportedConnections {
    pub imported: Vec<Connection>,
    pub failed: Vec<NotImported>,
}

impl Engine {
    /// Looks through the configuration of other programs. Nothing is changed, and no secret is kept.
    pub async fn importable(&self, from: ImportFrom) -> FoundConnections {
        let contents = contents(from).await;
        let saved = self.connections();
        let found = contents.found.iter().map(|one| one.shown(&saved)).collect();
        FoundConnections { found, not: contents.not }
    }

    /// Saves those that are chosen, each on its own: one that cannot be saved does not keep the others out. A secret goes
    /// to the keychain and nowhere else.
    pub async fn import(
        &self,
        from: ImportFrom,
        wanted: &ImportConnections,
    ) -> ImportedConnections {
        let mut answer = ImportedConnections { imported: Vec::new(), failed: Vec::new() };
        for one in contents(from).await.found {
            if !wanted.ids.contains(&one.id()) {
                continue;
            }
            let name = one.connection.name.clone();
            match self.save_imported(one, wanted.remember).await {
                Ok(connection) => answer.imported.push(connection),
                Err(fault) => answer.failed.push(NotImported { name, fault }),
            }
        }
        self.shared.mark_changed();
        answer
    }

    async fn save_imported(&self, found: Importable, remember: bool) -> Result<Connection> {
        let Importable { mut connection, secret, program, .. } = found;
        connection.id = new_id();
        connection.name = free_name(&connection.name, program, &self.shared.settings.connections());
        if object_options::check(&connection.stored).is_err() {
            connection.stored = object_options::Options::default();
        }
        let secret = secret.filter(|_| matches!(connection.sign, Sign::Keys { .. }));
        connection.signed_in = match (&connection.sign, &secret) {
            (Sign::Keys { .. }, Some(_)) if remember => SignedIn::Keychain,
            (Sign::Keys { .. }, Some(_)) => SignedIn::Session,
            (Sign::Keys { .. }, None) => SignedIn::Missing,
            _ => SignedIn::NotNeeded,
        };
        let (id, secrets) = (connection.id.as_str(), &self.shared.secrets);
        match secret {
            Some(secret) if remember => {
                if let Err(fault) = secrets.keep(id, secret).await {
                    // a first piece may be in there
                    let _ = secrets.forget(id).await;
                    return Err(fault);
                }
            }
            Some(secret) => secrets.keep_for_session(id, secret),
            None => {}
        }
        if let Err(fault) = self.shared.settings.set_connection(connection.clone()) {
            let _ = secrets.forget(id).await;
            return Err(fault);
        }
        Ok(connection)
    }
}

async fn contents(from: ImportFrom) -> Contents {
    // files of a home that lies on a server may be slow
    let reading =
        tokio::task::spawn_blocking(move || import_files::read(from.program, from.file.as_deref()));
    reading.await.unwrap_or_default()
}

/// The terminal finds a connection by its name, so no two have the same.
fn free_name(name: &str, program: Program, saved: &[Connection]) -> String {
    let name = name.trim();
    let name = if name.is_empty() { program.to_string() } else { name.to_owned() };
    let is_free = |name: &String| saved.iter().all(|saved| saved.name != *name);
    let numbered = (2..).map(|number| format!("{name} {number}"));
    std::iter::once(name.clone()).chain(numbered).find(is_free).unwrap_or(name.clone())
}
