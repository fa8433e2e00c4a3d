//! Use case: a query on guarantees (IE034), answered at once by IE037, or by IE917 or IE906 with everything that is wrong.

mod particulars;

use customs_declarations_contract::{
    GuaranteeAnswer, MessageFormat, QueryGuarantees, problems::MESSAGE_TYPE,
};
use customs_guarantees_contract::{
    GuaranteeBalance, GuaranteeContract, GuaranteeDetail, GuaranteeUse, GuaranteeUses,
};
use customs_kernel::{Caller, Finding, id::uuid_at, problem};
use customs_messages::{
    Context, Document, NodeRef, Phase,
    outgoing::{self, Facts, Header},
    parse_json, parse_signed_xml,
};
use customs_platform::{Answers, Failure};
use customs_references_contract::{FindParties, RegisteredParty};

use crate::{
    App,
    reference::{functional_errors, judge},
    shared::Shared,
    transit::{SIZE_MAX, day, instant},
};

/// The most uses that one answer tells of.
const USES_MAX: usize = 9_999;

/// One guarantee that was asked for, as far as the requester may know it.
struct Asked {
    query: String,
    contract: GuaranteeContract,
    uses: Vec<GuaranteeUse>,
    /// Owner and guarantor as the register of economic operators has them, where they are asked for.
    parties: Vec<RegisteredParty>,
}

impl Answers<QueryGuarantees> for App {
    async fn answer(&self, caller: &Caller, ask: QueryGuarantees) -> Result<GuaranteeAnswer, Failure> {
        if ask.content.len() > SIZE_MAX {
            return Err(problem::TOO_LARGE.because(format!("a message has at most {SIZE_MAX} bytes")).into());
        }
        let octets = ask.content.as_bytes();
        let parsed = match ask.format {
            MessageFormat::Xml => parse_signed_xml(octets),
            MessageFormat::Json => parse_json(octets),
        };
        let document = match parsed {
            Ok(document) => document,
            Err(rejection) => return not_readable(&self.shared, caller, &rejection),
        };
        if document.message_type() != "CC034C" {
            let found = document.message_type();
            return Err(MESSAGE_TYPE.because(format!("{found} does not belong here, but CC034C")).into());
        }
        let lookup = self.shared.reference.on(&self.shared.desk, self.shared.now().date_naive()).await?;
        let mut findings = judge(&document, &lookup, &Context::default());
        findings.extend(other_requester(caller, &document));
        let mut asked = Vec::new();
        for node in document.groups("GuaranteeReference") {
            match self.guarantee(caller, node).await? {
                Ok(one) => asked.push(one),
                Err(finding) => findings.push(finding),
            }
        }
        if !findings.is_empty() {
            let facts = head(&self.shared, caller, Some(&document));
            return make("CC906C", Some(&document), &functional_errors(facts, &findings));
        }
        let mut facts = head(&self.shared, caller, Some(&document));
        if let Some(first) = asked.first() {
            facts = facts.with(
                "CustomsOfficeOfGuarantee/referenceNumber",
                first.contract.office_of_guarantee.as_str(),
            );
        }
        for (place, one) in asked.iter().enumerate() {
            facts = told(facts, (document.phase(), place + 1), one);
        }
        make("CC037C", Some(&document), &facts)
    }
}

impl App {
    /// The guarantee of one reference; who does not know its access code or may not see it learns nothing (G03).
    async fn guarantee(&self, caller: &Caller, node: NodeRef<'_>) -> Result<Result<Asked, Finding>, Failure> {
        let text = |path: &str| node.text_at(path).unwrap_or_default().to_owned();
        let (grn, access_code) = (text("GRN"), text("AccessCode/accessCode"));
        let desk = &self.shared.desk;
        let known = desk.ask(caller, GuaranteeBalance { grn: grn.clone(), access_code }).await;
        let detail = match known {
            Ok(_) => desk.ask(caller, GuaranteeDetail { reference: grn.clone() }).await,
            Err(refusal) => Err(refusal),
        };
        let contract = match detail {
            Ok(contract) => contract,
            Err(refusal) if refusal.again || refusal.status >= 500 => return Err(refusal.into()),
            Err(_) => {
                let pointer = format!("{}/GRN", node.xpath());
                let why = "no such guarantee is known under this access code";
                return Ok(Err(Finding::new("14", pointer, why).by_rule("G03").with_value(grn)));
            }
        };
        let query = text("GuaranteeQuery/queryIdentifier");
        let uses = if query == "2" { Vec::new() } else { self.uses(caller, &grn).await? };
        let parties = if query == "4" { self.parties(caller, &contract).await? } else { Vec::new() };
        Ok(Ok(Asked { query, contract, uses, parties }))
    }

