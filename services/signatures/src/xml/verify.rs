//! Verification of a signed XML document: every signature over the whole of it, then the common judgement.

use chrono::{DateTime, SubsecRound as _, Utc};

use super::canonical::{self, Form};
use super::parse::{Document, NodeId, XmlError};
use super::signature::{DSIG, Reference, Signature, Target, malformed};
use crate::algorithm::Scheme;
use crate::claim::{Basis, Claim};
use crate::cms::Stapled;
use crate::encode;
use crate::evidence::VerifiedDocument;
use crate::fault::Fault;
use crate::refusal::SignatureRefusal;
use crate::report::{Finding, Level, Step};
use crate::summary::{Draft, Summary};
use crate::verify::Verifier;

/// Most signatures of one document.
const SIGNATURES_MAX: usize = 8;

/// What a signature in a document must be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum XmlForm {
    /// XML-DSig; signed properties are checked where there are any.
    Plain,
    /// XAdES at this level: signed properties that bind the signing certificate.
    Advanced(Level),
}

impl Verifier {
    /// Verifies every enveloped signature of `document` as of `received_at`; all must be good.
    pub fn verify_xml(
        &self,
        document: &[u8],
        received_at: DateTime<Utc>,
        form: XmlForm,
    ) -> Result<VerifiedDocument, SignatureRefusal> {
        let trust = self.trust();
        let level = match form {
            XmlForm::Plain => Level::B,
            XmlForm::Advanced(level) => level,
        };
        let sha256 = openssl::sha::sha256(document);
        let mut summary = Summary::new(sha256, document, received_at, level);
        let at = received_at.trunc_subsecs(0);
        let basis = Basis { trust: &trust, profile: self.profile(), at, level };
        match read(document, self.profile().payload_bytes_max) {
            Err(finding) => summary.refuse(finding),
            Ok((parsed, signatures)) => {
                for id in signatures {
                    let mut draft = Draft::default();
                    let outcome = one(&parsed, id, form, &basis, &mut draft);
                    summary.add(draft, outcome);
                }
                summary.covers(&root(&parsed));
            }
        }
        match summary.finish(self.profile().name(), trust.sequence()) {
            (report, None) => Ok(VerifiedDocument::new(sha256, document, report)),
            (report, Some(finding)) => Err(SignatureRefusal::new(finding.fault, finding.detail, report)),
        }
    }
}

/// Name of the root element, namespace first.
fn root(document: &Document) -> String {
    let name = document.element(document.root).map(|element| &element.name);
    name.map(|name| format!("{{{}}}{}", name.namespace, name.local)).unwrap_or_default()
}

pub(super) fn read(octets: &[u8], most: usize) -> Result<(Document, Vec<NodeId>), Finding> {
    if octets.len() > most {
        return Err(Finding::new(Step::Format, Fault::TooLarge, "document is larger than the limit"));
    }
    let document = Document::parse(octets).map_err(|error| {
        let fault = if error == XmlError::TooLarge { Fault::TooLarge } else { Fault::Malformed };
        Finding::new(Step::Format, fault, error.to_string())
    })?;
    let all = document.elements().filter(|(_, element)| element.is(DSIG, "Signature"));
    let signatures: Vec<(NodeId, Option<NodeId>)> = all.map(|(id, element)| (id, element.parent)).collect();
    if signatures.is_empty() {
        return Err(malformed("document has no signature"));
    }
    if signatures.len() > SIGNATURES_MAX {
        return Err(malformed("more signatures than the limits allow"));
    }
    if signatures.iter().any(|(_, parent)| *parent != Some(document.root)) {
        let detail = "a signature stands elsewhere than directly in the root element";
        return Err(Finding::new(Step::Format, Fault::CoverageOther, detail));
    }
    let signatures = signatures.into_iter().map(|(id, _)| id).collect();
    Ok((document, signatures))
}

