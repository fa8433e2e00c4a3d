//! Declarations as the tests send them.

use customs_kernel::{Clock as _, Currency, Money};
use customs_messages::{Phase, write_json, write_xml};
use customs_platform::SystemClock;
use ecustoms::demo::documents::{Head, Lodging, Pledge, declaration, invalidation};

use crate::client::{Person, fresh};

/// A local reference number that no other declaration has.
pub(crate) fn lrn() -> String {
    fresh().to_uppercase().chars().rev().take(20).collect()
}

fn pledge(person: &Person) -> Pledge {
    let sandbox = person.door.sandbox();
    let text = |name: &str| sandbox["guarantee"][name].as_str().unwrap().to_owned();
    let currency: Currency = "EUR".parse().unwrap();
    Pledge {
        grn: text("grn"),
        access_code: text("accessCode"),
        amount: Money::parse("1000.00", currency).unwrap(),
    }
}

fn document(person: &Person, lrn: &str) -> customs_messages::Document {
    let (identification, pledge) = (fresh(), pledge(person));
    let at = SystemClock.now();
    let head = Head { phase: Phase::P6, sender: &person.eori, identification: &identification, at };
    let lodging = Lodging { lrn, holder: &person.eori, representative: None, pledge: &pledge };
    declaration(&head, &lodging).unwrap()
}

/// A declaration of `person` that nothing is wrong with, as XML.
pub(crate) fn xml(person: &Person, lrn: &str) -> String {
    write_xml(&document(person, lrn))
}

/// The same as JSON.
pub(crate) fn json(person: &Person, lrn: &str) -> String {
    write_json(&document(person, lrn))
}

/// A withdrawal of the movement `mrn`, as XML.
pub(crate) fn withdrawal(person: &Person, mrn: &str) -> String {
    let identification = fresh();
    let at = SystemClock.now();
    let head = Head { phase: Phase::P6, sender: &person.eori, identification: &identification, at };
    write_xml(&invalidation(&head, &person.eori, mrn).unwrap())
}
