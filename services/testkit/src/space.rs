//! An empty corner of a running set, for one test.

use std::path::{Path, PathBuf};

use crate::script::{ask, taken};

/// A database, a virtual host and a Redis number of its own; all three are forgotten when dropped.
///
/// Redis channels (publish and subscribe) know no number: put [`Space::name`] into their names.
#[derive(Debug)]
pub struct Space {
    dir: PathBuf,
    name: String,
    postgres_url: String,
    rabbitmq_url: String,
    redis_url: String,
}

impl Space {
    pub(crate) fn open(dir: &Path, name: String) -> anyhow::Result<Self> {
        let mut answer = ask(Some(dir), &["space", &name])?;
        Ok(Self {
            dir: dir.to_owned(),
            name,
            postgres_url: taken(&mut answer, "ECUSTOMS_POSTGRES_URL")?,
            rabbitmq_url: taken(&mut answer, "ECUSTOMS_RABBITMQ_URL")?,
            redis_url: taken(&mut answer, "ECUSTOMS_REDIS_URL")?,
        })
    }

    /// The space's name: lower-case letters, digits and underscores; no other space has it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `postgres://…/name`: an empty database.
    #[must_use]
    pub fn postgres_url(&self) -> &str {
        &self.postgres_url
    }

    /// `amqp://…/name`: an empty virtual host.
    #[must_use]
    pub fn rabbitmq_url(&self) -> &str {
        &self.rabbitmq_url
    }

    /// `redis://…/n`: an empty number.
    #[must_use]
    pub fn redis_url(&self) -> &str {
        &self.redis_url
    }

    /// The three addresses as environment variables, for a child process.
    #[must_use]
    pub fn variables(&self) -> [(&'static str, &str); 3] {
        [
            ("ECUSTOMS_POSTGRES_URL", &self.postgres_url),
            ("ECUSTOMS_RABBITMQ_URL", &self.rabbitmq_url),
            ("ECUSTOMS_REDIS_URL", &self.redis_url),
        ]
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        // Best effort: a test may have killed the servers, and the set forgets everything when it ends.
        drop(ask(Some(&self.dir), &["drop", &self.name]));
    }
}
