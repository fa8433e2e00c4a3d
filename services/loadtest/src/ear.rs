//! Hears on the declarant's live stream what becomes of its declarations.

use std::{borrow::Cow, sync::Arc};

use serde::Deserialize;
use tokio::task::JoinHandle;

use crate::{door::Visitor, stock};

/// What a declaration comes to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum End {
    /// The goods are released (IE029).
    Released,
    /// The declaration is rejected (IE056), its guarantee refused (IE055) or the release refused (IE051).
    Refused,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notice<'a> {
    number: i64,
    #[serde(borrow, default)]
    message_type: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    lrn: Option<Cow<'a, str>>,
}

/// Follows the box of `visitor` from its present end on and tells `hear` of every end in the run `name`.
pub(crate) async fn follow(
    visitor: &Visitor,
    name: &str,
    hear: impl Fn(usize, End) + Send + Sync + 'static,
) -> anyhow::Result<JoinHandle<()>> {
    let mut after = visitor.newest().await?;
    let mut stream = visitor.events(after).await?;
    let (mut visitor, name): (Visitor, Arc<str>) = (visitor.clone(), name.into());
    Ok(tokio::spawn(async move {
        loop {
            if let Err(error) = read(&mut stream, &name, &mut after, &hear).await {
                eprintln!("the live stream is opened anew: {error:#}");
            }
            // A token ends after a while, and the stream with it.
            loop {
                if let Ok(again) = visitor.again().await {
                    visitor = again;
                    if let Ok(opened) = visitor.events(after).await {
                        stream = opened;
                        break;
                    }
                }
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            }
        }
    }))
}

async fn read(
    stream: &mut reqwest::Response,
    name: &str,
    after: &mut i64,
    hear: &(impl Fn(usize, End) + Send + Sync),
) -> anyhow::Result<()> {
    let mut text: Vec<u8> = Vec::new();
    while let Some(chunk) = stream.chunk().await? {
        text.extend_from_slice(&chunk);
        let mut done = 0;
        while let Some(length) = text[done..].windows(2).position(|pair| pair == b"\n\n") {
            let event = std::str::from_utf8(&text[done..done + length])?;
            done += length + 2;
            let Some(data) = event.lines().find_map(|line| line.strip_prefix("data: ")) else { continue };
            let Ok(notice) = serde_json::from_str::<Notice<'_>>(data) else {
                anyhow::bail!("the stream says {data}");
            };
            *after = notice.number;
            if let Some((number, end)) = end(name, &notice) {
                hear(number, end);
            }
        }
        text.drain(..done);
    }
    anyhow::bail!("the stream ended")
}

fn end(name: &str, notice: &Notice<'_>) -> Option<(usize, End)> {
    let end = match notice.message_type.as_deref()? {
        "CC029C" => End::Released,
        "CC051C" | "CC055C" | "CC056C" => End::Refused,
        _ => return None,
    };
    Some((stock::number(name, notice.lrn.as_deref()?)?, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_told_by_its_reference_number() {
        let text = format!(r#"{{"number":9,"messageType":"CC029C","lrn":"{}"}}"#, stock::lrn("r", 12));
        let notice: Notice<'_> = serde_json::from_str(&text).unwrap();
        assert_eq!(end("r", &notice), Some((12, End::Released)));
        assert_eq!(end("another", &notice), None);
    }
}
