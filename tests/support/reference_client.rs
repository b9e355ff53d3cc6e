//! The AWS SDK's S3 client with its defaults, so that no test reads back with the code under test.

use crate::{Server, files};
use aws_sdk_s3::{
    Client,
    config::{
        BehaviorVersion, Credentials, Region, RequestChecksumCalculation,
        ResponseChecksumValidation, timeout::TimeoutConfig,
    },
    error::{DisplayErrorContext, ProvideErrorMetadata},
    operation::head_object::HeadObjectOutput,
    primitives::ByteStream,
    types::ChecksumMode,
};
use std::{fmt::Display, fs::File, io::Read, path::Path, time::Duration};

pub struct ReferenceClient {
    /// For what has no short form here.
    pub client: Client,
}

impl ReferenceClient {
    pub fn new(server: &Server) -> ReferenceClient {
        let keys =
            Credentials::new(&server.access_key_id, &server.secret_access_key, None, None, "test");
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(&server.endpoint)
            .region(Region::new(server.region.clone()))
            .credentials_provider(keys)
            .force_path_style(true)
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            // an old store refuses the SDK's checksum trailers, and we compare the bytes themselves
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
            .timeout_config(
                TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(60)).build(),
            )
            .build();
        ReferenceClient { client: Client::from_conf(config) }
    }

    pub async fn create_bucket(&self, bucket: &str) {
        let sent = self.client.create_bucket().bucket(bucket).send().await;
        sent.unwrap_or_else(|e| panic!("create bucket {bucket}: {}", DisplayErrorContext(e)));
    }

    pub async fn buckets(&self) -> Vec<String> {
        let listed = done("list buckets", self.client.list_buckets().send().await);
        listed.buckets().iter().filter_map(|bucket| bucket.name().map(String::from)).collect()
    }

    /// All keys under a prefix, in order.
    pub async fn keys(&self, bucket: &str, prefix: &str) -> Vec<String> {
        let mut pages =
            self.client.list_objects_v2().bucket(bucket).prefix(prefix).into_paginator().send();
        let mut keys = Vec::new();
        while let Some(page) = pages.next().await {
            keys.extend(
                done("list objects", page)
                    .contents()
                    .iter()
                    .filter_map(|o| o.key().map(String::from)),
            );
        }
        keys
    }

    /// Of all objects of a bucket.
    pub async fn bytes(&self, bucket: &str) -> u64 {
        let mut pages = self.client.list_objects_v2().bucket(bucket).into_paginator().send();
        let mut bytes = 0;
        while let Some(page) = pages.next().await {
            for object in done("list objects", page).contents() {
                bytes += u64::try_from(object.size().unwrap()).unwrap();
            }
        }
        bytes
    }

    pub async fn delete(&self, bucket: &str, key: &str) {
        done("delete", self.client.delete_object().bucket(bucket).key(key).send().await);
    }

    pub async fn put(&self, bucket: &str, key: &str, bytes: Vec<u8>) {
        let sent = self
            .client
            .put_object()
            .bucket(bucket)
            .key(key)
            .body(ByteStream::from(bytes))
            .send()
            .await;
        done("put", sent);
    }

    pub async fn get(&self, bucket: &str, key: &str) -> Vec<u8> {
        let got = done("get", self.client.get_object().bucket(bucket).key(key).send().await);
        done("get's body", got.body.collect().await).to_vec()
    }

    /// What the server says about an object, its checksum included, or nothing when there is none.
    pub async fn head(&self, bucket: &str, key: &str) -> Option<HeadObjectOutput> {
        let asked = self
            .client
            .head_object()
            .bucket(bucket)
            .key(key)
            .checksum_mode(ChecksumMode::Enabled)
            .send()
            .await;
        match asked {
            Err(e) if e.as_service_error().is_some_and(|e| e.is_not_found()) => None,
            asked => Some(done("head", asked)),
        }
    }

    /// The first place where an object and a local file differ; reads both as streams.
    pub async fn difference(&self, bucket: &str, key: &str, path: &Path) -> Option<u64> {
        let mut got =
            done("get", self.client.get_object().bucket(bucket).key(key).send().await).body;
        let mut file = File::open(path).unwrap();
        let mut at = 0;
        while let Some(chunk) = got.next().await {
            let chunk = done("get's body", chunk);
            let piece = (&mut file).take(chunk.len() as u64);
            if let Some(offset) = files::difference(&chunk[..], piece) {
                return Some(at + offset);
            }
            at += chunk.len() as u64;
        }
        files::difference(file, std::io::empty()).map(|_| at)
    }

    pub async fn assert_same(&self, bucket: &str, key: &str, path: &Path) {
        let difference = self.difference(bucket, key, path).await;
        assert_eq!(
            difference,
            None,
            "{bucket}/{key} and {} differ from this byte on",
            path.display()
        );
    }

    /// Multipart uploads that are neither completed nor aborted: key and upload id.
    pub async fn uploads(&self, bucket: &str) -> Vec<(String, String)> {
        let (mut found, mut key, mut id) = (Vec::new(), None, None);
        loop {
            let ask = self.client.list_multipart_uploads().bucket(bucket);
            let page =
                done("list uploads", ask.set_key_marker(key).set_upload_id_marker(id).send().await);
            found.extend(
                page.uploads()
                    .iter()
                    .filter_map(|u| Some((u.key()?.into(), u.upload_id()?.into()))),
            );
            if page.is_truncated() != Some(true) {
                return found;
            }
            (key, id) = (
                page.next_key_marker().map(String::from),
                page.next_upload_id_marker().map(String::from),
            );
        }
    }

    /// The parts stored of a multipart upload: number and size;
    /// none of one that has been completed or aborted meanwhile.
    pub async fn parts(&self, bucket: &str, key: &str, upload_id: &str) -> Vec<(u16, u64)> {
        let ask = self.client.list_parts().bucket(bucket).key(key).upload_id(upload_id);
        let (mut pages, mut parts) = (ask.into_paginator().send(), Vec::new());
        while let Some(page) = pages.next().await {
            let is_gone = page.as_ref().err().and_then(ProvideErrorMetadata::code);
            if is_gone == Some("NoSuchUpload") {
                return Vec::new();
            }
            for part in done("list parts", page).parts() {
                let (number, size) = (part.part_number().unwrap(), part.size().unwrap());
                parts.push((number.try_into().unwrap(), size.try_into().unwrap()));
            }
        }
        parts
    }

    /// Starts a multipart upload, for what somebody else left on the server.
    pub async fn start_upload(&self, bucket: &str, key: &str) -> String {
        let started = self.client.create_multipart_upload().bucket(bucket).key(key).send().await;
        done("start upload", started).upload_id().unwrap().into()
    }

    pub async fn put_part(
        &self,
        bucket: &str,
        key: &str,
        upload_id: &str,
        number: i32,
        bytes: Vec<u8>,
    ) {
        let part = self.client.upload_part().bucket(bucket).key(key).upload_id(upload_id);
        part.part_number(number).body(bytes.into()).send().await.unwrap();
    }

    pub async fn abort_upload(&self, bucket: &str, key: &str, upload_id: &str) {
        let sent = self
            .client
            .abort_multipart_upload()
            .bucket(bucket)
            .key(key)
            .upload_id(upload_id)
            .send()
            .await;
        done("abort upload", sent);
    }
}

fn done<T, E: std::error::Error>(what: &str, result: Result<T, E>) -> T {
    result.unwrap_or_else(|e| {
        let reason: &dyn Display = &DisplayErrorContext(&e);
        panic!("{what}: {reason}")
    })
}
