//! Deadlines of an arrival: unloading remarks that do not come, and conform ones that nobody controls.

use customs_platform::{Failure, Work};
use uuid::Uuid;

use crate::{
    App,
    arrival::{ArrivalEvent, ArrivalState, Goods, conclude},
    store,
    transit::Decision,
};

impl App {
    /// The trader at destination has sent no unloading remarks: an officer decides.
    pub(super) async fn no_remarks(&self, work: &mut Work, arrival: Uuid) -> Result<(), Failure> {
        let mut arrival = store::load_arrival(work, arrival).await?;
        if arrival.state != ArrivalState::UnloadingPermitted {
            return Ok(());
        }
        arrival.happen(ArrivalEvent::Expire)?;
        store::save_arrival(work, &mut arrival).await
    }

    /// Conform remarks of an authorised consignee that nobody controls are considered satisfactory (A2).
    pub(super) async fn conform(&self, work: &mut Work, arrival: Uuid) -> Result<(), Failure> {
        let mut arrival = store::load_arrival(work, arrival).await?;
        let Some(movement) = arrival.movement.filter(|_| arrival.state == ArrivalState::RemarksReceived)
        else {
            return Ok(());
        };
        let mut movement = store::load(work, movement).await?;
        let why =
            Decision::system("A2 conform unloading remarks of an authorised consignee, no control in time");
        conclude(self, work, &mut arrival, &mut movement, Goods::All, why).await
    }
}