fn one(
    document: &Document,
    id: NodeId,
    form: XmlForm,
    basis: &Basis<'_>,
    draft: &mut Draft,
) -> Result<(), Finding> {
    let signature = Signature::read(document, id)?;
    intact(document, &signature)?;
    let certificate = signing_certificate(&signature, form)?;
    let time = signature.properties.as_ref().and_then(|properties| properties.signing_time.as_deref());
    let time = time.and_then(|time| DateTime::parse_from_rfc3339(time.trim()).ok());
    draft.claimed_signing_time = time.map(|time| time.with_timezone(&Utc));
    let signed = canonical::subtree(document, signature.signed_info, &signature.form, None);
    let value = value_of(&signature)?;
    let stamped = canonical::subtree(document, signature.value_node, &Form::Inclusive, None);
    let embedded: Vec<&[u8]> = signature.certificates.iter().map(Vec::as_slice).collect();
    let timestamps: Vec<&[u8]> = signature.timestamps.iter().map(Vec::as_slice).collect();
    let claim = Claim {
        certificate,
        sha256: openssl::sha::sha256(certificate),
        embedded: &embedded,
        algorithm: signature.algorithm,
        signed: &[&signed],
        signature: &value,
        stamped: &stamped,
        timestamps: &timestamps,
        stapled: &Stapled::default(),
    };
    claim.judge(basis, draft)
}

/// The certificate the signed properties name, or the first one of a plain signature.
fn signing_certificate(signature: &Signature, form: XmlForm) -> Result<&[u8], Finding> {
    let missing = |detail: &str| Finding::new(Step::Ident, Fault::CertMissing, detail);
    let named = signature.properties.as_ref().and_then(|properties| properties.certificate.as_ref());
    match named {
        Some((digest, hash)) => {
            let found = signature.certificates.iter().find(|raw| digest.of(raw) == *hash);
            found.map(Vec::as_slice).ok_or_else(|| missing("signing certificate named is not embedded"))
        }
        None if form == XmlForm::Plain && signature.properties.is_none() => {
            let first = signature.certificates.first().map(Vec::as_slice);
            first.ok_or_else(|| missing("signer certificate is not embedded"))
        }
        None => Err(Finding::new(
            Step::Ident,
            Fault::AttributesMissing,
            "signed properties that name the signing certificate are missing",
        )),
    }
}

/// Whether the signature is over the whole document, and every reference's digest is that of what it is over.
pub(super) fn intact(document: &Document, signature: &Signature) -> Result<(), Finding> {
    if !signature.covers_document() {
        let detail = "signature is not over the document";
        return Err(Finding::new(Step::Format, Fault::CoverageOther, detail));
    }
    if signature.references.iter().all(|reference| is_intact(document, signature, reference)) {
        Ok(())
    } else {
        Err(Finding::new(Step::Crypto, Fault::DigestMismatch, "document is not what was signed"))
    }
}

/// The signature value in the form the library takes.
pub(super) fn value_of(signature: &Signature) -> Result<Vec<u8>, Finding> {
    match signature.algorithm.scheme {
        Scheme::Ecdsa => plain_to_der(&signature.value)
            .ok_or_else(|| Finding::new(Step::Crypto, Fault::Invalid, "signature value does not verify")),
        Scheme::RsaPkcs1 | Scheme::RsaPss { .. } | Scheme::Gost512 => Ok(signature.value.clone()),
    }
}

fn is_intact(document: &Document, signature: &Signature, reference: &Reference) -> bool {
    let octets = match reference.target {
        Target::Document => canonical::document(document, &reference.form, Some(signature.id)),
        Target::Root => canonical::subtree(document, document.root, &reference.form, Some(signature.id)),
        Target::Properties(id) => canonical::subtree(document, id, &reference.form, None),
    };
    reference.digest.of(&octets) == reference.value
}

/// An ECDSA value as two numbers of equal length, rewritten as DER.
pub(crate) fn plain_to_der(value: &[u8]) -> Option<Vec<u8>> {
    if !matches!(value.len(), 64 | 96) {
        return None;
    }
    let (r, s) = value.split_at_checked(value.len() / 2)?;
    Some(encode::sequence(&[&encode::unsigned(r), &encode::unsigned(s)]))
}
