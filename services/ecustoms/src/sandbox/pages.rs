//! What only a sandbox serves: the keys of its people and its clock.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use customs_web_broker::seed::DEMO;
use serde_json::json;

use super::{DemoGuarantees, KeyRing, PASSWORD};

/// The demo nation as it is served.
#[derive(Clone)]
pub struct Sandbox {
    ring: Arc<KeyRing>,
    guarantees: DemoGuarantees,
}

impl Sandbox {
    pub(super) fn new(ring: KeyRing, guarantees: DemoGuarantees) -> Self {
        Self { ring: Arc::new(ring), guarantees }
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

/// Adds `/sandbox/keys` and `/sandbox/keys/{login}.p12`.
pub fn routes(cfg: &mut web::ServiceConfig, sandbox: Sandbox) {
    cfg.app_data(web::Data::new(sandbox))
        .route("/sandbox/keys", web::get().to(keys))
        .route("/sandbox/keys/{login}.p12", web::get().to(key));
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
    HttpResponse::Ok().json(json!({ "password": PASSWORD, "keys": keys, "guarantee": sandbox.guarantees }))
}

async fn key(sandbox: web::Data<Sandbox>, login: web::Path<String>) -> HttpResponse {
    // Only log-ins of the table name a file: a path from outside never reaches the file system.
    let Some(person) = DEMO.iter().find(|person| person.login == login.as_str()) else {
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
