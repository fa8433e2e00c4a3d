//! The journey of a movement: release, frontiers, arrival, unloading, control, discharge.

use anyhow::Context as _;
use customs_messages::write_xml;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    client::Form,
    deviation::expect,
    documents::{self, DEPARTURE, DESTINATION, ENTRY_KG, ENTRY_UZ, EXIT_KG, EXIT_KZ},
    live::Subject,
    movement::Movement,
    stage::{Stage, Who},
};

/// Where the goods cross a frontier, in which direction, seen by whom.
const CROSSINGS: [(Who, &str, &str); 4] = [
    (Who::TransitKz, EXIT_KZ, "exit"),
    (Who::TransitKg, ENTRY_KG, "entry"),
    (Who::TransitKg, EXIT_KG, "exit"),
    (Who::TransitUz, ENTRY_UZ, "entry"),
];

impl Movement {
    /// The officer of departure looks at the movement and releases it in the version that was seen.
    pub(super) async fn release(&mut self, stage: &mut Stage) -> anyhow::Result<()> {
        let officer = stage.who(Who::Departure);
        let seen = officer.get(&format!("/movements/{}", self.id)).await?;
        let movement: Value = seen.read()?;
        expect(
            "the state that the officer sees",
            "awaiting-release",
            movement["state"].as_str().unwrap_or_default(),
        )?;
        stage.say(Who::Departure, &format!("releases at {DEPARTURE}"), &self.mrn);
        let tag = seen.etag.context("a movement has an entity tag")?;
        let path = format!("/movements/{}/release", self.id);
        stage.who(Who::Departure).post_to(&path, &tag, &json!({})).await?.read::<Value>()?;
        self.released(stage).await
    }

    /// The goods leave and enter one country after the other.
    pub(super) async fn cross(&mut self, stage: &mut Stage) -> anyhow::Result<()> {
        for (who, office, kind) in CROSSINGS {
            stage.say(who, &format!("records the {kind} at {office}"), &self.mrn);
            let crossing = json!({"mrn": self.mrn, "kind": kind, "sealsIntact": true});
            let path = format!("/offices/{office}/crossings");
            stage.who(who).post(&path, &crossing).await?.read::<Value>()?;
            self.changed(stage, "released").await?;
        }
        Ok(())
    }

    /// The trader at destination notifies the arrival and may unload (IE043); tells the arrival.
    pub(super) async fn arrive(&mut self, stage: &mut Stage) -> anyhow::Result<Uuid> {
        let identification = stage.identification();
        let head = stage.head(Who::Carrier, self.phase(), &identification);
        let content = write_xml(&documents::arrival(&head, &self.mrn)?);
        stage.say(Who::Carrier, "-> IE007 signed, simplified procedure (C522)", &self.mrn);
        let answer =
            stage.who(Who::Carrier).send("/movements/arrivals", Form::Xml, &content, &content).await?;
        let taken: Value = answer.read()?;
        let arrival = serde_json::from_value(taken["arrivalId"].clone())?;
        stage.mailbox(Who::Carrier)?.next(&Subject::Movement(arrival), "IE043").await?;
        self.changed(stage, "arrived").await?;
        Ok(arrival)
    }

    /// The trader at destination finds everything as declared.
    pub(super) async fn unload(&self, stage: &Stage, arrival: Uuid) -> anyhow::Result<()> {
        let identification = stage.identification();
        let head = stage.head(Who::Carrier, self.phase(), &identification);
        let content = write_xml(&documents::unloading_remarks(&head, &self.mrn)?);
        stage.say(Who::Carrier, "-> IE044 signed, unloaded and conform", &self.mrn);
        let path = format!("/movements/arrivals/{arrival}/messages");
        stage.who(Who::Carrier).send(&path, Form::Xml, &content, &content).await?.read::<Value>()?;
        Ok(())
    }

    /// The officer of destination is content (A1): IE025, IE045, and the guarantee is free.
    pub(super) async fn discharge(&mut self, stage: &mut Stage, arrival: Uuid) -> anyhow::Result<()> {
        stage.say(Who::Destination, &format!("records the control result A1 at {DESTINATION}"), &self.mrn);
        let result = json!({"mrn": self.mrn, "code": "A1", "remarks": "as declared, seal intact"});
        let path = format!("/offices/{DESTINATION}/control-results");
        stage.who(Who::Destination).post(&path, &result).await?.read::<Value>()?;
        stage.mailbox(Who::Carrier)?.next(&Subject::Movement(arrival), "IE025").await?;
        self.changed(stage, "under-discharge").await?;
        self.used(stage, "freed").await?;
        self.changed(stage, "written-off").await?;
        self.told(stage, "IE045").await?;
        self.holds_nothing(stage).await
    }

    /// That neither owner nor insurer sees an open hold.
    pub(super) async fn holds_nothing(&self, stage: &Stage) -> anyhow::Result<()> {
        for who in [Who::Declarant, Who::Insurer] {
            expect("how many open holds are seen", 0, self.uses(stage, who).await?.len())?;
        }
        stage.say(Who::Insurer, "sees nothing held any more", &self.mrn);
        Ok(())
    }

    /// From release to discharge.
    pub(super) async fn travel(&mut self, stage: &mut Stage) -> anyhow::Result<()> {
        self.release(stage).await?;
        self.onward(stage).await
    }

    /// From the first frontier to discharge.
    pub(super) async fn onward(&mut self, stage: &mut Stage) -> anyhow::Result<()> {
        self.cross(stage).await?;
        let arrival = self.arrive(stage).await?;
        self.unload(stage, arrival).await?;
        self.discharge(stage, arrival).await
    }
}
