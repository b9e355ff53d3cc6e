//! Turns the arguments of `upload` into sources and a destination. Opens no file.

use crate::flags::Upload;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use windlass_engine::{bucket_and_key, composed, key_under};

/// What to upload, and where to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UploadRequest {
    pub(crate) bucket: String,
    pub(crate) sources: Sources,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Sources {
    /// One file and its whole key.
    One { path: PathBuf, key: String },
    /// Files and folders under a prefix.
    Many { paths: Vec<PathBuf>, prefix: String },
}

const STDIN: &str = "standard input cannot be uploaded, because a part that is lost has to be read again; \
                     write it to a file first";

impl UploadRequest {
    /// # Errors
    /// A message, if the arguments contradict each other.
    pub(crate) fn from_flags(flags: &Upload) -> Result<Self, String> {
        if let (Some(path), Some(bucket)) = (&flags.script.file, &flags.script.bucket) {
            if path.as_os_str() == "-" {
                return Err(STDIN.into());
            }
            // some scripts pass a whole URI as the bucket
            let bucket = bucket.strip_prefix("s3://").unwrap_or(bucket).trim_end_matches('/');
            if bucket.is_empty() || !bucket_and_key(bucket).1.is_empty() {
                return Err(format!("\"{bucket}\" is not a bucket name"));
            }
            let key = match &flags.script.key {
                Some(key) => key.clone(),
                None => name_of(path)?,
            };
            return Ok(Self {
                bucket: bucket.to_owned(),
                sources: Sources::One { path: path.clone(), key },
            });
        }
        let Some((last, paths)) = flags.places.split_last() else {
            return Err("nothing to upload".into());
        };
        let (bucket, prefix) = destination(last, paths)?;
        for path in paths {
            if path.as_os_str() == "-" {
                return Err(STDIN.into());
            }
            if is_uri(path) {
                return Err(format!(
                    "{} is not a local path: only the last argument can be a destination",
                    path.display()
                ));
            }
        }
        let sources = match paths {
            [path] if !path.is_dir() => {
                let key = if prefix.is_empty() || prefix.ends_with('/') {
                    key_under(&prefix, &name_of(path)?)
                } else {
                    prefix
                };
                Sources::One { path: path.clone(), key }
            }
            _ => {
                apart(paths, &prefix)?;
                Sources::Many { paths: paths.to_vec(), prefix }
            }
        };
        Ok(Self { bucket, sources })
    }
}

fn is_uri(path: &Path) -> bool {
    path.to_str().is_some_and(|text| {
        text.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("s3://"))
    })
}

fn destination(last: &Path, before: &[PathBuf]) -> Result<(String, String), String> {
    let shown = last.display();
    if !is_uri(last) {
        return Err(if before.iter().any(|path| is_uri(path)) {
            "Windlass only uploads: local paths come first, s3://BUCKET/PREFIX last".to_owned()
        } else {
            format!(
                "the last argument must be the destination, s3://BUCKET/PREFIX, not \"{shown}\""
            )
        });
    }
    if before.is_empty() {
        return Err(format!("no files to upload; write them before {shown}"));
    }
    let place = last.to_str().unwrap_or_default().get(5..).unwrap_or_default();
    let (bucket, prefix) = bucket_and_key(place);
    if bucket.is_empty() {
        return Err(format!("\"{shown}\" has no bucket; a destination is s3://BUCKET/PREFIX"));
    }
    Ok((bucket.to_owned(), prefix.to_owned()))
}

fn name_of(path: &Path) -> Result<String, String> {
    let name =
        path.file_name().ok_or_else(|| format!("\"{}\" is not a file name", path.display()))?;
    name.to_str().map(composed).ok_or_else(|| {
        format!(
            "S3 keys are UTF-8 and the name of {} is not; write the key in the destination",
            path.display()
        )
    })
}