    /// Those of owner and guarantor that are registered.
    async fn parties(
        &self,
        caller: &Caller,
        contract: &GuaranteeContract,
    ) -> Result<Vec<RegisteredParty>, Failure> {
        let mut eoris = vec![contract.owner.clone(), contract.guarantor.clone()];
        eoris.dedup();
        Ok(self.shared.desk.ask(&Shared::myself(caller), FindParties { eoris }).await?.items)
    }

    async fn uses(&self, caller: &Caller, grn: &str) -> Result<Vec<GuaranteeUse>, Failure> {
        let (mut uses, mut after) = (Vec::new(), None);
        loop {
            let ask = GuaranteeUses {
                reference: Some(grn.to_owned()),
                mrn: None,
                open_only: Some(true),
                first: Some(100),
                after,
            };
            let page = self.shared.desk.ask(caller, ask).await?;
            uses.extend(page.items);
            after = page.next;
            if after.is_none() || uses.len() >= USES_MAX {
                uses.truncate(USES_MAX);
                return Ok(uses);
            }
        }
    }
}

/// The requester is the one who asks (G0035: holders ask about their own guarantees only).
fn other_requester(caller: &Caller, document: &Document) -> Option<Finding> {
    let named = document.text("Requester/identificationNumber")?;
    let own = caller.actor.party.as_ref().is_some_and(|party| party.as_str() == named);
    (!own).then(|| {
        let pointer = "/CC034C/Requester/identificationNumber";
        Finding::new("14", pointer, "the requester is not the one who asks")
            .by_rule("G0035")
            .with_value(named)
    })
}

fn head(shared: &Shared, caller: &Caller, source: Option<&Document>) -> Facts {
    let at = shared.now();
    let recipient = caller.actor.party.as_ref().map_or("CUSTOMS".to_owned(), ToString::to_string);
    Facts::new(&Header {
        sender: format!("NTA.{}", shared.settings.country),
        recipient,
        prepared_at: instant(at),
        identification: uuid_at(at).simple().to_string(),
        correlation: source.and_then(|source| source.text("messageIdentification")).map(str::to_owned),
    })
}

/// One guarantee as IE037 tells it: 1 uses, 2 exposure, 3 both, 4 both with the particulars of the guarantee.
fn told(facts: Facts, (phase, number): (Phase, usize), one: &Asked) -> Facts {
    let at = |name: &str| format!("GuaranteeReference[{number}]/{name}");
    let contract = &one.contract;
    let accepted = contract.decided_at.unwrap_or(contract.proposed_at);
    let mut facts = facts
        .with(at("sequenceNumber"), number.to_string())
        .with(at("GRN"), contract.grn.as_deref().unwrap_or_default())
        .with(at("acceptanceDateAndTime"), instant(accepted))
        .with(at("guaranteeType"), contract.guarantee_type.as_str())
        .with(at("guaranteeMonitoringCode"), "3")
        .with(at("GuaranteeQuery/queryIdentifier"), one.query.as_str());
    if one.query != "2" {
        let covered = one.uses.iter().filter_map(|each| each.amount.as_ref().map(|amount| (each, amount)));
        for (place, (each, amount)) in covered.enumerate() {
            let at = |name: &str| at(&format!("Usage[{}]/{name}", place + 1));
            facts = facts
                .with(at("sequenceNumber"), (place + 1).to_string())
                .with(at("MRN"), each.mrn.as_str())
                .with(at("coveredAmount"), amount.amount.as_str())
                .with(at("currency"), amount.currency.as_str())
                .with(at("lockDate"), day(each.placed_at));
        }
    }
    if one.query != "1" {
        facts = facts
            .with(at("Exposure/exposure"), contract.running_total.amount.as_str())
            .with(at("Exposure/exposureCounter"), contract.open_uses.max(1).to_string())
            .with(at("Exposure/balance"), contract.available.amount.as_str())
            .with(at("Exposure/currency"), contract.insured_amount.currency.as_str());
    }
    if one.query == "4" { particulars::told(facts, (phase, &at("")), contract, &one.parties) } else { facts }
}

/// IE917: everything that is wrong with the form, with line and column.
fn not_readable(
    shared: &Shared,
    caller: &Caller,
    rejection: &customs_messages::Rejection,
) -> Result<GuaranteeAnswer, Failure> {
    let facts = head(shared, caller, None).with_xml_errors(&rejection.findings);
    make("CC917C", None, &facts)
}

fn make(message_type: &str, source: Option<&Document>, facts: &Facts) -> Result<GuaranteeAnswer, Failure> {
    let phase = source.map_or(Phase::P6, Document::phase);
    let document = outgoing::build(message_type, phase, source, facts)
        .map_err(|error| Failure::Broken(anyhow::anyhow!("cannot make {message_type}: {error}")))?;
    Ok(GuaranteeAnswer {
        message_type: message_type.to_owned(),
        body: customs_messages::write_xml(&document),
    })
}
