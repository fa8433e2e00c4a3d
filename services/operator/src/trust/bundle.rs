//! What the bundle of a namespace should be, and what is to be said of each anchor: decided from what was found.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    files::Files,
    material::{Material, Part, Problem, part},
};
use crate::resource::{CertificateStatus, TrustAnchorSpec, Verdict};

/// How long before the end of a certificate it is told, and by which word.
const WARNINGS: [(TimeDelta, &str); 4] = [
    (TimeDelta::zero(), "Expired"),
    (TimeDelta::days(1), "ExpiresWithinADay"),
    (TimeDelta::days(7), "ExpiresWithinAWeek"),
    (TimeDelta::days(30), "ExpiresWithinAMonth"),
];

/// An anchor as it was found.
pub(crate) struct Found<'a> {
    /// Its name.
    pub name: &'a str,
    /// What is asked for.
    pub spec: &'a TrustAnchorSpec,
    /// What its sources hold.
    pub material: Result<Material, Problem>,
}

/// What should be.
#[derive(Debug)]
pub(crate) struct Desired {
    /// The files; none when the bundle is to stay as it is.
    pub files: Option<Files>,
    /// What is said of each anchor, by name.
    pub said: BTreeMap<String, Said>,
    /// When something changes by itself.
    pub again: Option<DateTime<Utc>>,
}

/// What is said of one anchor.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    /// Whether it is in the bundle as it is asked for.
    pub ready: Verdict,
    /// Whether something of it ends soon.
    pub expiring: Verdict,
    /// Its certificates.
    pub certificates: Vec<CertificateStatus>,
    /// When the first of them ends.
    pub nearest_expiry: Option<DateTime<Utc>>,
}

/// What one anchor brings in.
struct Entry<'a> {
    found: &'a Found<'a>,
    files: Files,
    part: Part,
    ready: Verdict,
    /// What it brings is what it brought before.
    is_kept: bool,
}

