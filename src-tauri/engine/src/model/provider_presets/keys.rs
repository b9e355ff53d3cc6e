//! Where each provider's console makes keys for S3, and which they are, by a preset's id. None of them has to be allowed to
//! list buckets.

/// The page that makes them.
pub(super) fn page(preset: &str) -> Option<&'static str> {
    Some(match preset {
        // <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html>
        "aws" => "https://console.aws.amazon.com/iam/home#/users",
        // <https://developers.cloudflare.com/r2/api/tokens/>
        "r2" => "https://dash.cloudflare.com/?to=/:account/r2/api-tokens",
        // <https://www.backblaze.com/docs/cloud-storage-create-and-manage-app-keys>
        "b2" => "https://secure.backblaze.com/app_keys.htm",
        // <https://docs.wasabi.com/docs/creating-a-new-access-key>
        "wasabi" => "https://console.wasabisys.com/access_keys",
        // <https://cloud.google.com/storage/docs/authentication/managing-hmackeys>
        "gcs" => "https://console.cloud.google.com/storage/settings;tab=interoperability",
        // <https://docs.digitalocean.com/products/spaces/how-to/manage-access/>
        "spaces" => "https://cloud.digitalocean.com/spaces/access_keys",
        _ => return None,
    })
}

/// Which keys, in one or two sentences. The window says the same (`ui/src/i18n/en/keysHelp.ts`).
pub(super) fn how(preset: &str) -> &'static str {
    match preset {
        "aws" => "Create an access key for an IAM user under Security credentials.",
        "r2" => {
            "Create an R2 API token with Object Read & Write. Its access key ID and secret access key go here, not the token value."
        }
        "b2" => "Add a new application key. The master application key does not work with S3.",
        "wasabi" => "Create an access key, preferably for a user with access to this bucket only.",
        "minio" => {
            "Create an access key in the MinIO console, or run: mc admin accesskey create ALIAS"
        }
        "ceph" => {
            "The administrator of the gateway creates keys with: radosgw-admin user create --uid=NAME"
        }
        "garage" => "Create a key with: garage key create NAME",
        "gcs" => "Create an HMAC key for a service account under Interoperability.",
        "spaces" => "Create an access key with limited access to this bucket.",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::provider_presets::presets;

    #[test]
    fn each_provider_says_which_keys_and_only_those_with_a_console_have_a_page() {
        for preset in presets() {
            let id = preset.id.as_str();
            assert_eq!(preset.keys.is_empty(), id == "other", "{id}");
            let own = ["minio", "ceph", "garage", "other"].contains(&id);
            assert_eq!(preset.keys_page.is_none(), own, "{id}");
            let page = page(id).unwrap_or("https://");
            assert!(page.starts_with("https://") && !page.contains(' '), "{page}");
        }
    }
}
