//! Imports under four eyes: what is told beforehand, who decides, and what has changed meanwhile.

use chrono::TimeDelta;
use customs_kernel::{Caller, Role, problem};
use customs_platform::timer;
use customs_references::Config;
use customs_references_contract::{
    ActivateImport, ChangeKind, FindProposal, FinishImport, ImportProposal, ListProposals,
    ListProposedChanges, ListVersions, ProposalState, ProposeImport, RefuseImport,
    bus::VERSION_ACTIVATED,
    problems::{IMPORT_FOUR_EYES, IMPORT_MUST_BE_PROPOSED, IMPORT_OUTDATED, IMPORT_UNKNOWN, PROPOSAL_STATE},
};

use crate::{
    imports::{entry, export, name},
    place::{House, administrator, caller, on_both, on_both_with},
};

/// Somebody else than who proposes.
fn second() -> Caller {
    caller("admin-2", Role::Administrator)
}

/// Two codes that count, and a proposal that changes one, ends the other and adds a third.
async fn proposed(house: &House) -> ImportProposal {
    let first = [entry("1", "2026-01-01", "Whole"), entry("2", "2026-01-01", "Single")];
    house.import("first.json", &export(&first.join(","))).await.unwrap();
    let second = [entry("1", "2026-11-18", "Comprehensive"), entry("9", "2026-01-01", "Several")];
    let file = export(&second.join(","));
    let import = house.announce(&administrator(), None, "second.json", &file).await.unwrap();
    house.ask(ProposeImport { import }).await.unwrap()
}

async fn activate(
    house: &House,
    caller: &Caller,
    proposal: &ImportProposal,
) -> Result<i64, customs_kernel::Problem> {
    let ask = ActivateImport { import: proposal.import, base: proposal.base };
    Ok(house.ask_as(caller, ask).await?.number)
}

#[test]
fn a_proposal_tells_the_difference_and_changes_nothing() {
    on_both(|house| async move {
        let proposal = proposed(&house).await;
        assert_eq!((proposal.added, proposal.changed, proposal.removed, proposal.unchanged), (1, 1, 1, 0));
        assert_eq!((proposal.base, proposal.state, proposal.own), (1, ProposalState::Awaiting, true));

        let ask = ListProposedChanges { import: proposal.import, first: None, after: None };
        let changes = house.ask_as(&second(), ask).await.unwrap().items;
        let told: Vec<_> = changes
            .iter()
            .map(|change| {
                let text = |labels: &[customs_references_contract::ReferenceLabel]| {
                    labels.first().map(|label| label.text.clone()).unwrap_or_default()
                };
                (change.code.as_str(), change.kind, text(&change.before), text(&change.after))
            })
            .collect();
        let expected = [
            ("1", ChangeKind::Changed, "Whole".to_owned(), "Comprehensive".to_owned()),
            ("9", ChangeKind::Added, String::new(), "Several".to_owned()),
            ("2", ChangeKind::Removed, "Single".to_owned(), String::new()),
        ];
        assert_eq!(told, expected);

        assert_eq!(name(&house, "1", None).await.as_deref(), Some("Whole"));
        assert_eq!(name(&house, "9", None).await, None);
        assert_eq!(house.ask(ListVersions::default()).await.unwrap().items.len(), 1);
    });
}

#[test]
fn somebody_else_activates_and_exactly_the_difference_is_made() {
    on_both(|house| async move {
        let proposal = proposed(&house).await;
        house.deliver().await;
        let own = activate(&house, &administrator(), &proposal).await.unwrap_err();
        assert!(own.is(IMPORT_FOUR_EYES), "{own}");

        assert_eq!(activate(&house, &second(), &proposal).await.unwrap(), 2);
        assert_eq!(house.deliver().await, [VERSION_ACTIVATED]);
        assert_eq!(name(&house, "1", None).await.as_deref(), Some("Comprehensive"));
        assert_eq!(name(&house, "2", None).await, None);
        let versions = house.ask(ListVersions::default()).await.unwrap().items;
        assert_eq!(
            (versions[0].imported_by.as_str(), versions[0].source.as_str()),
            ("admin-1", "second.json")
        );

        let decided = house.ask(FindProposal { import: proposal.import }).await.unwrap();
        assert_eq!((decided.state, decided.number), (ProposalState::Activated, Some(2)));
        assert!(activate(&house, &second(), &proposal).await.unwrap_err().is(PROPOSAL_STATE));
        assert_eq!((house.count("imports").await, house.count("import_chunks").await), (0, 0));
    });
}

