//! Use case: register a webhook; its secret is shown once.

use customs_kernel::{Caller, Finding, id::uuid_at};
use customs_notifications_contract::{
    RegisterWebhook, RegisteredWebhook, Webhook, event,
    problems::{WEBHOOK_URL, WEBHOOKS_MANY},
};
use customs_platform::{Failure, Plans, Work};
use reqwest::Url;

use super::{
    Secret,
    store::{self, ACTIVE, NewWebhook},
};
use crate::{App, mailbox::own_party, page};

/// How many webhooks a participant may have.
const WEBHOOKS_MAX: i32 = 20;

/// A registration that is fit to be carried out.
pub struct Registration {
    owner: String,
    url: Url,
    types: Vec<String>,
    secret: Secret,
}

impl Plans<RegisterWebhook> for App {
    type Plan = Registration;

    async fn plan(&self, caller: &Caller, ask: RegisterWebhook) -> Result<Registration, Failure> {
        let owner = own_party(caller)?;
        let (types, findings) = types(&ask.types.unwrap_or_default());
        page::refuse(findings)?;
        let refusal = |reason: &str| WEBHOOK_URL.because(reason).at("/url");
        let url = self.addresses.check(&ask.url).map_err(refusal)?;
        if let Some(host) = url.domain() {
            self.addresses.resolve(host).await.map_err(refusal)?;
        }
        let secret = Secret::fresh().map_err(anyhow::Error::from)?;
        Ok(Registration { owner, url, types, secret })
    }

    async fn carry_out(
        &self,
        work: &mut Work,
        _caller: &Caller,
        plan: Registration,
    ) -> Result<RegisteredWebhook, Failure> {
        if store::count(work.txn(), &plan.owner, 1).await? > WEBHOOKS_MAX {
            let text = format!("{WEBHOOKS_MAX} webhooks are the most; delete one first");
            return Err(WEBHOOKS_MANY.because(text).into());
        }
        let id = uuid_at(work.now());
        let new = NewWebhook {
            id,
            owner: &plan.owner,
            url: plan.url.as_str(),
            types: &plan.types,
            secret: &plan.secret,
            registered_at: work.now(),
        };
        store::insert(work.txn(), &new).await?;
        let webhook = Webhook {
            id,
            url: plan.url.into(),
            types: plan.types,
            state: ACTIVE.to_owned(),
            failures: 0,
            previous_secret_until: None,
            registered_at: work.now(),
        };
        Ok(RegisteredWebhook { webhook, secret: plan.secret.reveal() })
    }
}

/// The wanted types, each once in the order of the catalogue, and what is wrong with them.
pub(crate) fn types(asked: &[String]) -> (Vec<String>, Vec<Finding>) {
    named(asked, event::TYPES, "/types")
}

/// Those of `known` that are asked for, in their order, and every word at `pointer` that is none of them.
pub(crate) fn named(asked: &[String], known: &[&str], pointer: &str) -> (Vec<String>, Vec<Finding>) {
    let mut findings = Vec::new();
    for (at, kind) in asked.iter().enumerate() {
        if !known.contains(&kind.as_str()) {
            let shown: String = kind.chars().take(50).collect();
            let finding = page::invalid(&format!("{pointer}/{at}"), "there is no such type of event");
            findings.push(finding.with_value(shown).with_fix(known.join(", ")));
        }
    }
    let wanted = |kind: &&str| asked.iter().any(|asked| asked == kind);
    (known.iter().copied().filter(wanted).map(str::to_owned).collect(), findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unknown_type_is_named() {
        let asked = ["nonsense", event::MESSAGE_ISSUED, event::MESSAGE_ISSUED, ""].map(str::to_owned);
        let (known, findings) = types(&asked);
        let pointers: Vec<_> = findings.iter().map(|finding| finding.pointer.as_str()).collect();
        assert_eq!(
            (known.as_slice(), pointers.as_slice()),
            ([event::MESSAGE_ISSUED.to_owned()].as_slice(), ["/types/0", "/types/3"].as_slice())
        );
    }
}
