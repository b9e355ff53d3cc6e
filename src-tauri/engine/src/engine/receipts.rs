//! What the engine offers about proofs: receipts, verifying again, what servers take, and the answer to a file that never
//! keeps still. Knows no bytes.

use super::{Engine, again};
use crate::engine::verification::finding::{Verification, VerifyRequest};
use crate::engine::verification::{self, Progress, Subject};
use crate::engine::view::AnswerChanging;
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::capabilities::{ProbeCapabilities, ServerCapabilities};
use crate::model::lock::locked;
use crate::model::object_options::Options;
use crate::model::proof::{LastVerification, Verdict};
use crate::model::receipt::Receipt;
use crate::model::upload::{Id, Target};
use serde::Deserialize;
use std::path::{Path, PathBuf};

impl Engine {
    /// The answer to a file that does not keep still; goes on.
    pub async fn answer_changing(&self, answer: AnswerChanging) -> Result<()> {
        let _hands = self.hands.lock().await;
        let AnswerChanging { ids, answer } = answer;
        self.change(ids, move |entry| {
            entry.if_changing = answer;
            again(entry)
        })
        .await
    }

    /// # Errors
    /// `Bug` where there is none: the upload is not done, or nothing was sent. `Storage`.
    pub async fn receipt(&self, id: Id) -> Result<Receipt> {
        let receipt = self.shared.journal.receipt(id).await?;
        receipt.ok_or_else(|| Fault::new(FaultKind::Bug, "there is no receipt of this upload"))
    }

    /// # Errors
    /// `Storage`, where it cannot be written; what was there before stays.
    pub async fn save_receipt(&self, save: SaveReceipt) -> Result<()> {
        self.receipt(save.id).await?.write(Path::new(&save.path))
    }

    /// Begins to hold an upload's receipt against the server, and the file; the number asks for its progress. The verdict
    /// is kept with the upload.
    ///
    /// # Errors
    /// `Bug` where there is no receipt, `Storage`.
    pub async fn verify(&self, request: VerifyRequest) -> Result<u32> {
        let receipt = self.receipt(request.id).await?;
        let connection = self.entry(request.id).await?.target.connection;
        let file = request.file.then(|| PathBuf::from(&receipt.path));
        let (bucket, key) = (receipt.bucket.clone(), receipt.key.clone());
        let target = Target { connection, bucket, key };
        Ok(self.begin_verification(
            Subject { target, receipt: Some(receipt), file },
            None,
            Some(request.id),
        ))
    }

    /// The same of any object: by a receipt, by a file, or by both. `customer_key` is the MD5 of the user's own key that
    /// it is encrypted with, where no receipt names one.
    ///
    /// # Errors
    /// None at once: what is wrong is in the progress.
    pub fn verify_object(
        &self,
        target: Target,
        receipt: Option<Receipt>,
        file: Option<PathBuf>,
        customer_key: Option<String>,
    ) -> Result<u32> {
        Ok(self.begin_verification(Subject { target, receipt, file }, customer_key, None))
    }

    fn begin_verification(
        &self,
        subject: Subject,
        customer_key: Option<String>,
        of: Option<Id>,
    ) -> u32 {
        let progress = Progress::default();
        let (engine, reported) = (self.clone(), progress.clone());
        let task = tokio::spawn(async move {
            let outcome = async {
                let Subject { target, receipt, .. } = &subject;
                let s3 = engine.shared.s3(&target.connection).await?.at(&target.bucket);
                let of_receipt = receipt.as_ref().and_then(|receipt| receipt.customer_key.clone());
                let options =
                    Options { customer_key: of_receipt.or(customer_key), ..Options::default() };
                let customer_key = engine.shared.customer_key(&target.connection, &options).await?;
                let s3 = s3.with_customer_key(customer_key);
                let capabilities = engine.shared.capabilities(&target.connection).capabilities;
                verification::verify(&s3, &capabilities, &subject, &reported).await
            };
            let outcome = outcome.await;
            if let (Ok(verdict), Some(id)) = (&outcome, of) {
                engine.keep_verdict(id, *verdict).await;
            }
            reported.end(outcome);
        });
        let mut running = locked(&self.verifications);
        let number = running.keys().max().copied().unwrap_or(0) + 1;
        running.insert(number, (progress, task.abort_handle()));
        number
    }

    /// So that a row does not go on saying that its object is verified. A journal that cannot be written takes it later, or
    /// loses it with the process: the verdict itself is shown all the same.
    async fn keep_verdict(&self, id: Id, verdict: Verdict) {
        let _hands = self.hands.lock().await;
        let at = self.shared.wall_clock();
        let kept = self.change(vec![id], move |entry| {
            entry.verification = Some(LastVerification { at, verdict });
            true
        });
        if let Err(fault) = kept.await {
            tracing::warn!(id, detail = %fault.detail, "what came of a verification is not kept");
        }
    }

    /// # Errors
    /// `Bug` where there is no such verification.
    pub fn verification(&self, number: u32) -> Result<Verification> {
        locked(&self.verifications)
            .get(&number)
            .map(|(progress, _)| progress.now())
            .ok_or_else(|| Fault::new(FaultKind::Bug, "no such verification"))
    }

    /// Ends it where it still runs.
    pub fn forget_verification(&self, number: u32) {
        if let Some((_, task)) = locked(&self.verifications).remove(&number) {
            task.abort();
        }
    }

    /// What a connection's server takes, as far as it is known.
    ///
    /// # Errors
    /// `Bug` where there is no such connection.
    pub fn capabilities(&self, connection: &str) -> Result<ServerCapabilities> {
        match self.shared.settings.connection(connection) {
            Some(_) => Ok(self.shared.capabilities(connection)),
            None => Err(Fault::new(FaultKind::Bug, "no such connection")),
        }
    }

    /// Asks the server itself, and keeps its answer with the connection.
    ///
    /// # Errors
    /// As S3 says; `WrongPlace` where no bucket is known to ask in.
    pub async fn probe_capabilities(&self, ask: &ProbeCapabilities) -> Result<ServerCapabilities> {
        let known = self.capabilities(&ask.connection)?;
        let connection = self.shared.settings.connection(&ask.connection);
        let default_bucket = connection.as_ref().and_then(|connection| connection.bucket.clone());
        let Some(bucket) = ask.bucket.clone().or(default_bucket) else {
            return Err(Fault::because(FaultKind::WrongPlace, Reason::NoUsualBucket));
        };
        let key = connection.map(|connection| connection.prefix).unwrap_or_default();
        let s3 = self.shared.s3(&ask.connection).await?.at(&bucket);
        let near = Target { connection: ask.connection.clone(), bucket, key };
        let found = self.shared.ask(&s3, &near, known.capabilities).await?;
        self.shared.learn(&ask.connection, |capabilities| *capabilities = found);
        self.capabilities(&ask.connection)
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct SaveReceipt {
    pub id: Id,
    pub path: String,
}
