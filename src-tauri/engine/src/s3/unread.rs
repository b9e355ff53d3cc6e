//! Responses of 200 that the SDK cannot parse: white space before the XML, which S3 sends to keep a connection open, or an
//! empty body.

use super::headers;
use crate::model::lock::locked;
use aws_sdk_s3::config::interceptors::FinalizerInterceptorContextRef;
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use std::sync::{Arc, Mutex};

/// Keeps a response of 2xx as it came: its text, and its Date in ms since 1970.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer(Arc<Mutex<Option<Kept>>>);

/// Its text, and its Date.
type Kept = (String, Option<i64>);

impl Answer {
    fn kept<T>(&self, look: impl FnOnce(&str, Option<i64>) -> Option<T>) -> Option<T> {
        let answer = locked(&self.0);
        answer.as_ref().and_then(|(text, at)| look(text, *at))
    }

    /// The text of the first element with this name, or `None` if there is none or the status was not 2xx.
    pub(super) fn element(&self, name: &str) -> Option<String> {
        self.kept(|text, _| element(text, name))
    }

    /// Whether the status was 2xx but the body is not S3's.
    pub(super) fn is_empty(&self) -> bool {
        self.kept(|text, _| Some(text.trim().is_empty())).unwrap_or_default()
    }

    /// When the server responded, by its own clock.
    pub(super) fn at(&self) -> Option<i64> {
        self.kept(|_, at| at)
    }
}

/// The text of the first element with this name.
pub(super) fn element(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    let text = text.trim().replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
    let text = text.replace("&amp;", "&");
    (!text.is_empty()).then_some(text)
}

#[dyn_dispatch_hint]
impl Intercept for Answer {
    fn name(&self) -> &'static str {
        "Answer"
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let answer = context.response().filter(|response| response.status().is_success());
        let kept = answer.and_then(|response| {
            let text = String::from_utf8_lossy(response.body().bytes()?).into_owned();
            let date = headers::date(response.headers());
            Some((text, date.and_then(|date| date.to_millis().ok())))
        });
        *locked(&self.0) = kept;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_is_found_wherever_it_stands() {
        let xml = "\n  <?xml version=\"1.0\"?><A><UploadId> a&amp;b </UploadId></A>";
        assert_eq!(element(xml, "UploadId").as_deref(), Some("a&b"));
        for nothing in ["", "  ", "<UploadId/>", "<UploadId></UploadId>", "<UploadId>x"] {
            assert_eq!(element(nothing, "UploadId"), None);
        }
    }
}
