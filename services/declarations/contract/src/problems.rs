//! The ways declarations refuses.

customs_kernel::problems! {
    /// The message has not the form that its specification wants (NCTS layer 1).
    MESSAGE_MALFORMED = "message-malformed" 400 final "The message is not valid";
    /// The type of the message does not belong here.
    MESSAGE_TYPE = "message-type" 400 final "The message is of another type";
    /// The sealed evidence of the signature does not belong to the message.
    EVIDENCE_MISSING = "signature-evidence-missing" 422 final "The signature is not proven";
    /// The signer may not act for the one named in the message.
    SIGNER_NOT_AUTHORISED = "signer-not-authorised" 403 final "The signer may not act for this party";
    /// The movement is in a state in which this cannot be done (error 92 of NCTS).
    OUT_OF_SEQUENCE = "out-of-sequence" 409 final "Not possible in this state";
}
