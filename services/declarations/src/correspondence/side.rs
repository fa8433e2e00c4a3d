//! On which side of a movement a caller stands: its declarant, or an officer at an office that is concerned.

use customs_kernel::{Actor, Problem, problem};
use customs_platform::{Failure, Work};

use crate::{store, transit::Movement};

/// Who writes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Side {
    /// An officer, at this office.
    Officer(String),
    /// The declarant.
    Participant,
}

impl Side {
    /// The side of `actor`; whoever has none learns nothing of the movement.
    pub(super) async fn of(
        work: &Work,
        actor: &Actor,
        movement: &Movement,
        office: Option<&str>,
    ) -> Result<Self, Failure> {
        let missing = || problem::NOT_FOUND.because("there is no such movement");
        if actor.roles.iter().any(|role| role.is_officer()) {
            let offices = offices(work, movement).await?;
            if !offices.iter().any(|one| actor.serves_at(one)) {
                return Err(missing().into());
            }
            let office = named(office)?;
            if !actor.serves_at(office) || !offices.iter().any(|one| one == office) {
                let why = "you do not serve at this office, or the movement does not pass it";
                return Err(problem::NOT_FOUND.because(why).at("/office").into());
            }
            return Ok(Self::Officer(office.to_owned()));
        }
        if actor.party.as_ref() == Some(&movement.declarant) {
            Ok(Self::Participant)
        } else {
            Err(missing().into())
        }
    }

    /// The word for it.
    pub(super) const fn as_str(&self) -> &'static str {
        match self {
            Self::Officer(_) => "officer",
            Self::Participant => "participant",
        }
    }

    /// The officer's office.
    pub(super) fn office(&self) -> Option<&str> {
        match self {
            Self::Officer(office) => Some(office),
            Self::Participant => None,
        }
    }
}

fn named(office: Option<&str>) -> Result<&str, Problem> {
    office.ok_or_else(|| problem::INPUT_INVALID.because("name the office where you act").at("/office"))
}

/// The offices that `movement` concerns: that of departure, and those on its way.
pub(crate) async fn offices(work: &Work, movement: &Movement) -> Result<Vec<String>, Failure> {
    let stops = store::load_stops(work.settled().await?, movement.id).await?;
    let mut offices = vec![movement.departure_office.clone(), movement.destination_office.clone()];
    offices.extend(stops.into_iter().map(|stop| stop.office));
    Ok(offices)
}
