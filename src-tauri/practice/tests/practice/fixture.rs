//! A store in a temporary folder, a client, and test data.

use std::fmt::Debug;
use std::path::Path;

use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, Region, RequestChecksumCalculation, ResponseChecksumValidation,
};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumType, CompletedMultipartUpload, CompletedPart};
use base64::Engine as _;
use windlass_practice::{Keys, Place, PracticeStore};

pub(crate) const BUCKET: &str = "bucket";
pub(crate) const MIB: usize = 1 << 20;

pub(crate) struct Fixture {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) store: PracticeStore,
    pub(crate) s3: Client,
}

impl Fixture {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = start(folder.path(), Keys::generate()).await;
        store.create_bucket(BUCKET).await.unwrap();
        let s3 = client(&store);
        Self { folder, store, s3 }
    }

    /// Another store on the same folder, as after a restart of the app.
    pub(crate) async fn again(self) -> Self {
        self.again_after(|_| {}).await
    }

    pub(crate) async fn again_after(self, meanwhile: impl FnOnce(&Path)) -> Self {
        let Self { folder, store, .. } = self;
        let keys = store.keys().clone();
        store.stop().await;
        meanwhile(&folder.path().join(format!("bucket-{BUCKET}")));
        let store = start(folder.path(), keys).await;
        let s3 = client(&store);
        Self { folder, store, s3 }
    }

    /// How many files of bytes the bucket keeps.
    pub(crate) fn files(&self) -> usize {
        std::fs::read_dir(self.folder.path().join(format!("bucket-{BUCKET}/bytes")))
            .unwrap()
            .count()
    }

    pub(crate) async fn put(&self, key: &str, bytes: Vec<u8>) {
        self.s3.put_object().bucket(BUCKET).key(key).body(bytes.into()).send().await.unwrap();
    }

    pub(crate) async fn get(&self, key: &str) -> Vec<u8> {
        let answer = self.s3.get_object().bucket(BUCKET).key(key).send().await.unwrap();
        answer.body.collect().await.unwrap().to_vec()
    }

    /// A multipart upload as the engine makes it: CRC64NVME of the whole object.
    pub(crate) async fn create(&self, key: &str) -> String {
        let create = self.s3.create_multipart_upload().bucket(BUCKET).key(key);
        let create = create
            .checksum_algorithm(ChecksumAlgorithm::Crc64Nvme)
            .checksum_type(ChecksumType::FullObject);
        create.send().await.unwrap().upload_id.unwrap()
    }

    pub(crate) async fn part(
        &self,
        key: &str,
        upload: &str,
        number: i32,
        bytes: Vec<u8>,
    ) -> CompletedPart {
        let part =
            self.s3.upload_part().bucket(BUCKET).key(key).upload_id(upload).part_number(number);
        let answer = part.body(ByteStream::from(bytes)).send().await.unwrap();
        CompletedPart::builder().part_number(number).e_tag(answer.e_tag.unwrap()).build()
    }
}

pub(crate) async fn start(folder: &Path, keys: Keys) -> PracticeStore {
    PracticeStore::start(Place { folder: folder.to_owned(), port: 0, keys }).await.unwrap()
}

pub(crate) fn client(store: &PracticeStore) -> Client {
    client_with(store.endpoint(), store.keys(), "us-east-1")
}

/// Sends no checksum of its own unless it is told to.
pub(crate) fn client_with(endpoint: &str, keys: &Keys, region: &'static str) -> Client {
    let credentials = Credentials::from_keys(&keys.access_key_id, &keys.secret_access_key, None);
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(endpoint)
        .region(Region::new(region))
        .credentials_provider(credentials)
        .force_path_style(true)
        .retry_config(RetryConfig::disabled())
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenSupported)
        .build();
    Client::from_conf(config)
}

/// The same client with the checksums that the SDK sends by default.
pub(crate) fn defaults(s3: &Client) -> Client {
    let config = s3.config().to_builder();
    Client::from_conf(
        config.request_checksum_calculation(RequestChecksumCalculation::WhenSupported).build(),
    )
}

pub(crate) fn completed(parts: Vec<CompletedPart>) -> CompletedMultipartUpload {
    CompletedMultipartUpload::builder().set_parts(Some(parts)).build()
}

/// Bytes that differ everywhere, so that a part in a wrong place is seen.
pub(crate) fn bytes(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

pub(crate) fn crc64(bytes: &[u8]) -> String {
    let sum = crc_fast::checksum(crc_fast::CrcAlgorithm::Crc64Nvme, bytes);
    base64::engine::general_purpose::STANDARD.encode(sum.to_be_bytes())
}

/// S3's error code and the HTTP status it came with.
pub(crate) trait Refused {
    fn refused(self) -> (String, u16);
}

impl<T: Debug, E: ProvideErrorMetadata + Debug> Refused for Result<T, SdkError<E>> {
    fn refused(self) -> (String, u16) {
        let error = self.unwrap_err();
        let status = error.raw_response().map_or(0, |response| response.status().as_u16());
        let code = error.as_service_error().and_then(|error| error.code()).unwrap_or_default();
        (code.to_owned(), status)
    }
}

pub(crate) fn fault(code: &str, status: u16) -> (String, u16) {
    (code.to_owned(), status)
}
