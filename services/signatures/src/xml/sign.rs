//! Signing XML documents as the profile takes them: one enveloped signature, XAdES baseline B.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};

use super::canonical::{self, Form};
use super::parse::{Document, NodeId};
use super::signature::{DSIG, XADES};
use crate::issue::{Credential, IssueError, KeyKind};
use crate::seal;

/// Where the signature's parts stand in a document that has it.
struct Places {
    signature: NodeId,
    signed_info: NodeId,
    properties: NodeId,
}

/// A document split where the signature comes to stand, and what of the signature is known before it is made.
struct Draft<'a> {
    before: &'a str,
    after: &'a str,
    algorithm: &'static str,
    certificates: String,
    properties: String,
}

impl Credential {
    /// `document` with an enveloped signature over the whole of it, as the last child of its root element.
    ///
    /// # Errors
    /// [`IssueError::Document`] when it is no well-formed XML in UTF-8 whose root element has an end tag.
    pub fn sign_xml(&self, document: &[u8], signing_time: DateTime<Utc>) -> Result<Vec<u8>, IssueError> {
        let text = std::str::from_utf8(document).map_err(|_| IssueError::Document)?;
        Document::parse(document).map_err(|_| IssueError::Document)?;
        let (before, after) = text.split_at(text.rfind("</").ok_or(IssueError::Document)?);
        let all = std::iter::once(self.certificate()).chain(self.chain().iter().map(Vec::as_slice));
        let hash = STANDARD.encode(openssl::sha::sha256(self.certificate()));
        let draft = Draft {
            before,
            after,
            algorithm: algorithm(self)?,
            certificates: all.fold(String::new(), |mut text, raw| {
                text.push_str("<ds:X509Certificate>");
                STANDARD.encode_string(raw, &mut text);
                text.push_str("</ds:X509Certificate>");
                text
            }),
            properties: format!(
                "<xades:SignedProperties Id=\"signed-properties\"><xades:SignedSignatureProperties>\
                 <xades:SigningTime>{}</xades:SigningTime><xades:SigningCertificateV2><xades:Cert><xades:CertDigest>\
                 <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue>{hash}</ds:DigestValue>\
                 </xades:CertDigest></xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties>\
                 </xades:SignedProperties>",
                signing_time.format("%Y-%m-%dT%H:%M:%SZ")
            ),
        };
        let form = Form::Exclusive(Vec::new());
        let (parsed, places) = draft.place(["", ""], "")?;
        let whole = canonical::document(&parsed, &form, Some(places.signature));
        let properties = canonical::subtree(&parsed, places.properties, &form, None);
        let digests = [whole, properties].map(|octets| STANDARD.encode(openssl::sha::sha256(&octets)));
        let digests = digests.each_ref().map(String::as_str);
        let (parsed, places) = draft.place(digests, "")?;
        let signed = canonical::subtree(&parsed, places.signed_info, &form, None);
        let value = STANDARD.encode(seal::value(self, &signed)?);
        Ok(draft.text(digests, &value).into_bytes())
    }
}

/// Name of the algorithm that a key signs XML with.
fn algorithm(credential: &Credential) -> Result<&'static str, IssueError> {
    Ok(match credential.key().kind()? {
        KeyKind::P256 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        KeyKind::P384 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
        KeyKind::Rsa2048 | KeyKind::Rsa3072 | KeyKind::Rsa4096 => {
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
        }
    })
}

