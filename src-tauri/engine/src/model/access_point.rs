//! S3 access points, which can be used in place of a bucket. Their names are ARNs, which contain slashes and colons.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html>

/// The fields of an access point's ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AccessPoint<'a> {
    pub(crate) name: &'a str,
    pub(crate) account: &'a str,
    /// Empty for a multi-region access point.
    pub(crate) region: &'a str,
}

impl<'a> AccessPoint<'a> {
    /// Parses an ARN. `None` for a bucket name, or an access point of another service.
    pub(crate) fn parse(bucket: &'a str) -> Option<Self> {
        let [_, _, service, region, account, resource] = fields(bucket)?;
        let name = resource.strip_prefix("accesspoint").and_then(|name| name.strip_prefix(BREAKS));
        let name = name.filter(|name| service == "s3" && !name.is_empty())?;
        Some(Self { name, account, region })
    }
}

const BREAKS: [char; 2] = ['/', ':'];

/// `arn:partition:service:region:account:resource`
fn fields(place: &str) -> Option<[&str; 6]> {
    let fields: Vec<&str> = place.splitn(6, ':').collect();
    <[&str; 6]>::try_from(fields).ok().filter(|fields| fields[0] == "arn")
}

/// Splits what follows `s3://` into the bucket and the rest after its slash: a key, a prefix, or nothing.
pub fn bucket_and_key(place: &str) -> (&str, &str) {
    let Some([_, _, service, _, _, resource]) = fields(place) else {
        return place.split_once('/').unwrap_or((place, ""));
    };
    // accesspoint/NAME; outpost/ID/accesspoint/NAME
    let words = if service == "s3-outposts" { 4 } else { 2 };
    let end = resource.match_indices(BREAKS).nth(words - 1).map(|(at, _)| at);
    let Some(end) = end else { return (place, "") };
    let (bucket, rest) = place.split_at(place.len() - resource.len() + end);
    (bucket, &rest[1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_bucket_and_what_follows_its_slash() {
        let table = [
            ("b", "b", ""),
            ("b/", "b", ""),
            ("b//abs/k", "b", "/abs/k"),
            ("", "", ""),
            ("/k", "", "k"),
            ("arn:aws:s3:us-west-2:1:accesspoint/p", "arn:aws:s3:us-west-2:1:accesspoint/p", ""),
            (
                "arn:aws:s3:us-west-2:1:accesspoint/p/a/k",
                "arn:aws:s3:us-west-2:1:accesspoint/p",
                "a/k",
            ),
            ("arn:aws:s3:us-west-2:1:accesspoint:p/k", "arn:aws:s3:us-west-2:1:accesspoint:p", "k"),
            ("arn:aws:s3::1:accesspoint/m.mrap//k", "arn:aws:s3::1:accesspoint/m.mrap", "/k"),
            (
                "arn:aws-cn:s3-outposts:cn-north-1:1:outpost/op-1/accesspoint/p/k",
                "arn:aws-cn:s3-outposts:cn-north-1:1:outpost/op-1/accesspoint/p",
                "k",
            ),
            ("arn:aws:s3:us-west-2:1:accesspoint", "arn:aws:s3:us-west-2:1:accesspoint", ""),
        ];
        for (place, bucket, key) in table {
            assert_eq!(bucket_and_key(place), (bucket, key), "{place}");
        }
    }

    #[test]
    fn an_arn_of_s3_names_an_access_point() {
        let point = AccessPoint { name: "p", account: "1", region: "us-west-2" };
        for arn in ["arn:aws:s3:us-west-2:1:accesspoint/p", "arn:aws:s3:us-west-2:1:accesspoint:p"]
        {
            assert_eq!(AccessPoint::parse(arn), Some(point), "{arn}");
        }
        for other in ["b", "arn:aws:s3:::b", "arn:aws:s3-outposts:r:1:outpost/o/accesspoint/p"] {
            assert_eq!(AccessPoint::parse(other), None, "{other}");
        }
    }
}
