//! Gateways as the operator sees them: pods with an address, and an answer at `/trust`.

use std::sync::{Arc, RwLock};

use actix_web::{App, HttpResponse, HttpServer, web};
use serde_json::json;

/// A gateway that tells which bundle it has; clones are of the same.
#[derive(Clone)]
pub(crate) struct Gateway {
    told: Arc<RwLock<String>>,
    /// Its address; the port is the same for all.
    pub address: String,
}

impl Gateway {
    /// Several gateways on addresses of this machine, at one port.
    pub(crate) fn start(count: u8) -> (Vec<Self>, u16) {
        let port = free_port();
        let gateways = (1..=count).map(|number| Self::at(format!("127.0.0.{}", number + 1), port)).collect();
        (gateways, port)
    }

    fn at(address: String, port: u16) -> Self {
        let told: Arc<RwLock<String>> = Arc::default();
        let shared = web::Data::from(Arc::clone(&told));
        let server =
            HttpServer::new(move || App::new().app_data(shared.clone()).route("/trust", web::get().to(tell)))
                .workers(1)
                .disable_signals()
                .shutdown_timeout(0)
                .bind((address.as_str(), port))
                .unwrap();
        tokio::spawn(server.run());
        Self { told, address }
    }

    /// From now on it has this bundle.
    pub(crate) fn has(&self, sha256: &str) {
        sha256.clone_into(&mut self.told.write().unwrap());
    }
}

async fn tell(told: web::Data<RwLock<String>>) -> HttpResponse {
    HttpResponse::Ok()
        .json(json!({ "sha256": *told.read().unwrap(), "anchors": 1, "intermediates": 0, "crls": 0, "timestampers": 0 }))
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.2:0").unwrap().local_addr().unwrap().port()
}
