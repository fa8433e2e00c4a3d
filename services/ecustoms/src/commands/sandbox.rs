//! `sandbox`: what can be done in a demo nation and nowhere else.

use anyhow::Context as _;
use clap::Subcommand;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Client, say};

/// What to do.
#[derive(Subcommand)]
pub enum SandboxCommand {
    /// Move the clock of the sandbox forward: `90s`, `45min`, `3h`, `29d`, `2w`; deadlines that pass are acted on.
    Advance {
        /// By how much.
        by: String,
        /// Base address of the suite.
        #[arg(long, default_value = "http://127.0.0.1:8080", env = "ECUSTOMS_URL")]
        url: String,
    },
    /// Let robots stand for the officers until this is stopped: they do what local reference numbers `BOT-…` ask for.
    Officers {
        /// Base address of the suite.
        #[arg(long, default_value = "http://127.0.0.1:8080", env = "ECUSTOMS_URL")]
        url: String,
    },
}

/// Does it.
pub async fn sandbox(what: SandboxCommand) -> anyhow::Result<()> {
    match what {
        SandboxCommand::Advance { by, url } => advance(&by, url).await,
        SandboxCommand::Officers { url } => {
            crate::sandbox::officers(url).await;
            Ok(())
        }
    }
}

async fn advance(by: &str, url: String) -> anyhow::Result<()> {
    let seconds =
        seconds(by).with_context(|| format!("{by} is no length of time such as 45min, 3h or 29d"))?;
    let session = Client { url, key: None, password_file: None }.session().await?;
    let moved = session.call(Method::POST, "/admin/clock", Some(json!({"seconds": seconds}))).await?;
    let now = moved.get("now").and_then(Value::as_str).context("the clock shows nothing")?;
    say(format!("the clock of the sandbox shows {now}"));
    Ok(())
}

/// A length of time in seconds: a whole number and a unit.
fn seconds(text: &str) -> Option<i64> {
    let unit = text.find(|one: char| !one.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(unit)?;
    let each = match unit {
        "s" => 1,
        "min" | "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => return None,
    };
    number.parse::<i64>().ok()?.checked_mul(each)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_have_a_number_and_a_unit() {
        for (text, expected) in [
            ("29d", Some(2_505_600)),
            ("45min", Some(2_700)),
            ("90s", Some(90)),
            ("2w", Some(1_209_600)),
            ("29", None),
            ("d", None),
            ("-1d", None),
            ("1y", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
