//! The door of the message definitions: what stands in each message, for whoever builds forms and clients.

mod conditions;
mod told;

use actix_web::HttpResponse;
use async_graphql::{Context, Object, Result};
use customs_kernel::{Problem, problem, role::ANYONE};
use customs_messages::catalogue;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    graphql::ask::Asker,
    input::Schemas,
    rest::{Call, Face::Query, Operation, Output, Verb, json, negotiate},
};

use told::{DefinedMessage, DefinedPhase, MessageDefinition, MessageDefinitions, RulePackage, RulePackages};

const TAG: &str = "Definitions";

/// List every message of the procedure.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ListMessages {}

/// Read the groups and fields of a message, with names in three languages, formats, units, code lists, rules and conditions.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FindMessage {
    /// The message type, such as `CC015C`.
    #[schema(max_length = 6, pattern = "^CC[0-9]{3}[A-Z]$")]
    message_type: String,
    /// The phase whose format is told; the newest unless named.
    #[serde(default)]
    phase: Option<DefinedPhase>,
}

/// List the packages of rules, oldest first: which rules judge from which day on, and the hash that decisions are pinned to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ListRulePackages {}

/// The operations of the definitions.
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::own::<ListMessages>(
            Verb::Get,
            "/definitions/messages",
            "messageDefinitions",
            TAG,
            ("gateway.list-message-definitions", ANYONE),
            Output::Json(Schemas::named::<MessageDefinitions>),
            |call| Box::pin(async move { list(&call) }),
        )
        .face(Query("messageDefinitions")),
        Operation::own::<FindMessage>(
            Verb::Get,
            "/definitions/messages/{messageType}",
            "messageDefinition",
            TAG,
            ("gateway.find-message-definition", ANYONE),
            Output::Json(Schemas::named::<MessageDefinition>),
            |call| Box::pin(async move { find(&call) }),
        )
        .face(Query("messageDefinition")),
        Operation::own::<ListRulePackages>(
            Verb::Get,
            "/definitions/rule-packages",
            "rulePackages",
            TAG,
            ("gateway.list-rule-packages", ANYONE),
            Output::Json(Schemas::named::<RulePackages>),
            |call| Box::pin(async move { packages(&call) }),
        )
        .face(Query("rulePackages")),
    ]
}

fn list(call: &Call) -> Result<HttpResponse, Problem> {
    negotiate(&call.request)?;
    call.address::<ListMessages>()?;
    let messages = MessageDefinitions { items: messages() };
    Ok(json(call, &serde_json::to_value(messages).unwrap_or_default()))
}

fn find(call: &Call) -> Result<HttpResponse, Problem> {
    negotiate(&call.request)?;
    let FindMessage { message_type, phase } = call.address()?;
    let definition = definition(&message_type, phase)?;
    Ok(json(call, &serde_json::to_value(definition).unwrap_or_default()))
}

fn packages(call: &Call) -> Result<HttpResponse, Problem> {
    negotiate(&call.request)?;
    call.address::<ListRulePackages>()?;
    Ok(json(call, &serde_json::to_value(RulePackages::all()).unwrap_or_default()))
}

fn messages() -> Vec<DefinedMessage> {
    catalogue::messages().iter().map(DefinedMessage::from).collect()
}

fn definition(message_type: &str, phase: Option<DefinedPhase>) -> Result<MessageDefinition, Problem> {
    let fields = catalogue::fields(message_type, phase.unwrap_or(DefinedPhase::P6).into());
    let fields =
        fields.ok_or_else(|| problem::NOT_FOUND.because("there is no such message in this phase"))?;
    Ok(MessageDefinition::from(fields))
}

/// Questions about the messages of the procedure.
#[derive(Default)]
pub(crate) struct DefinitionsQuery;

#[expect(clippy::unused_async, reason = "fields are asynchronous")]
#[Object]
impl DefinitionsQuery {
    /// Every message of the procedure, by type.
    async fn message_definitions(&self) -> Vec<DefinedMessage> {
        messages()
    }

    /// The packages of rules, oldest first.
    async fn rule_packages(&self) -> Vec<RulePackage> {
        RulePackages::all().items
    }

    /// The groups and fields of a message.
    async fn message_definition(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The message type, such as `CC015C`.")] message_type: String,
        #[graphql(desc = "The phase whose format is told; the newest unless named.")] phase: Option<
            DefinedPhase,
        >,
    ) -> Result<MessageDefinition> {
        let asker = Asker::of(ctx)?;
        definition(&message_type, phase).map_err(|problem| asker.refuse(&problem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_is_told_with_labels_lists_and_rules() {
        let told = definition("CC015C", None).unwrap();
        assert_eq!((told.message_type.as_str(), told.number.as_str()), ("CC015C", "IE015"));
        let kind = told.fields.iter().find(|field| field.path == "TransitOperation/declarationType").unwrap();
        assert_eq!(kind.list.as_ref().unwrap().name, "DeclarationType");
        assert!(!kind.label.kk.is_empty() && kind.label.kk != kind.label.en);
        assert!(told.rules.iter().any(|rule| kind.rules.contains(&rule.id)));
        let seals = told.conditions.iter().find(|condition| condition.rule == "C0569").unwrap();
        let told_there = serde_json::to_value(seals).unwrap();
        assert_eq!(told_there["cases"][0]["required"], serde_json::json!(["Seal"]));
        assert_eq!(told_there["terms"][0]["path"], "numberOfSeals");
    }

    #[test]
    fn every_listed_message_can_be_read_in_each_of_its_phases() {
        for message in messages() {
            for phase in &message.phases {
                assert!(definition(&message.message_type, Some(*phase)).is_ok(), "{}", message.message_type);
            }
        }
    }

    #[test]
    fn packages_follow_each_other_without_a_gap_and_each_has_a_hash_of_its_own() {
        let packages = RulePackages::all().items;
        assert!(!packages.is_empty() && packages.last().unwrap().valid_until.is_none());
        for pair in packages.windows(2) {
            assert_eq!(pair[0].valid_until.and_then(|last| last.succ_opt()), Some(pair[1].valid_from));
            assert_ne!(pair[0].hash, pair[1].hash);
        }
        assert!(packages.iter().all(|package| package.hash.len() == 64 && package.rules > 0));
    }

    #[test]
    fn a_message_that_does_not_exist_is_not_found() {
        assert!(definition("CC999C", None).unwrap_err().is(problem::NOT_FOUND));
    }
}
