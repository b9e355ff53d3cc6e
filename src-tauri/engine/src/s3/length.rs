//! Adds `Content-Length: 0` to requests without a body, which the SDK omits if S3's model has none. Google and Squid respond
//! 411 to such a POST or PUT.
//! <https://www.rfc-editor.org/rfc/rfc9110#section-8.6>

use aws_sdk_s3::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;

#[derive(Debug)]
pub(super) struct EmptyLength;

#[dyn_dispatch_hint]
impl Intercept for EmptyLength {
    fn name(&self) -> &'static str {
        "EmptyLength"
    }

    // the header is signed with the others
    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        // other methods need no length, and a presigned link is opened by a browser, which would not send it
        let may_carry = matches!(request.method(), "POST" | "PUT" | "PATCH");
        let is_empty = request.body().content_length() == Some(0);
        if may_carry && is_empty && request.headers().get("content-length").is_none() {
            request.headers_mut().insert("content-length", "0");
        }
        Ok(())
    }
}