impl Draft<'_> {
    fn text(&self, [whole, properties]: [&str; 2], value: &str) -> String {
        let Self { before, after, algorithm, certificates, properties: signed, .. } = self;
        let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
        let digest = |value: &str| {
            format!(
                "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue>{value}</ds:DigestValue>"
            )
        };
        format!(
            "{before}<ds:Signature xmlns:ds=\"{DSIG}\"><ds:SignedInfo>\
             <ds:CanonicalizationMethod Algorithm=\"{exclusive}\"/><ds:SignatureMethod Algorithm=\"{algorithm}\"/>\
             <ds:Reference URI=\"\"><ds:Transforms><ds:Transform Algorithm=\"{DSIG}enveloped-signature\"/>\
             <ds:Transform Algorithm=\"{exclusive}\"/></ds:Transforms>{}</ds:Reference>\
             <ds:Reference URI=\"#signed-properties\" Type=\"http://uri.etsi.org/01903#SignedProperties\"><ds:Transforms>\
             <ds:Transform Algorithm=\"{exclusive}\"/></ds:Transforms>{}</ds:Reference></ds:SignedInfo>\
             <ds:SignatureValue>{value}</ds:SignatureValue><ds:KeyInfo><ds:X509Data>{certificates}</ds:X509Data></ds:KeyInfo>\
             <ds:Object><xades:QualifyingProperties xmlns:xades=\"{XADES}\">{signed}</xades:QualifyingProperties></ds:Object>\
             </ds:Signature>{after}",
            digest(whole),
            digest(properties),
        )
    }

    /// The document with its signature so far, and where the parts of that stand.
    fn place(&self, digests: [&str; 2], value: &str) -> Result<(Document, Places), IssueError> {
        let parsed =
            Document::parse(self.text(digests, value).as_bytes()).map_err(|_| IssueError::Document)?;
        let own = parsed.children(parsed.root).filter(|(_, element)| element.is(DSIG, "Signature"));
        let (signature, _) = own.last().ok_or(IssueError::Document)?;
        let last = |namespace, local| {
            parsed.elements().filter(|(_, element)| element.is(namespace, local)).last().map(|(id, _)| id)
        };
        let signed_info = last(DSIG, "SignedInfo").ok_or(IssueError::Document)?;
        let properties = last(XADES, "SignedProperties").ok_or(IssueError::Document)?;
        let places = Places { signature, signed_info, properties };
        Ok((parsed, places))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::issue::{Authority, Subject, Usage, Validity};
    use crate::{Fault, Level, Profile, TrustStore, Verifier, XmlForm};

    const DOCUMENT: &str =
        "<?xml version=\"1.0\"?>\n<a xmlns=\"urn:a\" b='1'>\n  <c>&amp; \u{436}</c>\n</a>\n";

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_315_200, 0).unwrap()
    }

    fn nation(kind: KeyKind) -> (Verifier, Credential) {
        let days = TimeDelta::days(30);
        let span = Validity { not_before: noon() - days, not_after: noon() + days };
        let root = Authority::root("Root", KeyKind::P256, span).unwrap();
        let subject = Subject { common_name: "Broker".to_owned(), ..Subject::default() };
        let signer = root.issue(&subject, Usage::Signing, kind, span).unwrap();
        let mut trust = TrustStore::builder(1);
        trust.anchor(&root.certificate().unwrap()).unwrap();
        trust.crl(&root.revocation_list(1, noon(), noon() + days, &[]).unwrap()).unwrap();
        (Verifier::new(trust.build(), Profile::ec_sig_1()), signer)
    }

    #[test]
    fn what_is_signed_here_is_verified_here_and_not_after_a_change() {
        for kind in [KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048] {
            let (verifier, signer) = nation(kind);
            let signed = signer.sign_xml(DOCUMENT.as_bytes(), noon()).unwrap();
            let form = XmlForm::Advanced(Level::B);
            let verdict = verifier.verify_xml(&signed, noon(), form);
            assert!(verdict.is_ok(), "{kind:?}: {:?}", verdict.err());
            let text = String::from_utf8(signed).unwrap();
            let altered = text.replace("&amp;", "&lt;");
            let refused = verifier.verify_xml(altered.as_bytes(), noon(), form).unwrap_err();
            assert_eq!(refused.fault(), Fault::DigestMismatch);
        }
    }

    #[test]
    fn what_is_no_document_is_not_signed() {
        let (_, signer) = nation(KeyKind::P256);
        for wrong in ["", "text", "<a>", "<a/>", "<a></a><!-- </a> -->"] {
            assert_eq!(signer.sign_xml(wrong.as_bytes(), noon()), Err(IssueError::Document), "{wrong}");
        }
    }
}
