//! Listings of buckets and uploads, in S3's XML.

use super::{
    Sink,
    answer::{Answer, NS},
    head::Head,
};
use std::fmt::Write;

const DATE: &str = "2025-01-01T00:00:00.000Z";

pub(super) fn parts(sink: &Sink, id: &str) -> Answer {
    let held = sink.store.held();
    let Some(upload) = held.uploads.get(id) else { return Answer::error(404, "NoSuchUpload") };
    let mut list = String::new();
    for (number, part) in &upload.parts {
        let sum = part.sum.map(|sum| (sum.algorithm.name(), sum.text()));
        let sum = sum.map(|(name, text)| format!("<Checksum{name}>{text}</Checksum{name}>"));
        // writing to a String cannot fail
        let _ = write!(
            list,
            "<Part><PartNumber>{number}</PartNumber><ETag>\"{}\"</ETag><Size>{}</Size><LastModified>{DATE}</LastModified>{}</Part>",
            part.etag,
            part.size,
            sum.unwrap_or_default()
        );
    }
    Answer::xml(&format!(
        "<ListPartsResult {NS}><UploadId>{id}</UploadId><IsTruncated>false</IsTruncated>{list}</ListPartsResult>"
    ))
}

pub(super) fn of_bucket(sink: &Sink, head: &Head) -> (&'static str, Answer) {
    let bucket = escaped(&head.bucket);
    let list = |kind: &str, content: &str| Answer::xml(&format!("<{kind} {NS}>{content}</{kind}>"));
    match head.method.as_str() {
        "HEAD" => {
            let region = "x-amz-bucket-region: us-east-1\r\n".to_string();
            ("HeadBucket", Answer::new(200, region, String::new()))
        }
        "PUT" => ("CreateBucket", Answer::empty(200)),
        "GET" if bucket.is_empty() => {
            let one = format!(
                "<Buckets><Bucket><Name>b</Name><CreationDate>{DATE}</CreationDate></Bucket></Buckets>"
            );
            (
                "ListBuckets",
                list("ListAllMyBucketsResult", &format!("<Owner><ID>x</ID></Owner>{one}")),
            )
        }
        "GET" if head.query("location").is_some() => {
            ("GetBucketLocation", list("LocationConstraint", ""))
        }
        "GET" if head.query("uploads").is_some() => {
            let content = format!("<Bucket>{bucket}</Bucket><IsTruncated>false</IsTruncated>");
            ("ListMultipartUploads", list("ListMultipartUploadsResult", &content))
        }
        "GET" if head.target.split('?').nth(1).is_none_or(|_| lists_objects(head)) => {
            let prefix = head.query("prefix").unwrap_or_default();
            ("ListObjects", list("ListBucketResult", &objects(sink, &head.bucket, prefix)))
        }
        // bucket configurations that are asked about: there is none
        _ => ("Other", Answer::error(404, "NoSuchConfiguration")),
    }
}

fn lists_objects(head: &Head) -> bool {
    ["list-type", "prefix", "delimiter", "max-keys"].iter().any(|name| head.query(name).is_some())
}

/// Only the first: nobody who uploads needs the rest.
fn objects(sink: &Sink, bucket: &str, prefix: &str) -> String {
    let start = format!("{bucket}/{prefix}");
    let held = sink.store.held();
    let mut list = String::new();
    let mut count = 0;
    for (name, object) in
        held.objects.iter().filter(|(name, _)| name.starts_with(&start)).take(1000)
    {
        let key = escaped(&name[bucket.len() + 1..]);
        count += 1;
        let _ = write!(
            list,
            "<Contents><Key>{key}</Key><LastModified>{DATE}</LastModified><ETag>\"{}\"</ETag><Size>{}</Size><StorageClass>STANDARD</StorageClass></Contents>",
            object.etag, object.size
        );
    }
    format!(
        "<Name>{bucket}</Name><Prefix>{}</Prefix><KeyCount>{count}</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>{list}",
        escaped(prefix)
    )
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
