//! The certification authority: a root, an issuing authority under it, and the certificates it issues.

use chrono::{DateTime, Utc};
use openssl::asn1::{Asn1Integer, Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::BigNum;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Public};
use openssl::x509::extension::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier,
};
use openssl::x509::{X509, X509Builder, X509Extension, X509Name, X509NameBuilder};

use super::{Credential, IssueError, KeyKind, SigningKey};
use crate::{encode, oid};

/// Whom a certificate names.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// Common name.
    pub common_name: String,
    /// Country code, two letters.
    pub country: Option<String>,
    /// Person's identifier with its prefix, as `IIN…` or `PIN…`; becomes `serialNumber`.
    pub person: Option<String>,
    /// Organisation's identifier with its prefix, as `BIN…` or `TIN…`; becomes `OU`.
    pub organisation_id: Option<String>,
    /// Organisation's name; becomes `O`.
    pub organisation: Option<String>,
}

/// What a certificate is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Usage {
    /// Signing documents (contentCommitment).
    Signing,
    /// Logging in (TLS client).
    Authentication,
    /// Being encrypted to.
    Encryption,
    /// Signing timestamps.
    TimeStamping,
}

/// Validity of a certificate; both ends included.
#[derive(Clone, Copy, Debug)]
pub struct Validity {
    /// First instant.
    pub not_before: DateTime<Utc>,
    /// Last instant.
    pub not_after: DateTime<Utc>,
}

/// A certification authority with its key and the certificates above it.
#[derive(Clone, Debug)]
pub struct Authority {
    pub(super) certificate: X509,
    pub(super) key: SigningKey,
    /// Authorities above this one, nearest first, without the root.
    chain: Vec<Vec<u8>>,
    policies: Vec<String>,
    roles: Vec<String>,
}

impl Authority {
    /// A self-signed root.
    pub fn root(common_name: &str, kind: KeyKind, validity: Validity) -> Result<Self, IssueError> {
        let key = SigningKey::generate(kind)?;
        let name = Subject { common_name: common_name.to_owned(), ..Subject::default() }.name()?;
        let mut draft = draft(&name, &name, &key.public()?, validity)?;
        authority_extensions(&mut draft, None)?;
        key_identifiers(&mut draft, None)?;
        draft.sign(key.private()?, key.message_digest()?)?;
        Ok(Self {
            certificate: draft.build(),
            key,
            chain: Vec::new(),
            policies: Vec::new(),
            roles: Vec::new(),
        })
    }

    /// An issuing authority under this one; it may not have authorities of its own.
    pub fn issuing(&self, common_name: &str, kind: KeyKind, validity: Validity) -> Result<Self, IssueError> {
        let key = SigningKey::generate(kind)?;
        let name = Subject { common_name: common_name.to_owned(), ..Subject::default() }.name()?;
        let mut draft = draft(&name, self.certificate.subject_name(), &key.public()?, validity)?;
        authority_extensions(&mut draft, Some(0))?;
        key_identifiers(&mut draft, Some(&self.certificate))?;
        draft.sign(self.key.private()?, self.key.message_digest()?)?;
        let certificate = draft.build();
        let mut chain = vec![certificate.to_der()?];
        chain.extend(self.chain.iter().cloned());
        Ok(Self { certificate, key, chain, policies: Vec::new(), roles: Vec::new() })
    }

    /// An authority from its stored certificate (DER) and key; `above` are the authorities between it and the root.
    pub fn open(certificate: &[u8], key: SigningKey, above: Vec<Vec<u8>>) -> Result<Self, IssueError> {
        let certificate = X509::from_der(certificate)?;
        if !certificate.public_key()?.public_eq(&*key.public()?) {
            return Err(IssueError::OtherKey);
        }
        let is_root = certificate.subject_name().try_cmp(certificate.issuer_name())?.is_eq();
        let own = if is_root { None } else { Some(certificate.to_der()?) };
        Ok(Self {
            chain: own.into_iter().chain(above).collect(),
            certificate,
            key,
            policies: Vec::new(),
            roles: Vec::new(),
        })
    }

    /// Puts these certificate policies (dotted) into every certificate issued from now on.
    pub fn with_policies(mut self, policies: &[&str]) -> Self {
        self.policies = policies.iter().map(|policy| (*policy).to_owned()).collect();
        self
    }

    /// Puts these roles (dotted) into the extended key usage of every signing certificate issued from now on.
    pub fn with_roles(mut self, roles: &[&str]) -> Self {
        self.roles = roles.iter().map(|role| (*role).to_owned()).collect();
        self
    }

    /// The authority's certificate (DER).
    pub fn certificate(&self) -> Result<Vec<u8>, IssueError> {
        Ok(self.certificate.to_der()?)
    }

    /// The authority's key, to be stored.
    pub const fn key(&self) -> &SigningKey {
        &self.key
    }

    /// A new key with a certificate for it.
    pub fn issue(
        &self,
        subject: &Subject,
        usage: Usage,
        kind: KeyKind,
        validity: Validity,
    ) -> Result<Credential, IssueError> {
        let key = SigningKey::generate(kind)?;
        let certificate = self.certify(subject, usage, &key.public_key()?, validity)?;
        Credential::new(key, certificate, self.chain.clone())
    }

