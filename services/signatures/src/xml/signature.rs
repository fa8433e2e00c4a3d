//! The structure of a signature (XML-DSig 1.1; XAdES, ETSI EN 319 132-1) as the profile takes it, named refusals else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::canonical::Form;
use super::parse::{Document, Element, NodeId};
use crate::algorithm::{Digest, Scheme, SignatureAlgorithm};
use crate::fault::Fault;
use crate::report::{Finding, Step};

pub(super) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
pub(super) const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";
const SIGNED_PROPERTIES: &str = "http://uri.etsi.org/01903#SignedProperties";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// Most certificates of one signature.
const CERTIFICATES_MAX: usize = 16;

/// One reference: what it digests, how, and to what.
#[derive(Debug)]
pub(super) struct Reference {
    pub(super) target: Target,
    pub(super) form: Form,
    pub(super) digest: Digest,
    pub(super) value: Vec<u8>,
}

/// What a reference is over.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Target {
    /// The whole document, instructions around the root included.
    Document,
    /// The root element.
    Root,
    /// The signed properties of this very signature.
    Properties(NodeId),
}

/// A signature taken apart.
#[derive(Debug)]
pub(super) struct Signature {
    pub(super) id: NodeId,
    pub(super) signed_info: NodeId,
    pub(super) form: Form,
    pub(super) algorithm: SignatureAlgorithm,
    pub(super) references: Vec<Reference>,
    pub(super) value_node: NodeId,
    pub(super) value: Vec<u8>,
    pub(super) certificates: Vec<Vec<u8>>,
    pub(super) properties: Option<Properties>,
    pub(super) timestamps: Vec<Vec<u8>>,
}

/// What XAdES says of the signing certificate and time.
#[derive(Debug, Default)]
pub(super) struct Properties {
    pub(super) certificate: Option<(Digest, Vec<u8>)>,
    pub(super) signing_time: Option<String>,
}

pub(super) fn malformed(detail: &str) -> Finding {
    Finding::new(Step::Format, Fault::Malformed, detail)
}

fn transform(detail: impl Into<String>) -> Finding {
    Finding::new(Step::Format, Fault::TransformRefused, detail)
}

/// Reader over the child elements of one element, in order.
struct Children<'d> {
    document: &'d Document,
    list: Vec<(NodeId, &'d Element)>,
    next: usize,
}

impl<'d> Children<'d> {
    fn of(document: &'d Document, id: NodeId) -> Self {
        Self { document, list: document.children(id).collect(), next: 0 }
    }

    fn optional(&mut self, local: &str) -> Option<(NodeId, &'d Element)> {
        let found = self.list.get(self.next).copied().filter(|(_, element)| element.is(DSIG, local));
        self.next += usize::from(found.is_some());
        found
    }

    fn take(&mut self, local: &str) -> Result<(NodeId, &'d Element), Finding> {
        self.optional(local).ok_or_else(|| malformed(&format!("{local} is missing or misplaced")))
    }

    fn end(&self) -> Result<(), Finding> {
        if self.next == self.list.len() {
            Ok(())
        } else {
            Err(malformed("unexpected element in a signature"))
        }
    }

    fn octets(&self, id: NodeId) -> Result<Vec<u8>, Finding> {
        octets(self.document, id)
    }
}

pub(super) fn octets(document: &Document, id: NodeId) -> Result<Vec<u8>, Finding> {
    let text: String = document.text(id).unwrap_or_default().split_ascii_whitespace().collect();
    STANDARD.decode(text).map_err(|_| malformed("octets of a signature are not base64"))
}

fn named(element: &Element) -> Result<&str, Finding> {
    element.attribute("Algorithm").ok_or_else(|| malformed("an algorithm is not named"))
}

