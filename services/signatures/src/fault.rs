//! The one table of signature faults: stable code, problem, HTTP status, ETSI EN 319 102-1 indication, whether to try
//! again.

use customs_kernel::{Finding, Problem, ProblemKind};
use serde::{Deserialize, Serialize};

/// Stable code that callers may rely on.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "each name is the code itself; Fault says what stands behind it")]
pub enum Code {
    SigMalformed,
    SigDigestMismatch,
    SigInvalid,
    SigCertMissing,
    SigCertUntrusted,
    SigCertExpired,
    SigCertNotYetValid,
    SigCertRevoked,
    SigCertOnHold,
    SigCertPurpose,
    SigCertPolicy,
    SigAlgorithmRefused,
    SigAlgorithmUnsupported,
    SigAttributes,
    SigCoverage,
    SigTransformRefused,
    SigTimestampMissing,
    SigTimestampInvalid,
    SigStatusUnavailable,
    SigTrustlistExpired,
    SigReplayed,
    SigSignersMissing,
    SigSignersSame,
    SigSignerRole,
    SigWrongPerson,
    SignerNotAuthorised,
}

impl Code {
    /// The code as it is written in reports and problems.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SigMalformed => "SIG_MALFORMED",
            Self::SigDigestMismatch => "SIG_DIGEST_MISMATCH",
            Self::SigInvalid => "SIG_INVALID",
            Self::SigCertMissing => "SIG_CERT_MISSING",
            Self::SigCertUntrusted => "SIG_CERT_UNTRUSTED",
            Self::SigCertExpired => "SIG_CERT_EXPIRED",
            Self::SigCertNotYetValid => "SIG_CERT_NOT_YET_VALID",
            Self::SigCertRevoked => "SIG_CERT_REVOKED",
            Self::SigCertOnHold => "SIG_CERT_ON_HOLD",
            Self::SigCertPurpose => "SIG_CERT_PURPOSE",
            Self::SigCertPolicy => "SIG_CERT_POLICY",
            Self::SigAlgorithmRefused => "SIG_ALGORITHM_REFUSED",
            Self::SigAlgorithmUnsupported => "SIG_ALGORITHM_UNSUPPORTED",
            Self::SigAttributes => "SIG_ATTRIBUTES",
            Self::SigCoverage => "SIG_COVERAGE",
            Self::SigTransformRefused => "SIG_TRANSFORM_REFUSED",
            Self::SigTimestampMissing => "SIG_TIMESTAMP_MISSING",
            Self::SigTimestampInvalid => "SIG_TIMESTAMP_INVALID",
            Self::SigStatusUnavailable => "SIG_STATUS_UNAVAILABLE",
            Self::SigTrustlistExpired => "SIG_TRUSTLIST_EXPIRED",
            Self::SigReplayed => "SIG_REPLAYED",
            Self::SigSignersMissing => "SIG_SIGNERS_MISSING",
            Self::SigSignersSame => "SIG_SIGNERS_SAME",
            Self::SigSignerRole => "SIG_SIGNER_ROLE",
            Self::SigWrongPerson => "SIG_WRONG_PERSON",
            Self::SignerNotAuthorised => "SIGNER_NOT_AUTHORISED",
        }
    }
}

/// ETSI EN 319 102-1 main indication.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum Indication {
    /// Every check passed.
    #[serde(rename = "TOTAL-PASSED")]
    TotalPassed,
    /// The signature is certainly not good.
    #[serde(rename = "TOTAL-FAILED")]
    TotalFailed,
    /// What is at hand does not allow to accept the signature.
    #[serde(rename = "INDETERMINATE")]
    Indeterminate,
}

impl Indication {
    /// The indication as the standard writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TotalPassed => "TOTAL-PASSED",
            Self::TotalFailed => "TOTAL-FAILED",
            Self::Indeterminate => "INDETERMINATE",
        }
    }
}

