//! `verify`: signatures and certification paths judged on the command line by the code of the edge.

use std::{fs, path::PathBuf};

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use customs_kernel::Clock as _;
use customs_platform::SystemClock;
use customs_signatures::{
    Indication, Level, PathSource, Profile, Report, Revocation, Rules, SignatureRefusal, TrustStore,
    VerifiedDocument, Verifier, XmlForm,
};
use serde_json::json;

use super::{
    evidence::{self, Evidence},
    say,
};

/// What to verify.
#[derive(Subcommand)]
pub enum Verify {
    /// A detached CMS signature over exactly the octets of a file.
    Document {
        /// The signed document.
        document: PathBuf,
        /// The detached signature (DER).
        #[arg(long)]
        signature: PathBuf,
        /// What the verification rests on.
        #[command(flatten)]
        given: Given,
        /// Demand a signature timestamp.
        #[arg(long)]
        timestamped: bool,
        /// Trusted timestamp authority (DER or PEM); may be repeated.
        #[arg(long = "tsa")]
        authorities: Vec<PathBuf>,
        /// OCSP response (DER); may be repeated.
        #[arg(long)]
        ocsp: Vec<PathBuf>,
    },
    /// An XML document with enveloped signatures.
    Xml {
        /// The signed document.
        document: PathBuf,
        /// What the verification rests on.
        #[command(flatten)]
        given: Given,
        /// Take plain XML signatures, without signed properties.
        #[arg(long)]
        plain: bool,
        /// Demand a signature timestamp.
        #[arg(long, conflicts_with = "plain")]
        timestamped: bool,
        /// Trusted timestamp authority (DER or PEM); may be repeated.
        #[arg(long = "tsa")]
        authorities: Vec<PathBuf>,
        /// OCSP response (DER); may be repeated.
        #[arg(long)]
        ocsp: Vec<PathBuf>,
    },
    /// A detached, unencoded JSON Web Signature over exactly the octets of a file.
    Jws {
        /// The signed document.
        document: PathBuf,
        /// The signature (`header..signature`).
        #[arg(long)]
        signature: PathBuf,
        /// What the verification rests on.
        #[command(flatten)]
        given: Given,
    },
    /// The sealed text of a QR code on a paper, without any line to customs.
    Qr {
        /// The text as it was scanned, or a file with it.
        code: String,
        /// Certificate of a seal (DER or PEM); may be repeated.
        #[arg(long = "seal", required = true)]
        seals: Vec<PathBuf>,
        /// What the verification rests on.
        #[command(flatten)]
        given: Given,
    },
    /// The signature of a message judged again from its archived evidence, with the archive timestamps over it.
    Evidence(Evidence),
    /// The certification path of one certificate.
    Path {
        /// The certificate (DER or PEM).
        certificate: PathBuf,
        /// What the verification rests on.
        #[command(flatten)]
        given: Given,
        /// The path must be issued under one of the policies.
        #[arg(long)]
        explicit_policy: bool,
        /// Policy mappings do not count.
        #[arg(long)]
        inhibit_policy_mapping: bool,
        /// The policy "any" does not count.
        #[arg(long)]
        inhibit_any_policy: bool,
        /// Extended key usage (dotted) that the path must allow.
        #[arg(long)]
        purpose: Option<String>,
        /// Most authorities between the certificate and its anchor.
        #[arg(long, default_value_t = 8)]
        authorities_max: usize,
        /// Ask nothing about revocation.
        #[arg(long)]
        no_revocation: bool,
    },
}

/// What a verification rests on.
#[derive(Args)]
pub struct Given {
    /// Trust anchor (DER or PEM); may be repeated.
    #[arg(long = "anchor", required = true)]
    anchors: Vec<PathBuf>,
    /// Known issuing authority (DER or PEM); may be repeated.
    #[arg(long = "intermediate")]
    intermediates: Vec<PathBuf>,
    /// Revocation list (DER or PEM); may be repeated.
    #[arg(long = "crl")]
    crls: Vec<PathBuf>,
    /// Accepted certificate policy (dotted); any unless named; of a path it binds only with `--explicit-policy`.
    #[arg(long = "policy")]
    policies: Vec<String>,
    /// Instant of the verification (RFC 3339); now unless named.
    #[arg(long)]
    time: Option<DateTime<Utc>>,
}

