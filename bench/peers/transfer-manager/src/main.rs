//! `peer-transfer-manager URL FILE|DIR`: AWS's transfer manager for Rust with its defaults.

use aws_sdk_s3::config::{BehaviorVersion, Builder, Credentials, Region};
use aws_sdk_s3_transfer_manager::{
    Client, Config,
    io::{InputStream, walk::FsWalker},
    types::{ConcurrencyMode, RuntimeMode},
};
use std::{error::Error, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [url, path] = words.as_slice() else {
        return Err("peer-transfer-manager URL FILE|DIR".into());
    };
    let s3 = Builder::new()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(url)
        .force_path_style(true)
        .credentials_provider(Credentials::new("AKIAEXAMPLE", "secret", None, None, "bench"));
    // its own threads, as many as it likes, and as many requests at once as it finds right
    let config = Config::builder()
        .s3_config(s3)
        .runtime_mode(RuntimeMode::Managed)
        .concurrency(ConcurrencyMode::Auto);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let client = Client::new(config.build());
        if Path::new(path).is_dir() {
            let walker = FsWalker::builder().recursive(true).build();
            let upload = client.upload_objects().source(path).bucket("b").key_prefix("manager");
            upload.walker(walker).initiate()?.join().await?;
        } else {
            let upload = client.upload().bucket("b").key("manager");
            upload.body(InputStream::from_path(path)?).initiate()?.join().await?;
        }
        Ok(())
    })
}