/// ETSI EN 319 102-1 sub-indication.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are those of EN 319 102-1, clause 5.1.3")]
pub enum SubIndication {
    FormatFailure,
    HashFailure,
    SigCryptoFailure,
    SigConstraintsFailure,
    ChainConstraintsFailure,
    CertificateChainGeneralFailure,
    CryptoConstraintsFailure,
    TimestampOrderFailure,
    NoSigningCertificateFound,
    NoCertificateChainFound,
    RevokedNoPoe,
    OutOfBoundsNoPoe,
    TryLater,
}

impl SubIndication {
    /// The sub-indication as the standard writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FormatFailure => "FORMAT_FAILURE",
            Self::HashFailure => "HASH_FAILURE",
            Self::SigCryptoFailure => "SIG_CRYPTO_FAILURE",
            Self::SigConstraintsFailure => "SIG_CONSTRAINTS_FAILURE",
            Self::ChainConstraintsFailure => "CHAIN_CONSTRAINTS_FAILURE",
            Self::CertificateChainGeneralFailure => "CERTIFICATE_CHAIN_GENERAL_FAILURE",
            Self::CryptoConstraintsFailure => "CRYPTO_CONSTRAINTS_FAILURE",
            Self::TimestampOrderFailure => "TIMESTAMP_ORDER_FAILURE",
            Self::NoSigningCertificateFound => "NO_SIGNING_CERTIFICATE_FOUND",
            Self::NoCertificateChainFound => "NO_CERTIFICATE_CHAIN_FOUND",
            Self::RevokedNoPoe => "REVOKED_NO_POE",
            Self::OutOfBoundsNoPoe => "OUT_OF_BOUNDS_NO_POE",
            Self::TryLater => "TRY_LATER",
        }
    }
}

