//! Use case: propose a guarantee contract to customs.

use chrono::NaiveDate;
use customs_guarantees_contract::{Guarantee as Told, ProposeGuarantee, problems::GUARANTOR_IS_OWNER};
use customs_kernel::{Caller, Eori, Money, OfficeCode, Problem, Role, id::uuid_at, problem};
use customs_platform::{Acts, Failure, Work};

use super::{Guarantee, Terms, level::Level, state::GuaranteeState, store, view};
use crate::{
    App,
    changes::tell_proposed,
    input::Findings,
    kind::Kind,
    ledger::{Book, Thresholds},
};

/// Who may stand in for others' debts.
const GUARANTOR_KINDS: [&str; 5] = ["bank", "insurer", "broker", "chamber", "association"];
const WORDS_MAX: usize = 2_000;
const COUNTRIES_MAX: usize = 250;

/// The readable part of a proposal.
struct Proposal {
    kind: Kind,
    owner: Eori,
    office: OfficeCode,
    insured: Money,
    thresholds: Thresholds,
}

impl Acts<ProposeGuarantee> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: ProposeGuarantee) -> Result<Told, Failure> {
        let proposal = read(&ask, self.today(work.now()))?;
        let guarantor = guarantor(caller, &proposal)?;
        let at = work.now();
        let guarantee = Guarantee {
            id: uuid_at(at),
            grn: None,
            kind: proposal.kind,
            guarantor,
            owner: proposal.owner,
            state: GuaranteeState::Proposed,
            insured: proposal.insured,
            level: if proposal.kind == Kind::Waiver { Level::Waived } else { Level::Full },
            authorisation: None,
            thresholds: proposal.thresholds,
            book: Book::new(proposal.insured.currency),
            open_uses: 0,
            spent: false,
            valid_from: ask.valid_from,
            valid_until: ask.valid_until,
            cancelled_on: None,
            not_valid_in: ask.not_valid_in.unwrap_or_default(),
            access: None,
            version: 1,
            told: (GuaranteeState::Proposed, None),
        };
        let terms = Terms {
            guarantor_kind: ask.guarantor_kind,
            office_of_guarantee: proposal.office.to_string(),
            payment: ask.payment_terms,
            liabilities: ask.liabilities,
            proposed_by: caller.actor.subject.clone(),
            proposed_at: at,
            decided_by: None,
            decided_at: None,
            reason: None,
        };
        store::insert(work.txn(), &guarantee, &terms).await?;
        tell_proposed(work, &guarantee)?;
        Ok(view::summary(&guarantee))
    }
}

fn read(ask: &ProposeGuarantee, today: NaiveDate) -> Result<Proposal, Problem> {
    let mut findings = Findings::default();
    let kind = Kind::parse(&ask.guarantee_type).filter(|kind| kind.has_contract());
    findings.require(kind.is_some(), "/guaranteeType", "must be 0, 1, 2, 3, 4 or 9 of CL251");
    let named = ask.guarantor_kind.as_deref().is_some_and(|kind| GUARANTOR_KINDS.contains(&kind));
    let wanted = kind.is_some_and(Kind::needs_guarantor) || ask.guarantor_kind.is_some();
    findings.require(
        named || !wanted,
        "/guarantorKind",
        "must be bank, insurer, broker, chamber or association",
    );
    let owner = findings.take(ask.owner.parse(), "/owner");
    let office = findings.take(ask.office_of_guarantee.parse(), "/officeOfGuarantee");
    let insured = findings.money(&ask.insured_amount, "/insuredAmount");
    findings.require(
        insured.is_none_or(|money| money.minor > 0),
        "/insuredAmount/amount",
        "must be above zero",
    );
    findings.require(ask.valid_until >= ask.valid_from, "/validUntil", "is before the first day");
    findings.require(ask.valid_until >= today, "/validUntil", "is over already");
    findings.text(&ask.payment_terms, WORDS_MAX, "/paymentTerms");
    findings.text(&ask.liabilities, WORDS_MAX, "/liabilities");
    let countries = ask.not_valid_in.as_deref().unwrap_or_default();
    findings.require(countries.len() <= COUNTRIES_MAX, "/notValidIn", "names too many countries");
    for (number, country) in countries.iter().take(COUNTRIES_MAX).enumerate() {
        let two = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
        findings.require(two, &format!("/notValidIn/{number}"), "must be two capital letters");
    }
    let thresholds = ask.warn_at_percent.clone().map_or_else(|| Some(Thresholds::default()), Thresholds::of);
    findings.require(thresholds.is_some(), "/warnAtPercent", "must be up to 5 shares from 1 to 100, rising");
    match (kind, owner, office, insured, thresholds) {
        (Some(kind), Some(owner), Some(office), Some(insured), Some(thresholds)) => {
            findings.done()?;
            Ok(Proposal { kind, owner, office, insured, thresholds })
        }
        _ => Err(findings.problem()),
    }
}

/// The party of the caller, if it may stand in for the owner by this type of guarantee.
fn guarantor(caller: &Caller, proposal: &Proposal) -> Result<Eori, Problem> {
    let party = caller.actor.party.clone();
    let party = party.ok_or_else(|| problem::FORBIDDEN.because("only for an economic operator"))?;
    if proposal.kind.needs_guarantor() {
        if !caller.actor.is(Role::Guarantor) {
            return Err(problem::FORBIDDEN.because("this type of guarantee is given by a guarantor"));
        }
        if party == proposal.owner {
            let detail = "name the operator whose debts are to be guaranteed";
            return Err(GUARANTOR_IS_OWNER.because(detail).at("/owner"));
        }
    } else if party != proposal.owner && !caller.actor.is(Role::Guarantor) {
        return Err(problem::FORBIDDEN.because("only a guarantor proposes for another"));
    }
    Ok(party)
}