/// Rejects two sources of the same name: the second would silently replace the first.
fn apart(paths: &[PathBuf], prefix: &str) -> Result<(), String> {
    let mut names: HashMap<_, &PathBuf> = HashMap::new();
    for path in paths {
        let whole = if path.is_dir() {
            path.canonicalize().unwrap_or_else(|_| path.clone())
        } else {
            path.clone()
        };
        let Some(name) = whole.file_name() else { continue };
        let shown = composed(&name.to_string_lossy());
        if let Some(other) = names.insert(shown.clone(), path) {
            let (one, two, key) = (other.display(), path.display(), key_under(prefix, &shown));
            return Err(format!(
                "{one} and {two} would both become {key}; upload them one after the other"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flags::{Command, Flags};
    use clap::Parser;

    fn request(words: &[&str]) -> Result<UploadRequest, String> {
        let line = ["windlass-cli", "upload"].iter().chain(words);
        match Flags::try_parse_from(line).unwrap().command {
            Command::Upload(flags) => UploadRequest::from_flags(&flags),
            other => panic!("{other:?}"),
        }
    }

    fn key(words: &[&str]) -> String {
        match request(words).unwrap().sources {
            Sources::One { key, .. } => key,
            many => panic!("{many:?}"),
        }
    }

    #[test]
    fn a_file_s_key() {
        assert_eq!(key(&["x/big.iso", "s3://b"]), "big.iso");
        assert_eq!(key(&["x/big.iso", "s3://b/"]), "big.iso");
        assert_eq!(key(&["x/big.iso", "s3://b/2026/"]), "2026/big.iso");
        assert_eq!(key(&["x/big.iso", "s3://b/2026/other.iso"]), "2026/other.iso");
        assert_eq!(key(&["--file", "x/big.iso", "--bucket", "b"]), "big.iso");
        assert_eq!(key(&["--file", "x/big.iso", "--bucket", "b", "--key", "k/"]), "k/");
    }

    #[test]
    fn every_slash_of_a_destination_is_kept() {
        assert_eq!(key(&["x/big.iso", "s3://b//abs/"]), "/abs/big.iso");
        assert_eq!(key(&["x/big.iso", "s3://b//abs/other.iso"]), "/abs/other.iso");
        assert_eq!(key(&["x/big.iso", "s3://b/abs//"]), "abs//big.iso");
        assert_eq!(key(&["--file", "x/big.iso", "--bucket", "b", "--key", "/k"]), "/k");
    }

    /// macOS stores names in another Unicode form (NFD) than other systems.
    #[test]
    fn a_name_is_the_same_key_whether_named_alone_or_in_a_folder() {
        assert_eq!(key(&["x/Gro\u{308}\u{df}e.mov", "s3://b/2026/"]), "2026/Gr\u{f6}\u{df}e.mov");
        assert_eq!(key(&["--file", "u\u{308}", "--bucket", "b"]), "\u{fc}");
        // a key that is named is used as it is
        assert_eq!(key(&["--file", "f", "--bucket", "b", "--key", "u\u{308}"]), "u\u{308}");
        let reason = request(&["x/u\u{308}", "y/\u{fc}", "s3://b/"]).unwrap_err();
        assert!(reason.contains("both become"), "{reason}");
    }

    #[test]
    fn an_access_point_is_a_bucket() {
        const POINT: &str = "arn:aws:s3:us-west-2:123456789012:accesspoint/films";
        let to = |place: &str| {
            let request = request(&["x/a.mov", place]).unwrap();
            let Sources::One { key, .. } = request.sources else { panic!() };
            (request.bucket, key)
        };
        let there = |key: &str| (POINT.to_owned(), key.to_owned());
        assert_eq!(to(&format!("s3://{POINT}")), there("a.mov"));
        assert_eq!(to(&format!("s3://{POINT}/2026/")), there("2026/a.mov"));
        let script = request(&["--file", "a.mov", "--bucket", POINT]).unwrap();
        assert_eq!(script.bucket, POINT);
        assert!(request(&["--file", "a", "--bucket", &format!("{POINT}/k")]).is_err());
    }

    #[test]
    fn a_folder_and_several_files_go_under_a_prefix() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        let Sources::Many { prefix, .. } = request(&[path, "s3://b/p"]).unwrap().sources else {
            panic!()
        };
        assert_eq!(prefix, "p");
        let UploadRequest { bucket, sources: Sources::Many { paths, .. } } =
            request(&["a", "b", "s3://b/p"]).unwrap()
        else {
            panic!()
        };
        assert_eq!((bucket.as_str(), paths.len()), ("b", 2));
    }

    #[test]
    fn what_cannot_be_meant_is_said_in_words() {
        let table: [(&[&str], &str); 8] = [
            (&["-", "s3://b/k"], "standard input"),
            (&["--file", "-", "--bucket", "b", "--key", "k"], "standard input"),
            (&["a", "b"], "must be the destination"),
            (&["s3://b/k", "a"], "uploads"),
            (&["s3://b/k"], "no files to upload"),
            (&["a", "s3://a/", "s3://b/"], "only the last"),
            (&["a", "s3:///k"], "no bucket"),
            (&["x/a", "y/a", "s3://b/"], "both become a"),
        ];
        for (words, said) in table {
            let reason = request(words).unwrap_err();
            assert!(reason.contains(said), "{words:?}: {reason}");
        }
    }
}
