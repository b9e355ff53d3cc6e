//! The command `practice`: runs the practice store until interrupted. The first line has its endpoint and keys.

use crate::flags::Practice;
use crate::output::stdio;
use crate::signals::StopSignal;
use crate::state;
use windlass_engine::{Fault, FaultKind, Result};
use windlass_practice::{Keys, Place, PracticeStore};

const BUCKET: &str = "practice";

/// # Errors
/// `Storage`, if the folder or the port cannot be used.
pub(crate) async fn practice(flags: &Practice, stop: &StopSignal) -> Result<()> {
    let folder = match &flags.dir {
        Some(dir) => dir.clone(),
        // not the app's folder: a folder can have one store at a time, and the app may be running its own
        None => state::app_folder()?.join("terminal-practice"),
    };
    let port = flags.port.unwrap_or(0);
    let place = Place { folder: folder.clone(), port, keys: Keys::generate() };
    let store = PracticeStore::start(place).await.map_err(|error| {
        let reason = if error.kind() == std::io::ErrorKind::WouldBlock {
            format!(
                "another practice store is using {}; choose another folder with --dir",
                folder.display()
            )
        } else {
            format!("the practice store did not start in {}: {error}", folder.display())
        };
        Fault::new(FaultKind::Storage, reason)
    })?;
    if port != 0 && !store.endpoint().ends_with(&format!(":{port}")) {
        store.stop().await;
        return Err(Fault::new(
            FaultKind::Storage,
            format!("port {port} is in use; choose another, or leave out --port"),
        ));
    }
    let made = store.create_bucket(BUCKET).await;
    made.map_err(|error| Fault::new(FaultKind::Storage, format!("{}: {error}", folder.display())))?;
    report(flags.json, &store);
    stop.requested().await;
    store.stop().await;
    Ok(())
}

/// Prints how to connect. The keys are generated at every start, so printing them is harmless.
fn report(json: bool, store: &PracticeStore) {
    let Keys { access_key_id, secret_access_key } = store.keys();
    let endpoint = store.endpoint();
    if json {
        let line = serde_json::json!({
            "endpointUrl": endpoint, "accessKeyId": access_key_id, "secretAccessKey": secret_access_key, "bucket": BUCKET,
        });
        return stdio::json(&line.to_string());
    }
    stdio::line(&format!("{endpoint} {access_key_id} {secret_access_key}"));
    let words = format!(
        "
This is a practice store with one bucket, \"{BUCKET}\". In another terminal:

  export AWS_ACCESS_KEY_ID={access_key_id}
  export AWS_SECRET_ACCESS_KEY={secret_access_key}
  windlass-cli upload FILE s3://{BUCKET}/ --endpoint-url {endpoint}

Press Ctrl-C to stop it. Uploaded objects are kept."
    );
    words.lines().for_each(stdio::line);
}
