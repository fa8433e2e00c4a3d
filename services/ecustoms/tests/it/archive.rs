//! Long memory: evidence is stamped on a schedule, waits for an authority that is away, and is renewed before it ages.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use chrono::TimeDelta;
use customs_declarations::{ArchiveSettings, Keeper, Stamps};
use customs_declarations_contract::{FindEvidence, MessageEvidence, MessageFormat, SubmitDeclaration};
use customs_kernel::{Clock, ManualClock};
use customs_platform::SystemClock;
use customs_signatures::{
    Profile, SealedEvidence, TrustStore, Verifier,
    archive::ArchiveProof,
    issue::{Credential, timestamp_of, timestamp_request},
};
use uuid::Uuid;

use crate::{
    documents::{self, Lodging},
    nation::Nation,
};

const POLICY: &str = "1.2.398.3.3.2.6.4";
const HOUR_S: i64 = 3_600;
const RENEW_S: u32 = 10 * 86_400;

/// The authority of the demo nation, on a clock of the test, and away when it is told so.
struct Authority {
    key: Credential,
    clock: Arc<ManualClock>,
    away: AtomicBool,
}

#[async_trait]
impl Stamps for Authority {
    async fn stamp(&self, octets: &[u8]) -> Result<Vec<u8>, String> {
        if self.away.load(Ordering::SeqCst) {
            return Err("nobody answers".to_owned());
        }
        let request = timestamp_request(&customs_signatures::archive::sha256(octets)).unwrap();
        let answer = self.key.answer_timestamp(&request, POLICY, self.clock.now()).unwrap();
        timestamp_of(&answer).unwrap().ok_or_else(|| "refused".to_owned())
    }
}

/// A nation with a keeper of its archive.
struct Archive {
    nation: Nation,
    keeper: Keeper,
    authority: Arc<Authority>,
    clock: Arc<ManualClock>,
    trust: Arc<TrustStore>,
}

impl Archive {
    async fn new() -> Self {
        let nation = Nation::new().await;
        let clock = Arc::new(ManualClock::at(SystemClock.now()));
        let key = nation.sandbox.ring().clockwork().unwrap();
        let authority = Arc::new(Authority { key, clock: Arc::clone(&clock), away: AtomicBool::new(false) });
        let trust = nation.sandbox.ring().trust().unwrap();
        let service = nation.suite.services.iter().find(|service| service.name == "declarations").unwrap();
        let settings = ArchiveSettings { renew_s: RENEW_S, ..ArchiveSettings::default() };
        let given = Arc::clone(&trust);
        let keeper = Keeper::new(
            service.store.clone(),
            settings,
            Arc::<Authority>::clone(&authority),
            Arc::new(move || Arc::clone(&given)),
            Arc::<ManualClock>::clone(&clock),
        );
        keeper.prepare().await.unwrap();
        keeper.measure().await.unwrap();
        Self { nation, keeper, authority, clock, trust }
    }

    /// Lodges a declaration and tells the message.
    async fn lodge(&self, lrn: &str) -> Uuid {
        let pledge = self.nation.guarantees();
        let lodging = Lodging {
            lrn,
            holder: "KZ150640012341",
            additional_type: "A",
            authorised: false,
            grn: &pledge.grn,
            access_code: &pledge.access_code,
            amount: "10.00",
        };
        let content = documents::declaration(&lodging, lrn);
        let evidence = self.nation.evidence("declarant", &content);
        let ask = SubmitDeclaration { content, format: MessageFormat::Xml, evidence };
        let caller = self.nation.caller("declarant").await;
        self.nation.suite.desk.ask(&caller, ask).await.unwrap().message
    }

    /// Lets an hour of business pass: a tree is ordered.
    async fn an_hour(&self) {
        self.nation.advance(HOUR_S).await;
    }

    async fn evidence(&self, message: Uuid) -> MessageEvidence {
        let caller = self.nation.caller("declarant").await;
        self.nation.suite.desk.ask(&caller, FindEvidence { message }).await.unwrap()
    }

