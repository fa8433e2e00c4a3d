//! What is trusted at one moment: anchors, issuing authorities, timestamp authorities and revocation evidence.

mod cache;
pub(crate) mod crl;
pub(crate) mod ocsp;
mod told;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use openssl::error::ErrorStack;

pub(crate) use cache::{SignerCache, SignerEntry};
pub use told::{TrustFacts, TrustedAuthority, TrustedList};

use crate::algorithm::{self, Key, SignatureAlgorithm};
use crate::certificate::Certificate;
use crate::der::{DerError, Tlv};
use crate::name::Name;
use crate::oid;

/// Most lists kept as they came; the oldest goes first.
const LISTS_MAX: usize = 256;

/// Why something cannot be taken into a trust store.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TrustError {
    /// Not the DER it should be.
    #[error("damaged encoding: {0}")]
    Malformed(#[from] DerError),
    /// The key or algorithm is not of the profile.
    #[error("{0}")]
    Algorithm(String),
    /// The signature does not verify under the issuer, or the issuer may not make it.
    #[error("signature does not verify under the issuer")]
    Signature,
    /// No known authority is the issuer.
    #[error("issuer is not known")]
    UnknownIssuer,
    /// Attribute lists and unknown critical extensions are not taken.
    #[error("scope is out of the profile")]
    Scope,
    /// The responder answered with an error.
    #[error("responder gave no answer")]
    Unsuccessful,
    /// An older list or store than the one in use.
    #[error("older than what is in use")]
    Rollback,
    /// The certificate is not one of an authority.
    #[error("certificate is not one of an authority")]
    NotAuthority,
    /// A timestamp policy that is no object identifier.
    #[error("policy is no object identifier")]
    Policy,
    /// The cryptographic library failed.
    #[error("cryptographic library failed")]
    Library,
}

impl From<ErrorStack> for TrustError {
    fn from(_: ErrorStack) -> Self {
        Self::Library
    }
}

/// A certificate whose key signs certificates, CRLs or status answers.
#[derive(Clone, Debug)]
pub(crate) struct Authority {
    pub(crate) der: Vec<u8>,
    pub(crate) key: Key,
    pub(crate) id: [u8; 32],
    pub(crate) subject: Vec<u8>,
    pub(crate) key_bits: Vec<u8>,
    pub(crate) may_sign_crls: bool,
    may_issue: bool,
}

impl Authority {
    pub(crate) fn from_der(der: &[u8]) -> Result<Self, TrustError> {
        let certificate = Certificate::parse(der)?;
        let key =
            algorithm::public_key(certificate.spki).map_err(|fault| TrustError::Algorithm(fault.detail))?;
        Ok(Self {
            der: der.to_vec(),
            key,
            id: certificate.issuer_id(),
            subject: certificate.subject.to_vec(),
            key_bits: certificate.key_bits.to_vec(),
            may_sign_crls: certificate.extensions.may_sign_crls(),
            may_issue: certificate.extensions.is_authority,
        })
    }

    /// Whether this authority's key made `signature` over `signed` with an algorithm of the profile.
    pub(crate) fn signed(
        &self,
        signed: &[u8],
        algorithm: Tlv<'_>,
        signature: &[u8],
    ) -> Result<bool, TrustError> {
        let algorithm =
            SignatureAlgorithm::read(algorithm, None).map_err(|fault| TrustError::Algorithm(fault.detail))?;
        Ok(algorithm.fits(&self.key).is_ok() && algorithm.verifies(&self.key, &[signed], signature))
    }
}

/// Immutable set of what is trusted; share it in an `Arc`, replace it as a whole.
#[derive(Debug)]
pub struct TrustStore {
    sequence: u64,
    next_update: Option<DateTime<Utc>>,
    pub(crate) anchors: Vec<Arc<Authority>>,
    pub(crate) intermediates: Vec<Arc<Authority>>,
    crls: HashMap<[u8; 32], Arc<crl::Crl>>,
    /// Every list as it came, for those that take more than their issuer's word: delta, indirect, partitioned.
    lists: Vec<Arc<[u8]>>,
    has_special_lists: bool,
    answers: Vec<Arc<ocsp::Answer>>,
    timestamp_authorities: HashMap<[u8; 32], Vec<Vec<u8>>>,
    seals: HashMap<[u8; 32], Arc<[u8]>>,
    pub(crate) signers: SignerCache,
    pub(crate) timestampers: SignerCache,
}

