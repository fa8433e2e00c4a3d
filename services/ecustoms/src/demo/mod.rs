//! The main job played by an outside client over the public API: a transit movement from declaration to
//! discharge, and its failure twin; it ends at the first deviation.

pub(crate) mod answer;
mod books;
pub(crate) mod client;
mod deviation;
pub mod documents;
mod goods;
mod journey;
mod live;
mod movement;
mod stage;
mod story;
mod timeline;
mod twin;

use self::{books::Books, client::Door, stage::Stage, timeline::Timeline};

/// Plays the main job and its failure twin against the sandbox at `url`, printing the timeline as it happens.
pub async fn transit(url: &str) -> anyhow::Result<()> {
    let timeline = Timeline::begin();
    Timeline::heading(&format!("Everybody logs in at {url}"));
    let mut stage = Stage::open(url, &timeline).await?;
    let before = Books::open(&mut stage).await?;
    let discharged = story::play(&mut stage, &before).await? + twin::play(&mut stage, &before).await?;
    Timeline::heading("The books");
    before.balances_are_back(&stage).await?;
    before.moved_by(&stage, discharged).await?;
    before.boxes_agree(&mut stage).await?;
    Timeline::heading(&format!("Everything went as the procedure wants it, in {} s.", timeline.elapsed()));
    Ok(())
}

/// An access token of `login` at the sandbox at `url`.
pub async fn token(url: &str, login: &str) -> anyhow::Result<String> {
    let door = Door::new(url)?;
    let (_, token) = door.log_in(&door.sandbox().await?, login).await?.pass();
    Ok(token)
}
