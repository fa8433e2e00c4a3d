//! The decision about an order to hold: everything is held or, with every reason, nothing.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use customs_guarantees_contract::bus::{self, HoldPart, InvalidGuarantee};
use customs_kernel::{Grn, Money};

use super::{Hold, aggregate::Movement, state::HoldEvent};
use crate::{changes::Changes, guarantee::Guarantee, kind::Kind, ledger::Account};

/// A reason by its code in CL252, in words.
type Objection = (&'static str, &'static str);

const UNKNOWN: Objection = ("G01", "the guarantee does not exist");
const NOT_VALID: Objection = ("G02", "the guarantee is not valid");
const ACCESS_CODE: Objection = ("G03", "the access code is missing or wrong");
const HOLDER: Objection = ("G04", "the holder of the transit procedure does not own the guarantee");
const VOUCHER_USED: Objection = ("G05", "the voucher is used already");
const COUNTRY: Objection = ("G08", "the guarantee is not valid in a country of the route");
const NOT_ENOUGH: Objection = ("G09", "the amount of the guarantee is not sufficient");
const NO_AMOUNT: Objection = ("G09", "the amount to be covered is missing");
const OTHER_CURRENCY: Objection = ("G09", "the amount is not in the currency of the guarantee");
const INDIVIDUAL_USED: Objection = ("G10", "the individual guarantee is used already");
const OTHER_TYPE: Objection = ("G13", "reference number and type of the guarantee do not match");

/// The reason that tells an order given before the movement was freed.
pub(super) const FREED_MEANWHILE: Objection = ("G02", "the movement was freed after this was asked");

/// What a movement asks for, and what is known when it is decided.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub(super) ask: &'a bus::Hold,
    /// The day at the offices.
    pub(super) today: NaiveDate,
    pub(super) at: DateTime<Utc>,
}

/// The GRN under which `part` is kept, if its type has a contract.
pub(super) fn reference(part: &HoldPart) -> Option<&str> {
    let kind = Kind::parse(&part.guarantee_type)?;
    if kind.needs_access_code() {
        return part.grn.as_deref();
    }
    let deposit = kind == Kind::CashDeposit;
    let other = part.other_reference.as_deref().filter(|other| other.parse::<Grn>().is_ok());
    part.grn.as_deref().or(other).filter(|_| deposit)
}

/// What is needed of one guarantee, and at which position it is asked for first.
#[derive(Clone, Copy, Debug)]
struct Need {
    position: usize,
    minor: i64,
}

