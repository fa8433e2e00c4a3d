//! A box followed by server-sent events.

use anyhow::{Context as _, bail};
use tokio::task::JoinHandle;

use super::{Ear, Notice};
use crate::demo::client::Visitor;

/// Follows the box of `visitor` behind the number `after`; returns when the answer has begun.
pub(super) async fn follow(visitor: &Visitor, after: i64, ear: Ear) -> anyhow::Result<JoinHandle<()>> {
    let mut response = visitor.events(&format!("/notifications/stream?afterNumber={after}")).await?;
    Ok(tokio::spawn(async move {
        if let Err(error) = read(&mut response, &ear).await {
            ear.fail(error);
        }
    }))
}

/// Passes notifications on until nobody listens.
async fn read(response: &mut reqwest::Response, ear: &Ear) -> anyhow::Result<()> {
    let mut text = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        text.extend_from_slice(&chunk);
        while let Some(event) = take_event(&mut text)? {
            match event {
                Said::Notice(notice) => {
                    if !ear.hear(*notice) {
                        return Ok(());
                    }
                }
                Said::Problem(problem) => bail!("the stream ends: {problem}"),
                Said::Nothing => {}
            }
        }
    }
    bail!("the stream ends")
}

/// What an event says.
enum Said {
    Notice(Box<Notice>),
    Problem(String),
    Nothing,
}

/// The first whole event of `text`, which is taken out of it.
fn take_event(text: &mut Vec<u8>) -> anyhow::Result<Option<Said>> {
    let Some(end) = text.windows(2).position(|pair| pair == b"\n\n") else { return Ok(None) };
    let event: Vec<u8> = text.drain(..end + 2).collect();
    let event = String::from_utf8(event).context("an event is not UTF-8")?;
    let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    Ok(Some(match (field("event"), field("data")) {
        (Some("problem"), problem) => Said::Problem(problem.unwrap_or_default().to_owned()),
        (_, Some(data)) => Said::Notice(serde_json::from_str(data).context("an event cannot be read")?),
        (_, None) => Said::Nothing,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_taken_one_by_one_however_they_arrive() {
        let id = uuid::Uuid::nil();
        let mut text = b": still here\n\nid: 1\nevent: notification\ndata: {\"id\":\"".to_vec();
        assert!(matches!(take_event(&mut text).unwrap(), Some(Said::Nothing)));
        assert!(take_event(&mut text).unwrap().is_none());
        let rest = format!("{id}\",\"number\":7,\"event\":{{\"type\":\"t\",\"data\":{{}}}}}}\n\n");
        text.extend_from_slice(rest.as_bytes());
        assert!(matches!(take_event(&mut text).unwrap(), Some(Said::Notice(notice)) if notice.number == 7));
        assert!(text.is_empty());
    }
}
