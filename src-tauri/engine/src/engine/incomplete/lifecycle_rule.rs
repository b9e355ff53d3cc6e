//! The lifecycle rule that takes unfinished uploads off by itself: read, written among the others, read again. Knows no
//! rule's text.

use crate::engine::Engine;
use crate::engine::incomplete::lifecycle_xml::{self, Merged};
use crate::engine::incomplete::scan;
use crate::engine::incomplete::types::{BucketOf, CleanupRule, OtherRule, SetCleanup};
use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::s3::Lifecycle;
use std::time::Duration;

/// So often the rules are read again until they are what was written.
const LOOKED_AGAIN: u32 = 4;

impl Engine {
    /// What the bucket's lifecycle rules do about unfinished uploads.
    ///
    /// # Errors
    /// As S3 says; a server that has no such rules is no fault.
    pub async fn cleanup_rule(&self, of: BucketOf) -> Result<CleanupRule> {
        let s3 = self.shared.s3(&of.connection).await?.at(&of.bucket);
        match scan::again(|| s3.lifecycle(&of.bucket)).await {
            Ok(lifecycle) => Ok(shown(lifecycle.as_ref())),
            Err(fault) if fault.is_not_implemented() => Ok(CleanupRule::default()),
            Err(fault) => Err(fault),
        }
    }

    /// Puts our rule among those that are there, or takes it out, and reads them again.
    ///
    /// # Errors
    /// As S3 says; `Unsupported` where the rules cannot be kept as they are, and `Server` where the server did not keep
    /// them: they are put back then.
    pub async fn set_cleanup_rule(&self, set: SetCleanup) -> Result<CleanupRule> {
        if set.days.is_some_and(|days| !(1..=lifecycle_xml::MOST_DAYS).contains(&days)) {
            return Err(Fault::because(FaultKind::Unsupported, Reason::WrongDays));
        }
        let (s3, bucket) = (self.shared.s3(&set.connection).await?.at(&set.bucket), &set.bucket);
        let before = scan::again(|| s3.lifecycle(bucket)).await?;
        let text = before.as_ref().map(|before| before.text.as_str());
        let Some(merged) = lifecycle_xml::merged(text, set.days) else {
            return Err(Fault::because(FaultKind::Unsupported, Reason::RulesUnread));
        };
        match merged {
            Merged::Same => return Ok(shown(before.as_ref())),
            Merged::Nothing => scan::again(|| s3.drop_lifecycle(bucket)).await?,
            Merged::Text(text) => {
                scan::again(|| s3.set_lifecycle(bucket, &text, before.as_ref())).await?;
            }
        }
        for _ in 0..LOOKED_AGAIN {
            let after = scan::again(|| s3.lifecycle(bucket)).await?;
            let kept = match (&before, &after) {
                (None, _) => true,
                (Some(before), None) => before.is_only(lifecycle_xml::OURS),
                (Some(before), Some(after)) => after.keeps(before, lifecycle_xml::OURS),
            };
            if kept && days_of_ours(after.as_ref()) == set.days {
                return Ok(shown(after.as_ref()));
            }
            // servers tell the rules from before for a moment
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        if let Some(before) = &before {
            let _ = s3.set_lifecycle(bucket, &before.text, Some(before)).await;
        }
        Err(Fault::because(FaultKind::Server, Reason::RulesNotKept))
    }
}

fn days_of_ours(lifecycle: Option<&Lifecycle>) -> Option<u32> {
    let aborts = lifecycle.map(Lifecycle::aborts).unwrap_or_default();
    aborts.into_iter().find(|rule| rule.name == lifecycle_xml::OURS).map(|rule| rule.days)
}

fn shown(lifecycle: Option<&Lifecycle>) -> CleanupRule {
    let aborts = lifecycle.map(Lifecycle::aborts).unwrap_or_default();
    let (ours, others): (Vec<_>, Vec<_>) =
        aborts.into_iter().partition(|rule| rule.name == lifecycle_xml::OURS);
    let others: Vec<OtherRule> = others
        .into_iter()
        .map(|rule| OtherRule { name: rule.name, days: rule.days, prefix: rule.prefix })
        .collect();
    let whole = others.iter().filter(|rule| rule.prefix.is_empty()).map(|rule| rule.days);
    CleanupRule {
        supported: true,
        days: ours.iter().map(|rule| rule.days).chain(whole).min(),
        ours: !ours.is_empty(),
        others,
    }
}
