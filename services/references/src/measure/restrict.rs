//! Use cases: put goods under a restriction, end it.

use customs_kernel::{Caller, id::uuid_at, problem};
use customs_platform::{Acts, Failure, Work};
use customs_references_contract::{
    AddRestriction, EndRestriction, RestrictedGoods, problems::MEASURE_OVERLAPS,
};

use super::{Became, check_days, end_day, overlap, record, restrictions};
use crate::{
    App,
    dataset::RESTRICTED_GOODS,
    page::{check_country, check_text, invalid, require},
    version::Sequence,
};

impl Acts<AddRestriction> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: AddRestriction,
    ) -> Result<RestrictedGoods, Failure> {
        let from = ask.valid_from.unwrap_or_else(|| work.now().date_naive());
        let measure = RestrictedGoods {
            id: uuid_at(work.now()),
            prefix: ask.prefix,
            country: ask.country,
            effect: ask.effect,
            reason: ask.reason,
            valid_from: from,
            valid_to: ask.valid_to,
        };
        check(&measure)?;
        let sequence = Sequence::take(work).await?;
        let known = restrictions::on_prefix(work.txn(), &measure.prefix).await?;
        if let Some(twin) = known.iter().find(|known| is_twin(known, &measure)) {
            let detail = format!("{} is under the same restriction since {}", twin.prefix, twin.valid_from);
            return Err(MEASURE_OVERLAPS.because(detail).at("/prefix").into());
        }
        restrictions::insert(work.txn(), &measure, sequence.next()).await?;
        let country = measure.country.as_deref().unwrap_or("every country");
        let what = format!("restriction {} on {} with {country}", measure.id, measure.prefix);
        record(work, caller, sequence, RESTRICTED_GOODS, (Became::New, what)).await?;
        self.hot().doubt();
        Ok(measure)
    }
}

impl Acts<EndRestriction> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: EndRestriction,
    ) -> Result<RestrictedGoods, Failure> {
        let sequence = Sequence::take(work).await?;
        let mut measure = restrictions::find(work.txn(), ask.id).await?.ok_or_else(|| {
            problem::NOT_FOUND.because(format!("there is no restriction {}", ask.id)).at("/id")
        })?;
        let wanted = ask.valid_to.unwrap_or_else(|| work.now().date_naive());
        let to = end_day(measure.valid_from, measure.valid_to, wanted)?;
        restrictions::end(work.txn(), measure.id, to, sequence.next()).await?;
        measure.valid_to = Some(to);
        let what = format!("restriction {} ends on {to}", measure.id);
        record(work, caller, sequence, RESTRICTED_GOODS, (Became::Ended, what)).await?;
        self.hot().doubt();
        Ok(measure)
    }
}

fn is_twin(known: &RestrictedGoods, measure: &RestrictedGoods) -> bool {
    known.country == measure.country
        && known.effect == measure.effect
        && overlap((known.valid_from, known.valid_to), (measure.valid_from, measure.valid_to))
}

fn check(measure: &RestrictedGoods) -> Result<(), Failure> {
    let mut findings = Vec::new();
    let digits = measure.prefix.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || !(2..=8).contains(&measure.prefix.len()) {
        findings.push(invalid("/prefix", "prefix is the first 2 to 8 digits of a commodity code"));
    }
    if let Some(country) = &measure.country {
        check_country("/country", country, &mut findings);
    }
    check_text("/reason", &measure.reason, 1, 512, &mut findings);
    check_days(measure.valid_from, measure.valid_to, &mut findings);
    Ok(require(findings)?)
}