    /// How many tokens prove that the evidence existed, as of now.
    fn proven(&self, evidence: &MessageEvidence) -> usize {
        let Some(proof) = &evidence.archive else { return 0 };
        let proof: ArchiveProof = serde_json::from_str(proof).unwrap();
        let (content, sealed) = (evidence.content.as_bytes(), evidence.evidence.as_bytes());
        let at = self.clock.now();
        assert!(self.trust.verify_archive(b"other", sealed, &proof, at).is_err());
        assert!(self.trust.verify_archive(content, b"other", &proof, at).is_err());
        self.trust.verify_archive(content, sealed, &proof, at).unwrap().timestamps.len()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_waits_for_an_authority_that_is_away_and_is_stamped_then() {
    let archive = Archive::new().await;
    let message = archive.lodge("A1").await;
    assert!(!archive.keeper.step().await.unwrap(), "nothing is ordered before its time");
    archive.authority.away.store(true, Ordering::SeqCst);
    archive.an_hour().await;
    for (pause, attempt) in [(30, 1), (60, 2)] {
        assert!(archive.keeper.step().await.unwrap(), "attempt {attempt}");
        assert!(!archive.keeper.step().await.unwrap(), "a pause is kept");
        archive.clock.advance(TimeDelta::seconds(pause));
    }
    assert_eq!(archive.evidence(message).await.archive, None);
    archive.authority.away.store(false, Ordering::SeqCst);
    assert!(archive.keeper.step().await.unwrap());
    assert_eq!(archive.proven(&archive.evidence(message).await), 1);
    assert!(!archive.keeper.step().await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timestamp_is_renewed_and_what_comes_later_stands_in_a_tree_of_its_own() {
    let archive = Archive::new().await;
    let first = [archive.lodge("B1").await, archive.lodge("B2").await, archive.lodge("B3").await];
    archive.an_hour().await;
    assert!(archive.keeper.step().await.unwrap());
    archive.an_hour().await;
    assert!(archive.keeper.step().await.unwrap(), "an empty order is struck off");
    let later = archive.lodge("B4").await;
    archive.an_hour().await;
    archive.clock.advance(TimeDelta::seconds(HOUR_S));
    assert!(archive.keeper.step().await.unwrap());
    archive.clock.advance(TimeDelta::seconds(i64::from(RENEW_S) - HOUR_S));
    assert!(archive.keeper.step().await.unwrap(), "the first tree is due");
    assert!(!archive.keeper.step().await.unwrap(), "the second is not");
    for message in first {
        assert_eq!(archive.proven(&archive.evidence(message).await), 2);
    }
    assert_eq!(archive.proven(&archive.evidence(later).await), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_archive_hands_out_gives_the_verdict_again() {
    let archive = Archive::new().await;
    let message = archive.lodge("C1").await;
    let kept = archive.evidence(message).await;
    assert_eq!((kept.authorities.len(), kept.lists.len()), (2, 2));
    let mut trust = TrustStore::builder(1);
    trust.anchor(&archive.nation.sandbox.ring().public("root.der").unwrap()).unwrap();
    for authority in &kept.authorities {
        trust.intermediate(&hex::decode(authority).unwrap()).unwrap();
    }
    for list in &kept.lists {
        trust.crl(&hex::decode(list).unwrap()).unwrap();
    }
    let verifier = Verifier::new(trust.build(), Profile::ec_sig_1());
    let sealed: SealedEvidence = serde_json::from_str(&kept.evidence).unwrap();
    let again = sealed.judge_again(&verifier, kept.content.as_bytes()).unwrap();
    assert_eq!(
        (&again.report().id, again.report().indication),
        (&sealed.report().id, sealed.report().indication)
    );
    assert_eq!(again.report().signers[0].certificate, sealed.report().signers[0].certificate);
    assert!(sealed.judge_again(&verifier, b"another text").is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_is_shown_to_those_who_may_see_the_message_and_only_of_what_was_signed() {
    let archive = Archive::new().await;
    let message = archive.lodge("D1").await;
    let desk = &archive.nation.suite.desk;
    for stranger in ["insurer", "carrier"] {
        let caller = archive.nation.caller(stranger).await;
        let refused = desk.ask(&caller, FindEvidence { message }).await.unwrap_err();
        assert!(matches!(refused.status, 403 | 404), "{stranger}: {refused}");
    }
    let caller = archive.nation.caller("declarant").await;
    assert_eq!(desk.ask(&caller, FindEvidence { message }).await.unwrap().message, message);
    let officer = archive.nation.caller("officer-departure").await;
    assert!(desk.ask(&officer, FindEvidence { message }).await.is_ok());
}