macro_rules! faults {
    ($($(#[$doc:meta])+ $name:ident = $code:ident, $status:literal, $indication:ident $(/ $sub:ident)?,
        $slug:literal $title:literal;)+) => {
        /// Why a signature is not accepted; every fault has one line in the table of codes and indications.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum Fault {
            $($(#[$doc])+ $name,)+
        }

        impl Fault {
            /// Every fault, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The problem of every fault, in the order of the table; no two share one.
            pub const PROBLEMS: &'static [ProblemKind] = &[$(Self::$name.problem()),+];

            /// The problem that tells a caller of this fault, with a code of its own.
            pub const fn problem(self) -> ProblemKind {
                let (code, title) = match self { $(Self::$name => ($slug, $title),)+ };
                ProblemKind { code, status: self.http_status(), title, again: self.retryable() }
            }

            /// Stable code for callers.
            pub const fn code(self) -> Code {
                match self { $(Self::$name => Code::$code,)+ }
            }

            /// HTTP status of the refusal.
            pub const fn http_status(self) -> u16 {
                match self { $(Self::$name => $status,)+ }
            }

            /// Main indication.
            pub const fn indication(self) -> Indication {
                match self { $(Self::$name => Indication::$indication,)+ }
            }

            /// Sub-indication; an authorisation fault has none.
            pub const fn sub_indication(self) -> Option<SubIndication> {
                match self { $(Self::$name => faults!(@sub $($sub)?),)+ }
            }
        }
    };
    (@sub $sub:ident) => { Some(SubIndication::$sub) };
    (@sub) => { None };
}

faults! {
    /// The message is not the strict DER of a signed message within the limits.
    Malformed = SigMalformed, 400, TotalFailed / FormatFailure,
        "signature-malformed" "The signature cannot be read";
    /// The message is larger, or has more parts, than the limits allow.
    TooLarge = SigMalformed, 400, TotalFailed / FormatFailure,
        "signature-too-large" "The signature is larger than allowed";
    /// The payload's digest is not the signed one.
    DigestMismatch = SigDigestMismatch, 422, TotalFailed / HashFailure,
        "signature-content-altered" "The document was changed after it was signed";
    /// The signature value does not verify with the signer's key.
    Invalid = SigInvalid, 422, TotalFailed / SigCryptoFailure,
        "signature-invalid" "The signature is not valid";
    /// Signature algorithm, digest algorithm and key contradict each other.
    AlgorithmMismatch = SigInvalid, 422, TotalFailed / SigCryptoFailure,
        "signature-algorithm-mismatch" "The algorithms of the signature contradict each other";
    /// A mandatory signed attribute (content type, message digest) is missing or wrong.
    AttributesWrong = SigAttributes, 422, TotalFailed / FormatFailure,
        "signature-attributes-wrong" "A mandatory attribute of the signature is wrong";
    /// No signed attributes, or none that binds the signing certificate.
    AttributesMissing = SigAttributes, 422, Indeterminate / SigConstraintsFailure,
        "signature-attributes-missing" "A mandatory attribute of the signature is missing";
    /// The attached content is not the payload.
    Coverage = SigCoverage, 422, TotalFailed / HashFailure,
        "signature-content-other" "The signature carries another document";
    /// The signature covers something else than the whole document.
    CoverageOther = SigCoverage, 422, Indeterminate / SigConstraintsFailure,
        "signature-coverage" "The signature does not cover the whole document";
    /// A reference, transform or canonicalisation out of the profile.
    TransformRefused = SigTransformRefused, 422, Indeterminate / SigConstraintsFailure,
        "signature-transform-refused" "A transform of the signature is not accepted";
    /// The signer's certificate is not embedded, or is not the one the signed attributes name.
    CertMissing = SigCertMissing, 422, Indeterminate / NoSigningCertificateFound,
        "signature-certificate-missing" "The signer's certificate was not found";
    /// No path from the signer's certificate to a trust anchor.
    CertUntrusted = SigCertUntrusted, 422, Indeterminate / NoCertificateChainFound,
        "signature-issuer-unknown" "The issuer of the certificate is not known";
    /// A path exists but a certificate in it breaks its constraints.
    CertChain = SigCertUntrusted, 422, Indeterminate / ChainConstraintsFailure,
        "signature-chain-invalid" "The path of the certificate breaks its constraints";
    /// A certificate of the path is damaged or badly signed.
    CertDamaged = SigCertUntrusted, 422, Indeterminate / CertificateChainGeneralFailure,
        "signature-certificate-damaged" "A certificate of the path is damaged";
    /// A certificate of the path had expired at reception.
    CertExpired = SigCertExpired, 422, Indeterminate / OutOfBoundsNoPoe,
        "signature-certificate-expired" "The certificate has expired";
    /// A certificate of the path was not yet valid at reception.
    CertNotYetValid = SigCertNotYetValid, 422, Indeterminate / OutOfBoundsNoPoe,
        "signature-certificate-not-yet-valid" "The certificate is not yet valid";
    /// A certificate of the path is revoked.
    CertRevoked = SigCertRevoked, 422, Indeterminate / RevokedNoPoe,
        "signature-certificate-revoked" "The certificate is revoked";
    /// A certificate of the path is on hold.
    CertOnHold = SigCertOnHold, 422, Indeterminate / TryLater,
        "signature-certificate-on-hold" "The certificate is on hold";
    /// The certificate is not meant for signing documents.
    CertPurpose = SigCertPurpose, 422, Indeterminate / ChainConstraintsFailure,
        "signature-certificate-usage" "The certificate is not meant for signing documents";
    /// The certificate was issued under no accepted policy.
    CertPolicy = SigCertPolicy, 422, Indeterminate / ChainConstraintsFailure,
        "signature-certificate-policy" "The certificate's policy is not accepted";
    /// An algorithm or key that is too weak for the profile.
    AlgorithmRefused = SigAlgorithmRefused, 422, Indeterminate / CryptoConstraintsFailure,
        "signature-algorithm-weak" "The signature algorithm is too weak";
    /// An algorithm that this profile does not know.
    AlgorithmUnsupported = SigAlgorithmUnsupported, 422, Indeterminate / CryptoConstraintsFailure,
        "signature-algorithm-unsupported" "The signature algorithm is not supported";
    /// The document type demands a signature timestamp and there is none.
    TimestampMissing = SigTimestampMissing, 422, Indeterminate / SigConstraintsFailure,
        "signature-timestamp-missing" "The signature timestamp is missing";
    /// The signature timestamp is of another signature, or of no trusted authority.
    TimestampInvalid = SigTimestampInvalid, 422, Indeterminate / SigConstraintsFailure,
        "signature-timestamp-invalid" "The signature timestamp is not valid";
    /// The signature timestamp lies outside the time it may lie in.
    TimestampOrder = SigTimestampInvalid, 422, Indeterminate / TimestampOrderFailure,
        "signature-timestamp-order" "The signature timestamp lies outside the possible time";
    /// No fresh revocation status is at hand for a certificate of the path.
    StatusUnavailable = SigStatusUnavailable, 503, Indeterminate / TryLater,
        "signature-status-unavailable" "The certificate's status cannot be checked now";
    /// The trust list itself is past its next update.
    TrustListExpired = SigTrustlistExpired, 503, Indeterminate / TryLater,
        "signature-trust-list-expired" "The trust list is out of date";
    /// The signature is good, but exactly this document was accepted for the same purpose before.
    Replayed = SigReplayed, 422, TotalPassed,
        "signature-replayed" "The document was accepted before";
    /// Fewer people have signed than a document of this type asks for.
    SignersMissing = SigSignersMissing, 422, TotalPassed,
        "signature-signers-missing" "Another person must sign as well";
    /// One person stands behind signatures that different people must make.
    SignersSame = SigSignersSame, 422, TotalPassed,
        "signature-signers-same" "Different people must sign";
    /// Nobody who signed has a role that a document of this type asks for.
    SignerRole = SigSignerRole, 403, TotalPassed,
        "signature-signer-role" "A signer has not the right to sign this";
    /// The signature is good but none of its signers is the one who sends it.
    WrongPerson = SigWrongPerson, 403, TotalPassed,
        "signature-wrong-person" "Somebody else has signed";
    /// The signature is good but its signer may not act for the organisation.
    NotAuthorised = SignerNotAuthorised, 403, TotalPassed,
        "signer-not-authorised" "The signer may not act for this party";
}

impl Fault {
    /// Seconds after which the same message may be sent again, where that can help.
    pub const fn retry_after(self) -> Option<u32> {
        match self {
            Self::StatusUnavailable => Some(60),
            Self::TrustListExpired => Some(600),
            _ => None,
        }
    }

    /// Whether sending the same message later can succeed.
    pub const fn retryable(self) -> bool {
        self.retry_after().is_some()
    }

    /// The problem of this fault, telling `detail`, with the code of the report as its finding at `pointer`.
    pub fn refuse(self, detail: &str, pointer: &str) -> Problem {
        let code = self.code().as_str();
        let mut problem = self.problem().because(format!("{code}: {detail}"));
        problem.errors = vec![Finding::new(code, pointer, detail)];
        problem.retry_after_s = self.retry_after();
        problem
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.code().as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_names_are_those_of_the_wire() {
        for fault in Fault::ALL {
            let code = serde_json::to_value(fault.code()).unwrap();
            assert_eq!(code, fault.code().as_str());
            assert_eq!(serde_json::to_value(fault.indication()).unwrap(), fault.indication().as_str());
            if let Some(sub) = fault.sub_indication() {
                assert_eq!(serde_json::to_value(sub).unwrap(), sub.as_str());
            }
        }
    }

    #[test]
    fn every_fault_has_a_problem_of_its_own() {
        let codes: std::collections::HashSet<_> = Fault::PROBLEMS.iter().map(|kind| kind.code).collect();
        assert_eq!((codes.len(), Fault::PROBLEMS.len()), (Fault::ALL.len(), Fault::ALL.len()));
        for (fault, kind) in Fault::ALL.iter().zip(Fault::PROBLEMS) {
            assert_eq!((kind.status, kind.again), (fault.http_status(), fault.retryable()), "{fault}");
            assert!(kind.code.starts_with("signature-") || *fault == Fault::NotAuthorised, "{}", kind.code);
        }
    }

    #[test]
    fn only_unavailable_evidence_may_be_tried_again() {
        for fault in Fault::ALL {
            assert_eq!(fault.retryable(), fault.http_status() == 503, "{fault}");
        }
    }
}
