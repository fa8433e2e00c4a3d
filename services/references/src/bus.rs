//! What references hears: that its own data changed, in this process or in another.

use std::sync::{Arc, Weak};

use async_trait::async_trait;
use customs_platform::{Failure, Message, Receives, Rings, Timer, Work, cache::Whisper};
use customs_references_contract::bus::{VERSION_ACTIVATED, VersionActivated, WHISPER};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::{App, import, proposal};

#[async_trait]
impl Receives for App {
    async fn receive(&self, _: &mut Work, message: &Message) -> Result<(), Failure> {
        if message.name == VERSION_ACTIVATED {
            let fact: VersionActivated = message.read()?;
            self.hot().doubt();
            // One replica hears the message; the others hear it from this one.
            self.ports.cache.whisper(WHISPER, &fact.number.to_string()).await;
        }
        Ok(())
    }
}

#[async_trait]
impl Rings for App {
    async fn ring(&self, work: &mut Work, timer: &Timer) -> Result<(), Failure> {
        match timer.name.as_str() {
            import::ABANDONED => {
                // The import first, in the order in which everybody holds the two.
                import::forget(work, &timer.aggregate).await?;
                proposal::expire(work, &timer.aggregate).await
            }
            _ => Ok(()),
        }
    }
}

/// Listens for whispers of other replicas as long as `app` lives.
pub(crate) fn listen(app: &Arc<App>) {
    let whispers = app.ports.cache.listen();
    tokio::spawn(hear(Arc::downgrade(app), whispers));
}

async fn hear(app: Weak<App>, mut whispers: Receiver<Whisper>) {
    loop {
        let heard = whispers.recv().await;
        let Some(app) = app.upgrade() else { return };
        match heard {
            Ok(whisper) if whisper.topic == WHISPER => app.hot().doubt(),
            Ok(_) => {}
            // What was missed may have been about us.
            Err(RecvError::Lagged(_)) => app.hot().doubt(),
            Err(RecvError::Closed) => return,
        }
    }
}