impl Signature {
    /// Reads the signature element `id`.
    pub(super) fn read(document: &Document, id: NodeId) -> Result<Self, Finding> {
        let mut parts = Children::of(document, id);
        let (signed_info, _) = parts.take("SignedInfo")?;
        let (value_node, _) = parts.take("SignatureValue")?;
        let value = parts.octets(value_node)?;
        let key_info = parts.optional("KeyInfo").map(|(id, _)| id);
        let objects: Vec<NodeId> =
            std::iter::from_fn(|| parts.optional("Object").map(|(id, _)| id)).collect();
        parts.end()?;

        let mut info = Children::of(document, signed_info);
        let (method, element) = info.take("CanonicalizationMethod")?;
        let form = form(document, method, element)?;
        let (method, element) = info.take("SignatureMethod")?;
        if document.children(method).next().is_some() {
            return Err(malformed("signature method takes no parameters"));
        }
        let algorithm = signature_algorithm(named(element)?)?;
        let mut references = Vec::new();
        while let Some((reference, element)) = info.optional("Reference") {
            if references.len() == 2 {
                return Err(Finding::new(
                    Step::Format,
                    Fault::CoverageOther,
                    "more references than the profile",
                ));
            }
            references.push(Reference::read(document, id, reference, element)?);
        }
        info.end()?;
        if references.is_empty() {
            return Err(malformed("signature has no reference"));
        }
        let properties = properties(document, &objects, &references)?;
        let timestamps = timestamps(document, id)?;
        let certificates = match key_info {
            Some(key_info) => certificates(document, key_info)?,
            None => Vec::new(),
        };
        Ok(Self {
            id,
            signed_info,
            form,
            algorithm,
            references,
            value_node,
            value,
            certificates,
            properties,
            timestamps,
        })
    }

    /// Whether one reference is over the whole document and every other one over the signed properties.
    pub(super) fn covers_document(&self) -> bool {
        let whole = |reference: &&Reference| !matches!(reference.target, Target::Properties(_));
        self.references.iter().filter(whole).count() == 1
    }
}

impl Reference {
    fn read(document: &Document, signature: NodeId, id: NodeId, element: &Element) -> Result<Self, Finding> {
        let uri = element.attribute("URI").ok_or_else(|| transform("reference without address"))?;
        let target = target(document, signature, uri, element.attribute("Type"))?;
        let mut parts = Children::of(document, id);
        let mut enveloped = false;
        let mut chosen = None;
        if let Some((list, _)) = parts.optional("Transforms") {
            let mut list = Children::of(document, list);
            while let Some((id, element)) = list.optional("Transform") {
                let algorithm = named(element)?;
                if chosen.is_some() || (enveloped && algorithm == ENVELOPED) {
                    return Err(transform("transforms follow the canonicalisation"));
                }
                if algorithm == ENVELOPED {
                    enveloped = true;
                } else {
                    chosen = Some(form(document, id, element)?);
                }
            }
            list.end()?;
        }
        let (_, method) = parts.take("DigestMethod")?;
        let digest = digest(named(method)?)?;
        let (value, _) = parts.take("DigestValue")?;
        let value = parts.octets(value)?;
        parts.end()?;
        if enveloped == matches!(target, Target::Properties(_)) {
            return Err(transform("enveloped transform is missing or misplaced"));
        }
        Ok(Self { target, form: chosen.unwrap_or(Form::Inclusive), digest, value })
    }
}

/// What `uri` points to: the document, its root by its one identifier, or this signature's signed properties.
fn target(document: &Document, signature: NodeId, uri: &str, kind: Option<&str>) -> Result<Target, Finding> {
    if uri.is_empty() {
        return Ok(Target::Document);
    }
    let name = uri.strip_prefix('#').filter(|name| !name.is_empty() && !name.contains(['(', ')', '/']));
    let name = name.ok_or_else(|| transform(format!("reference to {uri} is refused")))?;
    let bears = |element: &Element| {
        let mut names = element.attributes.iter().filter(|(known, _)| known.local.eq_ignore_ascii_case("id"));
        names.any(|(_, value)| value == name)
    };
    let other = |detail: &str| Finding::new(Step::Format, Fault::CoverageOther, detail);
    let mut bearers = document.elements().filter(|(_, element)| bears(element));
    let (Some((found, element)), None) = (bearers.next(), bearers.next()) else {
        return Err(other("reference points to no single element"));
    };
    if kind == Some(SIGNED_PROPERTIES) && element.is(XADES, "SignedProperties") {
        let of_this = is_inside(document, found, signature);
        return if of_this {
            Ok(Target::Properties(found))
        } else {
            Err(other("properties of another signature"))
        };
    }
    if found == document.root && element.attribute("Id") == Some(name) {
        Ok(Target::Root)
    } else {
        Err(other("reference points to another element than the root"))
    }
}

