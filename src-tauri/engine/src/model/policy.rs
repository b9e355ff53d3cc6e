//! The smallest set of rights with which a connection uploads: an IAM policy, or what to choose in the provider's console
//! where it has no policies.
//!
//! Which right a request needs: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html>.
//! No right to delete is asked for, and none to list buckets: Windlass does without both.

use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::access_point::AccessPoint;
use crate::model::connection::Connection;
use crate::model::object_options::Options;
use serde::Serialize;
use serde_json::{Value, json};

/// The smallest set of rights, to be copied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wire", derive(ts_rs::TS), ts(export_to = "wire.ts"))]
pub struct SmallestPolicy {
    /// An IAM policy as JSON, a command, or the names of the provider's own settings.
    pub text: String,
    /// It is an IAM policy.
    pub is_policy: bool,
}

/// For uploads to the connection's default destination, stored as the connection says.
///
/// # Errors
/// `WrongPlace`, where the connection has no bucket.
pub fn smallest_policy(connection: &Connection, options: &Options) -> Result<SmallestPolicy> {
    let bucket = connection.bucket.as_deref().map(str::trim).filter(|bucket| !bucket.is_empty());
    let Some(bucket) = bucket else {
        return Err(Fault::because(FaultKind::WrongPlace, Reason::NoBucket));
    };
    let prefix = fixed(&connection.prefix);
    let words = match connection.preset.as_str() {
        "r2" => format!(
            "R2 API token: permission \"Object Read & Write\", applied to the bucket {bucket} only"
        ),
        "b2" => {
            let prefix = match prefix {
                "" => String::new(),
                prefix => format!(" --name-prefix {}", quoted(prefix)),
            };
            format!(
                "b2 key create --bucket {}{prefix} windlass listBuckets,listFiles,readFiles,writeFiles",
                quoted(bucket)
            )
        }
        "gcs" => format!(
            "gcloud storage buckets add-iam-policy-binding gs://{bucket} \
             --member=serviceAccount:SERVICE_ACCOUNT_OF_THE_HMAC_KEY --role=roles/storage.objectUser"
        ),
        "spaces" => format!(
            "Spaces access key: \"Limited access\", bucket {bucket}, permission \"Read/Write/Delete\""
        ),
        "garage" => format!("garage bucket allow --read --write {} --key KEY", quoted(bucket)),
        preset => {
            let policy = policy(connection, options, bucket, prefix, preset);
            // a value of our own making: it has nothing that cannot be written
            let text = serde_json::to_string_pretty(&policy).unwrap_or_default();
            return Ok(SmallestPolicy { text, is_policy: true });
        }
    };
    Ok(SmallestPolicy { text: words, is_policy: false })
}

