//! The keys of the demo nation: a certification authority with its lists of revoked certificates, and one
//! PKCS#12 file a person. They are made at the first start and kept in the data directory.

use std::{
    fs,
    path::{Path, PathBuf},
};

use chrono::{DateTime, TimeDelta, Utc};
use customs_kernel::Clock;
use customs_platform::SystemClock;
use customs_signatures::{
    TrustStore,
    issue::{Authority, Credential, IssueError, KeyKind, SigningKey, Subject, Usage, Validity},
};
use customs_web_broker::seed::{DEMO, DemoPerson, NEWCOMER};
use customs_web_broker_contract::NumberScheme;

use crate::suite::write_private;

/// The password of every key file of the demo nation. It protects nothing: the nation does not exist.
pub const PASSWORD: &str = "ecustoms-demo";

/// The file of the seal, beside the keys of people.
const SEAL: &str = "seal.p12";
/// The file of the timestamp authority.
const CLOCKWORK: &str = "tsa.p12";
/// Under which the timestamp authority of the demo nation stamps.
pub(super) const STAMP_POLICY: &str = "1.2.398.3.3.2.6.4";

/// For how long a list of revoked certificates counts; a new one is made at every start.
const LIST_LIFE: TimeDelta = TimeDelta::days(30);
/// How long the demo certificates are good for.
const LIFE: TimeDelta = TimeDelta::days(3 * 365);

/// The authority of the demo nation and where its files are.
pub struct KeyRing {
    directory: PathBuf,
    root: Authority,
    issuing: Authority,
}

impl KeyRing {
    /// Opens the keys in `directory`, making what is missing.
    pub fn open(directory: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(directory.join("keys"))?;
        let now = SystemClock.now();
        let validity = Validity { not_before: now - TimeDelta::days(1), not_after: now + LIFE };
        let root = authority(directory, "root", || Authority::root("Demo Root CA", KeyKind::P384, validity))?;
        let issuing =
            authority(directory, "issuing", || root.issuing("Demo Issuing CA", KeyKind::P256, validity))?;
        let ring = Self { directory: directory.to_owned(), root, issuing };
        ring.issue_missing(validity)?;
        ring.issue_seal(validity)?;
        ring.issue_clockwork(validity)?;
        Ok(ring)
    }

    /// Issues a key file to everybody who has none, on as many threads as there are people.
    fn issue_missing(&self, validity: Validity) -> anyhow::Result<()> {
        std::thread::scope(|scope| {
            let missing = DEMO.iter().chain([&NEWCOMER]).filter(|person| !self.file(person.login).exists());
            let issued: Vec<_> = missing.map(|person| scope.spawn(|| self.issue(person, validity))).collect();
            issued.into_iter().try_for_each(|thread| {
                thread.join().map_err(|_| anyhow::anyhow!("a key could not be made"))?
            })
        })
    }

    fn issue(&self, person: &DemoPerson, validity: Validity) -> anyhow::Result<()> {
        let subject = Subject {
            common_name: person.common_name.to_owned(),
            country: Some(person.country.to_owned()),
            person: Some(format!("{}{}", prefix(person.scheme), person.number)),
            organisation_id: Some(format!(
                "{}{}",
                prefix(person.organisation_scheme),
                person.organisation_number
            )),
            organisation: Some(person.organisation.to_owned()),
        };
        let credential = self.issuing.issue(&subject, Usage::Signing, KeyKind::P256, validity)?;
        write_private(&self.file(person.login), &credential.to_pkcs12(person.login, PASSWORD)?)
    }

    /// Issues the seal of the demo customs, if there is none.
    fn issue_seal(&self, validity: Validity) -> anyhow::Result<()> {
        let file = self.directory.join(SEAL);
        if file.exists() {
            return Ok(());
        }
        let subject = Subject {
            common_name: "Seal of papers (demo)".to_owned(),
            country: Some("KZ".to_owned()),
            person: None,
            organisation_id: Some("BIN040440007612".to_owned()),
            organisation: Some("Customs Service of Kazakhstan (demo)".to_owned()),
        };
        let seal = self.issuing.issue(&subject, Usage::Signing, KeyKind::P256, validity)?;
        write_private(&file, &seal.to_pkcs12("seal", PASSWORD)?)
    }

