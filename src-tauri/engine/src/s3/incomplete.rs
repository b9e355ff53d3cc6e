//! Lists incomplete multipart uploads, and the parts of one.

use super::multipart::{checksum_mode_of, gone};
use super::object_options::keyed;
use super::{ANSWER_LIMIT, S3};
use crate::fault::Result;
use crate::model::checksum::{ChecksumMode, ReportedChecksums};
use crate::model::part_table::PartNumber;
use crate::model::upload::Target;
use aws_sdk_s3::types::{ChecksumAlgorithm, MultipartUpload, Part};

/// A part as ListParts reports it.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) number: PartNumber,
    pub(crate) size: u64,
    pub(crate) etag: String,
    pub(crate) reported: ReportedChecksums,
}

/// The checksum that an upload was created with, as a listing reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CreatedWith {
    /// MD5 if nothing is reported.
    ChecksumMode(ChecksumMode),
    /// An algorithm that Windlass does not compute.
    Other(String),
}

/// All parts of one upload, and what is reported with them.
#[derive(Clone, Debug)]
pub(crate) struct PartsOf {
    pub(crate) parts: Vec<Listed>,
    pub(crate) created_with: CreatedWith,
    pub(crate) storage_class: Option<String>,
}

/// A multipart upload as the server lists it.
#[derive(Clone, Debug)]
pub(crate) struct Unfinished {
    pub(crate) key: String,
    pub(crate) upload_id: String,
    /// ms since 1970 by the server's clock
    pub(crate) initiated: Option<i64>,
    /// The initiator's ID.
    pub(crate) initiator: Option<String>,
    /// The initiator's name.
    pub(crate) whose: Option<String>,
    pub(crate) storage_class: Option<String>,
    pub(crate) created_with: CreatedWith,
}

/// Where a listing continues: after this key, and after this UploadId of it.
pub(crate) type Marker = (Option<String>, Option<String>);

impl Unfinished {
    fn from_listing(upload: &MultipartUpload) -> Option<Self> {
        let some = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(ToOwned::to_owned);
        let (initiator, owner) = (upload.initiator(), upload.owner());
        // in AWS, the user's name is the last part of the ID
        let named =
            |id: String| id.rsplit_once('/').map_or(id.clone(), |(_, name)| name.to_owned());
        let whose = some(initiator.and_then(|who| who.display_name()))
            .or_else(|| some(initiator.and_then(|who| who.id())).map(named))
            .or_else(|| some(owner.and_then(|who| who.display_name())))
            .or_else(|| some(owner.and_then(|who| who.id())));
        Some(Self {
            key: upload.key()?.to_owned(),
            upload_id: upload.upload_id()?.to_owned(),
            initiated: upload.initiated().and_then(|at| at.to_millis().ok()),
            initiator: initiator.and_then(|who| who.id()).map(ToOwned::to_owned),
            whose,
            storage_class: upload.storage_class().map(|class| class.as_str().to_owned()),
            created_with: created_with(upload.checksum_algorithm(), upload.checksum_type()),
        })
    }

    /// Key and UploadId, which are unique together.
    pub(crate) fn name(&self) -> (String, String) {
        (self.key.clone(), self.upload_id.clone())
    }

    pub(crate) fn checksum_mode(&self) -> ChecksumMode {
        match self.created_with {
            CreatedWith::ChecksumMode(checksum_mode) => checksum_mode,
            CreatedWith::Other(_) => ChecksumMode::Md5,
        }
    }
}

fn created_with(
    named: Option<&ChecksumAlgorithm>,
    of_type: Option<&aws_sdk_s3::types::ChecksumType>,
) -> CreatedWith {
    match (checksum_mode_of(named, of_type), named) {
        (ChecksumMode::Md5, Some(named)) if !named.as_str().is_empty() => {
            CreatedWith::Other(named.as_str().to_owned())
        }
        (checksum_mode, _) => CreatedWith::ChecksumMode(checksum_mode),
    }
}

impl S3 {
    /// One page of the incomplete multipart uploads under a prefix, and the marker of the next page, which `Pages`
    /// checks.
    pub(crate) async fn unfinished_page(
        &self,
        bucket: &str,
        prefix: &str,
        marker: &Marker,
    ) -> Result<(Vec<Unfinished>, Option<Marker>)> {
        let request = self
            .client
            .list_multipart_uploads()
            .bucket(bucket)
            .prefix(prefix)
            .set_key_marker(marker.0.clone())
            .set_upload_id_marker(marker.1.clone());
        let page = self.within(ANSWER_LIMIT, Box::pin(request.send())).await?;
        let next = (
            page.next_key_marker().map(ToOwned::to_owned),
            page.next_upload_id_marker().map(ToOwned::to_owned),
        );
        let more = page.is_truncated() == Some(true) && next.0.is_some();
        let found = page.uploads().iter().filter_map(Unfinished::from_listing).collect();
        Ok((found, more.then_some(next)))
    }

    /// The incomplete multipart uploads of exactly this key.
    pub(crate) async fn unfinished_at(&self, target: &Target) -> Result<Vec<Unfinished>> {
        let mut found = Vec::new();
        let (mut marker, mut pages): (Marker, _) = ((None, None), self.pages());
        loop {
            let (page, next) = self.unfinished_page(&target.bucket, &target.key, &marker).await?;
            let next = pages.after(page.iter().map(Unfinished::name), next)?;
            found.extend(page.into_iter().filter(|one| one.key == target.key));
            // listings are sorted by key, so later ones only start with it
            match next {
                Some(next) if next.0.as_ref() == Some(&target.key) => marker = next,
                _ => return Ok(found),
            }
        }
    }

    /// All pages.
    pub(crate) async fn list_parts(&self, target: &Target, upload_id: &str) -> Result<Vec<Listed>> {
        self.parts_of(target, upload_id).await.map(|of| of.parts)
    }

    /// All pages, with what is reported about the upload.
    pub(crate) async fn parts_of(&self, target: &Target, upload_id: &str) -> Result<PartsOf> {
        let mut of = PartsOf {
            parts: Vec::new(),
            created_with: CreatedWith::ChecksumMode(ChecksumMode::Md5),
            storage_class: None,
        };
        let (mut marker, mut pages): (Option<String>, _) = (None, self.pages());
        loop {
            // if parts have checksums, S3 requires the customer key
            let request = keyed!(self.client.list_parts(), self.customer_key.as_deref())
                .bucket(&target.bucket)
                .key(&target.key)
                .upload_id(upload_id)
                .set_part_number_marker(marker.clone());
            let page = self.within(ANSWER_LIMIT, Box::pin(request.send())).await.map_err(gone)?;
            of.created_with = created_with(page.checksum_algorithm(), page.checksum_type());
            of.storage_class = page.storage_class().map(|class| class.as_str().to_owned());
            for part in page.parts() {
                let number =
                    part.part_number().and_then(|number| PartNumber::try_from(number).ok());
                let size = part.size().and_then(|size| u64::try_from(size).ok());
                if let (Some(number), Some(size), Some(etag)) = (number, size, part.e_tag()) {
                    let (etag, reported) = (etag.to_owned(), reported!(part));
                    of.parts.push(Listed { number, size, etag, reported });
                }
            }
            let more = page.is_truncated() == Some(true);
            let next = page.next_part_number_marker().filter(|_| more).map(ToOwned::to_owned);
            marker = pages.after(page.parts().iter().map(Part::part_number), next)?;
            if marker.is_none() {
                return Ok(of);
            }
        }
    }
}
