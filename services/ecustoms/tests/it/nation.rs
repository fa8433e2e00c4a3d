//! The demo nation at the desk of an embedded suite whose messages are carried by the test itself.

use std::sync::Arc;

use chrono::TimeDelta;
use customs_declarations_contract::{
    FindMessage, FindMovement, ListMessages, MessageFormat, Movement, MovementMessage,
};
use customs_guarantees_contract::GuaranteeBalance;
use customs_kernel::{Actor, Caller, Clock, Problem, Role};
use customs_platform::{Rings, bus::Delivers, outbox, timer};
use customs_signatures::{IdentityScheme, Profile, Verifier, issue::Credential};
use customs_web_broker::seed::DEMO;
use customs_web_broker_contract::{IdentifyPerson, NationalNumber};
use ecustoms::{
    config::Config,
    sandbox::{self, DemoGuarantees, PASSWORD, Sandbox},
    suite::{SERVICES, Suite},
};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// An embedded suite with the demo nation.
pub(crate) struct Nation {
    pub(crate) suite: Suite,
    pub(crate) sandbox: Sandbox,
    verifier: Verifier,
    bells: Vec<Option<Arc<dyn Rings>>>,
    _files: TempDir,
}

impl Nation {
    pub(crate) async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// A nation whose declarations are set otherwise.
    pub(crate) async fn with(change: impl FnOnce(&mut customs_declarations::Settings)) -> Self {
        let files = tempfile::tempdir().unwrap();
        let mut config = Config { data_dir: files.path().to_owned(), ..Config::default() };
        change(&mut config.declarations);
        let suite = Suite::build(&config, SERVICES, true, true).await.unwrap();
        for service in &suite.services {
            if let (Some((subscription, _)), Some(inbox)) = (&service.hears, service.inbox()) {
                let inbox: Arc<dyn Delivers> = inbox;
                suite.bus.consume(*subscription, inbox, CancellationToken::new()).await.unwrap();
            }
        }
        let sandbox = sandbox::furnish(&suite, &config).await.unwrap();
        let schemes = vec![IdentityScheme::kazakhstan(), IdentityScheme::pin_tin()];
        let profile = Profile::ec_sig_1().with_identity(schemes);
        let verifier = Verifier::new(sandbox.ring().trust().unwrap(), profile);
        let bells = suite.services.iter().map(|service| service.rings.clone()).collect();
        let nation = Self { suite, sandbox, verifier, bells, _files: files };
        nation.settle().await;
        nation
    }

    /// Carries messages until nobody has anything to say.
    pub(crate) async fn settle(&self) {
        loop {
            let mut carried = 0;
            for service in &self.suite.services {
                carried += outbox::drain(&service.store, self.suite.bus.as_ref()).await.unwrap();
            }
            if carried == 0 {
                return;
            }
        }
    }

    /// Moves the clock of business and lets every deadline ring that has passed.
    pub(crate) async fn advance(&self, seconds: i64) {
        self.suite.clock.advance(TimeDelta::seconds(seconds));
        for (service, bell) in self.suite.services.iter().zip(&self.bells) {
            if let Some(bell) = bell {
                timer::ring_due(&service.store, bell.as_ref()).await.unwrap();
            }
        }
        self.settle().await;
    }

    /// The person with a log-in, as the gateway would make the caller.
    pub(crate) async fn caller(&self, login: &str) -> Caller {
        let demo = DEMO.iter().find(|person| person.login == login).unwrap();
        let ask = IdentifyPerson {
            person: NationalNumber { scheme: demo.scheme, number: demo.number.to_owned() },
            organisation: None,
        };
        let identity = self.suite.desk.ask(&Caller::new(Actor::service("test"), "test"), ask).await.unwrap();
        let actor = Actor {
            subject: identity.person_id.to_string(),
            party: Some(demo.eori.parse().unwrap()),
            roles: demo.roles.iter().map(|role| Role::from(*role)).collect(),
            offices: demo.offices.iter().map(|office| office.parse().unwrap()).collect(),
        };
        Caller::new(actor, "test")
    }

    /// Evidence that `login` has signed `content`, as the edge seals it.
    pub(crate) fn evidence(&self, login: &str, content: &str) -> serde_json::Value {
        let file = std::fs::read(self.sandbox.ring().file(login)).unwrap();
        let credential = Credential::from_pkcs12(&file, PASSWORD).unwrap();
        let now = customs_platform::SystemClock.now();
        let signature = credential.sign_detached(content.as_bytes(), now).unwrap();
        let verified = self.verifier.verify_detached(content.as_bytes(), &signature, now).unwrap();
        serde_json::to_value(verified.seal(&self.suite.evidence_key).unwrap()).unwrap()
    }

    pub(crate) const fn guarantees(&self) -> &DemoGuarantees {
        self.sandbox.guarantees()
    }

    pub(crate) async fn movement(&self, login: &str, movement: uuid::Uuid) -> Result<Movement, Problem> {
        self.suite.desk.ask(&self.caller(login).await, FindMovement { movement }).await
    }

    /// The types of the messages that `login` sees in a dossier, in order.
    pub(crate) async fn messages(&self, login: &str, dossier: uuid::Uuid) -> Vec<String> {
        let ask = ListMessages { movement: dossier, received_since: None, first: Some(100), after: None };
        let page = self.suite.desk.ask(&self.caller(login).await, ask).await.unwrap();
        page.items.into_iter().map(|message| message.message_type).collect()
    }

    /// The last message of `message_type` in a dossier, with its body.
    pub(crate) async fn last(&self, login: &str, dossier: uuid::Uuid, message_type: &str) -> MovementMessage {
        let caller = self.caller(login).await;
        let ask = ListMessages { movement: dossier, received_since: None, first: Some(100), after: None };
        let page = self.suite.desk.ask(&caller, ask).await.unwrap();
        let head = page.items.into_iter().rev().find(|message| message.message_type == message_type).unwrap();
        let ask = FindMessage { message: head.id, format: Some(MessageFormat::Xml) };
        self.suite.desk.ask(&caller, ask).await.unwrap()
    }

    /// Holds the history of `movement` against what is kept of it, byte for byte.
    pub(crate) async fn replays(&self, movement: uuid::Uuid) {
        let service = self.suite.services.iter().find(|service| service.name == "declarations").unwrap();
        let (kept, told) = customs_declarations::standings(&service.store, movement).await.unwrap();
        assert_eq!(serde_json::to_vec(&kept).unwrap(), serde_json::to_vec(&told).unwrap());
    }

    /// What is free of the ample guarantee.
    pub(crate) async fn balance(&self) -> String {
        let DemoGuarantees { grn, access_code, .. } = self.guarantees().clone();
        let ask = GuaranteeBalance { grn, access_code };
        self.suite.desk.ask(&self.caller("declarant").await, ask).await.unwrap().balance
    }
}
