//! What only a sandbox serves: the keys of its people, its trust, and its timestamp authority.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use customs_kernel::Clock as _;
use customs_platform::SystemClock;
use customs_signatures::issue::{Credential, TIMESTAMP_REPLY};
use customs_web_broker::seed::{DEMO, NEWCOMER};
use serde_json::json;

use super::{DemoGuarantees, KeyRing, PASSWORD, keys::STAMP_POLICY};

/// The demo nation as it is served.
#[derive(Clone)]
pub struct Sandbox {
    ring: Arc<KeyRing>,
    guarantees: DemoGuarantees,
    clockwork: Arc<Credential>,
}

impl Sandbox {
    pub(super) fn new(ring: KeyRing, guarantees: DemoGuarantees) -> anyhow::Result<Self> {
        let clockwork = Arc::new(ring.clockwork()?);
        Ok(Self { ring: Arc::new(ring), guarantees, clockwork })
    }

    /// The authority of the demo nation.
    #[must_use]
    pub fn ring(&self) -> &KeyRing {
        &self.ring
    }

    /// The guarantees that the declarant may use.
    #[must_use]
    pub const fn guarantees(&self) -> &DemoGuarantees {
        &self.guarantees
    }

    /// The log-ins, for people at a terminal.
    #[must_use]
    pub fn overview(&self) -> String {
        let mut lines = vec![format!("Log-ins (PKCS#12 files, password {PASSWORD}):")];
        lines.extend(DEMO.iter().map(|person| {
            let file = self.ring.file(person.login);
            format!("  {:<20} {:<36} {}", person.login, person.organisation, file.display())
        }));
        lines.push(format!(
            "Guarantee of the declarant: {}  access code {}",
            self.guarantees.grn, self.guarantees.access_code
        ));
        lines.join("\n")
    }
}

/// What whoever verifies without a line to customs needs, as files of the ring.
const TRUST: [&str; 4] = ["root.der", "issuing.der", "root.crl", "issuing.crl"];

/// The largest request for a timestamp that is read, in octets.
const REQUEST_MAX: usize = 16 * 1024;

/// Adds `/sandbox/keys`, `/sandbox/keys/{login}.p12`, `/sandbox/trust/{file}` and `/sandbox/timestamps` (RFC 3161).
pub fn routes(cfg: &mut web::ServiceConfig, sandbox: Sandbox) {
    cfg.app_data(web::Data::new(sandbox))
        .route("/sandbox/keys", web::get().to(keys))
        .route("/sandbox/keys/{login}.p12", web::get().to(key))
        .route("/sandbox/trust/{file}", web::get().to(trust))
        .service(
            web::resource("/sandbox/timestamps")
                .app_data(web::PayloadConfig::new(REQUEST_MAX))
                .route(web::post().to(timestamp)),
        );
}

async fn keys(sandbox: web::Data<Sandbox>) -> HttpResponse {
    let keys: Vec<_> = DEMO
        .iter()
        .map(|person| {
            json!({
                "login": person.login,
                "name": person.common_name,
                "organisation": person.organisation,
                "eori": person.eori,
                "roles": person.roles,
                "offices": person.offices,
                "file": format!("/sandbox/keys/{}.p12", person.login),
            })
        })
        .collect();
    let newcomer = json!({
        "login": NEWCOMER.login,
        "name": NEWCOMER.common_name,
        "organisation": NEWCOMER.organisation,
        "eori": NEWCOMER.eori,
        "file": format!("/sandbox/keys/{}.p12", NEWCOMER.login),
    });
    HttpResponse::Ok().json(json!({
        "password": PASSWORD,
        "keys": keys,
        "newcomer": newcomer,
        "guarantee": sandbox.guarantees,
    }))
}

async fn key(sandbox: web::Data<Sandbox>, login: web::Path<String>) -> HttpResponse {
    // Only log-ins of the table name a file: a path from outside never reaches the file system.
    let mut people = DEMO.iter().chain([&NEWCOMER]);
    let Some(person) = people.find(|person| person.login == login.as_str()) else {
        return HttpResponse::NotFound().finish();
    };
    match std::fs::read(sandbox.ring.file(person.login)) {
        Ok(file) => HttpResponse::Ok().content_type("application/x-pkcs12").body(file),
        Err(error) => {
            tracing::error!(%error, "a demo key cannot be read");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// Stamps as an authority does (RFC 3161, 3.4), by the true time, also where the clock of business is moved.
async fn timestamp(sandbox: web::Data<Sandbox>, request: web::Bytes) -> HttpResponse {
    match sandbox.clockwork.answer_timestamp(&request, STAMP_POLICY, SystemClock.now()) {
        Ok(answer) => HttpResponse::Ok().content_type(TIMESTAMP_REPLY).body(answer),
        Err(error) => {
            tracing::error!(%error, "the demo timestamp authority cannot stamp");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// The authorities of the demo nation with their lists, and the certificates of the seal (`seal.der`) and of the
/// timestamp authority (`tsa.der`).
async fn trust(sandbox: web::Data<Sandbox>, file: web::Path<String>) -> HttpResponse {
    let octets = if file.as_str() == "seal.der" {
        sandbox.ring.seal().map(|seal| seal.certificate().to_vec())
    } else if file.as_str() == "tsa.der" {
        Ok(sandbox.clockwork.certificate().to_vec())
    } else if TRUST.contains(&file.as_str()) {
        sandbox.ring.public(&file)
    } else {
        return HttpResponse::NotFound().finish();
    };
    match octets {
        Ok(octets) => HttpResponse::Ok().content_type("application/octet-stream").body(octets),
        Err(error) => {
            tracing::error!(%error, "a file of the demo trust cannot be read");
            HttpResponse::InternalServerError().finish()
        }
    }
}
