//! The table of providers: all that is known of each by its name alone. Its order is that of the form's list.

/// A provider, or a program that people run themselves.
pub(super) struct Row {
    /// Stored in `settings.json`: never changed once it was released.
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    /// May contain `{region}` or `{account}`. `None` is Amazon S3.
    pub(super) endpoint: Option<&'static str>,
    /// What the form begins with.
    pub(super) region: &'static str,
    pub(super) path_style: bool,
    pub(super) note: &'static str,
    /// The page of the provider's console that makes keys for S3. `None`: a server of one's own.
    pub(super) keys_page: Option<&'static str>,
    /// Which keys, in one or two sentences. None has to be allowed to list buckets. The window says the same
    /// (`ui/src/i18n/en/keysHelp.ts`).
    pub(super) keys: &'static str,
    /// Hosts that are nobody else's: an imported connection finds its preset by them.
    pub(super) hosts: &'static [Hosts],
    /// The provider's name in rclone's configuration (<https://rclone.org/s3/#s3-provider>).
    pub(super) rclone: Option<&'static str>,
}

/// A form of hosts.
pub(super) enum Hosts {
    /// A region between these.
    Region(&'static str, &'static str),
    /// Whatever ends with this.
    Below(&'static str),
    /// This one, and its region.
    Only(&'static str, Option<&'static str>),
}

impl Hosts {
    /// The region in the host's name, which may have none. `None` if it is another host.
    pub(super) fn region<'a>(&self, host: &'a str) -> Option<Option<&'a str>> {
        match self {
            Self::Region(before, after) => {
                let region = host.strip_prefix(before)?.strip_suffix(after)?;
                (!region.is_empty() && !region.contains('.')).then_some(Some(region))
            }
            Self::Below(domain) => host.ends_with(domain).then_some(None),
            Self::Only(only, region) => (host == *only).then_some(*region),
        }
    }
}

pub(super) const ROWS: &[Row] = &[
    Row {
        id: "aws",
        name: "Amazon S3",
        endpoint: None,
        region: "us-east-1",
        path_style: false,
        note: "The region must be the bucket's own.",
        // <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html>
        keys_page: Some("https://console.aws.amazon.com/iam/home#/users"),
        keys: "Create an access key for an IAM user under Security credentials.",
        // told apart by its partitions, in import/amazon.rs
        hosts: &[],
        rclone: Some("AWS"),
    },
    Row {
        id: "r2",
        name: "Cloudflare R2",
        endpoint: Some("https://{account}.r2.cloudflarestorage.com"),
        region: "auto",
        path_style: true,
        note: "The account ID is on R2's overview page.",
        // <https://developers.cloudflare.com/r2/api/tokens/>
        keys_page: Some("https://dash.cloudflare.com/?to=/:account/r2/api-tokens"),
        keys: "Create an R2 API token with Object Read & Write. Its access key ID and secret access key go here, not the token value.",
        hosts: &[Hosts::Below(".r2.cloudflarestorage.com")],
        rclone: Some("Cloudflare"),
    },
    Row {
        id: "b2",
        name: "Backblaze B2",
        endpoint: Some("https://s3.{region}.backblazeb2.com"),
        region: "us-west-004",
        path_style: true,
        note: "Use an application key, not the master key.",
        // <https://www.backblaze.com/docs/cloud-storage-create-and-manage-app-keys>
        keys_page: Some("https://secure.backblaze.com/app_keys.htm"),
        keys: "Add a new application key. The master application key does not work with S3.",
        hosts: &[Hosts::Region("s3.", ".backblazeb2.com")],
        rclone: None,
    },
    Row {
        id: "wasabi",
        name: "Wasabi",
        endpoint: Some("https://s3.{region}.wasabisys.com"),
        region: "us-east-1",
        path_style: true,
        note: "",
        // <https://docs.wasabi.com/docs/creating-a-new-access-key>
        keys_page: Some("https://console.wasabisys.com/access_keys"),
        keys: "Create an access key, preferably for a user with access to this bucket only.",
        hosts: &[
            Hosts::Region("s3.", ".wasabisys.com"),
            Hosts::Only("s3.wasabisys.com", Some("us-east-1")),
        ],
        rclone: Some("Wasabi"),
    },
    Row {
        id: "minio",
        name: "MinIO",
        endpoint: Some("http://localhost:9000"),
        region: "us-east-1",
        path_style: true,
        note: "Your own server's address.",
        keys_page: None,
        keys: "Create an access key in the MinIO console, or run: mc admin accesskey create ALIAS",
        hosts: &[],
        rclone: Some("Minio"),
    },
    Row {
        id: "ceph",
        name: "Ceph",
        endpoint: Some("https://s3.example.com"),
        region: "default",
        path_style: true,
        note: "The gateway's address.",
        keys_page: None,
        keys: "The administrator of the gateway creates keys with: radosgw-admin user create --uid=NAME",
        hosts: &[],
        rclone: Some("Ceph"),
    },
    Row {
        id: "garage",
        name: "Garage",
        endpoint: Some("http://localhost:3900"),
        region: "garage",
        path_style: true,
        note: "The address of its S3 API.",
        keys_page: None,
        keys: "Create a key with: garage key create NAME",
        hosts: &[],
        rclone: None,
    },
    Row {
        id: "gcs",
        name: "Google Cloud Storage",
        endpoint: Some("https://storage.googleapis.com"),
        region: "auto",
        path_style: true,
        note: "Use an HMAC key of the bucket's project.",
        // <https://cloud.google.com/storage/docs/authentication/managing-hmackeys>
        keys_page: Some("https://console.cloud.google.com/storage/settings;tab=interoperability"),
        keys: "Create an HMAC key for a service account under Interoperability.",
        hosts: &[Hosts::Only("storage.googleapis.com", None)],
        rclone: Some("GCS"),
    },
    Row {
        id: "spaces",
        name: "DigitalOcean Spaces",
        endpoint: Some("https://{region}.digitaloceanspaces.com"),
        region: "nyc3",
        path_style: false,
        note: "The endpoint of the region, without the Space's name.",
        // <https://docs.digitalocean.com/products/spaces/how-to/manage-access/>
        keys_page: Some("https://cloud.digitalocean.com/spaces/access_keys"),
        keys: "Create an access key with limited access to this bucket.",
        hosts: &[Hosts::Region("", ".digitaloceanspaces.com")],
        rclone: Some("DigitalOcean"),
    },
    // the last: what none of the others is
    Row {
        id: "other",
        name: "Other",
        endpoint: Some("https://"),
        region: "us-east-1",
        path_style: true,
        note: "Any server that speaks S3.",
        keys_page: None,
        keys: "",
        hosts: &[],
        rclone: None,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_provider_says_which_keys_and_where_they_are_made() {
        for row in ROWS {
            assert_eq!(row.keys.is_empty(), row.id == "other", "{}", row.id);
            let page = row.keys_page.unwrap_or("https://");
            assert!(page.starts_with("https://") && !page.contains(' '), "{page}");
            // only a provider has hosts of its own, and then it has a console
            assert!(row.keys_page.is_some() || row.hosts.is_empty(), "{}", row.id);
        }
    }
}