impl TrustStore {
    /// An empty store to fill; `sequence` numbers the trust lists of one installation.
    pub fn builder(sequence: u64) -> TrustStoreBuilder {
        TrustStoreBuilder { store: Self::empty(sequence) }
    }

    /// A builder that starts from this store's content, for the next CRL or the next list.
    pub fn next(&self, sequence: u64) -> TrustStoreBuilder {
        TrustStoreBuilder {
            store: Self {
                sequence,
                next_update: self.next_update,
                anchors: self.anchors.clone(),
                intermediates: self.intermediates.clone(),
                crls: self.crls.clone(),
                lists: self.lists.clone(),
                has_special_lists: self.has_special_lists,
                answers: self.answers.clone(),
                timestamp_authorities: self.timestamp_authorities.clone(),
                seals: self.seals.clone(),
                signers: SignerCache::default(),
                timestampers: SignerCache::default(),
            },
        }
    }

    fn empty(sequence: u64) -> Self {
        Self {
            sequence,
            next_update: None,
            anchors: Vec::new(),
            intermediates: Vec::new(),
            crls: HashMap::new(),
            lists: Vec::new(),
            has_special_lists: false,
            answers: Vec::new(),
            timestamp_authorities: HashMap::new(),
            seals: HashMap::new(),
            signers: SignerCache::default(),
            timestampers: SignerCache::default(),
        }
    }

    /// Sequence number of the trust list.
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Instant after which nothing is accepted under this list.
    pub const fn next_update(&self) -> Option<DateTime<Utc>> {
        self.next_update
    }

    /// Whether no list is older here than in `other`.
    pub(crate) fn is_not_older_than(&self, other: &Self) -> bool {
        let older = |(issuer, list): (&[u8; 32], &Arc<crl::Crl>)| {
            self.crls.get(issuer).is_some_and(|ours| list.is_newer_than(ours))
        };
        self.sequence >= other.sequence && !other.crls.iter().any(older)
    }

    /// What signatures are held against, as it came (DER): each `authority`, and each `list` of revoked certificates.
    pub fn materials(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        let authorities = self.authorities().map(|authority| ("authority", authority.der.as_slice()));
        authorities.chain(self.lists.iter().map(|list| ("list", list.as_ref())))
    }

    /// Of each authority whose list is at hand: its name, and from when until when the list counts, as it says itself.
    pub fn list_lives(&self) -> impl Iterator<Item = (String, DateTime<Utc>, DateTime<Utc>)> {
        self.authorities().filter_map(|authority| {
            let (issued, ends) = self.crls.get(&authority.id)?.validity();
            let name = Name::parse(&authority.subject).ok()?;
            let called = name.values(oid::COMMON_NAME).next().map(str::to_owned);
            Some((called.unwrap_or_else(|| name.line()), issued, ends))
        })
    }

    pub(crate) fn authorities(&self) -> impl Iterator<Item = &Authority> + Clone {
        self.anchors.iter().chain(&self.intermediates).map(AsRef::as_ref)
    }

    pub(crate) fn crl(&self, issuer: &[u8; 32]) -> Option<&crl::Crl> {
        self.crls.get(issuer).map(AsRef::as_ref)
    }

    /// All lists, when some of them are delta, indirect or partitioned; none when the ready ones say everything.
    pub(crate) fn special_lists(&self) -> &[Arc<[u8]>] {
        if self.has_special_lists { &self.lists } else { &[] }
    }

    pub(crate) fn answers(&self) -> impl Iterator<Item = &ocsp::Answer> {
        self.answers.iter().map(AsRef::as_ref)
    }

    /// Certificate of one of our seals, by its SHA-256.
    pub(crate) fn seal_certificate(&self, sha256: &[u8; 32]) -> Option<&[u8]> {
        self.seals.get(sha256).map(AsRef::as_ref)
    }

    /// Policies accepted from a timestamp authority, `None` when the certificate is not one.
    pub(crate) fn timestamp_policies(&self, certificate: &[u8; 32]) -> Option<&[Vec<u8>]> {
        self.timestamp_authorities.get(certificate).map(Vec::as_slice)
    }
}

