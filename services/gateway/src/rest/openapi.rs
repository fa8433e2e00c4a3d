//! The table as an OpenAPI 3.1 document.

use customs_kernel::ProblemKind;
use customs_signatures::Fault;
use utoipa::openapi::{
    Components, Content, ContentBuilder, Info, InfoBuilder, License, OpenApi, OpenApiBuilder, Ref, RefOr,
    Required, Response, ResponseBuilder, Schema, Server,
    header::HeaderBuilder,
    path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathsBuilder},
    request_body::{RequestBody, RequestBodyBuilder},
    schema::{Object, ObjectBuilder, SchemaType, Type},
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    tag::{Tag, TagBuilder},
};

use super::{
    Table, Verb,
    operation::{Body, Output},
    row::{Part, Row},
};
use crate::{doors::TAGS, input::Schemas, problem::ProblemDocument};

/// The refusals that operations may answer with: status, name, and when.
const REFUSALS: &[(u16, &str, &str)] = &[
    (400, "InputInvalid", "The input cannot be read or is not valid; every error is named."),
    (401, "Unauthenticated", "Nobody is logged in, or the token is not good any more."),
    (403, "Forbidden", "The caller lacks the permission."),
    (404, "NotFound", "There is no such thing, or it is not the caller's to see."),
    (406, "NotAcceptable", "No media type that the client accepts is made here."),
    (408, "RequestTooSlow", "The request did not arrive completely in time."),
    (409, "Conflict", "The state of the thing, or a twin of the request, does not allow it."),
    (412, "VersionStale", "Someone else changed the thing in the meantime."),
    (413, "TooLarge", "The body is larger than allowed."),
    (415, "MediaTypeUnsupported", "The body is of a media type that is not read here."),
    (422, "Refused", "The input is well-formed, but a rule refuses it."),
    (428, "VersionRequired", "The version that is to be changed was not named."),
    (429, "TooManyRequests", "Too many requests in too short a time."),
    (500, "Internal", "A defect; it is logged under the correlation id."),
    (503, "Unavailable", "A part of the system is down; nothing was done."),
    (504, "DeadlineExceeded", "There was no answer in time."),
];

/// The document of every operation in `table`, served at `url`.
pub(crate) fn document(table: &Table, url: &str) -> OpenApi {
    let mut schemas = table.schemas.clone();
    let problem = schemas.named::<ProblemDocument>();
    let mut paths = PathsBuilder::new();
    for row in &table.rows {
        let operation = operation(row, &mut schemas);
        let item = utoipa::openapi::PathItem::new(http_method(row.operation.verb), operation);
        paths = paths.path(row.operation.path, item);
    }
    let mut components = Components::new();
    components.schemas = schemas.into_components();
    components.responses = REFUSALS.iter().map(|refusal| refused(*refusal, &problem)).collect();
    components.add_security_scheme(
        "bearer",
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .bearer_format("JWT")
                .description(Some(
                    "Access token of POST /auth/token, in the header Authorization (RFC 6750).",
                ))
                .build(),
        ),
    );
    // A document has no other word for a header that proves who asks.
    components.add_security_scheme(
        "signature",
        SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(
            "Signature",
            "Instead of a token: the signature of a registered system over the request (RFC 9421), with the header \
             Signature-Input and, where there is a body, Content-Digest (RFC 9530). What must be covered is told by \
             Accept-Signature in the refusal.",
        ))),
    );
    OpenApiBuilder::new()
        .info(info())
        .servers(Some([Server::new(url)]))
        .paths(paths.build())
        .components(Some(components))
        .security(Some(
            ["bearer", "signature"].map(|name| SecurityRequirement::new(name, Vec::<String>::new())),
        ))
        .tags(Some(TAGS.iter().map(|(name, words)| tag(name, words))))
        .build()
}

fn info() -> Info {
    let mut license = License::new("Apache-2.0");
    license.identifier = Some("Apache-2.0".to_owned());
    InfoBuilder::new()
        .title("ecustoms")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Electronic customs: transit movements, guarantees, reference data, notifications and statistics. \
             The same operations are served by GraphQL at /graphql. Errors are problem documents (RFC 9457).",
        ))
        .contact(Some(utoipa::openapi::ContactBuilder::new().name(Some("The ecustoms project")).build()))
        .license(Some(license))
        .build()
}

fn tag(name: &str, words: &str) -> Tag {
    TagBuilder::new().name(name).description(Some(words)).build()
}

