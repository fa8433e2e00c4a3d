//! What a suite tells of itself: how long the verification of signatures held requests up.

use std::fmt;

use anyhow::Context as _;

/// The histogram at the operations address.
const BUCKET: &str = "ecustoms_signature_duration_seconds_bucket{";
/// For how many microseconds ninety-nine of a hundred requests may be held up at most.
const BAR_US: u64 = 1_000;

/// A bucket of the histogram: its limit as the suite writes it, in seconds, and how many verifications kept it.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Bucket {
    limit: String,
    quick: u64,
    slow: u64,
}

impl Bucket {
    const fn all(&self) -> u64 {
        self.quick + self.slow
    }
}

/// Which of the verifications in a bucket are meant.
type Which = fn(&Bucket) -> u64;

/// How many verifications took at most so long, cumulated.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Verifications(Vec<Bucket>);

impl Verifications {
    /// Reads what the suite whose operations address is `url` has counted since its start.
    pub(crate) async fn read(url: &str) -> anyhow::Result<Self> {
        let told = reqwest::get(format!("{url}/metrics")).await?.error_for_status()?.text().await?;
        let found = Self::of(&told);
        (!found.0.is_empty()).then_some(found).context("the suite does not tell of verifications")
    }

    fn of(told: &str) -> Self {
        let mut found: Vec<Bucket> = Vec::new();
        for line in told.lines().filter_map(|line| line.strip_prefix(BUCKET)) {
            let label = |name: &str| line.split_once(name)?.1.split('"').nth(1);
            let count: Option<u64> = line.rsplit(' ').next().and_then(|count| count.parse().ok());
            let (Some(limit), Some(count)) = (label("le="), count) else { continue };
            let place = found.iter().position(|bucket| bucket.limit == limit).unwrap_or(found.len());
            if place == found.len() {
                found.push(Bucket { limit: limit.to_owned(), quick: 0, slow: 0 });
            }
            if let Some(bucket) = found.get_mut(place) {
                let way = if label("way=") == Some("quick") { &mut bucket.quick } else { &mut bucket.slow };
                *way += count;
            }
        }
        Self(found)
    }

    /// What was counted since `before`.
    pub(crate) fn since(&self, before: &Self) -> Self {
        let later = self.0.iter().map(|bucket| {
            let earlier = before.0.iter().find(|known| known.limit == bucket.limit);
            let (quick, slow) = earlier.map_or((0, 0), |known| (known.quick, known.slow));
            Bucket {
                limit: bucket.limit.clone(),
                quick: bucket.quick.saturating_sub(quick),
                slow: bucket.slow.saturating_sub(slow),
            }
        });
        Self(later.collect())
    }

    /// How many there were.
    pub(crate) fn count(&self) -> u64 {
        self.0.last().map_or(0, Bucket::all)
    }

    /// The smallest limit, in seconds, within which `permille` of those that `count` tells ended.
    fn within(&self, permille: u64, count: Which) -> &str {
        let wanted = (self.0.last().map_or(0, count) * permille).div_ceil(1_000);
        self.0.iter().find(|bucket| count(bucket) >= wanted).map_or("+Inf", |bucket| bucket.limit.as_str())
    }

    /// Whether ninety-nine of a hundred requests were held up for no longer than they may.
    pub(crate) fn holds(&self) -> bool {
        let micros = |limit: &str| {
            let (whole, part) = limit.split_once('.').unwrap_or((limit, ""));
            format!("{whole}{part:0<6}").parse::<u64>().ok()
        };
        micros(self.within(990, Bucket::all)).is_some_and(|limit| limit <= BAR_US)
    }
}

impl fmt::Display for Verifications {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ways: [(&str, Which); 3] = [
            ("in all", Bucket::all),
            ("at once", |bucket| bucket.quick),
            ("on a thread", |bucket| bucket.slow),
        ];
        for (name, count) in ways {
            let number = self.0.last().map_or(0, count);
            let [half, most, nearly] = [500, 990, 999].map(|permille| self.within(permille, count));
            write!(
                f,
                "\n    {name:11} {number:8}: p50 within {half} s, p99 within {most} s, p99.9 within {nearly} s"
            )?;
        }
        let verdict = if self.holds() { "holds" } else { "does not hold" };
        write!(f, "\n    the bar of p99 within {BAR_US} us {verdict}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(quick: &[(&str, u64)], slow: &[(&str, u64)]) -> Verifications {
        let lines = |way: &str, buckets: &[(&str, u64)]| -> String {
            let line =
                |(limit, count): &(&str, u64)| format!("{BUCKET}way=\"{way}\",le=\"{limit}\"}} {count}\n");
            buckets.iter().map(line).collect()
        };
        Verifications::of(&(lines("quick", quick) + &lines("slow", slow)))
    }

    #[test]
    fn the_limit_is_the_smallest_that_enough_verifications_kept() {
        let before = told(&[("0.0002", 20), ("0.001", 100), ("+Inf", 100)], &[]);
        let after = told(
            &[("0.0002", 110), ("0.001", 195), ("+Inf", 195)],
            &[("0.0002", 0), ("0.001", 4), ("+Inf", 5)],
        );
        let found = after.since(&before);
        assert_eq!(found.count(), 100);
        assert_eq!([500, 990, 999].map(|it| found.within(it, Bucket::all)), ["0.0002", "0.001", "+Inf"]);
        assert!(found.holds());
        assert_eq!(after.since(&after).count(), 0);
    }

    #[test]
    fn one_in_a_hundred_may_take_longer_and_no_more() {
        let found = |kept| told(&[("0.001", kept), ("0.0015", 1_000), ("+Inf", 1_000)], &[]);
        assert!(found(990).holds());
        assert!(!found(989).holds());
        assert!(!told(&[("0.001", 0), ("+Inf", 9)], &[]).holds());
    }
}