fn is_inside(document: &Document, id: NodeId, ancestor: NodeId) -> bool {
    let mut next = Some(id);
    while let Some(at) = next {
        if at == ancestor {
            return true;
        }
        next = document.element(at).and_then(|element| element.parent);
    }
    false
}

fn form(document: &Document, id: NodeId, element: &Element) -> Result<Form, Finding> {
    let prefixes: Vec<_> = document.children(id).collect();
    match (named(element)?, prefixes.as_slice()) {
        (INCLUSIVE, []) => Ok(Form::Inclusive),
        (EXCLUSIVE, []) => Ok(Form::Exclusive(Vec::new())),
        (EXCLUSIVE, [(_, list)]) if list.is(EXCLUSIVE, "InclusiveNamespaces") => {
            let prefixes = list.attribute("PrefixList").unwrap_or_default().split_whitespace();
            let prefix = |name: &str| if name == "#default" { String::new() } else { name.to_owned() };
            Ok(Form::Exclusive(prefixes.map(prefix).collect()))
        }
        (other, _) => Err(transform(format!("transform {other} is refused"))),
    }
}

/// Names that Kazakhstan gives to GOST in XML.
const KZ_STREEBOG: &str = "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34112015-512";
const KZ_GOST: &str = "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34102015-gostr34112015-512";

fn digest(name: &str) -> Result<Digest, Finding> {
    match name {
        "http://www.w3.org/2001/04/xmlenc#sha256" => Ok(Digest::Sha256),
        "http://www.w3.org/2001/04/xmldsig-more#sha384" => Ok(Digest::Sha384),
        "http://www.w3.org/2001/04/xmlenc#sha512" => Ok(Digest::Sha512),
        KZ_STREEBOG => Ok(Digest::Streebog512),
        other => Err(algorithm_refused(other)),
    }
}

fn signature_algorithm(name: &str) -> Result<SignatureAlgorithm, Finding> {
    let algorithm = |scheme, digest| Ok(SignatureAlgorithm { scheme, digest });
    let known = name.strip_prefix("http://www.w3.org/2001/04/xmldsig-more#");
    let newer = name.strip_prefix("http://www.w3.org/2007/05/xmldsig-more#");
    match (known, newer) {
        _ if name == KZ_GOST => algorithm(Scheme::Gost512, Digest::Streebog512),
        (Some("rsa-sha256"), _) => algorithm(Scheme::RsaPkcs1, Digest::Sha256),
        (Some("rsa-sha384"), _) => algorithm(Scheme::RsaPkcs1, Digest::Sha384),
        (Some("rsa-sha512"), _) => algorithm(Scheme::RsaPkcs1, Digest::Sha512),
        (Some("ecdsa-sha256"), _) => algorithm(Scheme::Ecdsa, Digest::Sha256),
        (Some("ecdsa-sha384"), _) => algorithm(Scheme::Ecdsa, Digest::Sha384),
        (Some("ecdsa-sha512"), _) => algorithm(Scheme::Ecdsa, Digest::Sha512),
        (_, Some("sha256-rsa-MGF1")) => algorithm(Scheme::RsaPss { salt: 32 }, Digest::Sha256),
        (_, Some("sha384-rsa-MGF1")) => algorithm(Scheme::RsaPss { salt: 48 }, Digest::Sha384),
        (_, Some("sha512-rsa-MGF1")) => algorithm(Scheme::RsaPss { salt: 64 }, Digest::Sha512),
        _ => Err(algorithm_refused(name)),
    }
}

