//! The checksum of a whole object: which types an algorithm has, which checksums parts may have, and how they are combined.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use crc_fast::{CrcAlgorithm, checksum_combine};
use s3s::dto::{ChecksumAlgorithm, ChecksumType};
use s3s::{S3Error, S3Result, s3_error};
use serde::{Deserialize, Serialize};

use crate::sums::{Algorithm, Digests, one_sum};

/// S3's checksum type: of the whole object's bytes, or of its parts' checksums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    #[serde(rename = "FULL_OBJECT")]
    FullObject,
    #[serde(rename = "COMPOSITE")]
    Composite,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::FullObject => "FULL_OBJECT",
            Self::Composite => "COMPOSITE",
        }
    }

    pub(crate) fn shown(self) -> Option<ChecksumType> {
        Some(self.name().to_owned().into())
    }

    fn goes_with(self, algorithm: Algorithm) -> bool {
        match algorithm {
            Algorithm::Crc32 | Algorithm::Crc32c => true,
            Algorithm::Crc64Nvme => self == Self::FullObject,
            Algorithm::Sha1 | Algorithm::Sha256 => self == Self::Composite,
        }
    }

    fn usual_for(algorithm: Algorithm) -> Self {
        if algorithm == Algorithm::Crc64Nvme { Self::FullObject } else { Self::Composite }
    }

    fn named(name: &str) -> S3Result<Self> {
        match name {
            "FULL_OBJECT" => Ok(Self::FullObject),
            "COMPOSITE" => Ok(Self::Composite),
            _ => Err(s3_error!(InvalidRequest, "Value for x-amz-checksum-type header is invalid.")),
        }
    }
}

/// The checksum of a multipart upload, as CreateMultipartUpload determines it. S3 keeps a CRC64NVME of the whole object
/// if the request names none; `named` is whether the parts report theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ObjectChecksum {
    pub(crate) algorithm: Algorithm,
    pub(crate) kind: Kind,
    pub(crate) named: bool,
}

impl ObjectChecksum {
    pub(crate) fn on(algorithm: Option<&str>, kind: Option<&str>) -> S3Result<Self> {
        let kind = kind.map(Kind::named).transpose()?;
        let Some(name) = algorithm else {
            if kind.is_some() {
                return Err(s3_error!(
                    InvalidRequest,
                    "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header."
                ));
            }
            return Ok(Self {
                algorithm: Algorithm::Crc64Nvme,
                kind: Kind::FullObject,
                named: false,
            });
        };
        let algorithm = Algorithm::named(name)?;
        let kind = kind.unwrap_or(Kind::usual_for(algorithm));
        if !kind.goes_with(algorithm) {
            return Err(s3_error!(
                InvalidRequest,
                "The {} checksum type cannot be used with the {} checksum algorithm.",
                kind.name(),
                algorithm.name().to_lowercase()
            ));
        }
        Ok(Self { algorithm, kind, named: true })
    }

    /// Combines the object's checksum from its parts' checksums and lengths, in order.
    pub(crate) fn of_parts<'a>(
        self,
        parts: impl Iterator<Item = (&'a Digests, u64)>,
    ) -> S3Result<String> {
        let mut raw = Vec::new();
        for (sums, length) in parts {
            let value = sums.get(&self.algorithm).and_then(|value| BASE64.decode(value).ok());
            let value = value
                .ok_or_else(|| s3_error!(InternalError, "A part's record lacks its checksum."))?;
            raw.push((value, length));
        }
        Ok(match self.kind {
            Kind::Composite => {
                let joined: Vec<u8> =
                    raw.iter().flat_map(|(value, _)| value.iter().copied()).collect();
                format!("{}-{}", one_sum(self.algorithm, &joined), raw.len())
            }
            Kind::FullObject => combined(self.algorithm, &raw),
        })
    }

    pub(crate) fn shown_algorithm(self) -> Option<ChecksumAlgorithm> {
        self.named.then(|| self.algorithm.name().to_owned().into())
    }

    pub(crate) fn shown_kind(self) -> Option<ChecksumType> {
        self.kind.shown().filter(|_| self.named)
    }

    /// Whether a part with this checksum, or without one, can belong to the upload.
    pub(crate) fn check_part(self, brought: Option<Algorithm>) -> S3Result<()> {
        let fits = match brought {
            _ if !self.named => true,
            Some(algorithm) => algorithm == self.algorithm,
            // for a whole-object checksum, the store computes those of the parts itself
            None => self.kind == Kind::FullObject,
        };
        if fits {
            return Ok(());
        }
        Err(self.mismatch(brought))
    }

