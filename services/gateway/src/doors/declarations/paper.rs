//! The accompanying document of a movement: a PDF over REST, its address and its sealed code over GraphQL.

use actix_web::{HttpResponse, http::header};
use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use customs_declarations_contract::{FindRelease, Release};
use customs_gateway_contract::problems;
use customs_kernel::{Caller, Problem, problem};
use customs_messages::{Document, parse_xml};
use customs_papers::{Digest, accompanying_document};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Gateway, rest::Call};

/// The media type of the paper.
pub(super) const MEDIA: &[&str] = &["application/pdf"];

/// The accompanying document of a departure, from its release on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PaperAsked {
    /// The departure.
    departure_id: Uuid,
}

/// Where an accompanying document is found, and what its code says.
#[derive(Clone, Debug, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccompanyingDocument {
    /// The movement.
    movement: Uuid,
    /// Movement reference number.
    mrn: String,
    /// When the goods were released.
    released_at: DateTime<Utc>,
    /// Address of the PDF at this gateway.
    href: String,
    /// The sealed text of the QR code: `ecustoms verify qr` verifies it without any line to customs.
    code: String,
    /// Certificate of the seal (DER, Base64), to be kept by whoever verifies codes.
    certificate: String,
}

/// The paper as a PDF.
pub(super) async fn pdf(call: Call) -> Result<HttpResponse, Problem> {
    call.visit.require(call.operation().needs)?;
    let asked: PaperAsked = call.address()?;
    let accepts = |range: &str| {
        let media = range.split(';').next().unwrap_or_default().trim();
        ["*/*", "application/*", "application/pdf"].contains(&media)
    };
    let accept = call.header("accept").filter(|accept| !accept.trim().is_empty());
    if accept.is_some_and(|accept| !accept.split(',').any(accepts)) {
        return Err(problems::NOT_ACCEPTABLE.because("accept application/pdf"));
    }
    let (release, document) = released(&call.gateway, &call.visit.caller(), asked.departure_id).await?;
    let code = sealed(&call.gateway, &document)?;
    // A list of many items takes a while to draw and must not hold up others.
    let drawn = tokio::task::spawn_blocking(move || accompanying_document(&document, &code)).await;
    let drawn = drawn.map_err(|_| problem::INTERNAL.because("the drawing of the paper broke off"))?;
    let pdf = drawn.map_err(|error| problem::INTERNAL.because(error.to_string()))?;
    let name = format!("attachment; filename=\"{}.pdf\"", release.mrn);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/pdf"))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .body(pdf))
}

/// Where the paper of `movement` is found.
pub(crate) async fn linked(
    gateway: &Gateway,
    caller: &Caller,
    movement: Uuid,
) -> Result<AccompanyingDocument, Problem> {
    let (release, document) = released(gateway, caller, movement).await?;
    let code = sealed(gateway, &document)?;
    Ok(AccompanyingDocument {
        movement,
        mrn: release.mrn,
        released_at: release.released_at,
        href: format!("/movements/departures/{movement}/accompanying-document"),
        code,
        certificate: gateway.seal_certificate(),
    })
}

async fn released(
    gateway: &Gateway,
    caller: &Caller,
    movement: Uuid,
) -> Result<(Release, Document), Problem> {
    let release = gateway.desk().ask(caller, FindRelease { movement }).await?;
    let document = parse_xml(release.body.as_bytes())
        .map_err(|_| problem::INTERNAL.because("the release cannot be read"))?;
    Ok((release, document))
}

/// The digest of the release under the seal of customs.
fn sealed(gateway: &Gateway, document: &Document) -> Result<String, Problem> {
    let content = Digest::of(document).content();
    gateway
        .seal()
        .token(&content, gateway.clock().now())
        .map_err(|error| problem::UNAVAILABLE.because(error.to_string()))
}
