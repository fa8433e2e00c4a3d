//! How a movement is covered, in words: what its guarantees insure of which reference amount, and what is left of them.

use customs_guarantees_contract::bus::HeldShare;

/// How a line begins that tells what is left of a guarantee: for its owner and for officers.
const HEADROOM: &str = "headroom of ";

/// What is held of each guarantee and why that is enough, what is left, and whether a threshold of use is reached.
pub(crate) fn explained(shares: &[HeldShare]) -> Vec<String> {
    shares.iter().flat_map(lines).collect()
}

fn lines(share: &HeldShare) -> Vec<String> {
    let HeldShare { grn, guarantee_type, level_percent, reference_amount, .. } = share;
    let by = share
        .authorisation
        .as_deref()
        .map(|number| format!(" by authorisation {number}"))
        .unwrap_or_default();
    let level = match level_percent {
        0 => "the undertaking is waived, 0 % of the reference amount is insured".to_owned(),
        100 => "the whole reference amount is insured".to_owned(),
        percent => format!("{percent} % of the reference amount is insured{by}"),
    };
    let mut lines = vec![
        format!("guarantee {grn} of type {guarantee_type} covers {}: {level}", share.amount),
        format!(
            "{HEADROOM}{grn}: {} of the reference amount of {reference_amount} ({} %)",
            share.headroom, share.headroom_percent
        ),
    ];
    if let Some(percent) = share.warned_at_percent {
        lines.push(format!("{HEADROOM}{grn} is low: {percent} % of the reference amount or more is in use"));
    }
    lines
}

/// Whether a reason of a decision tells by which guarantee a movement is covered and with what: not for who only carries the goods.
pub(crate) fn is_cover(reason: &str) -> bool {
    reason.starts_with("guarantee ") && reason.contains(" covers ")
}

/// Whether a reason of a decision tells what is left of a guarantee, which is for its owner and for officers to know.
pub(crate) fn is_headroom(reason: &str) -> bool {
    reason.starts_with(HEADROOM)
}

#[cfg(test)]
mod tests {
    use customs_kernel::{Currency, Money};

    use super::*;

    fn share(level_percent: i32) -> HeldShare {
        HeldShare {
            grn: "26KZ0000000000017".to_owned(),
            guarantee_type: if level_percent == 0 { "0" } else { "1" }.to_owned(),
            amount: Money::new(90_000, Currency::EUR),
            insured: Money::new(100_000, Currency::EUR),
            level_percent,
            authorisation: Some("KZCGU1".to_owned()),
            reference_amount: Money::new(200_000, Currency::EUR),
            headroom: Money::new(20_000, Currency::EUR),
            headroom_percent: 10,
            warned_at_percent: (level_percent == 50).then_some(80),
        }
    }

    #[test]
    fn level_headroom_and_warning_are_told() {
        let told = explained(&[share(50), share(0), share(100)]);
        assert_eq!(told.len(), 7, "{told:?}");
        assert!(
            told[0].contains("50 % of the reference amount is insured by authorisation KZCGU1"),
            "{told:?}"
        );
        assert!(told[1].contains("10 %") && told[2].contains("80 %"), "{told:?}");
        assert!(told[3].contains("waived") && told[5].contains("whole"), "{told:?}");
        assert_eq!(told.iter().filter(|line| is_headroom(line)).count(), 4);
        assert!(told.iter().all(|line| is_headroom(line) != is_cover(line)));
    }
}