/// Decides from the anchors of a namespace and the bundle as it is.
///
/// What is bad in an anchor never replaces what was good: its earlier part stays. Without any anchor at all the
/// bundle stays as well, because a resource that is deleted by mistake must not shut everybody out.
pub(crate) fn desire(anchors: &[Found<'_>], current: &Files, now: DateTime<Utc>) -> Desired {
    let mut entries: Vec<Entry<'_>> = anchors.iter().map(|found| enter(found, current, now)).collect();
    while let Err(refused) = all(&entries).rehearse() {
        let Some(entry) = entries.iter_mut().find(|entry| entry.found.name == refused.owner) else { break };
        let problem = Problem::new("Refused", format!("a gateway would not take it: {}", refused.why));
        if entry.is_kept {
            entry.files = Files::default();
            entry.ready = Verdict::no("Ready", problem.reason, problem.message);
        } else {
            keep(entry, &problem, current);
        }
    }
    let files = all(&entries);
    if let Some(folder) = files.too_large() {
        for entry in &mut entries {
            let why = format!("{folder} of all anchors together are more than a ConfigMap holds");
            entry.ready = Verdict::no("Ready", "TooLarge", why);
        }
    }
    let fits = files.too_large().is_none();
    let again = anchors.iter().flat_map(|found| [found.spec.active_from, found.spec.retire_after]).flatten();
    Desired {
        again: again.filter(|at| *at > now).min(),
        files: (fits && !anchors.is_empty()).then_some(files),
        said: entries.into_iter().map(|entry| (entry.found.name.to_owned(), say(entry, now))).collect(),
    }
}

fn all(entries: &[Entry<'_>]) -> Files {
    let mut files = Files::default();
    for entry in entries {
        files.add(&entry.files);
    }
    files
}

fn enter<'a>(found: &'a Found<'a>, current: &Files, now: DateTime<Utc>) -> Entry<'a> {
    let read = match &found.material {
        Ok(material) => part(found.name, material, &found.spec.constraints),
        Err(problem) => Err(problem.clone()),
    };
    let mut entry = Entry {
        found,
        files: Files::default(),
        part: read.clone().unwrap_or_default(),
        ready: Verdict::yes("Ready", "InBundle", "it is in the bundle"),
        is_kept: false,
    };
    if let Some(at) = found.spec.retire_after.filter(|at| *at <= now) {
        entry.ready = Verdict::no("Ready", "Retired", format!("it does not count any more since {at}"));
    } else if let Some(at) = found.spec.active_from.filter(|at| *at > now) {
        let sound = match &read {
            Ok(_) => "its sources are sound".to_owned(),
            Err(problem) => format!("but {}: {}", problem.reason, problem.message),
        };
        entry.ready = Verdict::no("Ready", "NotYetActive", format!("it counts from {at} on; {sound}"));
    } else if found.spec.suspend {
        entry.files = current.of(found.name);
        entry.is_kept = true;
        entry.ready = Verdict::no("Ready", "Suspended", "its part of the bundle stays as it is");
    } else {
        match read {
            Ok(part) => entry.files = part.files,
            Err(problem) => keep(&mut entry, &problem, current),
        }
    }
    entry
}

/// Lets the earlier part of an anchor stand because of `problem`.
fn keep(entry: &mut Entry<'_>, problem: &Problem, current: &Files) {
    entry.files = current.of(entry.found.name);
    entry.is_kept = true;
    let stays = if entry.files.is_empty() { "nothing of it is in the bundle" } else { "what was good stays" };
    entry.ready = Verdict::no("Ready", problem.reason, format!("{}; {stays}", problem.message));
}

fn say(entry: Entry<'_>, now: DateTime<Utc>) -> Said {
    let nearest_expiry = entry.part.nearest_expiry();
    Said {
        expiring: expiring(nearest_expiry, entry.part.next_update, now),
        certificates: entry.part.certificates.into_iter().take(64).collect(),
        nearest_expiry,
        ready: entry.ready,
    }
}

fn expiring(end: Option<DateTime<Utc>>, next_list: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Verdict {
    if let Some(end) = end
        && let Some((_, reason)) = WARNINGS.iter().find(|(ahead, _)| end - now <= *ahead)
    {
        return Verdict::yes("Expiring", reason, format!("the first certificate ends at {end}"));
    }
    if let Some(next) = next_list.filter(|next| *next <= now) {
        let why = format!("a list of revoked certificates should have been followed by another at {next}");
        return Verdict::yes("Expiring", "RevocationListOutdated", why);
    }
    Verdict::no("Expiring", "Valid", "nothing ends within 30 days")
}

#[cfg(test)]
mod tests {
    use customs_signatures::issue::{Authority, KeyKind, Validity};

    use super::*;
    use crate::resource::{Constraints, Status, Usage};

    fn day(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000 + day)
    }

    fn authority() -> Authority {
        Authority::root("Root", KeyKind::P256, Validity { not_before: day(-1), not_after: day(100) }).unwrap()
    }

    fn of(authority: &Authority) -> Material {
        Material { anchors: vec![authority.certificate().unwrap()], ..Material::default() }
    }

    fn spec() -> TrustAnchorSpec {
        TrustAnchorSpec {
            usage: Usage::ParticipantSignature,
            sources: Vec::new(),
            intermediates: Vec::new(),
            crls: Vec::new(),
            timestampers: Vec::new(),
            active_from: None,
            retire_after: None,
            constraints: Constraints::default(),
            suspend: false,
        }
    }

    fn found<'a>(name: &'a str, spec: &'a TrustAnchorSpec, material: Material) -> Found<'a> {
        Found { name, spec, material: Ok(material) }
    }

    fn ready(desired: &Desired, name: &str) -> (Status, &'static str) {
        let ready = &desired.said[name].ready;
        (ready.status, ready.reason)
    }

    #[test]
    fn all_anchors_make_one_bundle() {
        let (spec, a, b) = (spec(), authority(), authority());
        let both = [found("a", &spec, of(&a)), found("b", &spec, of(&b))];
        let desired = desire(&both, &Files::default(), day(0));
        assert_eq!(ready(&desired, "a"), (Status::True, "InBundle"));
        let files = desired.files.unwrap();
        assert!(!files.of("a").is_empty() && !files.of("b").is_empty());
        assert_eq!(desired.said["b"].nearest_expiry, Some(day(100)));
    }

    #[test]
    fn an_anchor_counts_from_its_first_instant_until_its_last() {
        let a = authority();
        let window = TrustAnchorSpec { active_from: Some(day(1)), retire_after: Some(day(2)), ..spec() };
        for (at, reason, counts, again) in [
            (day(0), "NotYetActive", false, Some(day(1))),
            (day(1), "InBundle", true, Some(day(2))),
            (day(2), "Retired", false, None),
        ] {
            let desired = desire(&[found("a", &window, of(&a))], &Files::default(), at);
            assert_eq!(ready(&desired, "a").1, reason);
            assert_eq!(desired.again, again);
            // The last one to retire leaves an empty bundle behind: that was asked for.
            assert_eq!(!desired.files.unwrap().is_empty(), counts, "{at}");
        }
    }

    #[test]
    fn bad_material_never_replaces_good() {
        let (spec, a) = (spec(), authority());
        let before = desire(&[found("a", &spec, of(&a))], &Files::default(), day(0)).files.unwrap();
        let missing = Found { name: "a", spec: &spec, material: Err(Problem::new("SourceMissing", "gone")) };
        let broken = Material { anchors: vec![b"nothing".to_vec()], ..Material::default() };
        let stray =
            Material { crls: vec![authority().revocation_list(1, day(0), day(1), &[]).unwrap()], ..of(&a) };
        for (bad, reason) in [
            (missing, "SourceMissing"),
            (found("a", &spec, broken), "Unreadable"),
            (found("a", &spec, stray), "Refused"),
        ] {
            let desired = desire(&[bad], &before, day(0));
            assert_eq!(ready(&desired, "a"), (Status::False, reason));
            assert_eq!(desired.files.as_ref(), Some(&before), "{reason}");
        }
    }

    #[test]
    fn one_bad_anchor_does_not_hold_up_the_others() {
        let (spec, a) = (spec(), authority());
        let stray =
            Material { crls: vec![authority().revocation_list(1, day(0), day(1), &[]).unwrap()], ..of(&a) };
        let desired =
            desire(&[found("a", &spec, of(&a)), found("b", &spec, stray)], &Files::default(), day(0));
        assert_eq!((ready(&desired, "a").0, ready(&desired, "b").1), (Status::True, "Refused"));
        let files = desired.files.unwrap();
        assert!(files.of("b").is_empty() && !files.of("a").is_empty());
        files.rehearse().unwrap();
    }

    #[test]
    fn a_kept_part_that_the_others_do_not_carry_any_more_goes() {
        let (spec, a, b) = (spec(), authority(), authority());
        let list = Material { crls: vec![a.revocation_list(1, day(0), day(1), &[]).unwrap()], ..of(&b) };
        let both = [found("a", &spec, of(&a)), found("b", &spec, list)];
        let before = desire(&both, &Files::default(), day(0)).files.unwrap();
        let suspended = TrustAnchorSpec { suspend: true, ..spec.clone() };
        let desired = desire(&[found("b", &suspended, of(&b))], &before, day(0));
        assert_eq!(ready(&desired, "b"), (Status::False, "Refused"));
        assert!(desired.files.unwrap().is_empty());
    }

    #[test]
    fn a_suspended_anchor_keeps_its_part() {
        let (spec, a, other) = (spec(), authority(), authority());
        let before = desire(&[found("a", &spec, of(&a))], &Files::default(), day(0)).files.unwrap();
        let suspended = TrustAnchorSpec { suspend: true, ..spec.clone() };
        let desired = desire(&[found("a", &suspended, of(&other))], &before, day(0));
        assert_eq!(ready(&desired, "a").1, "Suspended");
        assert_eq!(desired.files, Some(before));
    }

    #[test]
    fn without_any_anchor_the_bundle_stays() {
        let (spec, a) = (spec(), authority());
        let before = desire(&[found("a", &spec, of(&a))], &Files::default(), day(0)).files.unwrap();
        assert!(desire(&[], &before, day(0)).files.is_none());
    }

    #[test]
    fn a_bundle_that_does_not_fit_is_not_written() {
        let (spec, a) = (spec(), authority());
        let mut current = Files::default();
        current.put(super::super::files::Folder::Crls, "big", vec![0; 900_000]);
        let suspended = TrustAnchorSpec { suspend: true, ..spec.clone() };
        // What does not fit cannot be read either here, so it is seen by its size only.
        assert!(current.too_large().is_some());
        let desired =
            desire(&[found("big", &suspended, of(&a)), found("a", &spec, of(&a))], &current, day(0));
        assert!(desired.files.is_none_or(|files| files.too_large().is_none()));
    }

    #[test]
    fn what_ends_is_told_a_month_a_week_and_a_day_before() {
        for (at, status, reason) in [
            (day(69), Status::False, "Valid"),
            (day(70), Status::True, "ExpiresWithinAMonth"),
            (day(93), Status::True, "ExpiresWithinAWeek"),
            (day(99), Status::True, "ExpiresWithinADay"),
            (day(100), Status::True, "Expired"),
        ] {
            let verdict = expiring(Some(day(100)), None, at);
            assert_eq!((verdict.status, verdict.reason), (status, reason), "{at}");
        }
        assert_eq!(expiring(Some(day(100)), Some(day(1)), day(0)).reason, "Valid");
        assert_eq!(expiring(Some(day(100)), Some(day(1)), day(1)).reason, "RevocationListOutdated");
    }
}
