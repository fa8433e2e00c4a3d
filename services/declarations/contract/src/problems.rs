//! The ways declarations refuses.

customs_kernel::problems! {
    /// The message has not the form that its specification wants (NCTS layer 1).
    MESSAGE_MALFORMED = "message-malformed" 400 final "The message is not valid";
    /// The type of the message does not belong here.
    MESSAGE_TYPE = "message-type" 400 final "The message is of another type";
    /// The sealed evidence of the signature does not belong to the message.
    EVIDENCE_MISSING = "signature-evidence-missing" 422 final "The signature is not proven";
    /// The movement is in a state in which this cannot be done (error 92 of NCTS).
    OUT_OF_SEQUENCE = "out-of-sequence" 409 final "Not possible in this state";
    /// The note that is answered asks for nothing any more, or was written by the same side.
    NOTE_CLOSED = "note-closed" 409 final "The note waits for no answer";
    /// The octets are none of the kinds that are taken.
    FILE_KIND = "file-kind-refused" 422 final "Files of this kind are not taken";
    /// The side has attached as many files to the movement as it may.
    FILES_MANY = "files-too-many" 409 final "There are too many files";
}
