//! A small nation for the tests: a root, an issuing authority, their lists, and people with keys.

use chrono::{DateTime, TimeDelta, Utc};
use customs_signatures::issue::{Authority, Credential, KeyKind, Subject, Usage, Validity};
use customs_signatures::{Profile, TrustStore, TrustStoreBuilder, Verifier};

pub(crate) fn noon() -> DateTime<Utc> {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

pub(crate) fn span() -> Validity {
    Validity { not_before: noon() - TimeDelta::days(300), not_after: noon() + TimeDelta::days(300) }
}

pub(crate) fn verifier(trust: TrustStoreBuilder) -> Verifier {
    Verifier::new(trust.build(), Profile::ec_sig_1())
}

pub(crate) struct Nation {
    pub(crate) root: Authority,
    pub(crate) issuing: Authority,
}

impl Nation {
    pub(crate) fn new() -> Self {
        let root = Authority::root("Root", KeyKind::P384, span()).unwrap();
        let issuing = root.issuing("Issuing", KeyKind::P256, span()).unwrap();
        Self { root, issuing }
    }

    /// What everybody trusts, with lists that are good for a year.
    pub(crate) fn trust(&self) -> TrustStoreBuilder {
        let mut trust = TrustStore::builder(1);
        trust.anchor(&self.root.certificate().unwrap()).unwrap();
        trust.intermediate(&self.issuing.certificate().unwrap()).unwrap();
        for authority in [&self.root, &self.issuing] {
            let (from, until) = (noon() - TimeDelta::days(1), noon() + TimeDelta::days(365));
            trust.crl(&authority.revocation_list(1, from, until, &[]).unwrap()).unwrap();
        }
        trust
    }

    pub(crate) fn credential(
        &self,
        name: &str,
        kind: KeyKind,
        not_before: DateTime<Utc>,
        not_after: DateTime<Utc>,
    ) -> Credential {
        let subject = Subject {
            common_name: name.to_owned(),
            country: Some("KZ".to_owned()),
            person: Some("IIN800101300125".to_owned()),
            organisation_id: Some("BIN991240000122".to_owned()),
            organisation: Some(name.to_owned()),
        };
        self.issuing.issue(&subject, Usage::Signing, kind, Validity { not_before, not_after }).unwrap()
    }
}
