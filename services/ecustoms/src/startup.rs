//! The gate before a process serves: its databases are there and have a schema that it can work with.

use std::{sync::Arc, time::Duration};

use customs_kernel::Clock;
use customs_migrations::{DbErr, Schema, schema, too_new};
use customs_platform::{Store, SystemClock};

use crate::{condition::Condition, config::Config, suite::place};

/// How often it is looked whether what is missing has come.
const LOOK: Duration = Duration::from_millis(500);

enum Found {
    Fits,
    Missing(String),
}

/// Returns when the databases of `services` are there with a schema to work with; fails where one is too new.
///
/// A process that is faster than its database or its migration waits, and says for what.
pub async fn wait_for_schema(
    config: &Config,
    services: &[&str],
    condition: &Condition,
) -> anyhow::Result<()> {
    for service in services {
        let mut told = String::new();
        while let Found::Missing(what) = look(config, service).await? {
            if told != what {
                tracing::warn!(service, what, "not started yet");
                condition.waits(what.clone());
                told = what;
            }
            tokio::time::sleep(LOOK).await;
        }
    }
    Ok(())
}

async fn look(config: &Config, service: &str) -> anyhow::Result<Found> {
    let name = crate::suite::known(service)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = match Store::open(name, &place(config, name)?, clock).await {
        Ok(store) => store,
        Err(failure) => {
            return Ok(Found::Missing(format!("waiting for the database of {name}: {failure:?}")));
        }
    };
    let found = match schema(name, store.reader()).await {
        Ok(Schema::Present | Schema::Next) => Ok(Found::Fits),
        Ok(Schema::Older) => Ok(Found::Missing(format!("waiting for `ecustoms migrate` of {name}"))),
        Ok(Schema::TooNew(reached)) => Err(anyhow::anyhow!("{name}: {}", too_new(reached))),
        Err(error) => Ok(Found::Missing(waiting(name, &error))),
    };
    let _ = store.reader().clone().close().await;
    found
}

fn waiting(name: &str, error: &DbErr) -> String {
    format!("waiting for the database of {name}: {error}")
}