/// Fills a [`TrustStore`]; authorities come before the evidence they sign.
#[derive(Debug)]
pub struct TrustStoreBuilder {
    store: TrustStore,
}

impl TrustStoreBuilder {
    /// Sets the instant after which nothing is accepted under this list.
    pub fn next_update(&mut self, at: DateTime<Utc>) -> &mut Self {
        self.store.next_update = Some(at);
        self
    }

    /// Adds a trust anchor (DER).
    pub fn anchor(&mut self, der: &[u8]) -> Result<&mut Self, TrustError> {
        let authority = authority(der)?;
        self.store.anchors.push(authority);
        Ok(self)
    }

    /// Adds a known issuing authority (DER); it is trusted only through an anchor.
    pub fn intermediate(&mut self, der: &[u8]) -> Result<&mut Self, TrustError> {
        let authority = authority(der)?;
        self.store.intermediates.push(authority);
        Ok(self)
    }

    /// Adds a trusted timestamp authority's certificate (DER) with the policies accepted from it; none means any.
    pub fn timestamp_authority(&mut self, der: &[u8], policies: &[&str]) -> Result<&mut Self, TrustError> {
        let sha256 = Certificate::parse(der)?.sha256();
        let policies = policies.iter().map(|policy| oid::parse(policy).ok_or(TrustError::Policy));
        self.store.timestamp_authorities.insert(sha256, policies.collect::<Result<_, _>>()?);
        Ok(self)
    }

    /// Adds the certificate (DER) of one of our seals; it is trusted only through an anchor.
    pub fn seal_certificate(&mut self, der: &[u8]) -> Result<&mut Self, TrustError> {
        let sha256 = Certificate::parse(der)?.sha256();
        self.store.seals.insert(sha256, Arc::from(der));
        Ok(self)
    }

    /// Verifies a CRL (DER) under its known issuer and adds it; of two lists of one issuer the newer one stays.
    ///
    /// Delta, indirect and partitioned lists are taken as they are and verified for each path that they speak of.
    pub fn crl(&mut self, der: &[u8]) -> Result<&mut Self, TrustError> {
        let name = crl::issuer_name(der)?;
        let mut outcome = Err(TrustError::UnknownIssuer);
        for issuer in self.store.authorities().filter(|authority| authority.subject == name) {
            outcome = crl::Crl::import(der, issuer).map(|crl| (issuer.id, crl));
            if outcome.is_ok() {
                break;
            }
        }
        if matches!(outcome, Err(TrustError::Scope)) && crate::path::is_readable_list(der) {
            self.store.has_special_lists = true;
            self.keep_list(der);
            return Ok(self);
        }
        let (issuer, crl) = outcome?;
        match self.store.crls.get(&issuer) {
            Some(known) if known.is_newer_than(&crl) => Err(TrustError::Rollback),
            _ => {
                self.store.crls.insert(issuer, Arc::new(crl));
                self.keep_list(der);
                Ok(self)
            }
        }
    }

    fn keep_list(&mut self, der: &[u8]) {
        if self.store.lists.iter().any(|known| **known == *der) {
            return;
        }
        if self.store.lists.len() >= LISTS_MAX {
            self.store.lists.remove(0);
        }
        self.store.lists.push(Arc::from(der));
    }

    /// Verifies an OCSP response (DER) under its known issuer and adds its answers.
    pub fn ocsp(&mut self, der: &[u8]) -> Result<&mut Self, TrustError> {
        let answers = ocsp::import(der, &self.store.authorities())?;
        self.store.answers.extend(answers.into_iter().map(Arc::new));
        Ok(self)
    }

    /// The finished store.
    pub fn build(self) -> Arc<TrustStore> {
        Arc::new(self.store)
    }
}

fn authority(der: &[u8]) -> Result<Arc<Authority>, TrustError> {
    let authority = Authority::from_der(der)?;
    if authority.may_issue { Ok(Arc::new(authority)) } else { Err(TrustError::NotAuthority) }
}

/// Name of a revocation reason (RFC 5280, 5.3.1).
fn reason(code: u8) -> &'static str {
    match code {
        1 => "keyCompromise",
        2 => "cACompromise",
        3 => "affiliationChanged",
        4 => "superseded",
        5 => "cessationOfOperation",
        6 => "certificateHold",
        9 => "privilegeWithdrawn",
        10 => "aACompromise",
        _ => "unspecified",
    }
}
