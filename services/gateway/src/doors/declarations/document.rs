//! A signed document as it arrives: its form, its text, its signature verified.

use actix_web::HttpMessage as _;
use customs_declarations_contract::MessageFormat;
use customs_kernel::{Problem, problem};
use serde_json::Value;

use crate::{Gateway, rest::Call, signature::Sent};

/// The header that carries the signature.
const SIGNATURE: &str = "ecustoms-signature";
/// The media types of documents.
pub(super) const MEDIA: &[&str] = &["application/xml", "application/json"];

/// A document with evidence of its signature.
pub(super) struct Document {
    pub(super) content: String,
    pub(super) format: MessageFormat,
    pub(super) evidence: Value,
}

impl Document {
    /// The document in the body of `call`, verified by the signature in its header or within itself.
    pub(super) async fn read(call: &mut Call) -> Result<Self, Problem> {
        let format = format(call)?;
        let gateway = call.gateway.clone();
        let beside = beside(&gateway, format, call.header(SIGNATURE), "/Ecustoms-Signature")?;
        let octets = call.octets().await?;
        let content = String::from_utf8(octets.to_vec())
            .map_err(|_| problem::INPUT_INVALID.because("the document is not in UTF-8").at(""))?;
        if content.trim().is_empty() {
            return Err(problem::INPUT_INVALID.because("the document is empty").at(""));
        }
        let signature = or_within(&gateway, beside, &content, "/Ecustoms-Signature")?;
        let evidence = gateway.signatures().evidence(&content, signature).await?;
        Ok(Self { content, format, evidence })
    }

    /// The document `content` that came with `signature` beside it or within itself.
    pub(super) async fn verify(
        gateway: &Gateway,
        content: String,
        format: MessageFormat,
        signature: Option<&str>,
    ) -> Result<Self, Problem> {
        let octets_max = gateway.config().limits.body_octets_max;
        if content.len() > octets_max {
            return Err(
                problem::TOO_LARGE.because(format!("the document is larger than {octets_max} octets"))
            );
        }
        let beside = beside(gateway, format, signature, "/input/signature")?;
        let signature = or_within(gateway, beside, &content, "/input/signature")?;
        let evidence = gateway.signatures().evidence(&content, signature).await?;
        Ok(Self { content, format, evidence })
    }
}

/// The signature that came beside a document; none where the document is one that can carry its own.
fn beside(
    gateway: &Gateway,
    format: MessageFormat,
    signature: Option<&str>,
    pointer: &str,
) -> Result<Option<Sent>, Problem> {
    let is_there = signature.is_some_and(|text| !text.is_empty());
    if !is_there && format == MessageFormat::Xml {
        return Ok(None);
    }
    gateway.signatures().decode(signature, pointer).map(Some)
}

/// The signature of `content`: the one beside it, else the one within it.
fn or_within(gateway: &Gateway, beside: Option<Sent>, content: &str, pointer: &str) -> Result<Sent, Problem> {
    match beside {
        Some(signature) => Ok(signature),
        None if Sent::stands_in(content) => Ok(Sent::Within),
        None => gateway.signatures().decode(None, pointer),
    }
}

fn format(call: &Call) -> Result<MessageFormat, Problem> {
    let media = call.request.content_type().to_ascii_lowercase();
    let is_utf8 = call
        .header("content-type")
        .and_then(|header| header.to_ascii_lowercase().split_once("charset=").map(|(_, it)| it.to_owned()))
        .is_none_or(|charset| charset.trim_matches(['"', ' ', ';']) == "utf-8");
    let format = match media.as_str() {
        "application/xml" | "text/xml" => Some(MessageFormat::Xml),
        "application/json" => Some(MessageFormat::Json),
        _ => None,
    };
    format
        .filter(|_| is_utf8)
        .ok_or_else(|| problem::MEDIA_TYPE.because("send application/xml or application/json, in UTF-8"))
}