    /// Issues the key of the timestamp authority, if there is none.
    fn issue_clockwork(&self, validity: Validity) -> anyhow::Result<()> {
        let file = self.directory.join(CLOCKWORK);
        if file.exists() {
            return Ok(());
        }
        let subject = Subject {
            common_name: "Timestamps (demo)".to_owned(),
            country: Some("KZ".to_owned()),
            ..Subject::default()
        };
        let clockwork = self.issuing.issue(&subject, Usage::TimeStamping, KeyKind::P256, validity)?;
        write_private(&file, &clockwork.to_pkcs12("timestamps", PASSWORD)?)
    }

    /// The timestamp authority of the demo nation; its key is nobody's to fetch.
    pub fn clockwork(&self) -> anyhow::Result<Credential> {
        Ok(Credential::from_pkcs12(&fs::read(self.directory.join(CLOCKWORK))?, PASSWORD)?)
    }

    /// The seal of the demo customs; its key is nobody's to fetch.
    pub fn seal(&self) -> anyhow::Result<Credential> {
        Ok(Credential::from_pkcs12(&fs::read(self.directory.join(SEAL))?, PASSWORD)?)
    }

    /// A public file of the ring: a certificate of an authority or its list.
    pub fn public(&self, name: &str) -> anyhow::Result<Vec<u8>> {
        Ok(fs::read(self.directory.join(name))?)
    }

    /// The key file of `login`.
    #[must_use]
    pub fn file(&self, login: &str) -> PathBuf {
        self.directory.join("keys").join(format!("{login}.p12"))
    }

    /// What the signatures of the demo nation are held against, with fresh lists of revoked certificates.
    pub fn trust(&self) -> anyhow::Result<std::sync::Arc<TrustStore>> {
        let now = SystemClock.now();
        let number = u64::try_from(now.timestamp()).unwrap_or_default();
        let mut trust = TrustStore::builder(number);
        trust.anchor(&self.root.certificate()?)?;
        trust.intermediate(&self.issuing.certificate()?)?;
        trust.timestamp_authority(self.clockwork()?.certificate(), &[STAMP_POLICY])?;
        for (name, authority) in [("root", &self.root), ("issuing", &self.issuing)] {
            let list = authority.revocation_list(number, now, next_update(now), &[])?;
            fs::write(self.directory.join(format!("{name}.crl")), &list)?;
            trust.crl(&list)?;
        }
        Ok(trust.build())
    }
}

fn next_update(now: DateTime<Utc>) -> DateTime<Utc> {
    now + LIST_LIFE
}

const fn prefix(scheme: NumberScheme) -> &'static str {
    match scheme {
        NumberScheme::KzIin => "IIN",
        NumberScheme::KzBin => "BIN",
        NumberScheme::KgPin | NumberScheme::UzPin => "PIN",
        NumberScheme::KgTin | NumberScheme::UzTin => "TIN",
    }
}

/// The authority kept under `name`, made if there is none.
fn authority(
    directory: &Path,
    name: &str,
    make: impl FnOnce() -> Result<Authority, IssueError>,
) -> anyhow::Result<Authority> {
    let (certificate, key) = (directory.join(format!("{name}.der")), directory.join(format!("{name}.key")));
    if certificate.exists() && key.exists() {
        let key = SigningKey::from_pkcs8(&fs::read(key)?)?;
        return Ok(Authority::open(&fs::read(certificate)?, key, Vec::new())?);
    }
    let made = make()?;
    write_private(&key, &made.key().to_pkcs8()?)?;
    fs::write(certificate, made.certificate()?)?;
    Ok(made)
}
