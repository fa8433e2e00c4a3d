//! Who must sign what: a table by type of message, and whether those who signed are enough.

use std::collections::BTreeMap;

use customs_signatures::{Fault, Identity};
use serde::{Deserialize, Serialize};

use crate::config::Settings;

/// What a signer must be, as the certificate says it.
///
/// The roles are those of the National Certification Authority of Kazakhstan, which writes them into the extended key
/// usage of the certificates of organisations.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signer {
    /// Anybody who acts for the participant.
    Anybody,
    /// The head of the organisation.
    Head,
    /// Who has the right to sign for the organisation; its head has it as well.
    Signatory,
    /// Who has the right to sign documents about money: the chief accountant.
    Accountant,
}

/// First head of a legal entity.
const HEAD: &str = "1.2.398.3.3.4.1.2.1";
/// Right to sign.
const SIGNATORY: &str = "1.2.398.3.3.4.1.2.2";
/// Right to sign financial documents.
const ACCOUNTANT: &str = "1.2.398.3.3.4.1.2.3";

/// Types of message by whom they are signed: one different person for each entry.
///
/// The procedure of transit asks for one signature; an administration asks for more where its law does.
pub(crate) const SIGNED_BY: &[(&str, &[Signer])] = &[
    ("CC007C", &[Signer::Anybody]),
    ("CC013C", &[Signer::Anybody]),
    ("CC014C", &[Signer::Anybody]),
    ("CC015C", &[Signer::Anybody]),
    ("CC044C", &[Signer::Anybody]),
    ("CC054C", &[Signer::Anybody]),
    ("CC141C", &[Signer::Anybody]),
    ("CC170C", &[Signer::Anybody]),
];

/// Who signs messages of `message_type`: as the administration says in `settings`, else by the table.
fn signed_by<'a>(settings: &'a BTreeMap<String, Vec<Signer>>, message_type: &str) -> &'a [Signer] {
    let known = || SIGNED_BY.iter().find(|(known, _)| *known == message_type).map(|(_, signers)| *signers);
    // A variable of the environment loses its capitals.
    let set = settings.iter().find(|(name, _)| name.eq_ignore_ascii_case(message_type));
    let set = set.map(|(_, signers)| signers.as_slice()).filter(|signers| !signers.is_empty());
    set.or_else(known).unwrap_or(&[Signer::Anybody])
}

/// The types of guarantee that can be declared (CL251).
pub(crate) const GUARANTEE_TYPES: [&str; 12] = ["0", "1", "2", "3", "4", "5", "8", "9", "A", "B", "J", "R"];

/// Every table of signers that a message of `message_type` which declares `guarantees` has to satisfy.
pub(crate) fn wanted<'a>(
    settings: &'a Settings,
    message_type: &str,
    guarantees: &[String],
) -> Vec<&'a [Signer]> {
    let declared = |name: &str| guarantees.iter().any(|declared| declared.eq_ignore_ascii_case(name));
    let further = settings.signed_by_guarantee.iter().filter(|(name, _)| declared(name));
    let further = further.map(|(_, signers)| signers.as_slice());
    std::iter::once(signed_by(&settings.signed_by, message_type)).chain(further).collect()
}

/// Whether `signers`, who all act for the participant, satisfy every table of `wanted`.
pub(crate) fn all_enough(wanted: &[&[Signer]], signers: &[&Identity]) -> Result<(), Fault> {
    wanted.iter().try_for_each(|wanted| enough(wanted, signers))
}

impl Signer {
    /// Whether the certificate that names `identity` says this of its holder.
    fn is(self, identity: &Identity) -> bool {
        let has = |role: &str| identity.roles.iter().any(|known| known == role);
        match self {
            Self::Anybody => true,
            Self::Head => has(HEAD),
            Self::Signatory => has(SIGNATORY) || has(HEAD),
            Self::Accountant => has(ACCOUNTANT),
        }
    }
}

/// Whether `signers`, who all act for the participant, are those of `wanted`: a different person for each.
fn enough(wanted: &[Signer], signers: &[&Identity]) -> Result<(), Fault> {
    if signers.len() < wanted.len() {
        return Err(Fault::SignersMissing);
    }
    let mut people: Vec<Vec<&Identity>> = Vec::new();
    for signer in signers {
        let same = |known: &&mut Vec<&Identity>| known.first().is_some_and(|one| is_same(one, signer));
        match people.iter_mut().find(same) {
            Some(known) => known.push(signer),
            None => people.push(vec![signer]),
        }
    }
    if people.len() < wanted.len() {
        return Err(Fault::SignersSame);
    }
    if assigned(wanted, &people) { Ok(()) } else { Err(Fault::SignerRole) }
}