/// A verdict other than TOTAL-PASSED; the process ends with its status.
#[derive(Debug, thiserror::Error)]
#[error("verdict {}", .0.as_str())]
pub struct Verdict(Indication);

impl Verdict {
    /// Exit status: 1 for TOTAL-FAILED, 2 for INDETERMINATE.
    pub const fn status(&self) -> u8 {
        match self.0 {
            Indication::TotalPassed => 0,
            Indication::TotalFailed => 1,
            Indication::Indeterminate => 2,
        }
    }
}

fn read(path: &PathBuf) -> anyhow::Result<Vec<u8>> {
    let octets = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    if !octets.starts_with(b"-----BEGIN ") {
        return Ok(octets);
    }
    let text = String::from_utf8(octets).with_context(|| format!("{} is no PEM", path.display()))?;
    from_pem(&text).with_context(|| format!("{} is no PEM", path.display()))
}

/// Octets of the first PEM block.
pub(super) fn from_pem(text: &str) -> Option<Vec<u8>> {
    use base64::{Engine, engine::general_purpose::STANDARD};

    let (_, block) = text.split_once("-----BEGIN ")?;
    let (_, block) = block.split_once("-----")?;
    let (block, _) = block.split_once("-----END")?;
    STANDARD.decode(block.split_whitespace().collect::<String>()).ok()
}

pub(super) fn read_all(paths: &[PathBuf]) -> anyhow::Result<Vec<Vec<u8>>> {
    paths.iter().map(read).collect()
}

impl Given {
    fn at(&self) -> DateTime<Utc> {
        self.time.unwrap_or_else(|| SystemClock.now())
    }

    fn verifier(&self, authorities: &[PathBuf], ocsp: &[PathBuf]) -> anyhow::Result<Verifier> {
        self.verifier_with(authorities, ocsp, &[])
    }

    fn verifier_with(
        &self,
        authorities: &[PathBuf],
        ocsp: &[PathBuf],
        seals: &[PathBuf],
    ) -> anyhow::Result<Verifier> {
        let mut trust = TrustStore::builder(1);
        for anchor in read_all(&self.anchors)? {
            trust.anchor(&anchor)?;
        }
        for known in read_all(&self.intermediates)? {
            trust.intermediate(&known)?;
        }
        for authority in read_all(authorities)? {
            trust.timestamp_authority(&authority, &[])?;
        }
        for list in read_all(&self.crls)? {
            trust.crl(&list)?;
        }
        for answer in read_all(ocsp)? {
            trust.ocsp(&answer)?;
        }
        for seal in read_all(seals)? {
            trust.seal_certificate(&seal)?;
        }
        let policies: Vec<&str> = self.policies.iter().map(String::as_str).collect();
        Ok(Verifier::new(trust.build(), Profile::ec_sig_1().with_policies(&policies)?))
    }
}

/// Verifies and prints the report (JSON); a verdict other than TOTAL-PASSED is the error.
pub fn verify(what: &Verify) -> anyhow::Result<()> {
    match what {
        Verify::Document { document, signature, given, timestamped, authorities, ocsp } => {
            let verifier = given.verifier(authorities, ocsp)?;
            let level = if *timestamped { Level::T } else { Level::B };
            let (document, signature) = (read(document)?, read(signature)?);
            tell(verifier.verify_detached_at_level(&document, &signature, given.at(), level))
        }
        Verify::Xml { document, given, plain, timestamped, authorities, ocsp } => {
            let form = match (plain, timestamped) {
                (true, _) => XmlForm::Plain,
                (false, true) => XmlForm::Advanced(Level::T),
                (false, false) => XmlForm::Advanced(Level::B),
            };
            let verifier = given.verifier(authorities, ocsp)?;
            tell(verifier.verify_xml(&fs::read(document)?, given.at(), form))
        }
        Verify::Jws { document, signature, given } => {
            let (document, signature) = (fs::read(document)?, fs::read_to_string(signature)?);
            tell(given.verifier(&[], &[])?.verify_jws(&document, signature.trim(), given.at()))
        }
        Verify::Qr { code, seals, given } => qr(code, seals, given),
        Verify::Evidence(given) => evidence::verify(given),
        Verify::Path { certificate, given, no_revocation, .. } => {
            let mut rules = rules(what, given)?;
            if *no_revocation {
                rules = rules.with_revocation(Revocation::Ignored);
            }
            path(&read(certificate)?, given, &rules)
        }
    }
}

