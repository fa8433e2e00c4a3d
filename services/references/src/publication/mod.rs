//! What customs tells everybody: regulations, notices, rates of currencies.

mod list;
mod publish;
mod rates;
mod store;

use chrono::NaiveDate;
use customs_kernel::{Caller, id::uuid_at};
use customs_platform::{Failure, Work};
use customs_references_contract::{ExchangeRate, Publication, PublicationKind, PublicationText};

/// A publication of the demo nation: what it is, its number, and title and text in each language.
pub(crate) type Told =
    (PublicationKind, Option<&'static str>, [(&'static str, &'static str, &'static str); 3]);

/// Publishes what the demo nation begins with; where anything is published or any rate is set, nothing is done.
pub(crate) async fn begin(
    work: &Work,
    caller: &Caller,
    told: &[Told],
    (base, rates): (&str, &[(&str, i32, &str)]),
) -> Result<(), Failure> {
    let today = work.now().date_naive();
    if !store::any_publication(work.txn()).await? {
        for one in told {
            store::insert(work.txn(), &publication(work, today, one), &caller.actor.subject).await?;
        }
    }
    if !store::any_rate(work.txn()).await? {
        for (currency, units, rate) in rates {
            let rate =
                ExchangeRate { currency: (*currency).to_owned(), units: *units, rate: (*rate).to_owned() };
            store::set_rate(work.txn(), (today, base), &rate, &caller.actor.subject).await?;
        }
    }
    Ok(())
}

fn publication(work: &Work, today: NaiveDate, (kind, number, texts): &Told) -> Publication {
    let text = |(language, title, text): &(&str, &str, &str)| PublicationText {
        language: (*language).to_owned(),
        title: (*title).to_owned(),
        text: (*text).to_owned(),
    };
    Publication {
        id: uuid_at(work.now()),
        kind: *kind,
        number: number.map(str::to_owned),
        texts: texts.iter().map(text).collect(),
        valid_from: today,
        valid_to: None,
        published_at: work.now(),
    }
}
