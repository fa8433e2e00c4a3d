//! What a step sends: the published message that fits best, made one of the demo nation.

use anyhow::{Context as _, bail};
use customs_messages::{Document, parse_xml, write_xml};

use super::{
    super::{
        adapt::{self, Facts, Shape},
        cast::DECLARANT,
        mend::mend,
        published::{Procedure, Step},
        shelf::Wanted,
    },
    Play,
};

impl Play<'_> {
    /// The message of a step, made from the published one that fits best.
    pub(super) async fn written(
        &mut self,
        step: &Step,
        kind: &str,
        login: &str,
        identification: &str,
    ) -> anyhow::Result<Document> {
        let invalid = step.sends_what_is_invalid();
        let features = self.features(step, kind);
        let wanted =
            Wanted { kind, phase: self.phase, scenario: &self.scenario.id, invalid, having: &features };
        let found = self.shelf.find(&wanted);
        let holder = self.cast.who(DECLARANT)?.eori().to_owned();
        let sender = self.cast.who(login)?.eori().to_owned();
        let facts = Facts {
            phase: self.phase,
            sender: &sender,
            identification,
            at: self.cast.now(),
            holder: &holder,
            lrn: &self.dossier.lrn,
            mrn: Some(self.dossier.mrn.as_str()).filter(|mrn| !mrn.is_empty()),
            pledge: &self.pledge,
        };
        let shape = Shape { procedure: self.scenario.departure(), pre_lodged: self.scenario.is_pre_lodged() };
        let mut draft = match (kind, found) {
            ("CC013C", _) => adapt::amend(self.lodged.as_ref().context("nothing was lodged")?, &facts)?,
            (_, Some(published)) => published.in_phase(self.phase)?,
            _ => adapt::empty(kind, &facts, adapt::OFFICES[0])?,
        };
        match kind {
            "CC015C" => adapt::declare(&mut draft, &facts, shape)?,
            "CC014C" => adapt::withdraw(&mut draft, &facts, &self.departure_office()?)?,
            "CC170C" => adapt::present(&mut draft, &facts, &self.departure_office()?, shape)?,
            "CC007C" => adapt::arrive(&mut draft, &facts, &self.destination_office()?, step.arrival())?,
            "CC044C" => {
                let conform = !step.finds_discrepancies();
                adapt::unload(&mut draft, &facts, &self.destination_office()?, conform)?;
                let sealed = self.lodged.as_ref().is_some_and(is_sealed);
                adapt::seals(&mut draft, sealed && !invalid)?;
            }
            "CC013C" => {}
            other => bail!("no scenario can send {other}"),
        }
        let kept = if step.is_refused() { self.scenario.broken_rules() } else { Vec::new() };
        mend(self.cast.who(DECLARANT)?, &mut draft, &kept).await?;
        if invalid && kind == "CC170C" {
            adapt::misplace(&mut draft)?;
        }
        let content = write_xml(&draft.finish_loose());
        parse_xml(content.as_bytes()).map_err(|rejection| crate::demo::documents::wrong(&rejection))
    }

    /// What the message of a step should have, the weightiest first.
    fn features(&self, step: &Step, kind: &str) -> Vec<(&'static str, Option<&'static str>)> {
        let flag = |yes: bool| Some(if yes { "1" } else { "0" });
        let simplified = self.scenario.departure() == Procedure::Simplified;
        match kind {
            "CC015C" => vec![
                ("TransitOperation/declarationType", Some(if self.scenario.is_tir() { "TIR" } else { "T1" })),
                (
                    "TransitOperation/additionalDeclarationType",
                    Some(if self.scenario.is_pre_lodged() { "D" } else { "A" }),
                ),
                ("Authorisation/type", simplified.then_some("C521")),
                ("Consignment/containerIndicator", flag(!step.is_without_container(self.scenario))),
            ],
            "CC170C" => {
                vec![(
                    "Consignment/LocationOfGoods/qualifierOfIdentification",
                    Some(if simplified { "Y" } else { "U" }),
                )]
            }
            "CC007C" => {
                vec![("TransitOperation/simplifiedProcedure", flag(step.arrival() == Procedure::Simplified))]
            }
            "CC044C" => vec![("UnloadingRemark/conform", flag(!step.finds_discrepancies()))],
            _ => Vec::new(),
        }
    }
}

/// Whether a declaration tells of seals.
fn is_sealed(document: &Document) -> bool {
    let seals = document.groups("Consignment/TransportEquipment/numberOfSeals");
    seals.iter().any(|number| number.text().is_some_and(|text| text != "0"))
}
