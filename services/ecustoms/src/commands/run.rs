//! `up`, `serve` and `migrate`: the suite in this process, a part of it, or only its databases.

use std::{sync::Arc, time::Duration};

use actix_web::{App, HttpServer, web};
use anyhow::Context;
use customs_platform::telemetry;

use super::say;
use crate::{
    config::Config,
    http::{self, Front},
    sandbox::{self, Sandbox},
    suite::{SERVICES, Suite},
};

/// How long requests under way may take to end when the process is told to stop.
const DRAIN_S: u64 = 20;

/// Runs the whole suite in this process until it is told to stop.
pub async fn up(config: Config, demo: bool) -> anyhow::Result<()> {
    let _telemetry = telemetry::start(&config.telemetry())?;
    let suite = Arc::new(Suite::build(&config, SERVICES, demo, true).await?);
    suite.start().await;
    let sandbox = if demo { Some(sandbox::furnish(&suite, &config).await?) } else { None };
    let front = Front::new(&config, &suite, sandbox.as_ref(), true)?;
    run(&config, suite, front, sandbox).await
}

/// Runs `services` in this process until it is told to stop.
pub async fn serve(config: Config, services: Vec<String>, demo: bool) -> anyhow::Result<()> {
    let _telemetry = telemetry::start(&config.telemetry())?;
    anyhow::ensure!(
        config.servers.is_some(),
        "services in several processes need PostgreSQL, RabbitMQ and Redis: set ECUSTOMS_POSTGRES_URL, \
         ECUSTOMS_RABBITMQ_URL and ECUSTOMS_REDIS_URL, or run `ecustoms up`"
    );
    let names: Vec<&str> = services.iter().map(String::as_str).filter(|name| *name != "gateway").collect();
    let suite = Arc::new(Suite::build(&config, &names, demo, false).await?);
    wait_for_schema(&suite).await?;
    suite.start().await;
    let gateway = services.iter().any(|name| name == "gateway");
    let sandbox = match (demo, gateway) {
        (true, true) => Some(sandbox::furnish(&suite, &config).await?),
        (true, false) => {
            sandbox::seed(&suite).await?;
            None
        }
        (false, _) => None,
    };
    let front = Front::new(&config, &suite, sandbox.as_ref(), gateway)?;
    run(&config, suite, front, sandbox).await
}

/// A process that is faster than its migration waits for it.
async fn wait_for_schema(suite: &Suite) -> anyhow::Result<()> {
    for service in &suite.services {
        let mut told = false;
        while !customs_migrations::is_current(service.name, service.store.reader()).await? {
            if !told {
                tracing::warn!(service = service.name, "waiting for `ecustoms migrate`");
                told = true;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }
    Ok(())
}

async fn run(
    config: &Config,
    suite: Arc<Suite>,
    front: Front,
    sandbox: Option<Sandbox>,
) -> anyhow::Result<()> {
    let shown = front.clone();
    let server = HttpServer::new(move || {
        let front = front.clone();
        App::new()
            .wrap(actix_web::middleware::Compress::default())
            .configure(move |cfg| http::routes(cfg, &front))
    })
    .shutdown_timeout(DRAIN_S)
    .bind(&config.listen)
    .with_context(|| format!("cannot listen on {}", config.listen))?
    .run();
    announce(config, &shown, sandbox.as_ref());
    let operations = match &config.operations_listen {
        Some(address) => Some(operations(address)?),
        None => None,
    };
    let handle = server.handle();
    let stopping = suite.stopping().clone();
    if let Some(operations) = operations {
        tokio::spawn(operations);
    }
    let outcome = server.await;
    stopping.cancel();
    drop(handle);
    suite.stop().await;
    outcome.context("the server broke off")
}

fn operations(address: &str) -> anyhow::Result<actix_web::dev::Server> {
    let metrics = || async {
        actix_web::HttpResponse::Ok()
            .content_type("text/plain; version=0.0.4")
            .body(customs_platform::metrics::text())
    };
    let server = HttpServer::new(move || App::new().route("/metrics", web::get().to(metrics)))
        .workers(1)
        .disable_signals()
        .bind(address)
        .with_context(|| format!("cannot listen on {address}"))?;
    Ok(server.run())
}

fn announce(config: &Config, front: &Front, sandbox: Option<&Sandbox>) {
    if !front.is_public() {
        return;
    }
    let url = config.public_url();
    say(format!("ecustoms is up: {url}"));
    say(format!("  GraphQL   {url}/graphql   explorer {url}/graphiql"));
    say(format!("  REST      {url}/openapi.json   documents {url}/docs"));
    say(format!("  health    {url}/readyz"));
    if let Some(sandbox) = sandbox {
        say(sandbox.overview());
        say(format!("Try: ecustoms demo transit --url {url}"));
    }
}

/// Brings the databases of `services`, or of all, to the present schema.
pub async fn migrate(config: &Config, services: &[String]) -> anyhow::Result<()> {
    let names: Vec<&str> = match services {
        [] => SERVICES.to_vec(),
        some => some.iter().map(String::as_str).collect(),
    };
    Suite::build(config, &names, false, true).await?;
    for name in names {
        say(format!("{name}: up to date"));
    }
    Ok(())
}
