//! Whose box a caller may open.

use customs_kernel::{Caller, Problem, problem};

use super::facts::office_box;

/// The key of the box that `caller` means: its own, or that of an office where it serves.
///
/// An officer of one office need not name it. A foreign office answers like one that does not exist.
pub(crate) fn own_box(caller: &Caller, office: Option<&str>) -> Result<String, Problem> {
    let actor = &caller.actor;
    match (office, &actor.party, actor.offices.as_slice()) {
        (Some(office), _, _) if actor.serves_at(office) => Ok(office_box(office)),
        (Some(_), _, _) => Err(problem::NOT_FOUND.because("there is no such box").at("/office")),
        (None, Some(party), _) => Ok(party.to_string()),
        (None, None, [only]) => Ok(office_box(only.as_str())),
        (None, None, []) => Err(problem::NOT_FOUND.because("there is no box of yours")),
        (None, None, _) => Err(problem::INPUT_INVALID.because("name the office").at("/office")),
    }
}

/// The EORI on whose behalf `caller` asks.
pub(crate) fn own_party(caller: &Caller) -> Result<String, Problem> {
    let party = caller.actor.party.as_ref().map(ToString::to_string);
    party.ok_or_else(|| problem::NOT_FOUND.because("you act for no participant"))
}

#[cfg(test)]
mod tests {
    use customs_kernel::Actor;

    use super::*;

    fn caller(party: Option<&str>, offices: &[&str]) -> Caller {
        let mut actor = Actor::anonymous();
        actor.party = party.map(|party| party.parse().unwrap());
        actor.offices = offices.iter().map(|office| office.parse().unwrap()).collect();
        Caller::new(actor, "test")
    }

    #[test]
    fn a_participant_opens_its_own_box_and_no_office() {
        let broker = caller(Some("KZ1"), &[]);
        assert_eq!(own_box(&broker, None).unwrap(), "KZ1");
        assert_eq!(own_box(&broker, Some("KZ000001")).unwrap_err().status, 404);
    }

    #[test]
    fn an_officer_opens_the_boxes_of_the_offices_where_it_serves() {
        let one = caller(None, &["KZ000001"]);
        assert_eq!(own_box(&one, None).unwrap(), "office:KZ000001");
        assert_eq!(own_box(&one, Some("KZ000002")).unwrap_err().status, 404);
        let two = caller(None, &["KZ000001", "KZ000002"]);
        assert_eq!(own_box(&two, Some("KZ000002")).unwrap(), "office:KZ000002");
        assert_eq!(own_box(&two, None).unwrap_err().status, 400);
    }

    #[test]
    fn who_acts_for_nobody_has_no_box() {
        assert_eq!(own_box(&caller(None, &[]), None).unwrap_err().status, 404);
        assert_eq!(own_party(&caller(None, &["KZ000001"])).unwrap_err().status, 404);
    }
}
