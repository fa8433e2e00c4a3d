//! A door that stays while the processes behind it are exchanged, as the address of a Kubernetes Service does.

use std::{
    io,
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

/// A port whose connections lead to a process that is ready.
pub(crate) struct Door {
    /// The ports behind, in the order in which they came.
    behind: Arc<Mutex<Vec<u16>>>,
}

impl Door {
    /// A door at `port` that leads nowhere yet.
    pub(crate) fn open(port: u16) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port))?;
        let behind: Arc<Mutex<Vec<u16>>> = Arc::default();
        let led = Arc::clone(&behind);
        thread::spawn(move || {
            for (number, client) in listener.incoming().flatten().enumerate() {
                let ready = led.lock().unwrap_or_else(PoisonError::into_inner).clone();
                // In turn, so that both serve while two are ready.
                if let Some(port) = ready.get(number % ready.len().max(1)).copied() {
                    // Who finds nobody sees the connection end.
                    thread::spawn(move || drop(lead(&client, port)));
                }
            }
        });
        Ok(Self { behind })
    }

    /// From now on it leads to `port` too.
    pub(crate) fn leads_to(&self, port: u16) {
        self.behind.lock().unwrap_or_else(PoisonError::into_inner).push(port);
    }

    /// Nobody new is led to `port`; who is there stays.
    pub(crate) fn leaves(&self, port: u16) {
        self.behind.lock().unwrap_or_else(PoisonError::into_inner).retain(|other| *other != port);
    }
}

/// Passes on what both say until both have ended.
fn lead(client: &TcpStream, port: u16) -> io::Result<()> {
    let server = TcpStream::connect(("127.0.0.1", port))?;
    let (to_client, from_server) = (client.try_clone()?, server.try_clone()?);
    let back = thread::spawn(move || pass(&from_server, &to_client));
    pass(client, &server);
    drop(back.join());
    Ok(())
}

fn pass(mut from: &TcpStream, mut to: &TcpStream) {
    // A connection that breaks ends as one that is closed.
    drop(io::copy(&mut from, &mut to));
    drop(to.shutdown(Shutdown::Write));
}