#[test]
fn a_difference_from_data_that_have_changed_since_is_told_anew() {
    on_both(|house| async move {
        let proposal = proposed(&house).await;
        house.import("third.json", &export(&entry("1", "2026-11-19", "Other"))).await.unwrap();
        let outdated = activate(&house, &second(), &proposal).await.unwrap_err();
        assert!(outdated.is(IMPORT_OUTDATED), "{outdated}");

        let again = house.ask(ProposeImport { import: proposal.import }).await.unwrap();
        assert_eq!(again.base, 2);
        // The difference that somebody looked at before is not the one that would be made.
        assert!(activate(&house, &second(), &proposal).await.unwrap_err().is(IMPORT_OUTDATED));
        assert_eq!(activate(&house, &second(), &again).await.unwrap(), 3);
        assert_eq!(name(&house, "9", None).await.as_deref(), Some("Several"));
    });
}

#[test]
fn a_refused_proposal_and_one_that_nobody_decides_on_leave_no_file() {
    on_both(|house| async move {
        let refused = proposed(&house).await;
        let empty = RefuseImport { import: refused.import, reason: "  ".to_owned() };
        assert!(house.ask_as(&second(), empty).await.unwrap_err().is(problem::INPUT_INVALID));
        let refuse = RefuseImport { import: refused.import, reason: "of last year".to_owned() };
        let told = house.ask_as(&second(), refuse.clone()).await.unwrap();
        assert_eq!((told.state, told.reason.as_deref()), (ProposalState::Refused, Some("of last year")));
        assert!(house.ask_as(&second(), refuse).await.unwrap_err().is(PROPOSAL_STATE));
        assert_eq!(house.count("import_chunks").await, 0);

        house.clock.advance(TimeDelta::seconds(1));
        let file = export(&entry("3", "2026-01-01", "New"));
        let import = house.announce(&administrator(), None, "late.json", &file).await.unwrap();
        house.ask(ProposeImport { import }).await.unwrap();
        let rings = house.service.rings.as_ref().unwrap();
        house.clock.advance(TimeDelta::days(13));
        timer::ring_due(&house.store, rings.as_ref()).await.unwrap();
        assert_eq!(house.count("import_chunks").await, 1);
        house.clock.advance(TimeDelta::days(2));
        timer::ring_due(&house.store, rings.as_ref()).await.unwrap();
        assert_eq!((house.count("imports").await, house.count("import_chunks").await), (0, 0));
        let states: Vec<_> = house
            .ask(ListProposals::default())
            .await
            .unwrap()
            .items
            .into_iter()
            .map(|one| one.state)
            .collect();
        assert_eq!(states, [ProposalState::Expired, ProposalState::Refused]);
        let awaiting = ListProposals { state: Some(ProposalState::Awaiting), ..ListProposals::default() };
        assert!(house.ask(awaiting).await.unwrap().items.is_empty());
    });
}

#[test]
fn where_four_eyes_are_asked_for_nobody_imports_alone() {
    on_both_with(Config { four_eyes: true }, |house| async move {
        let file = export(&entry("1", "2026-01-01", "Whole"));
        let import = house.announce(&administrator(), None, "a.json", &file).await.unwrap();
        assert!(house.ask(FinishImport { import }).await.unwrap_err().is(IMPORT_MUST_BE_PROPOSED));
        let proposal = house.ask(ProposeImport { import }).await.unwrap();
        assert_eq!(activate(&house, &second(), &proposal).await.unwrap(), 1);
    });
}

#[test]
fn an_import_of_somebody_else_cannot_be_proposed_and_one_that_is_not_there_cannot_be_decided_on() {
    on_both(|house| async move {
        let file = export(&entry("1", "2026-01-01", "Whole"));
        let import = house.announce(&administrator(), None, "a.json", &file).await.unwrap();
        let propose = ProposeImport { import };
        assert!(house.ask_as(&second(), propose).await.unwrap_err().is(IMPORT_UNKNOWN));
        // Announced, but never proposed.
        let decide = ActivateImport { import, base: 0 };
        assert!(house.ask_as(&second(), decide).await.unwrap_err().is(IMPORT_UNKNOWN));
        for role in Role::ALL.iter().filter(|role| **role != Role::Administrator) {
            let refused = house.ask_as(&caller("x", *role), ListProposals::default()).await.unwrap_err();
            assert!(refused.is(problem::FORBIDDEN), "{role:?}");
        }
    });
}
