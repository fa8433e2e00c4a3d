//! What the parsers trust: a nation whose keys lie in a folder, so that samples made once stay good.

use std::{error::Error, fs, path::Path, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use customs_signatures::{
    EvidenceKey, Profile, Seal, TrustStore, Verifier,
    issue::{Authority, Credential, KeyKind, SigningKey, Subject, Usage, Validity},
};

/// What every detached signature of the samples is over.
pub(crate) const PAYLOAD: &[u8] = b"<CC015C>a declaration</CC015C>";
/// Policy of the authority of time.
pub(crate) const TIME_POLICY: &str = "1.2.398.3.3.2.6.4";
/// Password of the key files.
const PASSWORD: &str = "fuzz";

pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

/// The nation.
pub(crate) struct Ground {
    pub(crate) root: Authority,
    pub(crate) issuing: Authority,
    pub(crate) signer: Credential,
    pub(crate) time: Credential,
    pub(crate) trust: Arc<TrustStore>,
    pub(crate) verifier: Verifier,
    pub(crate) evidence: EvidenceKey,
    pub(crate) seal: Seal,
}

/// The instant of every verification: inputs do not change their meaning with the day.
pub(crate) fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_315_200, 0).unwrap_or_default()
}

fn validity() -> Validity {
    Validity { not_before: noon() - TimeDelta::days(300), not_after: noon() + TimeDelta::days(300) }
}

impl Ground {
    /// Makes the keys of a nation in `folder`.
    pub(crate) fn make(folder: &Path) -> Outcome<Self> {
        fs::create_dir_all(folder)?;
        let root = Authority::root("Root", KeyKind::P256, validity())?;
        let issuing = root.issuing("Issuing", KeyKind::P256, validity())?;
        for (name, authority) in [("root", &root), ("issuing", &issuing)] {
            fs::write(folder.join(format!("{name}.der")), authority.certificate()?)?;
            fs::write(folder.join(format!("{name}.key")), authority.key().to_pkcs8()?)?;
        }
        let broker = Subject {
            common_name: "Broker".to_owned(),
            country: Some("KZ".to_owned()),
            person: Some("IIN800101300125".to_owned()),
            organisation_id: Some("BIN991240000122".to_owned()),
            organisation: Some("Broker".to_owned()),
        };
        let clock = Subject { common_name: "Time".to_owned(), ..Subject::default() };
        for (name, subject, usage) in
            [("signer", &broker, Usage::Signing), ("time", &clock, Usage::TimeStamping)]
        {
            let credential = issuing.issue(subject, usage, KeyKind::P256, validity())?;
            fs::write(folder.join(format!("{name}.p12")), credential.to_pkcs12(name, PASSWORD)?)?;
        }
        Self::open(folder)
    }

    /// Opens the nation in `folder`.
    pub(crate) fn open(folder: &Path) -> Outcome<Self> {
        let read = |name: &str| fs::read(folder.join(name));
        let authority = |name: &str| -> Outcome<Authority> {
            let key = SigningKey::from_pkcs8(&read(&format!("{name}.key"))?)?;
            Ok(Authority::open(&read(&format!("{name}.der"))?, key, Vec::new())?)
        };
        let credential = |name: &str| -> Outcome<Credential> {
            Ok(Credential::from_pkcs12(&read(&format!("{name}.p12"))?, PASSWORD)?)
        };
        let (root, issuing) = (authority("root")?, authority("issuing")?);
        let (signer, time) = (credential("signer")?, credential("time")?);
        let mut trust = TrustStore::builder(1);
        trust.anchor(&root.certificate()?)?.intermediate(&issuing.certificate()?)?;
        trust.timestamp_authority(time.certificate(), &[TIME_POLICY])?;
        trust.seal_certificate(signer.certificate())?;
        for authority in [&root, &issuing] {
            trust.crl(&list(authority)?)?;
        }
        let trust = trust.build();
        Ok(Self {
            verifier: Verifier::new(Arc::clone(&trust), Profile::ec_sig_1()),
            evidence: EvidenceKey::new(vec![7; 32])?,
            seal: Seal::new(vec![signer.clone()])?,
            trust,
            root,
            issuing,
            signer,
            time,
        })
    }
}

/// A list of `authority` that is in force at noon.
pub(crate) fn list(authority: &Authority) -> Outcome<Vec<u8>> {
    Ok(authority.revocation_list(1, noon() - TimeDelta::hours(1), noon() + TimeDelta::hours(1), &[])?)
}
