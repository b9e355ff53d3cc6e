//! What the engine offers about how objects are stored: the user's own keys, and links to finished objects. Knows no bytes.

use super::Engine;
use crate::fault::{Fault, FaultKind, InvalidOption, Reason, Result};
use crate::model::connection::Sign;
use crate::model::customer_key::{CustomerKey, KeptKey, NewCustomerKey};
use crate::model::object_options::{self, Options};
use crate::model::upload::{Id, Phase};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Signatures hold for seven days at most; <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html>
const LONGEST_LINK: u32 = 7 * 24 * 3600;

/// Asks for a link to a finished object, by which anybody can download it for a while.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Presign {
    pub id: Id,
    /// How long it holds, up to seven days.
    pub seconds: u32,
    /// Browsers save it under the file's name, and do not show it.
    pub download: bool,
}

/// Who has it has the object: a secret of a kind, and written nowhere.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct Link {
    pub url: String,
    /// ms since 1970
    pub until: u64,
    /// Signed with a session that ends on its own, nobody knows when: the link ends with it.
    pub may_end_sooner: bool,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Link(until {})", self.until)
    }
}

impl Engine {
    /// Keeps a key of the user's own: in the keychain where it is to be remembered and there is one, for this session
    /// otherwise.
    ///
    /// # Errors
    /// `Credentials`, where it is no key; `Storage`.
    pub async fn keep_customer_key(&self, given: NewCustomerKey) -> Result<KeptKey> {
        let name = given.name.trim().to_owned();
        let key = CustomerKey { name: name.clone(), ..CustomerKey::read(&given.key)? };
        let mut kept = KeptKey { md5: key.md5.clone(), name, in_keychain: false };
        if given.remember {
            match self.shared.secrets.keep_customer_key(key.clone()).await {
                Ok(()) => {
                    kept.in_keychain = true;
                    self.shared.settings.set_customer_key(kept.clone())?;
                }
                Err(fault) => tracing::warn!(%fault, "a key is kept for this session only"),
            }
        }
        if !kept.in_keychain {
            self.shared.secrets.keep_customer_key_for_session(key);
        }
        Ok(kept)
    }

    /// Those that the keychain was given, and those of this session.
    pub fn customer_keys(&self) -> Vec<KeptKey> {
        let mut known = self.shared.settings.customer_keys();
        for (md5, name) in self.shared.secrets.customer_keys_at_hand() {
            if !known.iter().any(|key| key.md5 == md5) {
                known.push(KeptKey { md5, name, in_keychain: false });
            }
        }
        known
    }

    /// # Errors
    /// `Keychain` where it could not be removed, and it stays then; `Storage`.
    pub async fn forget_customer_key(&self, md5: &str) -> Result<()> {
        let in_keychain = self.shared.settings.customer_keys().iter().any(|key| key.md5 == md5);
        self.shared.secrets.forget_customer_key(md5, in_keychain).await?;
        self.shared.settings.forget_customer_key(md5)
    }

    /// May these options go to this connection? What S3 would refuse is told before anything is queued.
    ///
    /// # Errors
    /// `Unsupported`, naming what is wrong; `Credentials` where a key of the user's own is not here.
    pub(super) async fn check_stored(&self, connection: &str, options: &Options) -> Result<()> {
        object_options::check(options)?;
        self.shared.customer_key(connection, options).await.map(|_| ())
    }

    /// A link to a finished object.
    ///
    /// # Errors
    /// `Unsupported`, where there can be none: longer than seven days, not done, encrypted with a key of the user's own,
    /// or requests are not signed. `Credentials`.
    pub async fn presign(&self, presign: &Presign) -> Result<Link> {
        let wrong = |wrong| Err(Fault::because(FaultKind::Unsupported, Reason::Stored { wrong }));
        if !(1..=LONGEST_LINK).contains(&presign.seconds) {
            return wrong(InvalidOption::LinkTime);
        }
        let entry = self.entry(presign.id).await?;
        if entry.phase != Phase::Done {
            return wrong(InvalidOption::LinkNotDone);
        }
        if entry.options.customer_key.is_some() {
            return wrong(InvalidOption::LinkOwnKey);
        }
        let connection = self.shared.settings.connection(&entry.target.connection);
        if connection.is_some_and(|connection| connection.sign == Sign::Nothing) {
            return wrong(InvalidOption::LinkUnsigned);
        }
        let s3 = self.shared.s3(&entry.target.connection).await?.at(&entry.target.bucket);
        let disposition = presign.download.then(|| object_options::as_download(&entry.name));
        let now = Duration::from_millis(self.shared.wall_clock());
        let wanted = Duration::from_secs(presign.seconds.into());
        let (url, holds, may_end_sooner) = s3.link(&entry.target, wanted, disposition).await?;
        let until = u64::try_from((now + holds).as_millis()).unwrap_or(u64::MAX);
        Ok(Link { url, until, may_end_sooner })
    }
}
