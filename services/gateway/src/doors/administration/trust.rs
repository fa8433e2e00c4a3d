//! What signatures are held against: the authorities in use, told to administrators.

use actix_web::HttpResponse;
use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use customs_kernel::Problem;
use customs_signatures::TrustFacts;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::rest::{Call, json, negotiate};

/// The permission that it needs.
pub(crate) const READ: &str = "trust:read";

/// Look at what signatures are held against: authorities with their validity, and their lists of revoked certificates.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShowTrust {}

/// What signatures are held against.
#[derive(Clone, Debug, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TrustInUse {
    /// Instant after which nothing is accepted any more, where the trust list says one.
    next_update: Option<DateTime<Utc>>,
    /// Anchors first, then issuing authorities.
    #[schema(max_items = 1000)]
    authorities: Vec<AuthorityInUse>,
    /// SHA-256 of the certificates of timestamp authorities, in hexadecimal.
    #[schema(max_items = 1000)]
    timestampers: Vec<String>,
}

/// One authority.
#[derive(Clone, Debug, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuthorityInUse {
    /// Whether a path of certificates may end here.
    anchor: bool,
    /// Subject of its certificate.
    #[schema(max_length = 2000)]
    subject: String,
    /// Issuer of its certificate.
    #[schema(max_length = 2000)]
    issuer: String,
    /// Serial number of its certificate, in hexadecimal.
    #[schema(max_length = 80)]
    serial: String,
    /// SHA-256 of its certificate, in hexadecimal.
    #[schema(min_length = 64, max_length = 64, pattern = "^[0-9a-f]{64}$")]
    sha256: String,
    /// Size of its key in bits.
    #[schema(minimum = 1, maximum = 65_536)]
    key_bits: u32,
    /// From when its certificate counts.
    not_before: DateTime<Utc>,
    /// Until when its certificate counts.
    not_after: DateTime<Utc>,
    /// Its list of revoked certificates, where one is at hand.
    revoked: Option<RevokedInUse>,
}

/// A list of revoked certificates.
#[derive(Clone, Debug, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RevokedInUse {
    /// When it was issued.
    issued_at: DateTime<Utc>,
    /// Until when it counts, as it says itself.
    ends_at: DateTime<Utc>,
    /// How many certificates it names.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    certificates: u64,
}

impl From<TrustFacts> for TrustInUse {
    fn from(facts: TrustFacts) -> Self {
        let authorities = facts.authorities.into_iter().map(|one| AuthorityInUse {
            anchor: one.anchor,
            subject: one.certificate.subject,
            issuer: one.certificate.issuer,
            serial: one.certificate.serial,
            sha256: one.certificate.sha256,
            key_bits: one.key_bits,
            not_before: one.certificate.not_before,
            not_after: one.certificate.not_after,
            revoked: one.list.map(|list| RevokedInUse {
                issued_at: list.issued_at,
                ends_at: list.ends_at,
                certificates: u64::try_from(list.revoked).unwrap_or(u64::MAX),
            }),
        });
        Self {
            next_update: facts.next_update,
            authorities: authorities.collect(),
            timestampers: facts.timestampers,
        }
    }
}

/// Answers over REST.
pub(crate) fn show(call: &Call) -> Result<HttpResponse, Problem> {
    call.visit.require(call.operation().needs)?;
    negotiate(&call.request)?;
    call.address::<ShowTrust>()?;
    let trust = TrustInUse::from(call.gateway.signatures().trust());
    Ok(json(call, &serde_json::to_value(trust).unwrap_or_default()))
}
