//! What web-broker refuses, beside what every service refuses.

customs_kernel::problems! {
    /// Nobody with this national number is registered.
    PERSON_UNKNOWN = "person-unknown" 404 final "The person is not registered";
    /// The person is registered, and barred from acting.
    PERSON_BARRED = "person-barred" 403 final "The person may not act";
    /// The person does not act for this organisation, or for none, at present.
    MEMBERSHIP_UNKNOWN = "membership-unknown" 404 final "The person does not act for the organisation";
    /// The caller acts for no organisation.
    ORGANISATION_REQUIRED = "organisation-required" 403 final "Act for an organisation";
    /// An organisation or a person with this number is in the register already.
    ALREADY_REGISTERED = "already-registered" 409 final "Already registered";
    /// The person acts for the organisation in this period already.
    MEMBERSHIP_OVERLAPS = "membership-overlaps" 409 final "The memberships overlap";
    /// A delegation between the two organisations covers a part of this period already.
    DELEGATION_OVERLAPS = "delegation-overlaps" 409 final "The delegations overlap";
    /// An earlier application of the person waits for a decision.
    APPLICATION_OPEN = "application-open" 409 final "An application is being examined";
    /// The application was decided before.
    ALREADY_DECIDED = "already-decided" 409 final "Already decided";
    /// The organisation keeps as many templates of the kind as are allowed.
    TEMPLATES_MANY = "templates-too-many" 409 final "Too many templates";
    /// It was ended before.
    ALREADY_ENDED = "already-ended" 409 final "Already ended";
    /// A colleague is at work on the draft.
    DRAFT_LOCKED = "draft-locked" 409 again "A colleague is at work on the draft";
    /// No organisation has registered a key of this identifier for its systems.
    SYSTEM_KEY_UNKNOWN = "system-key-unknown" 401 final "The key is not registered";
    /// The organisation has revoked the key.
    SYSTEM_KEY_REVOKED = "system-key-revoked" 401 final "The key was revoked";
    /// The period for which the key was registered is over.
    SYSTEM_KEY_EXPIRED = "system-key-expired" 401 final "The key has run out";
    /// The period for which the key was registered has not begun.
    SYSTEM_KEY_NOT_YET_VALID = "system-key-not-yet-valid" 401 final "The key is not valid yet";
    /// The organisation whose key it is may not act at present.
    SYSTEM_KEY_IDLE = "system-key-organisation-closed" 401 final "The organisation of the key may not act";
    /// The key has signed a request with this nonce before.
    REQUEST_REPLAYED = "request-signature-replayed" 401 final "The signed request was used before";
    /// A key of this identifier was registered before, by whomever.
    SYSTEM_KEY_KNOWN = "system-key-registered" 409 final "The key was registered before";
    /// The organisation has as many keys in force as are allowed.
    SYSTEM_KEYS_MANY = "system-keys-too-many" 409 final "Too many keys";
    /// A system asks for what only a person may do.
    PERSON_REQUIRED = "person-required" 403 final "Only a person may do this";
}
