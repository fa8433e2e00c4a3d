//! A participant's server that takes webhooks.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::{hash::MessageDigest, pkey::PKey, sign::Signer};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::AbortHandle,
};

/// One request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

type Answer = Arc<Mutex<Box<dyn FnMut(&Taken) -> String + Send>>>;

/// A server that keeps every request and answers as it is told to.
pub(crate) struct Receiver {
    pub(crate) url: String,
    pub(crate) requests: mpsc::UnboundedReceiver<Taken>,
    task: AbortHandle,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Receiver {
    /// A server whose answer to each request is `answer`: a status line's end and headers, then the body.
    pub(crate) async fn start(answer: impl FnMut(&Taken) -> String + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?key=1", listener.local_addr().unwrap());
        let (sender, requests) = mpsc::unbounded_channel();
        let answer: Answer = Arc::new(Mutex::new(Box::new(answer)));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, sender.clone(), Arc::clone(&answer)));
            }
        });
        Self { url, requests, task: task.abort_handle() }
    }

    /// A server that takes everything.
    pub(crate) async fn willing() -> Self {
        Self::start(|_| status(204)).await
    }

    /// What came until now.
    pub(crate) fn taken(&mut self) -> Vec<Taken> {
        std::iter::from_fn(|| self.requests.try_recv().ok()).collect()
    }
}

/// An answer of `status` without a body.
pub(crate) fn status(status: u16) -> String {
    format!("{status} X\r\n")
}

async fn serve(stream: TcpStream, sender: mpsc::UnboundedSender<Taken>, answer: Answer) {
    let mut stream = BufReader::new(stream);
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.insert(name.to_ascii_lowercase(), value.to_owned()),
            None if line.trim_end().is_empty() => break,
            None => None,
        };
    }
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    let taken = Taken { headers, body: String::from_utf8(body).unwrap() };
    let text = (answer.lock().unwrap())(&taken);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text.trim_end(), ""));
    let length = body.len();
    sender.send(taken).unwrap();
    let response = format!("HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
    stream.write_all(response.as_bytes()).await.unwrap();
    stream.flush().await.unwrap();
}

impl Taken {
    pub(crate) fn event(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn signatures(&self) -> Vec<&str> {
        self.headers["webhook-signature"].split(' ').collect()
    }

    /// Whether one of the signatures is by `secret`, computed as the Standard Webhooks specification says.
    pub(crate) fn is_signed_by(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let key = PKey::hmac(&key).unwrap();
        let mut signer = Signer::new(MessageDigest::sha256(), &key).unwrap();
        for part in [&self.headers["webhook-id"], ".", &self.headers["webhook-timestamp"], ".", &self.body] {
            signer.update(part.as_bytes()).unwrap();
        }
        let wanted = format!("v1,{}", STANDARD.encode(signer.sign_to_vec().unwrap()));
        self.signatures().contains(&wanted.as_str())
    }
}
