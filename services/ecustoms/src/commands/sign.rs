//! `ecustoms sign`: the header fields with which a system's request is signed (RFC 9421), for curl and other tools.

use std::{fs, path::PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand};
use customs_kernel::{Clock, id::uuid_at};
use customs_platform::SystemClock;
use customs_signatures::http::{HttpMessage, HttpProfile, HttpSigner};
use reqwest::{Method, Url};

use super::say;

/// What can be signed.
#[derive(Subcommand)]
pub enum Sign {
    /// A request of a system whose key is registered: prints the header fields to send with it.
    Request(SignRequest),
}

/// A request of a system.
#[derive(Args)]
pub struct SignRequest {
    /// The method, such as GET or POST.
    method: Method,
    /// The whole address, with the host under which the suite is reached.
    url: Url,
    /// File with the private key of the system (PEM, not encrypted).
    #[arg(long)]
    key: PathBuf,
    /// File with the certificate (PEM), where that was registered and not the key itself.
    #[arg(long)]
    certificate: Option<PathBuf>,
    /// File with exactly the content that is sent.
    #[arg(long)]
    body: Option<PathBuf>,
}

/// Signs what `what` names.
pub fn sign(what: &Sign) -> anyhow::Result<()> {
    let Sign::Request(request) = what;
    let read = |file: &PathBuf| {
        fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
    };
    let certificate = request.certificate.as_ref().map(read).transpose()?;
    let signer = HttpSigner::from_pem(&read(&request.key)?, certificate.as_deref())
        .context("this is no private key of a system: Ed25519, P-256, P-384, or RSA from 2048 bits")?;
    let body = request.body.as_ref().map(fs::read).transpose()?.unwrap_or_default();
    let url = &request.url;
    let host = url.host_str().context("the address names no host")?;
    let mut message = HttpMessage {
        method: request.method.to_string(),
        scheme: url.scheme().to_owned(),
        authority: url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
        path: url.path().to_owned(),
        query: url.query().map(str::to_owned),
        body,
        ..HttpMessage::default()
    };
    let now = SystemClock.now();
    // Two requests of one key never have the same: the identifier has more random bits than anybody could meet twice.
    let nonce = uuid_at(now).simple().to_string();
    signer.sign(&HttpProfile::ecustoms(), &mut message, &nonce, now)?;
    for (name, value) in &message.headers {
        say(format_args!("{name}: {value}"));
    }
    Ok(())
}
