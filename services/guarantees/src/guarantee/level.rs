//! How much of the reference amount of a comprehensive guarantee is insured, and the reference amount that follows.
//!
//! The reference amount is what all uses may hold together. Whoever fulfils the conditions insures all of it, half, or three
//! tenths; where the undertaking is waived, nothing (Regulation (EU) No 952/2013, Article 95(2); Delegated Regulation (EU)
//! 2015/2446, Article 84).

use crate::kind::Kind;

/// How much of the reference amount is insured.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Level {
    /// All of it.
    Full,
    /// Half of it.
    Half,
    /// Three tenths of it.
    ThreeTenths,
    /// Nothing: the undertaking is waived.
    Waived,
}

impl Level {
    /// The level of that many per cent that an authorisation can grant.
    pub(super) fn granted(percent: i32) -> Option<Self> {
        [Self::Full, Self::Half, Self::ThreeTenths].into_iter().find(|level| level.percent() == percent)
    }

    /// The level of a guarantee of that type, where an authorisation says so many per cent.
    pub(super) fn of(kind: Kind, percent: i32) -> Option<Self> {
        if kind == Kind::Waiver { Some(Self::Waived) } else { Self::granted(percent) }
    }

    /// In per cent of the reference amount.
    pub(crate) const fn percent(self) -> i32 {
        match self {
            Self::Full => 100,
            Self::Half => 50,
            Self::ThreeTenths => 30,
            Self::Waived => 0,
        }
    }

    /// The reference amount that `insured` hundredths stand for, in whole hundredths; none that does not fit.
    ///
    /// It is rounded down, so that what is insured is never less than the level asks. Of a waiver the amount is the reference
    /// amount itself.
    pub(crate) fn reference(self, insured: i64) -> Option<i64> {
        match self {
            Self::Full | Self::Waived => Some(insured),
            Self::Half => insured.checked_mul(2),
            Self::ThreeTenths => i64::try_from(i128::from(insured) * 10 / 3).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_reference_amount_follows_from_what_is_insured_and_the_level() {
        for (level, insured, reference) in [
            (Level::Full, 1_000_000, 1_000_000),
            (Level::Half, 1_000_000, 2_000_000),
            (Level::ThreeTenths, 1_000_000, 3_333_333),
            (Level::ThreeTenths, 3_000, 10_000),
            (Level::Waived, 1_000_000, 1_000_000),
        ] {
            assert_eq!(level.reference(insured), Some(reference), "{level:?}");
        }
        assert_eq!(Level::Half.reference(i64::MAX), None);
    }

    #[test]
    fn a_level_is_granted_to_a_comprehensive_guarantee_and_a_waiver_has_none_to_grant() {
        for percent in [0, 10, 49, 51, 101, -30] {
            assert_eq!(Level::granted(percent), None, "{percent}");
        }
        assert_eq!(Level::of(Kind::Comprehensive, 30), Some(Level::ThreeTenths));
        assert_eq!(Level::of(Kind::Waiver, 100), Some(Level::Waived));
    }

    proptest! {
        #[test]
        fn what_is_insured_is_the_level_of_the_reference_amount_and_a_hundredth_more_would_not_be(
            insured in 0_i64..1_000_000_000_000
        ) {
            for level in [Level::Full, Level::Half, Level::ThreeTenths] {
                let reference = i128::from(level.reference(insured).unwrap());
                let asked = |reference: i128| reference * i128::from(level.percent());
                prop_assert!(asked(reference) <= i128::from(insured) * 100);
                prop_assert!(asked(reference + 1) > i128::from(insured) * 100);
            }
        }
    }
}