fn algorithm_refused(name: &str) -> Finding {
    let weak = ["sha1", "md5", "sha224", "ripemd"].iter().any(|weak| name.contains(weak));
    let (fault, said) = if weak {
        (Fault::AlgorithmRefused, "refused")
    } else {
        (Fault::AlgorithmUnsupported, "not supported")
    };
    Finding::new(Step::Crypto, fault, format!("algorithm {name} is {said}"))
}

fn certificates(document: &Document, key_info: NodeId) -> Result<Vec<Vec<u8>>, Finding> {
    let mut found = Vec::new();
    for (data, _) in document.children(key_info).filter(|(_, element)| element.is(DSIG, "X509Data")) {
        for (id, _) in document.children(data).filter(|(_, element)| element.is(DSIG, "X509Certificate")) {
            if found.len() == CERTIFICATES_MAX {
                return Err(malformed("more certificates than the limits allow"));
            }
            found.push(octets(document, id)?);
        }
    }
    Ok(found)
}

/// Descends from `id` by the local names of XAdES elements, each the only one of its name.
fn descend(document: &Document, id: NodeId, names: &[&str]) -> Option<NodeId> {
    names.iter().try_fold(id, |at, name| {
        let mut same = document.children(at).filter(|(_, element)| element.is(XADES, name));
        let found = same.next().map(|(id, _)| id);
        if same.next().is_some() { None } else { found }
    })
}

fn properties(
    document: &Document,
    objects: &[NodeId],
    references: &[Reference],
) -> Result<Option<Properties>, Finding> {
    let signed = references.iter().find_map(|reference| match reference.target {
        Target::Properties(id) => Some(id),
        _ => None,
    });
    let unsigned =
        objects.iter().any(|object| descend(document, *object, &["QualifyingProperties"]).is_some());
    let Some(signed) = signed else {
        return if unsigned {
            Err(Finding::new(Step::Format, Fault::CoverageOther, "signed properties are not signed"))
        } else {
            Ok(None)
        };
    };
    let own = |names: &[&str]| descend(document, signed, names);
    let general = "SignedSignatureProperties";
    let signing_time = own(&[general, "SigningTime"]).and_then(|id| document.text(id));
    let certificate = match own(&[general, "SigningCertificateV2"]) {
        None => None,
        Some(list) => {
            let first = document.children(list).find(|(_, element)| element.is(XADES, "Cert"));
            let first = first.and_then(|(id, _)| descend(document, id, &["CertDigest"]));
            let first = first.ok_or_else(|| malformed("signing certificate is not named"))?;
            let mut parts = Children::of(document, first);
            let (_, method) = parts.take("DigestMethod")?;
            let (value, _) = parts.take("DigestValue")?;
            parts.end()?;
            Some((digest(named(method)?)?, parts.octets(value)?))
        }
    };
    Ok(Some(Properties { certificate, signing_time }))
}

/// Signature timestamp tokens among the unsigned properties of signature `id`.
fn timestamps(document: &Document, id: NodeId) -> Result<Vec<Vec<u8>>, Finding> {
    let mut found = Vec::new();
    for (at, _) in document.elements().filter(|(_, element)| element.is(XADES, "EncapsulatedTimeStamp")) {
        let parent = document.element(at).and_then(|element| element.parent);
        let of_signature = parent
            .and_then(|parent| document.element(parent))
            .is_some_and(|parent| parent.is(XADES, "SignatureTimeStamp"));
        if of_signature && is_inside(document, at, id) {
            if found.len() == 4 {
                return Err(malformed("more timestamps than the limits allow"));
            }
            found.push(octets(document, at)?);
        }
    }
    Ok(found)
}
