//! `up`, `serve` and `migrate`: the suite in this process, a part of it, or only its databases.

use std::{sync::Arc, time::Duration};

use actix_web::{App, HttpServer, dev::ServerHandle, middleware::from_fn};
use anyhow::Context;
use chrono::{DateTime, Utc};
use customs_kernel::Clock;
use customs_platform::{Store, SystemClock, outbox, telemetry};

use super::say;
use crate::{
    condition::{self, Condition},
    config::Config,
    http::{self, Front},
    sandbox::{self, Sandbox},
    startup,
    suite::{SERVICES, Suite, known, place},
};

/// How long an idle connection is kept; the inner client lets go of one earlier, so that none is cut under a request.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// Runs the whole suite in this process until it is told to stop; robots stand for the officers if `officers`.
pub async fn up(config: Config, demo: bool, officers: bool) -> anyhow::Result<()> {
    let _telemetry = telemetry::start(&config.telemetry(""))?;
    let condition = watched(&config, "all")?;
    let suite = Arc::new(Suite::build(&config, SERVICES, demo, true).await?);
    suite.start().await;
    let sandbox = if demo { Some(sandbox::furnish(&suite, &config).await?) } else { None };
    let front = Front::new(&config, &suite, &condition, sandbox.as_ref(), true)?;
    let robots = officers.then(|| tokio::spawn(sandbox::officers(config.public_url())));
    let outcome = run(&config, suite, front, sandbox).await;
    if let Some(robots) = robots {
        robots.abort();
    }
    outcome
}

/// Runs `services` in this process until it is told to stop.
pub async fn serve(config: Config, services: Vec<String>, demo: bool) -> anyhow::Result<()> {
    let _telemetry = telemetry::start(&config.telemetry(&services.join("+")))?;
    anyhow::ensure!(
        config.servers.is_some(),
        "services in several processes need PostgreSQL, RabbitMQ and Redis: set ECUSTOMS_POSTGRES_URL, \
         ECUSTOMS_RABBITMQ_URL and ECUSTOMS_REDIS_URL, or run `ecustoms up`"
    );
    let condition = watched(&config, &services.join("+"))?;
    let names: Vec<&str> = services.iter().map(String::as_str).filter(|name| *name != "gateway").collect();
    let gate = startup::wait_for_schema(&config, &names, &condition);
    tokio::select! {
        opened = gate => opened?,
        () = condition.told_to_stop() => return Ok(()),
    }
    let suite = Arc::new(Suite::build(&config, &names, demo, false).await?);
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
    let front = Front::new(&config, &suite, &condition, sandbox.as_ref(), gateway)?;
    run(&config, suite, front, sandbox).await
}

/// The condition of this process, told to operators from now on if they have an address.
fn watched(config: &Config, role: &str) -> anyhow::Result<Condition> {
    let condition = Condition::new(role);
    condition.listen()?;
    if let Some(address) = &config.operations_listen {
        tokio::spawn(condition::operations(address, &condition)?);
    }
    Ok(condition)
}

async fn run(
    config: &Config,
    suite: Arc<Suite>,
    front: Front,
    sandbox: Option<Sandbox>,
) -> anyhow::Result<()> {
    let shown = front.clone();
    let condition = front.condition().clone();
    let server = HttpServer::new(move || {
        let front = front.clone();
        App::new()
            .wrap(actix_web::middleware::Compress::default())
            .wrap(from_fn(condition::part))
            .configure(move |cfg| http::routes(cfg, &front))
    })
    .keep_alive(KEEP_ALIVE)
    .shutdown_timeout(config.drain_s)
    .disable_signals()
    .bind(&config.listen)
    .with_context(|| format!("cannot listen on {}", config.listen))?
    .run();
    condition.serves(&suite);
    announce(config, &shown, sandbox.as_ref());
    let notice = Duration::from_secs(config.drain_notice_s);
    let ending = tokio::spawn(drain(condition, notice, server.handle()));
    let outcome = server.await;
    ending.abort();
    suite.stop().await;
    outcome.context("the server broke off")
}

/// Waits to be told to stop; then lets who has not heard of it yet come in, and lets requests under way end.
async fn drain(condition: Condition, notice: Duration, server: ServerHandle) {
    condition.told_to_stop().await;
    tracing::info!("told to stop: not ready any more");
    tokio::time::sleep(notice).await;
    server.stop(true).await;
}

fn announce(config: &Config, front: &Front, sandbox: Option<&Sandbox>) {
    if !front.is_public() {
        return;
    }
    let url = config.public_url();
    say(format!("ecustoms is up: {url}"));
    say(format!("  Pages     {url}/"));
    say(format!("  GraphQL   {url}/graphql   explorer {url}/graphiql"));
    say(format!("  REST      {url}/openapi.json   documents {url}/docs"));
    say(format!("  health    {url}/readyz"));
    if let Some(sandbox) = sandbox {
        say(sandbox.overview());
        say(format!("Try: ecustoms demo transit --url {url}"));
    }
}

/// Puts the events that were told since `since` back into the outboxes of `services`, or of all.
pub async fn tell_again(config: &Config, since: DateTime<Utc>, services: &[String]) -> anyhow::Result<()> {
    anyhow::ensure!(config.servers.is_some(), "there is no broker that could have lost anything");
    let some = services.iter().map(|name| known(name)).collect::<anyhow::Result<Vec<_>>>()?;
    for name in if some.is_empty() { SERVICES.to_vec() } else { some } {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let opened = Store::open(name, &place(config, name)?, clock).await;
        let store = opened.map_err(|failure| anyhow::anyhow!("{name}: {failure:?}"))?;
        let told = outbox::tell_again(&store, since).await;
        say(format!("{name}: {} events", told.map_err(|failure| anyhow::anyhow!("{name}: {failure:?}"))?));
    }
    Ok(())
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
