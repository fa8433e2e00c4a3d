//! How many live streams each sender holds open in this process.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use customs_gateway_contract::problems;
use customs_kernel::Problem;

/// Counts live streams.
#[derive(Clone)]
pub(crate) struct Streams {
    held: Arc<Mutex<HashMap<String, u32>>>,
    most: u32,
}

/// One live stream; counted as long as it lives.
pub(crate) struct Held {
    streams: Streams,
    who: String,
}

impl Streams {
    /// At most `most` streams of one sender.
    pub(crate) fn new(most: u32) -> Self {
        Self { held: Arc::default(), most }
    }

    /// Counts a stream of `who`, or refuses it.
    pub(crate) fn hold(&self, who: &str) -> Result<Held, Problem> {
        let mut held = self.held();
        let count = held.entry(who.to_owned()).or_default();
        if *count >= self.most {
            return Err(problems::STREAMS_MANY.because(format!("{} live streams are the most", self.most)));
        }
        *count += 1;
        Ok(Held { streams: self.clone(), who: who.to_owned() })
    }

    fn held(&self) -> MutexGuard<'_, HashMap<String, u32>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut held = self.streams.held();
        if let Some(count) = held.get_mut(&self.who) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_that_ends_makes_room_for_another() {
        let streams = Streams::new(2);
        let first = streams.hold("a").unwrap();
        let _second = streams.hold("a").unwrap();
        assert_eq!(streams.hold("a").err().unwrap().status, 429);
        assert!(streams.hold("b").is_ok());
        drop(first);
        assert!(streams.hold("a").is_ok());
        assert_eq!(streams.held().len(), 1);
    }
}