const fn http_method(verb: Verb) -> utoipa::openapi::HttpMethod {
    match verb {
        Verb::Get => utoipa::openapi::HttpMethod::Get,
        Verb::Post => utoipa::openapi::HttpMethod::Post,
        Verb::Put => utoipa::openapi::HttpMethod::Put,
        Verb::Delete => utoipa::openapi::HttpMethod::Delete,
    }
}

fn operation(row: &Row, schemas: &mut Schemas) -> OperationBuilder {
    let table = &row.operation;
    let summary = row.description.split(['.', ';', ':']).next().unwrap_or_default().replace('\n', " ");
    let mut operation = OperationBuilder::new()
        .operation_id(Some(table.id))
        .tag(table.tag)
        .summary(Some(summary))
        .description(Some(description(row)));
    for (part, place) in [(&row.path, ParameterIn::Path), (&row.query, ParameterIn::Query)] {
        for (name, schema) in &part.schema.properties {
            operation = operation.parameter(parameter(part, name, schema, &place));
        }
    }
    for header in headers(row) {
        operation = operation.parameter(header);
    }
    operation = operation.request_body(request_body(row, schemas));
    operation = operation.response(table.status.to_string(), answered(row, schemas));
    for (status, name, _) in REFUSALS.iter().filter(|(status, ..)| may_refuse(row, *status)) {
        operation = operation.response(status.to_string(), RefOr::Ref(Ref::from_response_name(*name)));
    }
    if table.needs == customs_kernel::role::ANYONE {
        operation = operation.security(SecurityRequirement::default());
    }
    operation
}

/// What the operation does, how a signature is refused where there is one, and who may ask.
fn description(row: &Row) -> String {
    let table = &row.operation;
    let mut words = row.description.clone();
    if matches!(table.body, Body::Document(_)) {
        let code = |kind: &ProblemKind| format!("`{}` ({})", kind.code, kind.status);
        let codes: Vec<String> = Fault::PROBLEMS.iter().map(code).collect();
        words.push_str("\n\nA signature that is not accepted is refused by a code of its own: ");
        words.push_str(&codes.join(", "));
        words.push('.');
    }
    format!("{words}\n\nUse case `{}`; needs `{}`.", table.use_case, table.needs)
}

/// Whether an operation can answer with `status`.
fn may_refuse(row: &Row, status: u16) -> bool {
    let table = &row.operation;
    let has_body = row.has_body() || matches!(table.body, Body::Document(_));
    match status {
        403 => table.needs != customs_kernel::role::ANYONE || table.effect || has_body,
        409 | 422 => table.effect || has_body,
        413 | 415 => has_body,
        412 | 428 => table.version.is_some(),
        _ => true,
    }
}

fn parameter(part: &Part, name: &str, schema: &RefOr<Schema>, place: &ParameterIn) -> Parameter {
    let required = part.schema.required.iter().any(|known| known == name);
    let schema = without_null(schema);
    let description = match &schema {
        RefOr::T(Schema::Object(object)) => object.description.clone(),
        RefOr::T(Schema::Array(array)) => array.description.clone(),
        RefOr::T(_) | RefOr::Ref(_) => None,
    };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place.clone())
        .required(if required { Required::True } else { Required::False })
        .description(Some(description.unwrap_or_else(|| format!("The {name}."))))
        .explode(matches!(schema, RefOr::T(Schema::Array(_))).then_some(false))
        .schema(Some(schema))
        .build()
}

/// `schema` as a parameter has it: absent, but never null.
fn without_null(schema: &RefOr<Schema>) -> RefOr<Schema> {
    let mut schema = schema.clone();
    let kind = match &mut schema {
        RefOr::T(Schema::Object(object)) => Some(&mut object.schema_type),
        RefOr::T(Schema::Array(array)) => Some(&mut array.schema_type),
        RefOr::T(_) | RefOr::Ref(_) => None,
    };
    if let Some(kind) = kind
        && let SchemaType::Array(types) = kind
        && let Some(only) = types.iter().find(|one| **one != Type::Null)
    {
        *kind = SchemaType::Type(only.clone());
    }
    if let RefOr::T(Schema::Object(object)) = &mut schema {
        object.default = object.default.take().filter(|value| !value.is_null());
    }
    if let RefOr::T(Schema::OneOf(choice)) = &schema {
        let is_null = |item: &&RefOr<Schema>| matches!(item, RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Null));
        if let Some(only) = choice.items.iter().find(|item| !is_null(item)) {
            return only.clone();
        }
    }
    schema
}

