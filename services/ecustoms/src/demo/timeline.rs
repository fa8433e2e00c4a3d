//! The timeline of a play: one line for everything that happens, as it happens.

use std::{
    fmt::Display,
    io::{self, Write as _},
    sync::Arc,
    time::Instant,
};

/// Prints what happens, with the time since the play began.
#[derive(Clone, Debug)]
pub(super) struct Timeline(Arc<Instant>);

impl Timeline {
    /// A timeline that begins now.
    pub(super) fn begin() -> Self {
        Self(Arc::new(Instant::now()))
    }

    /// A heading between the parts of the play.
    pub(super) fn heading(words: &str) {
        print(&format!("\n{words}"));
    }

    /// Says what `actor` does or learns, about which movement.
    pub(super) fn say(&self, actor: &str, event: impl Display, about: &str) {
        print(&line(self.0.elapsed().as_millis(), actor, &event.to_string(), about));
    }

    /// The time since the play began, in seconds with three places.
    pub(super) fn elapsed(&self) -> String {
        seconds(self.0.elapsed().as_millis())
    }
}

fn line(millis: u128, actor: &str, event: &str, about: &str) -> String {
    format!("{:>8} s  {actor:<20} {event:<58} {about}", seconds(millis)).trim_end().to_owned()
}

fn seconds(millis: u128) -> String {
    format!("{}.{:03}", millis / 1_000, millis % 1_000)
}

/// A reader that has gone away is no reason to stop half-way.
fn print(line: &str) {
    _ = writeln!(io::stdout().lock(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other() {
        let short = line(7, "declarant", "lodges IE015", "LRN1");
        let long = line(12_345, "officer-destination", "finds the goods in order", "LRN1");
        assert_eq!(short.find("LRN1"), long.find("LRN1"));
        assert!(long.starts_with("  12.345 s  officer"), "{long}");
    }
}
