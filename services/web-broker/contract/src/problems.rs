//! What web-broker refuses, beside what every service refuses.

customs_kernel::problems! {
    /// Nobody with this national number is registered and active.
    PERSON_UNKNOWN = "person-unknown" 404 final "The person is not registered";
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
    /// It was ended before.
    ALREADY_ENDED = "already-ended" 409 final "Already ended";
    /// A colleague is at work on the draft.
    DRAFT_LOCKED = "draft-locked" 409 again "A colleague is at work on the draft";
}