fn headers(row: &Row) -> Vec<Parameter> {
    let table = &row.operation;
    let header = |name: &str, words: &str, pattern: Option<&str>, length: Option<usize>| {
        let mut schema = text(1, 1);
        (schema.max_length, schema.pattern) = (length, pattern.map(str::to_owned));
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some(words))
            .schema(Some(schema))
    };
    let mut headers = Vec::new();
    if table.needs_key() {
        let words = "A fresh key for each new request; the same key gives the same answer again.";
        headers.push(header("Idempotency-Key", words, Some("^[!-~]+$"), Some(255)).build());
    }
    if table.version.is_some() {
        headers.push(header("If-Match", "ETag of the version that is changed.", None, None).build());
    }
    if matches!(table.body, Body::Document(_)) {
        let words = "CMS (DER, detached) over exactly the octets of the body, in Base64, or a detached JWS (RFC 7797); at \
                     most 64 KiB. None where the signature stands in the XML itself (enveloped, XAdES).";
        let pattern = "^([A-Za-z0-9+/]+={0,2}|[A-Za-z0-9_-]+\\.\\.[A-Za-z0-9_-]+)$";
        let signature = header("Ecustoms-Signature", words, Some(pattern), Some(87_384));
        headers.push(signature.required(Required::False).build());
    }
    headers
}

fn text(shortest: usize, longest: usize) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(shortest))
        .max_length(Some(longest))
        .build()
}

fn request_body(row: &Row, schemas: &mut Schemas) -> Option<RequestBody> {
    let described = |words: &str| RequestBodyBuilder::new().description(Some(words));
    if let Body::Document(media) = row.operation.body {
        let body = described("The message, exactly as it was signed.").required(Some(Required::True));
        return Some(media.iter().fold(body, |body, media| body.content(*media, document_of(media))).build());
    }
    if !row.has_body() {
        return None;
    }
    let (id, rest) = row.operation.id.split_at(1);
    let name = format!("{}{rest}Body", id.to_uppercase());
    let mut schema = row.body.schema.clone();
    schema.description = Some(row.description.clone());
    let required = if schema.required.is_empty() { Required::False } else { Required::True };
    let schema = schemas.add(&name, RefOr::T(Schema::Object(schema)));
    let content = Content::new(Some(schema));
    Some(
        described("The fields of the input.")
            .required(Some(required))
            .content("application/json", content)
            .build(),
    )
}

fn document_of(media: &str) -> Content {
    if media == "text/event-stream" {
        // OpenAPI 3.1 has no words for a stream of events.
        return Content::new(None::<RefOr<Schema>>);
    }
    let kind = if media.ends_with("json") { Type::Object } else { Type::String };
    ContentBuilder::new().schema(Some(ObjectBuilder::new().schema_type(kind).build())).build()
}

fn answered(row: &Row, schemas: &mut Schemas) -> Response {
    let table = &row.operation;
    let words = match table.status {
        201 => "Made; it is found at Location.",
        202 => "Taken in; the answer comes later.",
        _ => "Done.",
    };
    let mut response = common(ResponseBuilder::new().description(words));
    match table.output {
        Output::Json(of) => {
            let schema = of(schemas);
            response = response.content("application/json", Content::new(Some(schema)));
        }
        Output::Text(media) => {
            for media in media {
                response = response.content(*media, document_of(media));
            }
        }
    }
    if table.location.is_some() {
        let header = HeaderBuilder::new().schema(Some(text(1, 2_000)));
        response = response.header("Location", header.description(Some("Where it is found.")).build());
    }
    if table.verb == Verb::Get && matches!(table.output, Output::Json(_)) {
        let header = HeaderBuilder::new().schema(Some(text(1, 100)));
        response = response.header("ETag", header.description(Some("Version of what was read.")).build());
    }
    response.build()
}

/// The headers that every answer has.
fn common(response: ResponseBuilder) -> ResponseBuilder {
    let header = |words: &str, length| {
        HeaderBuilder::new().description(Some(words)).schema(Some(text(1, length))).build()
    };
    response
        .header("X-Correlation-ID", header("Links the answer to the logs.", 100))
        .header("RateLimit", header("What is left in the window: r requests, t seconds.", 100))
        .header("RateLimit-Policy", header("How many requests are allowed in how many seconds.", 100))
}

fn refused((status, name, words): (u16, &str, &str), problem: &RefOr<Schema>) -> (String, RefOr<Response>) {
    let mut response = common(ResponseBuilder::new().description(words))
        .content("application/problem+json", Content::new(Some(problem.clone())));
    if matches!(status, 429 | 503) {
        let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(86_400));
        let header = HeaderBuilder::new().description(Some("After how many seconds to try again."));
        response = response.header("Retry-After", header.schema(Some(seconds.build())).build());
    }
    (name.to_owned(), RefOr::T(response.build()))
}
