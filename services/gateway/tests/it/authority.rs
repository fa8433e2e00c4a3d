//! A small certification authority with one signer.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use customs_signatures::{
    Profile, TrustStore, Verifier,
    issue::{Authority, Credential, KeyKind, Subject, Usage, Validity},
};

/// Under which certificates of the nation are issued.
pub(crate) const POLICY: &str = "1.2.398.3.3.2.1";

/// Who signs, and who verifies.
pub(crate) struct Nation {
    pub(crate) root: Authority,
    pub(crate) issuing: Authority,
    pub(crate) signer: Credential,
    pub(crate) nameless: Credential,
    pub(crate) stranger: Credential,
    pub(crate) verifier: Arc<Verifier>,
}

/// A person of the nation.
pub(crate) fn subject(person: Option<&str>) -> Subject {
    Subject {
        common_name: "A Person".to_owned(),
        country: Some("KZ".to_owned()),
        person: person.map(str::to_owned),
        ..Subject::default()
    }
}

/// Good around `now`.
pub(crate) fn validity(now: DateTime<Utc>) -> Validity {
    Validity { not_before: now - TimeDelta::days(1), not_after: now + TimeDelta::days(30) }
}

/// A nation whose certificates are good around `now`, with what `profile` asks of signatures.
pub(crate) fn nation(now: DateTime<Utc>, profile: Profile) -> Nation {
    let validity = validity(now);
    let Validity { not_before, not_after } = validity;
    let root = Authority::root("Root", KeyKind::P256, validity).unwrap();
    let issuing = root.issuing("Issuing", KeyKind::P256, validity).unwrap().with_policies(&[POLICY]);
    let issue = |person| issuing.issue(&subject(person), Usage::Signing, KeyKind::P256, validity).unwrap();
    let foreign = Authority::root("Elsewhere", KeyKind::P256, validity).unwrap();
    let mut trust = TrustStore::builder(1);
    trust.anchor(&root.certificate().unwrap()).unwrap();
    trust.intermediate(&issuing.certificate().unwrap()).unwrap();
    for authority in [&root, &issuing] {
        trust.crl(&authority.revocation_list(1, not_before, not_after, &[]).unwrap()).unwrap();
    }
    Nation {
        signer: issue(Some("IIN990101300125")),
        nameless: issue(None),
        stranger: foreign
            .issue(&subject(Some("IIN990101300125")), Usage::Signing, KeyKind::P256, validity)
            .unwrap(),
        verifier: Arc::new(Verifier::new(trust.build(), profile)),
        root,
        issuing,
    }
}
