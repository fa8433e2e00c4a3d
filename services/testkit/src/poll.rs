//! Waiting for what another process does.

use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

const PAUSE: Duration = Duration::from_millis(50);

/// A loopback port that nobody listens on now.
pub fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}

/// Asks `happened` again and again; an error that names `what` when it has not after `patience`.
#[expect(
    clippy::disallowed_methods,
    reason = "another process cannot wake us; this never runs in an actix worker"
)]
pub fn until(what: &str, patience: Duration, mut happened: impl FnMut() -> bool) -> anyhow::Result<()> {
    let deadline = Instant::now() + patience;
    while !happened() {
        if Instant::now() > deadline {
            bail!("waited {} s for {what}", patience.as_secs());
        }
        thread::sleep(PAUSE);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_ends_when_it_happened() {
        let mut asked = 0;
        until("three", Duration::from_secs(5), || {
            asked += 1;
            asked == 3
        })
        .unwrap();
        assert_eq!(asked, 3);
    }

    #[test]
    fn waiting_in_vain_names_what_was_awaited() {
        let error = until("a miracle", Duration::ZERO, || false).unwrap_err();
        assert_eq!(error.to_string(), "waited 0 s for a miracle");
    }

    #[test]
    fn a_free_port_can_be_bound() {
        TcpListener::bind(("127.0.0.1", free_port().unwrap())).unwrap();
    }
}
