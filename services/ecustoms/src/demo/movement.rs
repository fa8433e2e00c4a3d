//! One movement as the play knows it: lodged by one of three doors, followed by its notifications.

use anyhow::Context as _;
use customs_kernel::{Money, Mrn};
use customs_messages::{Document, Phase, parse_xml, write_json, write_xml};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    answer::Answer,
    client::Form,
    deviation::{Deviation, expect},
    documents::{self, Lodging, Pledge},
    goods::ITEMS,
    live::Subject,
    stage::{Stage, Who},
};

/// By which door a declaration is lodged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Way {
    /// As the body of a request.
    Rest(Form),
    /// As a mutation.
    GraphQl,
}

/// A movement of the play.
pub(super) struct Movement {
    /// Its identity.
    pub(super) id: Uuid,
    /// Local reference number.
    pub(super) lrn: String,
    /// Movement reference number; empty before it is allocated.
    pub(super) mrn: String,
    /// The declaration.
    pub(super) document: Document,
    /// What of which guarantee is to be held.
    pub(super) pledge: Pledge,
    /// Who lodged it.
    pub(super) by: Who,
    phase: Phase,
    changes: i64,
}

const SUBMIT: &str = "mutation Lodge($input: SubmitDeclarationInput!) {
    submitDeclaration(input: $input) { submitted { movement message messageType lrn } }
}";

impl Movement {
    /// Lodges a signed IE015: for the declarant itself, or by the broker under the delegation.
    pub(super) async fn lodge(
        stage: &mut Stage,
        by: Who,
        phase: Phase,
        way: Way,
        pledge: Pledge,
    ) -> anyhow::Result<Self> {
        let (lrn, identification) = (stage.next_lrn(), stage.identification());
        let broker = (by == Who::Broker).then(|| stage.who(by).eori());
        let holder = stage.who(Who::Declarant).eori();
        let lodging = Lodging { lrn: &lrn, holder, representative: broker, pledge: &pledge };
        let document = documents::declaration(&stage.head(by, phase, &identification), &lodging)?;
        let how = match way {
            Way::Rest(Form::Xml) => "XML by REST",
            Way::Rest(Form::Json) => "JSON by REST",
            Way::GraphQl => "XML by GraphQL",
        };
        stage.say(by, &format!("-> IE015 signed, {phase:?}, {how}, {}", pledge.amount), &lrn);
        let (id, message) = submit(stage, by, way, &document).await?;
        proven(stage, by, message).await?;
        let (mrn, changes) = (String::new(), 0);
        Ok(Self { id, lrn, mrn, document, pledge, by, phase, changes })
    }

    /// Waits until the declaration is accepted: IE928, IE028 with an MRN whose check digit holds.
    pub(super) async fn accepted(&mut self, stage: &mut Stage) -> anyhow::Result<()> {
        self.changed(stage, "guarantee-under-registration").await?;
        self.told(stage, "IE928").await?;
        let allocated = self.told(stage, "IE028").await?;
        let (mrn, body) = self.read(stage, allocated).await?;
        mrn.parse::<Mrn>()
            .map_err(|error| Deviation::new("the MRN of IE028", "a sound MRN", format!("{mrn}: {error}")))?;
        expect("the LRN in IE028", Some(self.lrn.as_str()), body.text("TransitOperation/LRN"))?;
        self.mrn = mrn;
        Ok(())
    }