    /// Whether a checksum given at Complete can be that of the whole object.
    pub(crate) fn check_whole(self, given: Algorithm) -> S3Result<()> {
        if given == self.algorithm { Ok(()) } else { Err(self.mismatch(Some(given))) }
    }

    fn mismatch(self, actual: Option<Algorithm>) -> S3Error {
        s3_error!(
            InvalidRequest,
            "Checksum Type mismatch occurred, expected checksum Type: {}, actual checksum Type: {}",
            self.algorithm.name().to_lowercase(),
            actual.map_or("null".to_owned(), |algorithm| algorithm.name().to_lowercase())
        )
    }

    /// The checksums of a part that responses show: the one that was sent, and the upload's.
    pub(crate) fn shown_of(self, sums: &Digests, brought: Option<Algorithm>) -> Digests {
        let shown = |algorithm: Algorithm| {
            brought == Some(algorithm) || (self.named && algorithm == self.algorithm)
        };
        sums.iter()
            .filter(|(algorithm, _)| shown(**algorithm))
            .map(|(algorithm, value)| (*algorithm, value.clone()))
            .collect()
    }

    /// The checksums of a part that lists show.
    pub(crate) fn listed_of(self, sums: &Digests) -> Digests {
        self.shown_of(sums, None)
    }
}

fn combined(algorithm: Algorithm, parts: &[(Vec<u8>, u64)]) -> String {
    let crc = match algorithm {
        Algorithm::Crc32 => CrcAlgorithm::Crc32IsoHdlc,
        Algorithm::Crc32c => CrcAlgorithm::Crc32Iscsi,
        _ => CrcAlgorithm::Crc64Nvme,
    };
    let number = |bytes: &[u8]| bytes.iter().fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
    let whole = parts.iter().fold(None, |sum, (value, length)| match sum {
        None => Some(number(value)),
        Some(sum) => Some(checksum_combine(crc, sum, number(value), *length)),
    });
    let bytes = whole.unwrap_or(0).to_be_bytes();
    BASE64.encode(&bytes[bytes.len() - algorithm.bytes()..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sums::Hashes;

    fn parts(kind: ObjectChecksum, halves: [&[u8]; 2]) -> String {
        let sums = halves.map(|half| {
            let mut hashes = Hashes::new([kind.algorithm]);
            hashes.update(half);
            (hashes.finish().1, half.len() as u64)
        });
        kind.of_parts(sums.iter().map(|(sums, length)| (sums, *length))).unwrap()
    }

    #[test]
    fn parts_sums_combine_to_the_whole_objects() {
        for algorithm in [Algorithm::Crc32, Algorithm::Crc32c, Algorithm::Crc64Nvme] {
            let checksum = ObjectChecksum { algorithm, kind: Kind::FullObject, named: true };
            let whole = one_sum(algorithm, b"123456789");
            assert_eq!(parts(checksum, [b"12345", b"6789"]), whole);
            assert_eq!(parts(checksum, [b"123456789", b""]), whole);
        }
    }

    #[test]
    fn a_composite_counts_its_parts() {
        let checksum = ObjectChecksum::on(Some("SHA256"), None).unwrap();
        assert!(parts(checksum, [b"12345", b"6789"]).ends_with("=-2"));
    }

    #[test]
    fn types_go_with_algorithms() {
        let kind = |algorithm, kind| {
            ObjectChecksum::on(Some(algorithm), kind).ok().map(|checksum| checksum.kind)
        };
        assert_eq!(kind("CRC64NVME", None), Some(Kind::FullObject));
        assert_eq!(kind("CRC64NVME", Some("COMPOSITE")), None);
        assert_eq!(kind("SHA1", Some("FULL_OBJECT")), None);
        assert_eq!(kind("CRC32", None), Some(Kind::Composite));
        assert_eq!(kind("CRC32", Some("FULL_OBJECT")), Some(Kind::FullObject));
        assert_eq!(kind("MD5", None), None);
        assert!(ObjectChecksum::on(None, Some("FULL_OBJECT")).is_err());
        assert!(!ObjectChecksum::on(None, None).unwrap().named);
    }
}
