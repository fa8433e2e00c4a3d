//! The ways the gateway refuses by itself, before any service is asked.

customs_kernel::problems! {
    /// There is no such path.
    PATH_UNKNOWN = "path-unknown" 404 final "There is nothing at this path";
    /// The path is known, but not with this method.
    METHOD = "method-not-allowed" 405 final "The method is not allowed here";
    /// None of the media types that the client accepts is made here.
    NOT_ACCEPTABLE = "not-acceptable" 406 final "No acceptable media type";
    /// The request did not arrive completely in time.
    REQUEST_SLOW = "request-too-slow" 408 again "The request took too long to arrive";
    /// The GraphQL document cannot be parsed.
    GRAPHQL_SYNTAX = "graphql-syntax" 400 final "The GraphQL document cannot be read";
    /// The GraphQL document does not fit the schema.
    GRAPHQL_INVALID = "graphql-invalid" 400 final "The GraphQL document does not fit the schema";
    /// The GraphQL document is larger, deeper or dearer than one request may be.
    GRAPHQL_COST = "graphql-too-costly" 400 final "The GraphQL document asks for too much";
    /// Several GraphQL requests in one are not served.
    GRAPHQL_BATCH = "graphql-batch" 400 final "Send one GraphQL request at a time";
    /// The challenge was not made here, is used up or too old.
    CHALLENGE = "challenge-refused" 401 final "The challenge is not valid";
    /// The certificate names no person.
    IDENTITY = "identity-missing" 401 final "The certificate names no person";
    /// The person acts for several organisations and has not said for which.
    ORGANISATION_UNCLEAR = "organisation-unclear" 409 final "Say for which organisation you act";
    /// The signature of a document is missing.
    SIGNATURE_REQUIRED = "signature-required" 400 final "Sign the document";
    /// The signature of a document is not accepted; `errors` carries the code of the verification.
    SIGNATURE_REFUSED = "signature-refused" 422 final "The signature is not accepted";
    /// What a verification needs (a revocation list) is not at hand.
    SIGNATURE_UNDECIDED = "signature-undecided" 503 again "The signature cannot be judged at the moment";
    /// The caller has as many live streams open as are allowed.
    STREAMS_MANY = "streams-too-many" 429 again "Too many live streams";
}