fn policy(
    connection: &Connection,
    options: &Options,
    bucket: &str,
    prefix: &str,
    preset: &str,
) -> Value {
    let is_amazon = preset == "aws" || connection.endpoint.is_none();
    let partition = match connection.region.as_str() {
        region if !is_amazon || region.is_empty() => "aws",
        region if region.starts_with("cn-") => "aws-cn",
        region if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    };
    let (of_bucket, below) = match AccessPoint::parse(bucket) {
        Some(_) => (bucket.to_owned(), format!("{bucket}/object")),
        None => {
            let arn = format!("arn:{partition}:s3:::{bucket}");
            (arn.clone(), arn)
        }
    };
    let objects = format!("{below}/{}*", escaped(prefix));
    let mut on_objects = vec![
        "s3:PutObject",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
        // HeadObject, by which an upload is compared once it is complete
        "s3:GetObject",
    ];
    if is_amazon {
        // the parts' checksums of a finished object; other servers are not sure to know the word
        on_objects.push("s3:GetObjectAttributes");
    }
    if !options.tags.is_empty() {
        on_objects.push("s3:PutObjectTagging");
    }
    if options.acl.is_some() {
        on_objects.push("s3:PutObjectAcl");
    }
    if options.lock.is_some() {
        on_objects.extend(["s3:PutObjectRetention", "s3:GetObjectRetention"]);
    }
    if options.legal_hold {
        on_objects.extend(["s3:PutObjectLegalHold", "s3:GetObjectLegalHold"]);
    }
    let mut statements = vec![
        json!({ "Sid": "Upload", "Effect": "Allow", "Action": on_objects, "Resource": objects }),
        json!({
            "Sid": "FindBucketAndUnfinishedUploads",
            "Effect": "Allow",
            // HeadBucket, and a clear answer for a key that is free
            "Action": ["s3:ListBucket", "s3:ListBucketMultipartUploads"],
            "Resource": of_bucket,
        }),
    ];
    statements.extend(kms(connection, options, partition));
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// Of a key of one's own in KMS. That of S3 (`aws/s3`) needs no right.
fn kms(connection: &Connection, options: &Options, partition: &str) -> Option<Value> {
    let key = options.kms_key_id.as_deref().map(str::trim).filter(|key| !key.is_empty())?;
    let region = match connection.region.trim() {
        "" => "*",
        region => region,
    };
    let any = || format!("arn:{partition}:kms:{region}:*:key/*");
    let mut statement = json!({
        "Sid": "EncryptWithKms",
        "Effect": "Allow",
        // parts of one upload are put together by the server, which reads them
        "Action": ["kms:GenerateDataKey", "kms:Decrypt"],
    });
    let alias = key.split_once(":alias/").map(|(_, name)| name).or(key.strip_prefix("alias/"));
    match alias {
        // an alias is no resource in a policy for its key
        Some(name) => {
            statement["Resource"] = any().into();
            statement["Condition"] = json!({
                "ForAnyValue:StringEquals": { "kms:ResourceAliases": format!("alias/{name}") }
            });
        }
        None if key.starts_with("arn:") => statement["Resource"] = key.into(),
        None => {
            statement["Resource"] = format!("arn:{partition}:kms:{region}:*:key/{key}").into();
        }
    }
    Some(statement)
}

/// The beginning that every key has: what stands in braces is another text for each upload.
fn fixed(prefix: &str) -> &str {
    prefix.split('{').next().unwrap_or_default()
}

/// `*`, `?` and `$` as themselves: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>
fn escaped(prefix: &str) -> String {
    let mut text = String::with_capacity(prefix.len());
    for letter in prefix.chars() {
        match letter {
            '*' | '?' | '$' => {
                text.push_str("${");
                text.push(letter);
                text.push('}');
            }
            letter => text.push(letter),
        }
    }
    text
}

/// As one word of a shell.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::connection::{Sign, SignedIn};
    use crate::model::object_options::{LockMode, ObjectLock};

    fn to(preset: &str, bucket: &str, prefix: &str) -> Connection {
        Connection {
            proxy: Default::default(),
            endpoint_options: Default::default(),
            id: "1".into(),
            name: "n".into(),
            preset: preset.into(),
            endpoint: (preset != "aws").then(|| "https://s3.example.com".into()),
            region: "eu-central-1".into(),
            path_style: false,
            sign: Sign::Keys { access_key_id: "AK".into() },
            role: None,
            bucket: Some(bucket.into()),
            prefix: prefix.into(),
            ca_bundle: None,
            practice: false,
            settled: false,
            signed_in: SignedIn::Missing,
            probed: None,
            stored: Options::default(),
            if_exists: None,
        }
    }

    fn statements(connection: &Connection, options: &Options) -> Vec<Value> {
        let made = smallest_policy(connection, options).unwrap();
        assert!(made.is_policy);
        let policy: Value = serde_json::from_str(&made.text).unwrap();
        assert_eq!(policy["Version"], "2012-10-17");
        policy["Statement"].as_array().unwrap().clone()
    }

    #[test]
    fn a_plain_upload_needs_seven_rights_on_one_prefix_and_one_bucket() {
        let found = statements(&to("aws", "media", "2026/"), &Options::default());
        let actions = [
            "s3:PutObject",
            "s3:AbortMultipartUpload",
            "s3:ListMultipartUploadParts",
            "s3:GetObject",
            "s3:GetObjectAttributes",
        ];
        assert_eq!(found.len(), 2);
        assert_eq!(found[0]["Action"], json!(actions));
        assert_eq!(found[0]["Resource"], "arn:aws:s3:::media/2026/*");
        assert_eq!(found[1]["Action"], json!(["s3:ListBucket", "s3:ListBucketMultipartUploads"]));
        assert_eq!(found[1]["Resource"], "arn:aws:s3:::media");
    }

    #[test]
    fn each_option_adds_its_right_and_no_other() {
        let none = Options::default();
        let tags = vec![("team".into(), "film".into())];
        let lock = ObjectLock { mode: LockMode::Compliance, days: 3 };
        let table: [(Options, &[&str]); 7] = [
            (Options { storage_class: Some("GLACIER".into()), ..none.clone() }, &[]),
            (Options { encryption: Some("AES256".into()), ..none.clone() }, &[]),
            (Options { encryption: Some("aws:kms".into()), ..none.clone() }, &[]),
            (Options { tags, ..none.clone() }, &["s3:PutObjectTagging"]),
            (
                Options { acl: Some("bucket-owner-full-control".into()), ..none.clone() },
                &["s3:PutObjectAcl"],
            ),
            (
                Options { lock: Some(lock), ..none.clone() },
                &["s3:PutObjectRetention", "s3:GetObjectRetention"],
            ),
            (
                Options { legal_hold: true, ..none.clone() },
                &["s3:PutObjectLegalHold", "s3:GetObjectLegalHold"],
            ),
        ];
        let connection = to("aws", "media", "");
        for (options, want) in table {
            let found = statements(&connection, &options);
            let actions = found[0]["Action"].as_array().unwrap();
            let more: Vec<&str> = actions[5..].iter().filter_map(Value::as_str).collect();
            assert_eq!((more.as_slice(), found.len()), (want, 2), "{options:?}");
            assert_eq!(found[0]["Resource"], "arn:aws:s3:::media/*");
        }
    }

    #[test]
    fn a_key_in_kms_may_be_used_and_no_other() {
        let own = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd";
        let any = "arn:aws:kms:eu-central-1:*:key/*";
        let table = [
            (own, own, None),
            ("1234abcd", "arn:aws:kms:eu-central-1:*:key/1234abcd", None),
            ("alias/films", any, Some("alias/films")),
            ("arn:aws:kms:eu-central-1:111122223333:alias/films", any, Some("alias/films")),
        ];
        for (key, resource, alias) in table {
            let options = Options {
                encryption: Some("aws:kms".into()),
                kms_key_id: Some(key.into()),
                ..Options::default()
            };
            let found = statements(&to("aws", "media", ""), &options);
            assert_eq!(found[2]["Action"], json!(["kms:GenerateDataKey", "kms:Decrypt"]));
            assert_eq!(found[2]["Resource"], resource, "{key}");
            let condition =
                &found[2]["Condition"]["ForAnyValue:StringEquals"]["kms:ResourceAliases"];
            assert_eq!(condition.as_str(), alias, "{key}");
        }
    }

    #[test]
    fn the_resource_is_what_the_keys_begin_with() {
        let region = |region: &str| Connection { region: region.into(), ..to("aws", "b", "p/") };
        let point = "arn:aws:s3:eu-west-1:123456789012:accesspoint/films";
        let table = [
            (to("aws", "b", "a*b?$/"), "arn:aws:s3:::b/a${*}b${?}${$}/*"),
            (to("aws", "b", "films/{date}/x/"), "arn:aws:s3:::b/films/*"),
            (to("aws", "b", "{name}"), "arn:aws:s3:::b/*"),
            (region("cn-north-1"), "arn:aws-cn:s3:::b/p/*"),
            (region("us-gov-west-1"), "arn:aws-us-gov:s3:::b/p/*"),
            (to("minio", "b", "p/"), "arn:aws:s3:::b/p/*"),
            (
                to("aws", point, "p/"),
                "arn:aws:s3:eu-west-1:123456789012:accesspoint/films/object/p/*",
            ),
        ];
        for (connection, want) in table {
            assert_eq!(statements(&connection, &Options::default())[0]["Resource"], want);
        }
        // an older server refuses a policy for a word that it does not know
        let minio = smallest_policy(&to("minio", "b", ""), &Options::default()).unwrap();
        assert!(!minio.text.contains("Attributes"));
    }

    #[test]
    fn providers_without_policies_are_told_in_their_own_words() {
        let table = [
            ("r2", "Object Read & Write"),
            ("b2", "--bucket media --name-prefix '2026/it'\\''s here/' windlass listBuckets,"),
            ("gcs", "gs://media --member=serviceAccount:"),
            ("spaces", "bucket media"),
            ("garage", "garage bucket allow --read --write media --key KEY"),
        ];
        for (preset, want) in table {
            let made =
                smallest_policy(&to(preset, "media", "2026/it's here/"), &Options::default())
                    .unwrap();
            assert!(!made.is_policy && made.text.contains(want), "{}", made.text);
        }
        let nowhere = Connection { bucket: None, ..to("aws", "", "") };
        let fault = smallest_policy(&nowhere, &Options::default()).unwrap_err();
        assert_eq!(fault.kind, FaultKind::WrongPlace);
    }
}