impl Request<'_> {
    /// Decides: `found` are the guarantees asked for, `own` what the movement holds by an earlier attempt.
    pub(super) fn decide(
        &self,
        found: Vec<Guarantee>,
        own: Vec<Hold>,
    ) -> Result<Changes, Vec<InvalidGuarantee>> {
        let mut found: BTreeMap<String, Guarantee> = found
            .into_iter()
            .filter_map(|guarantee| Some((guarantee.grn()?.to_string(), guarantee)))
            .collect();
        let (own, plain): (Vec<Hold>, Vec<Hold>) = own.into_iter().partition(|hold| hold.guarantee.is_some());
        let own: BTreeMap<String, Hold> =
            own.into_iter().filter_map(|hold| Some((hold.grn()?.to_owned(), hold))).collect();
        let needs = self.needs(&found, &own)?;
        let mut changes = Changes::at(self.at);
        let refused = |need: &Need| vec![self.reason(need.position, NOT_ENOUGH)];
        let mut own = own;
        for (grn, need) in &needs {
            let Some(mut guarantee) = found.remove(grn) else { return Err(refused(need)) };
            let held = own.remove(grn);
            self.hold(&mut changes, &mut guarantee, held, *need).map_err(|_| refused(need))?;
        }
        for (grn, mut hold) in own {
            let Some(mut guarantee) = found.remove(&grn) else { continue };
            let freed = guarantee
                .free(hold.minor(), false)
                .ok()
                .filter(|_| hold.end(HoldEvent::Free, "replaced", self.at).is_ok());
            if let Some(entry) = freed {
                changes.post(&guarantee, Some(&hold.mrn), entry);
                changes.moved(guarantee, hold);
            }
        }
        self.note_plain_uses(&mut changes, plain);
        Ok(changes)
    }

    /// What is needed of each guarantee, or every reason why it cannot be had.
    fn needs(
        &self,
        found: &BTreeMap<String, Guarantee>,
        own: &BTreeMap<String, Hold>,
    ) -> Result<BTreeMap<String, Need>, Vec<InvalidGuarantee>> {
        let mut needs: BTreeMap<String, Need> = BTreeMap::new();
        let mut reasons = Vec::new();
        for (position, part) in self.ask.guarantees.iter().enumerate() {
            let grn = match Self::form(part) {
                Ok(Some(grn)) => grn,
                Ok(None) => continue,
                Err(objection) => {
                    reasons.push(self.reason(position, objection));
                    continue;
                }
            };
            let Some(guarantee) = found.get(grn) else {
                reasons.push(self.reason(position, UNKNOWN));
                continue;
            };
            let before = needs.get(grn).map_or(0, |need| need.minor);
            match self.wanted(part, guarantee, own.get(grn), before) {
                Ok(minor) => {
                    needs.entry(grn.to_owned()).or_insert(Need { position, minor }).minor = minor;
                }
                Err(objections) => {
                    reasons.extend(objections.into_iter().map(|each| self.reason(position, each)));
                }
            }
        }
        if reasons.is_empty() { Ok(needs) } else { Err(reasons) }
    }

    /// The GRN that `part` needs, none for a mere use, or what is wrong with its form.
    fn form(part: &HoldPart) -> Result<Option<&str>, Objection> {
        let kind = Kind::parse(&part.guarantee_type).ok_or(OTHER_TYPE)?;
        match reference(part) {
            Some(grn) => Ok(Some(grn)),
            None if kind.needs_access_code() => Err(UNKNOWN),
            None if part.grn.is_some() => Err(OTHER_TYPE),
            None => Ok(None),
        }
    }

    /// What is needed of `guarantee` in all, `before` of it by earlier parts, or why it cannot be had.
    ///
    /// Who does not prove to be the owner learns nothing about validity, use and amount.
    fn wanted(
        &self,
        part: &HoldPart,
        guarantee: &Guarantee,
        own: Option<&Hold>,
        before: i64,
    ) -> Result<i64, Vec<Objection>> {
        let mut objections = self.identity(part, guarantee);
        if !objections.is_empty() {
            return Err(objections);
        }
        let minor = amount(part, guarantee).and_then(|minor| before.checked_add(minor).ok_or(NOT_ENOUGH));
        let kept = own.map_or(0, Hold::minor);
        let more = own.is_none() || minor.is_ok_and(|minor| minor > kept);
        if more && !guarantee.is_valid_on(self.today) {
            let used = guarantee.is_used();
            objections.extend((!used).then_some(NOT_VALID));
        }
        if own.is_none() && guarantee.is_used() {
            objections.push(if guarantee.kind() == Kind::Voucher { VOUCHER_USED } else { INDIVIDUAL_USED });
        }
        if !guarantee.covers(&self.ask.countries) {
            objections.push(COUNTRY);
        }
        let most = guarantee.minor(Account::Available).saturating_add(kept);
        match minor {
            Ok(minor) if minor > most && !(own.is_none() && guarantee.is_used()) => {
                objections.push(NOT_ENOUGH);
            }
            Ok(minor) if objections.is_empty() => return Ok(minor),
            Ok(_) => {}
            Err(objection) => objections.push(objection),
        }
        Err(objections)
    }

    fn identity(&self, part: &HoldPart, guarantee: &Guarantee) -> Vec<Objection> {
        let code = part.access_code.as_deref().unwrap_or_default();
        let closed = guarantee.kind().needs_access_code() && !guarantee.opens_with(code);
        let foreign = *guarantee.owner() != self.ask.holder;
        let other = part.guarantee_type != guarantee.kind().code();
        [(closed, ACCESS_CODE), (foreign, HOLDER), (other, OTHER_TYPE)]
            .into_iter()
            .filter_map(|(wrong, objection)| wrong.then_some(objection))
            .collect()
    }

    /// Holds what is needed of `guarantee`, beyond what the movement holds of it already.
    fn hold(
        &self,
        changes: &mut Changes,
        guarantee: &mut Guarantee,
        held: Option<Hold>,
        need: Need,
    ) -> Result<(), anyhow::Error> {
        let mrn = Some(self.ask.mrn.as_str());
        if let Some(mut hold) = held {
            let from = hold.minor();
            if from != need.minor {
                let entry = guarantee.change_hold(from, need.minor)?;
                hold.cover(need.minor)?;
                changes.post(guarantee, mrn, entry);
                changes.moved(guarantee.clone(), hold);
            }
            return Ok(());
        }
        let entry = guarantee.hold(need.minor)?;
        let amount = Money::new(need.minor, guarantee.book().currency());
        let mut hold = Hold::place(guarantee.kind(), self.movement(), Some(amount), self.at);
        hold.guarantee = guarantee.grn().map(|grn| (guarantee.id(), grn.to_string()));
        changes.post(guarantee, mrn, entry);
        changes.placed(guarantee.clone(), hold);
        Ok(())
    }

    /// Types that hold nothing are kept as mere uses; those of an earlier attempt end.
    fn note_plain_uses(&self, changes: &mut Changes, earlier: Vec<Hold>) {
        for mut hold in earlier {
            if hold.end(HoldEvent::Free, "replaced", self.at).is_ok() {
                changes.moved.push(hold);
            }
        }
        let plain = self.ask.guarantees.iter().filter(|part| reference(part).is_none());
        changes.placed.extend(plain.filter_map(|part| {
            let kind = Kind::parse(&part.guarantee_type)?;
            let mut hold = Hold::place(kind, self.movement(), part.amount, self.at);
            hold.other_reference.clone_from(&part.other_reference);
            Some(hold)
        }));
    }

    fn movement(&self) -> Movement<'_> {
        Movement {
            id: self.ask.movement,
            mrn: &self.ask.mrn,
            holder: self.ask.holder.as_str(),
            attempt: i64::from(self.ask.attempt),
        }
    }

    fn reason(&self, position: usize, (code, text): Objection) -> InvalidGuarantee {
        InvalidGuarantee {
            grn: self.ask.guarantees.get(position).and_then(|part| part.grn.clone()),
            position: u32::try_from(position).unwrap_or(u32::MAX),
            code: code.to_owned(),
            text: text.to_owned(),
        }
    }
}

/// What `part` asks to be covered, in hundredths; of an individual guarantee the whole unless said.
fn amount(part: &HoldPart, guarantee: &Guarantee) -> Result<i64, Objection> {
    match part.amount {
        Some(amount) if amount.currency != guarantee.book().currency() => Err(OTHER_CURRENCY),
        Some(amount) if amount.minor < 0 => Err(NOT_ENOUGH),
        Some(amount) => Ok(amount.minor),
        None if guarantee.kind().is_individual() => Ok(guarantee.minor(Account::Limit)),
        None => Err(NO_AMOUNT),
    }
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
