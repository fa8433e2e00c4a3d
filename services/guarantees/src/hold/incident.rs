//! An incident on the way is passed on to those who guarantee for the movement.

use customs_declarations_contract::bus::IncidentRegistered;
use customs_guarantees_contract::bus::{INCIDENT_TOLD, IncidentTold};
use customs_platform::{Failure, Message, Work};

use super::{Hold, store};
use crate::{App, guarantee};

impl App {
    /// Tells every guarantor of the movement in `message` once for each of its guarantees.
    pub(crate) async fn pass_on(&self, work: &mut Work, message: &Message) -> Result<(), Failure> {
        let incident: IncidentRegistered = message.read()?;
        work.follow(message);
        let open = store::open_or_called(work.txn(), &[incident.mrn.as_str()]).await?;
        let mut grns: Vec<String> = open.iter().filter_map(Hold::grn).map(str::to_owned).collect();
        grns.sort();
        grns.dedup();
        for guarantee in guarantee::store::lock_all(work.txn(), &grns).await? {
            let Some(grn) = guarantee.grn().map(ToString::to_string) else { continue };
            let told = IncidentTold {
                grn: grn.clone(),
                guarantor: guarantee.guarantor().clone(),
                movement: incident.movement,
                mrn: incident.mrn.clone(),
                code: incident.code.clone(),
                endorsed: incident.endorsed,
                office: incident.office.clone(),
                at: incident.at,
            };
            work.tell(INCIDENT_TOLD, &grn, &told)?;
        }
        Ok(())
    }
}
