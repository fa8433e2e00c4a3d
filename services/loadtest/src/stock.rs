//! Everything that is sent, made and signed before the run, so that the run only sends.

use bytes::Bytes;
use customs_kernel::Clock as _;
use customs_platform::SystemClock;

use crate::{door::Visitor, paper::Paper};

/// A guarantee that declarations name.
#[derive(Clone, Debug)]
pub(crate) struct Pledge {
    /// Its number.
    pub(crate) grn: String,
    /// Its access code.
    pub(crate) access_code: String,
}

/// One signed declaration.
#[derive(Clone, Debug)]
pub(crate) struct Parcel {
    /// The declaration.
    pub(crate) body: Bytes,
    /// Its signature in Base64.
    pub(crate) signature: String,
}

/// How many items the declarations have.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Sizes {
    /// 5 items in 80 %, 1 in 15 %, 100 in 4 %, 999 in 1 % of the declarations.
    Mix,
    /// All alike.
    Alike(usize),
}

impl std::str::FromStr for Sizes {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "mix" { Ok(Self::Mix) } else { text.parse().map(Self::Alike) }
    }
}

impl Sizes {
    /// The number of items of the declaration for which `draw` of the mix was drawn.
    pub(crate) const fn items(self, draw: u64) -> usize {
        match (self, draw % 100) {
            (Self::Alike(items), _) => items,
            (Self::Mix, 0) => 999,
            (Self::Mix, 1..=4) => 100,
            (Self::Mix, 5..=19) => 1,
            (Self::Mix, _) => 5,
        }
    }
}

/// Numbers that look random and are the same in every run (xorshift).
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice that begin with `seed`.
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// The next number.
    pub(crate) const fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// Draws from `count` things as in Zipf's law with exponent 0.8: a few are drawn often.
#[derive(Clone, Debug)]
pub(crate) struct Zipf(Vec<u64>);

impl Zipf {
    /// Of so many things.
    #[expect(clippy::float_arithmetic, reason = "weights of a draw, no customs value")]
    pub(crate) fn of(count: usize) -> Self {
        let mut sum = 0_u64;
        let weights = (1..=u32::try_from(count.max(1)).unwrap_or(u32::MAX)).map(|rank| {
            let weight = 1e9 / f64::from(rank).powf(0.8);
            // The text of a positive number below 10^9 is a whole number that fits.
            sum += format!("{weight:.0}").parse::<u64>().unwrap_or(1).max(1);
            sum
        });
        Self(weights.collect())
    }

    /// The place of what `draw` falls on.
    pub(crate) fn place(&self, draw: u64) -> usize {
        let most = self.0.last().copied().unwrap_or(1);
        let point = draw % most;
        self.0.partition_point(|sum| *sum <= point)
    }
}

/// Local reference number of declaration `number` of the run `name`.
pub(crate) fn lrn(name: &str, number: usize) -> String {
    format!("L{name}{number:08}")
}

/// The number in an LRN of the run `name`.
pub(crate) fn number(name: &str, lrn: &str) -> Option<usize> {
    lrn.strip_prefix('L')?.strip_prefix(name)?.parse().ok()
}

/// `count` signed declarations of `declarant` for the run `name`, made on two threads.
pub(crate) fn make(
    declarant: &Visitor,
    name: &str,
    pledges: &[Pledge],
    sizes: Sizes,
    count: usize,
) -> anyhow::Result<Vec<Parcel>> {
    let zipf = Zipf::of(pledges.len());
    let one = |number: usize| -> anyhow::Result<Parcel> {
        let mut dice = Dice::new(u64::try_from(number).unwrap_or(0).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let (_, size, which) = (dice.roll(), dice.roll(), dice.roll());
        let pledge = pledges.get(zipf.place(which)).or(pledges.first());
        let pledge = pledge.ok_or_else(|| anyhow::anyhow!("there is no guarantee"))?;
        let lrn = lrn(name, number);
        let paper = Paper {
            lrn: &lrn,
            identification: &format!("M{name}{number:08}"),
            holder: &declarant.eori,
            grn: &pledge.grn,
            access_code: &pledge.access_code,
            items: sizes.items(size >> 7),
            at: SystemClock.now(),
        };
        let body = Bytes::from(paper.xml());
        Ok(Parcel { signature: declarant.sign(&body)?, body })
    };
    let half = count / 2;
    std::thread::scope(|scope| {
        let second = scope.spawn(|| (half..count).map(one).collect::<anyhow::Result<Vec<_>>>());
        let mut all = (0..half).map(one).collect::<anyhow::Result<Vec<_>>>()?;
        all.extend(second.join().map_err(|_| anyhow::anyhow!("the making of declarations broke off"))??);
        Ok(all)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_number_tells_its_place_in_the_run() {
        assert_eq!(number("ab12", &lrn("ab12", 77)), Some(77));
        assert_eq!(number("other", &lrn("ab12", 77)), None);
        assert!(lrn("abcdef12", 99_999_999).len() <= 22);
    }

    #[test]
    fn the_mix_is_as_it_is_said_to_be() {
        let count = |items| (0..100).filter(|draw| Sizes::Mix.items(*draw) == items).count();
        assert_eq!([5, 1, 100, 999].map(count), [80, 15, 4, 1]);
    }

    #[test]
    fn the_first_is_drawn_more_often_than_the_last() {
        let zipf = Zipf::of(100);
        let mut dice = Dice::new(7);
        let mut drawn = [0; 100];
        for _ in 0..20_000 {
            drawn[zipf.place(dice.roll())] += 1;
        }
        assert!(drawn[0] > 10 * drawn[99], "{drawn:?}");
        assert!(drawn.iter().all(|times| *times > 0));
    }
}
