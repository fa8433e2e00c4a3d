//! The ways the gateway refuses by itself, before any service is asked; those of signatures are in the table of faults
//! of the signatures crate.

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
    /// The caller has as many live streams open as are allowed.
    STREAMS_MANY = "streams-too-many" 429 again "Too many live streams";
    /// A token and a signature: which of them says who asks is not guessed.
    CREDENTIALS_TWO = "credentials-two" 400 final "Send a token or sign the request, not both";
    /// The fields of the signature of a request are missing, double or not what they should be.
    REQUEST_MALFORMED = "request-signature-malformed" 401 final "The signature of the request cannot be read";
    /// The signature of a request lacks one of the parameters that it must have.
    REQUEST_PARAMETER = "request-signature-parameter-missing" 401 final "The signature of the request lacks a parameter";
    /// The signature of a request was made later than now: a clock is wrong.
    REQUEST_EARLY = "request-signature-not-yet-valid" 401 final "The request was signed in the future";
    /// The signature of a request has expired, or is meant to live too long.
    REQUEST_EXPIRED = "request-signature-expired" 401 final "The signature of the request has expired";
    /// The signature of a request does not cover what it must.
    REQUEST_COVERAGE = "request-signature-coverage" 401 final "The signature does not cover the whole request";
    /// A request with content has no digest of it.
    REQUEST_DIGEST_MISSING = "request-digest-missing" 401 final "The digest of the content is missing";
    /// The content of a request is not the one of its digest.
    REQUEST_DIGEST = "request-digest-mismatch" 401 final "The content is not the one that was signed";
    /// The algorithm of the signature of a request is not of the profile.
    REQUEST_ALGORITHM = "request-signature-algorithm-refused" 401 final "The algorithm of the signature is refused";
    /// The algorithm of the signature of a request is of another kind of key.
    REQUEST_ALGORITHM_OTHER = "request-signature-algorithm-mismatch" 401 final "The algorithm does not fit the key";
    /// The signature of a request does not verify: something that it covers was changed, or another key has signed.
    REQUEST_INVALID = "request-signature-invalid" 401 final "The signature of the request does not verify";
    /// Nobody signs in here by an outside provider.
    PROVIDER_OFF = "provider-sign-in-off" 404 final "There is no sign-in by a provider";
    /// The outside provider does not answer at present.
    PROVIDER_DOWN = "provider-unavailable" 503 again "The provider of identities does not answer";
    /// The outside provider has answered with what nobody can use.
    PROVIDER_ANSWER = "provider-answer-unusable" 502 final "The answer of the provider cannot be used";
    /// The outside provider has not let the person in, or takes the code of the sign-in for nothing.
    PROVIDER_REFUSED = "provider-refused" 401 final "The provider has refused the sign-in";
    /// The return from the provider belongs to no sign-in that began in this browser, or to one that is over.
    PROVIDER_STATE = "provider-state-refused" 401 final "The sign-in did not begin here or is over";
    /// The return names another provider than the one that was asked.
    PROVIDER_ISSUER = "provider-issuer-refused" 401 final "Another provider has answered";
    /// The ID token is not signed by the provider in a way that is accepted.
    PROVIDER_SIGNATURE = "provider-signature-refused" 401 final "The signature of the provider does not count";
    /// The ID token says something else than it must, such as another audience.
    PROVIDER_CLAIM = "provider-claim-refused" 401 final "What the provider says is not accepted";
    /// The provider does not say under which national number the state knows the person.
    PROVIDER_NUMBER = "provider-number-missing" 401 final "The provider names no national number";
    /// Nobody with the national number that the provider names is registered.
    PROVIDER_PERSON = "provider-person-unknown" 403 final "Register first";
    /// The ticket of a sign-in by the provider was not made here, not for this page, is used up or too old.
    PROVIDER_TICKET = "provider-ticket-refused" 401 final "The ticket of the sign-in is not valid";
}
