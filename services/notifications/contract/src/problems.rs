//! Ways in which notifications refuses a request.

customs_kernel::problems! {
    /// The address is none to which the suite sends.
    WEBHOOK_URL = "webhook-url-refused" 422 final "The address of the webhook is refused";
    /// The participant has as many webhooks as are allowed.
    WEBHOOKS_MANY = "webhooks-too-many" 409 final "There are too many webhooks";
    /// The receiver said that it is gone; nothing is sent to it any more.
    WEBHOOK_GONE = "webhook-gone" 409 final "The receiver of the webhook is gone";
}