    /// A certificate (DER) for a public key (`SubjectPublicKeyInfo`, DER) that somebody else holds.
    pub fn certify(
        &self,
        subject: &Subject,
        usage: Usage,
        public_key: &[u8],
        validity: Validity,
    ) -> Result<Vec<u8>, IssueError> {
        let key = PKey::public_key_from_der(public_key)?;
        let mut draft = draft(&subject.name()?, self.certificate.subject_name(), &key, validity)?;
        draft.append_extension(BasicConstraints::new().critical().build()?)?;
        self.usage(&mut draft, usage)?;
        if !self.policies.is_empty() {
            draft.append_extension(policies(&self.policies)?)?;
        }
        key_identifiers(&mut draft, Some(&self.certificate))?;
        draft.sign(self.key.private()?, self.key.message_digest()?)?;
        Ok(draft.build().to_der()?)
    }

    fn usage(&self, draft: &mut X509Builder, usage: Usage) -> Result<(), IssueError> {
        let mut bits = KeyUsage::new();
        bits.critical();
        let mut purposes = ExtendedKeyUsage::new();
        match usage {
            Usage::Signing => {
                bits.digital_signature().non_repudiation();
                purposes.email_protection();
                for role in &self.roles {
                    oid::parse(role).ok_or(IssueError::Identifier)?;
                    purposes.other(role);
                }
            }
            Usage::Authentication => {
                bits.digital_signature();
                purposes.client_auth();
            }
            Usage::Encryption => {
                bits.key_encipherment();
                purposes.email_protection();
            }
            Usage::TimeStamping => {
                bits.digital_signature().non_repudiation();
                purposes.critical().time_stamping();
            }
        }
        draft.append_extension(bits.build()?)?;
        draft.append_extension(purposes.build()?)?;
        Ok(())
    }
}

impl Subject {
    fn name(&self) -> Result<X509Name, IssueError> {
        let mut name = X509NameBuilder::new()?;
        let parts = [
            (Nid::COUNTRYNAME, self.country.as_deref()),
            (Nid::COMMONNAME, Some(self.common_name.as_str())),
            (Nid::SERIALNUMBER, self.person.as_deref()),
            (Nid::ORGANIZATIONNAME, self.organisation.as_deref()),
            (Nid::ORGANIZATIONALUNITNAME, self.organisation_id.as_deref()),
        ];
        for (kind, value) in parts {
            if let Some(value) = value {
                name.append_entry_by_nid(kind, value)?;
            }
        }
        Ok(name.build())
    }
}

fn draft(
    subject: &X509Name,
    issuer: &openssl::x509::X509NameRef,
    key: &PKey<Public>,
    validity: Validity,
) -> Result<X509Builder, IssueError> {
    let mut serial = [0; 16];
    openssl::rand::rand_bytes(&mut serial)?;
    if let Some(first) = serial.first_mut() {
        // Positive, and of the same length every time.
        *first = (*first & 0x3f) | 0x40;
    }
    let serial = Asn1Integer::from_bn(BigNum::from_slice(&serial)?.as_ref())?;
    let not_before = Asn1Time::from_unix(validity.not_before.timestamp())?;
    let not_after = Asn1Time::from_unix(validity.not_after.timestamp())?;
    let mut draft = X509Builder::new()?;
    draft.set_version(2)?;
    draft.set_serial_number(&serial)?;
    draft.set_subject_name(subject)?;
    draft.set_issuer_name(issuer)?;
    draft.set_pubkey(key)?;
    draft.set_not_before(&not_before)?;
    draft.set_not_after(&not_after)?;
    Ok(draft)
}

fn authority_extensions(draft: &mut X509Builder, path_length: Option<u32>) -> Result<(), IssueError> {
    let mut constraints = BasicConstraints::new();
    constraints.critical().ca();
    if let Some(length) = path_length {
        constraints.pathlen(length);
    }
    draft.append_extension(constraints.build()?)?;
    draft.append_extension(KeyUsage::new().critical().key_cert_sign().crl_sign().build()?)?;
    Ok(())
}

fn key_identifiers(draft: &mut X509Builder, issuer: Option<&X509>) -> Result<(), IssueError> {
    let context = draft.x509v3_context(issuer.map(AsRef::as_ref), None);
    let subject = SubjectKeyIdentifier::new().build(&context)?;
    draft.append_extension(subject)?;
    if let Some(issuer) = issuer {
        let context = draft.x509v3_context(Some(issuer.as_ref()), None);
        let authority = AuthorityKeyIdentifier::new().keyid(true).build(&context)?;
        draft.append_extension(authority)?;
    }
    Ok(())
}

fn policies(dotted: &[String]) -> Result<X509Extension, IssueError> {
    let mut list = Vec::new();
    for policy in dotted {
        let content = oid::parse(policy).ok_or(IssueError::Identifier)?;
        list.push(encode::sequence(&[&encode::oid(&content)]));
    }
    let list = encode::sequence(&[&list.concat()]);
    let kind = Asn1Object::from_str("2.5.29.32")?;
    Ok(X509Extension::new_from_der(&kind, false, Asn1OctetString::new_from_bytes(&list)?.as_ref())?)
}