    /// Waits until the guarantee is held and the risk is decided; the insurer sees the hold.
    pub(super) async fn held(&mut self, stage: &mut Stage) -> anyhow::Result<()> {
        self.used(stage, "placed").await?;
        self.changed(stage, "awaiting-release").await?;
        let uses = self.uses(stage, Who::Insurer).await?;
        expect("how many holds the insurer sees", 1, uses.len())?;
        let hold = uses.first().context("there is one")?;
        expect("the state of the hold", "placed", hold["state"].as_str().unwrap_or_default())?;
        let amount = Money::parse(
            hold["amount"]["amount"].as_str().unwrap_or_default(),
            hold["amount"]["currency"].as_str().unwrap_or_default().parse()?,
        )?;
        expect("the amount that the insurer sees", self.pledge.amount.to_string(), amount.to_string())?;
        stage.say(Who::Insurer, &format!("sees {amount} held"), &self.mrn);
        let path = format!("/movements/{}/timeline?first=100", self.id);
        let timeline: Value = stage.who(self.by).get(&path).await?.read()?;
        let mut entries = timeline["items"].as_array().into_iter().flatten();
        let decided = entries.rfind(|entry| entry["event"] == "guarantee-registered");
        let decided = decided.ok_or_else(|| Deviation::new("the timeline", "a risk decision", "none"))?;
        let reasons: Vec<&str> =
            decided["reasons"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let movement: Value = stage.who(self.by).get(&format!("/movements/{}", self.id)).await?.read()?;
        expect(
            "the channel of the risk decision",
            "green",
            movement["channel"].as_str().unwrap_or_default(),
        )?;
        stage.timeline.say("customs", format!("risk decided: green, {}", reasons.join(", ")), &self.mrn);
        Ok(())
    }

    /// Waits for the new state in the boxes of all parties; changes are numbered without gaps.
    pub(super) async fn changed(&mut self, stage: &mut Stage, state: &str) -> anyhow::Result<()> {
        self.changes += 1;
        for who in self.parties() {
            let notice = stage.mailbox(who)?.next(&Subject::Movement(self.id), state).await?;
            expect("the number of the change", Some(self.changes), notice.sequence())?;
        }
        Ok(())
    }

    /// Waits for the message of customs `word` in the box of who lodged the declaration; tells its id.
    pub(super) async fn told(&self, stage: &mut Stage, word: &str) -> anyhow::Result<Uuid> {
        let notice = stage.mailbox(self.by)?.next(&Subject::Movement(self.id), word).await?;
        Ok(notice.message.ok_or_else(|| Deviation::new(word, "a message that can be read", "none"))?)
    }

    /// Waits for the use of the guarantee to be `state`, told to its owner and to the insurer.
    pub(super) async fn used(&self, stage: &mut Stage, state: &str) -> anyhow::Result<()> {
        let subject = Subject::Use(self.pledge.grn.clone(), self.mrn.clone());
        for who in [Who::Declarant, Who::Insurer] {
            stage.mailbox(who)?.next(&subject, state).await?;
        }
        Ok(())
    }

    /// The open holds of this movement, as `who` sees them.
    pub(super) async fn uses(&self, stage: &Stage, who: Who) -> anyhow::Result<Vec<Value>> {
        let path = format!("/guarantee-uses?mrn={}&openOnly=true", self.mrn);
        let mut page: Value = stage.who(who).get(&path).await?.read()?;
        Ok(page["items"].as_array_mut().map(std::mem::take).unwrap_or_default())
    }

    /// The MRN in the message `id` of customs, and the whole message.
    pub(super) async fn read(&self, stage: &Stage, id: Uuid) -> anyhow::Result<(String, Document)> {
        let message: Value = stage.who(self.by).get(&format!("/messages/{id}")).await?.read()?;
        let body = message["body"].as_str().context("a message has a body")?;
        let document = parse_xml(body.as_bytes()).map_err(|rejection| documents::wrong(&rejection))?;
        Ok((document.text("TransitOperation/MRN").unwrap_or_default().to_owned(), document))
    }

    /// Waits for the release: IE029 carries the whole declaration.
    pub(super) async fn released(&mut self, stage: &mut Stage) -> anyhow::Result<()> {
        self.changed(stage, "released").await?;
        let release = self.told(stage, "IE029").await?;
        let (mrn, body) = self.read(stage, release).await?;
        expect("the MRN in IE029", self.mrn.as_str(), mrn.as_str())?;
        let items = body.groups("Consignment/HouseConsignment/ConsignmentItem").len();
        expect("the items in IE029", ITEMS, i64::try_from(items)?)?;
        Ok(())
    }

    /// Sends a further signed message about the departure, in XML.
    pub(super) async fn send(&self, stage: &Stage, document: &Document) -> anyhow::Result<Answer> {
        let (path, content) = (format!("/movements/departures/{}/messages", self.id), write_xml(document));
        stage.who(self.by).send(&path, Form::Xml, &content, &content).await
    }

    /// The phase in which the declaration is written.
    pub(super) const fn phase(&self) -> Phase {
        self.phase
    }

    /// Whose boxes are told of every change.
    fn parties(&self) -> Vec<Who> {
        if self.by == Who::Declarant { vec![Who::Declarant] } else { vec![self.by, Who::Declarant] }
    }
}

/// Sends the declaration; tells the movement and the message that were taken in.
async fn submit(stage: &Stage, by: Who, way: Way, document: &Document) -> anyhow::Result<(Uuid, Uuid)> {
    let visitor = stage.who(by);
    let (movement, message) = match way {
        Way::Rest(form) => {
            let content = if form == Form::Xml { write_xml(document) } else { write_json(document) };
            let answer = visitor.send("/movements/departures", form, &content, &content).await?;
            expect("the status of a declaration taken in", 202, answer.status)?;
            let taken: Value = answer.read()?;
            (taken["departureId"].clone(), taken["messageId"].clone())
        }
        Way::GraphQl => {
            let content = write_xml(document);
            let signature = visitor.signature(&content)?;
            let input = json!({"input": {"content": content, "format": "XML", "signature": signature}});
            let answer = visitor.graphql(SUBMIT, &input).await?;
            let taken = answer.pointer("/submitDeclaration/submitted").cloned().unwrap_or_default();
            (taken["movement"].clone(), taken["message"].clone())
        }
    };
    Ok((serde_json::from_value(movement)?, serde_json::from_value(message)?))
}

/// That the message `id` was kept with a report that its signature holds.
async fn proven(stage: &Stage, by: Who, id: Uuid) -> anyhow::Result<()> {
    let kept: Value = stage.who(by).get(&format!("/messages/{id}")).await?.read()?;
    let report = kept["signatureReport"].as_str().context("a signed message has a report")?;
    let report: Value = serde_json::from_str(report)?;
    expect(
        "the verdict on the signature",
        "TOTAL-PASSED",
        report["indication"].as_str().unwrap_or_default(),
    )?;
    Ok(())
}
