use super::*;
use crate::model::checksum::ReportedChecksums;

fn part(bytes: &[u8], mode: ChecksumMode) -> Stored {
    use md5::Digest as _;
    let mut hasher = Hasher::new(mode, true);
    hasher.update(bytes);
    let digests = hasher.digests();
    let etag = checksum::to_hex(&md5::Md5::digest(bytes));
    Stored { etag, crc64: digests.crc64, crc32: digests.crc32, verified: true }
}

fn expected(mode: ChecksumMode) -> Expected {
    let parts = [part(b"first", mode), part(b"second", mode)];
    let whole = Whole::combine(mode, [5, 6].into_iter().zip(&parts));
    Expected { mode, whole, verified: true, md5_etags: Support::Yes }
}

fn reported(mode: ChecksumMode, text: &str) -> Kept {
    let text = Some(text.to_owned());
    let reported = match mode.algorithm() {
        "CRC64NVME" => ReportedChecksums { crc64nvme: text, ..ReportedChecksums::default() },
        "CRC32C" => ReportedChecksums { crc32c: text, ..ReportedChecksums::default() },
        _ => ReportedChecksums { crc32: text, ..ReportedChecksums::default() },
    };
    Kept { etag: Some("\"opaque\"".into()), reported, ..Kept::default() }
}

fn compared(comparison: &Comparison) -> Option<(Compared, &str)> {
    match comparison {
        Comparison::Proved(proof) => Some((proof.compared, proof.algorithm.as_str())),
        _ => None,
    }
}

#[test]
fn each_rung_proves_what_it_says() {
    for mode in ChecksumMode::FALLBACK_ORDER.into_iter().filter(|mode| *mode != ChecksumMode::Md5) {
        let expected = expected(mode);
        let right = expected.whole.text(mode).unwrap();
        let want = if mode.is_composite() { Compared::Composite } else { Compared::WholeObject };
        assert_eq!(
            compared(&expected.judge(&reported(mode, &right))),
            Some((want, mode.algorithm()))
        );
        assert_eq!(
            expected.judge(&reported(mode, "AAAAAA==")),
            Comparison::Contradicted,
            "{mode:?}"
        );
    }
}

/// Servers from before the type could be chosen answer the parts' sum where the whole's was asked for.
#[test]
fn a_composite_sum_is_never_called_the_whole_s() {
    let expected = expected(ChecksumMode::Crc32c);
    let composite = expected.whole.text(ChecksumMode::Crc32cComposite).unwrap();
    let comparison = expected.judge(&reported(ChecksumMode::Crc32c, &composite));
    assert_eq!(compared(&comparison), Some((Compared::Composite, "CRC32C")));
}

#[test]
fn an_etag_proves_only_parts_that_somebody_vouched_for() {
    let mut expected = expected(ChecksumMode::Md5);
    let etag = expected.whole.etag.clone().unwrap();
    let kept = |etag: &str| Kept { etag: Some(format!("\"{etag}\"")), ..Kept::default() };
    assert_eq!(compared(&expected.judge(&kept(&etag))), Some((Compared::Etag, "MD5")));
    assert_eq!(
        expected.judge(&kept(&etag.replace(char::is_numeric, "0"))),
        Comparison::Contradicted
    );
    assert_eq!(expected.judge(&kept("opaque")), Comparison::NotReported);
    expected.verified = false;
    assert_eq!(expected.judge(&kept(&etag)), Comparison::NotReported);
    expected.verified = true;
    // made otherwise, or encrypted with somebody's key: it looks like an MD5 and is none
    for said in [Support::No, Support::Unknown] {
        expected.md5_etags = said;
        assert_eq!(
            expected.judge(&kept(&etag.replace(char::is_numeric, "0"))),
            Comparison::NotReported
        );
    }
}

#[test]
fn a_word_that_contradicts_is_not_passed_over() {
    let expected = expected(ChecksumMode::Crc64Nvme);
    let kept = Kept {
        etag: expected.whole.etag.clone(),
        ..reported(ChecksumMode::Crc64Nvme, "AAAAAAAAAAA=")
    };
    assert_eq!(expected.judge(&kept), Comparison::Contradicted);
}

#[test]
fn one_put_is_judged_likewise() {
    let mut hasher = Hasher::new(ChecksumMode::Crc64Nvme, true);
    hasher.update(b"bytes");
    let digests = hasher.digests();
    let judge = |kept: Kept| judge_single(ChecksumMode::Crc64Nvme, &digests, &kept, true);
    let right = reported(ChecksumMode::Crc64Nvme, &checksum::text64(digests.crc64));
    assert_eq!(compared(&judge(right)), Some((Compared::WholeObject, "CRC64NVME")));
    assert_eq!(judge(reported(ChecksumMode::Crc64Nvme, "AAAAAAAAAAA=")), Comparison::Contradicted);
    let etag = |etag: String| Kept { etag: Some(etag), ..Kept::default() };
    let md5 = checksum::to_hex(&digests.md5.unwrap());
    assert_eq!(compared(&judge(etag(md5))), Some((Compared::Etag, "MD5")));
    assert_eq!(judge(etag("0".repeat(32))), Comparison::Contradicted);
    assert_eq!(judge(etag("opaque".into())), Comparison::NotReported);
}
