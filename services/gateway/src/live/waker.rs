//! Waiting for something new: a whisper on a topic, or a second.

use std::time::Duration;

use customs_platform::cache::Whisper;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, timeout_at},
};

/// How long to wait for a whisper before looking anyway.
const LOOK: Duration = Duration::from_secs(1);

/// Wakes the reader of one topic.
pub(super) struct Waker {
    whispers: Receiver<Whisper>,
    topic: Option<String>,
}

impl Waker {
    /// A waker over what is whispered from now on.
    pub(super) const fn new(whispers: Receiver<Whisper>) -> Self {
        Self { whispers, topic: None }
    }

    /// From here on only whispers on `topic` wake.
    pub(super) fn listen_to(&mut self, topic: String) {
        self.topic = Some(topic);
    }

    /// Waits until there may be something new.
    pub(super) async fn wait(&mut self) {
        let by = Instant::now() + LOOK;
        loop {
            match timeout_at(by, self.whispers.recv()).await {
                Ok(Ok(whisper)) if self.topic.as_ref() != Some(&whisper.topic) => {}
                // Where some were missed, one of them may have been ours.
                Ok(Ok(_) | Err(RecvError::Lagged(_))) | Err(_) => return,
                Ok(Err(RecvError::Closed)) => {
                    tokio::time::sleep_until(by).await;
                    return;
                }
            }
        }
    }
}