fn is_same(one: &Identity, other: &Identity) -> bool {
    one.iin == other.iin && one.country == other.country
}

/// Whether every entry of `wanted` finds a person of its own; a message has few of both.
fn assigned(wanted: &[Signer], people: &[Vec<&Identity>]) -> bool {
    let Some((first, others)) = wanted.split_first() else { return true };
    people.iter().enumerate().any(|(taken, person)| {
        let mut rest = people.to_vec();
        rest.swap_remove(taken);
        person.iter().any(|identity| first.is(identity)) && assigned(others, &rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transit::FURTHER_MESSAGES;

    fn person(iin: &str, roles: &[&str]) -> Identity {
        Identity {
            iin: Some(iin.to_owned()),
            country: Some("KZ".to_owned()),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            ..Identity::default()
        }
    }

    #[test]
    fn every_message_of_a_participant_stands_in_the_table() {
        let known =
            |name: &str| SIGNED_BY.iter().any(|(known, signers)| *known == name && !signers.is_empty());
        for name in FURTHER_MESSAGES.iter().chain(&["CC015C", "CC007C", "CC044C"]) {
            assert!(known(name), "{name}");
        }
    }

    #[test]
    fn an_administration_asks_for_more_than_the_table() {
        let two = vec![Signer::Head, Signer::Accountant];
        let settings =
            BTreeMap::from([("CC013C".to_owned(), two.clone()), ("CC014C".to_owned(), Vec::new())]);
        assert_eq!(signed_by(&settings, "CC013C"), two);
        assert_eq!(signed_by(&settings, "CC014C"), [Signer::Anybody]);
        assert_eq!(signed_by(&settings, "CC015C"), [Signer::Anybody]);
    }

    #[test]
    fn a_type_of_guarantee_asks_for_more_than_the_message() {
        let two = vec![Signer::Head, Signer::Accountant];
        let settings = Settings {
            signed_by_guarantee: BTreeMap::from([("0".to_owned(), two.clone())]),
            ..Settings::default()
        };
        let (waiver, comprehensive) = (["0".to_owned()], ["1".to_owned()]);
        let of_waiver = wanted(&settings, "CC015C", &waiver);
        assert_eq!(of_waiver, [&[Signer::Anybody][..], &two]);
        assert_eq!(wanted(&settings, "CC015C", &comprehensive), [&[Signer::Anybody][..]]);
        let (head, accountant) = (person("1", &[HEAD]), person("2", &[ACCOUNTANT]));
        assert_eq!(all_enough(&of_waiver, &[&head, &accountant]), Ok(()));
        assert_eq!(all_enough(&of_waiver, &[&head]), Err(Fault::SignersMissing));
        assert_eq!(all_enough(&of_waiver, &[&head, &head]), Err(Fault::SignersSame));
        assert_eq!(all_enough(&of_waiver, &[]), Err(Fault::SignersMissing));
        let mistyped = BTreeMap::from([("7".to_owned(), two)]);
        let mistyped = Settings { signed_by_guarantee: mistyped, ..Settings::default() };
        assert_eq!((settings.unknown_guarantees(), mistyped.unknown_guarantees()), (vec![], vec!["7"]));
    }

    #[test]
    fn two_different_people_sign_each_in_a_role() {
        let wanted = [Signer::Signatory, Signer::Accountant];
        let (head, accountant) = (person("1", &[HEAD]), person("2", &[ACCOUNTANT]));
        let (both, clerk) = (person("3", &[HEAD, ACCOUNTANT]), person("4", &[]));
        assert_eq!(enough(&wanted, &[&head, &accountant]), Ok(()));
        assert_eq!(enough(&wanted, &[&accountant, &head]), Ok(()));
        assert_eq!(enough(&wanted, &[&both, &head]), Ok(()));
        assert_eq!(enough(&wanted, &[&clerk, &head, &accountant]), Ok(()));
        assert_eq!(enough(&wanted, &[&both]), Err(Fault::SignersMissing));
        assert_eq!(enough(&wanted, &[&both, &both]), Err(Fault::SignersSame));
        assert_eq!(enough(&wanted, &[&head, &clerk]), Err(Fault::SignerRole));
        assert_eq!(enough(&wanted, &[&accountant, &clerk]), Err(Fault::SignerRole));
        assert_eq!(enough(&[Signer::Anybody], &[&clerk]), Ok(()));
        assert_eq!(enough(&[Signer::Anybody], &[]), Err(Fault::SignersMissing));
    }
}
