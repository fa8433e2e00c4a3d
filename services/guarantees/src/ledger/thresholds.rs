//! From which share of the limit in use guarantor and owner are warned.

/// The most thresholds of one contract.
pub(crate) const THRESHOLDS_MAX: usize = 5;

/// Shares of the limit in per cent, rising.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Thresholds(Vec<i32>);

impl Default for Thresholds {
    /// 80 % and 95 %.
    fn default() -> Self {
        Self(vec![80, 95])
    }
}

impl Thresholds {
    /// The thresholds of those shares: rising, from 1 to 100, not too many.
    pub(crate) fn of(percents: Vec<i32>) -> Option<Self> {
        let rising = percents.iter().zip(percents.iter().skip(1)).all(|(one, next)| one < next);
        let within = percents.iter().all(|percent| (1..=100).contains(percent));
        (rising && within && percents.len() <= THRESHOLDS_MAX).then_some(Self(percents))
    }

    /// The thresholds as a row keeps them.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let percents = text.split_whitespace().map(|word| word.parse().ok());
        percents.collect::<Option<Vec<i32>>>().and_then(Self::of)
    }

    /// As a row keeps them.
    pub(crate) fn text(&self) -> String {
        self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    /// The shares in per cent.
    pub(crate) fn percents(&self) -> &[i32] {
        &self.0
    }

    /// The highest share that `used` of `limit` hundredths reaches; none of nothing.
    pub(crate) fn reached(&self, used: i128, limit: i64) -> Option<i32> {
        let limit = i128::from(limit);
        let reaches = |percent: i32| limit > 0 && used * 100 >= limit * i128::from(percent);
        self.0.iter().rev().copied().find(|percent| reaches(*percent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_rise_and_are_shares() {
        assert_eq!(Thresholds::of(vec![50, 90]).unwrap().text(), "50 90");
        assert_eq!(Thresholds::parse("80 95"), Some(Thresholds::default()));
        assert_eq!(Thresholds::parse(""), Thresholds::of(Vec::new()), "nobody need be warned");
        for wrong in [vec![0], vec![101], vec![80, 80], vec![95, 80], vec![1, 2, 3, 4, 5, 6]] {
            assert_eq!(Thresholds::of(wrong.clone()), None, "{wrong:?}");
        }
        assert_eq!(Thresholds::parse("x"), None);
    }

    #[test]
    fn the_highest_threshold_that_is_reached_counts() {
        let thresholds = Thresholds::of(vec![50, 90]).unwrap();
        for (used, reached) in
            [(499, None), (500, Some(50)), (899, Some(50)), (900, Some(90)), (1_000, Some(90))]
        {
            assert_eq!(thresholds.reached(used, 1_000), reached, "{used}");
        }
        assert_eq!(thresholds.reached(0, 0), None);
    }
}