/// Verifies the text of a code; the report carries what was sealed, where the seal is good.
fn qr(code: &str, seals: &[PathBuf], given: &Given) -> anyhow::Result<()> {
    let file = PathBuf::from(code);
    let text = if file.is_file() { fs::read_to_string(&file)? } else { code.to_owned() };
    let verifier = given.verifier_with(&[], &[], seals)?;
    let (report, content) = match verifier.verify_token(text.trim(), given.at()) {
        Ok(token) => {
            let content = serde_json::from_slice(&token.content)
                .unwrap_or_else(|_| json!(String::from_utf8_lossy(&token.content)));
            let sealed = json!({"content": content, "sealedAt": token.sealed_at});
            (token.proof.report().clone(), sealed)
        }
        Err(refusal) => (refusal.report().clone(), json!({})),
    };
    let mut told = serde_json::to_value(&report)?;
    if let (Some(told), Some(content)) = (told.as_object_mut(), content.as_object()) {
        told.extend(content.clone());
    }
    say(serde_json::to_string_pretty(&told)?);
    end(report.indication)
}

fn rules(what: &Verify, given: &Given) -> anyhow::Result<Rules> {
    let mut rules = Rules::new(given.at()).with_policies(&given.policies)?;
    if let Verify::Path {
        explicit_policy,
        inhibit_policy_mapping,
        inhibit_any_policy,
        purpose,
        authorities_max,
        ..
    } = what
    {
        rules = rules
            .with_explicit_policy(*explicit_policy)
            .with_policy_mapping_inhibited(*inhibit_policy_mapping)
            .with_any_policy_inhibited(*inhibit_any_policy)
            .with_authorities_max(*authorities_max);
        if let Some(purpose) = purpose {
            rules = rules.with_purpose(purpose)?;
        }
    }
    Ok(rules)
}

fn path(certificate: &[u8], given: &Given, rules: &Rules) -> anyhow::Result<()> {
    let source = PathSource {
        anchors: read_all(&given.anchors)?,
        others: read_all(&given.intermediates)?,
        crls: read_all(&given.crls)?,
    };
    let (report, indication) = match source.validate(certificate, rules) {
        Ok(valid) => {
            let sha256 = |raw: &Vec<u8>| hex::encode(openssl::sha::sha256(raw));
            let report = json!({
                "indication": Indication::TotalPassed.as_str(),
                "path": valid.certificates.iter().map(sha256).collect::<Vec<_>>(),
                "policies": valid.policies,
                "revocation": valid.revocation,
            });
            (report, Indication::TotalPassed)
        }
        Err(refusal) => {
            let fault = refusal.fault();
            let report = json!({
                "indication": fault.indication().as_str(),
                "subIndication": fault.sub_indication(),
                "code": fault.code().as_str(),
                "detail": refusal.detail(),
            });
            (report, fault.indication())
        }
    };
    say(serde_json::to_string_pretty(&report)?);
    end(indication)
}

fn tell(outcome: Result<VerifiedDocument, SignatureRefusal>) -> anyhow::Result<()> {
    let report: Report = match outcome {
        Ok(document) => document.report().clone(),
        Err(refusal) => refusal.report().clone(),
    };
    say(serde_json::to_string_pretty(&report)?);
    end(report.indication)
}

pub(super) fn end(indication: Indication) -> anyhow::Result<()> {
    if indication == Indication::TotalPassed { Ok(()) } else { Err(Verdict(indication).into()) }
}
