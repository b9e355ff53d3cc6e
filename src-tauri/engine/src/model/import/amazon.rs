//! The names of Amazon S3's own hosts.
//! <https://docs.aws.amazon.com/general/latest/gr/s3.html>

/// What an Amazon host's name says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Amazon<'a> {
    pub(super) region: Option<&'a str>,
    /// The SDK goes there by itself, given the region alone; not so by dual-stack, FIPS, acceleration or a private link.
    pub(super) is_default: bool,
}

pub(super) fn of_host(host: &str) -> Option<Amazon<'_>> {
    let name =
        host.strip_suffix(".amazonaws.com").or_else(|| host.strip_suffix(".amazonaws.com.cn"))?;
    let region = name.strip_prefix("s3.").or_else(|| name.strip_prefix("s3-"));
    Some(match region {
        None if name == "s3" => Amazon { region: None, is_default: true },
        // the old name of us-east-1
        Some("external-1") => Amazon { region: Some("us-east-1"), is_default: true },
        Some(region) if is_region(region) => Amazon { region: Some(region), is_default: true },
        other => {
            let own = other.unwrap_or(name).split('.').find(|word| is_region(word));
            Amazon { region: own, is_default: false }
        }
    })
}

/// Like `eu-central-1` and `us-gov-west-1`.
fn is_region(word: &str) -> bool {
    let words: Vec<&str> = word.split('-').collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    let letters = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    (3..=4).contains(&words.len())
        && first.len() == 2
        && words[..words.len() - 1].iter().all(letters)
        && !last.is_empty()
        && last.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_amazon_are_told_from_others() {
        let table = [
            ("s3.amazonaws.com", Some((None, true))),
            ("s3.eu-central-1.amazonaws.com", Some((Some("eu-central-1"), true))),
            ("s3-us-west-2.amazonaws.com", Some((Some("us-west-2"), true))),
            ("s3.us-gov-west-1.amazonaws.com", Some((Some("us-gov-west-1"), true))),
            ("s3.cn-north-1.amazonaws.com.cn", Some((Some("cn-north-1"), true))),
            ("s3.dualstack.eu-west-1.amazonaws.com", Some((Some("eu-west-1"), false))),
            ("s3-fips.us-east-1.amazonaws.com", Some((Some("us-east-1"), false))),
            ("s3-accelerate.amazonaws.com", Some((None, false))),
            (
                "bucket.vpce-1a2b-3c4d.s3.us-east-1.vpce.amazonaws.com",
                Some((Some("us-east-1"), false)),
            ),
            ("s3.example.com", None),
            ("amazonaws.com.example", None),
        ];
        for (host, want) in table {
            let found = of_host(host).map(|found| (found.region, found.is_default));
            assert_eq!(found, want, "{host}");
        }
    }
}
