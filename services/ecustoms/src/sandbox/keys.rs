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
    issue::{Authority, IssueError, KeyKind, SigningKey, Subject, Usage, Validity},
};
use customs_web_broker::seed::{DEMO, DemoPerson};
use customs_web_broker_contract::NumberScheme;

use crate::suite::write_private;

/// The password of every key file of the demo nation. It protects nothing: the nation does not exist.
pub const PASSWORD: &str = "ecustoms-demo";

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
        Ok(ring)
    }

    /// Issues a key file to everybody who has none, on as many threads as there are people.
    fn issue_missing(&self, validity: Validity) -> anyhow::Result<()> {
        std::thread::scope(|scope| {
            let missing = DEMO.iter().filter(|person| !self.file(person.login).exists());
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
