//! Whatever participants and officers ask in whatever order: an answer or a refusal, never a defect, never off the tables.

use customs_declarations::MovementState;
use customs_declarations_contract::{
    AcceptProof, AnswerWithdrawal, BeginRecovery, ClaimGuarantor, ControlResult, CrossingKind,
    InvalidateMovement, OpenEnquiry, OrderControl, RecordArrival, RecordControl, RecordCrossing,
    RecordDestinationControl, RecordRecoveryPayment, RefuseRelease, RejectAnswer, ReleaseMovement,
    RequestAmendment, SolveDiscrepancies,
};
use customs_kernel::{Problem, UseCase};
use uuid::Uuid;

use crate::{
    documents,
    nation::Nation,
    procedure::{DECLARANT, ask, lodge, lodging, send, state, version},
};

/// A small generator, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// Officers are refused by the state or by the form, never by a defect.
async fn tried<U: UseCase>(nation: &Nation, login: &str, asked: U) {
    if let Err(Problem { code, status, detail, .. }) = ask(nation, login, asked).await {
        assert!(status < 500 && code == "out-of-sequence", "{} {code}: {detail}", U::NAME);
    }
}

/// A movement as the one who acts knows it.
struct Known<'a> {
    movement: Uuid,
    mrn: &'a str,
    expected_version: i64,
    /// A name that no other turn has.
    name: &'a str,
}

const DEPARTURE: &str = "officer-departure";

fn why() -> String {
    "dice".to_owned()
}

/// What the office of departure decides before release.
async fn before_release(nation: &Nation, dice: &mut Dice, known: &Known<'_>) {
    let Known { movement, expected_version, .. } = *known;
    match dice.roll(9) {
        0 | 1 => tried(nation, DEPARTURE, ReleaseMovement { movement, expected_version }).await,
        2 => tried(nation, DEPARTURE, RefuseRelease { movement, expected_version, reason: why() }).await,
        3 => {
            let control_type = "10".to_owned();
            let order =
                OrderControl { movement, expected_version, control_type, reason: why(), documents: None };
            tried(nation, DEPARTURE, order).await;
        }
        4 | 5 => {
            let result = [ControlResult::Satisfactory, ControlResult::Minor][usize::from(dice.roll(2) == 0)];
            let (remarks, seals, documents) = (None, None, None);
            let record = RecordControl { movement, expected_version, result, remarks, seals, documents };
            tried(nation, DEPARTURE, record).await;
        }
        6 => {
            let request = RequestAmendment { movement, expected_version, reason: why(), pointers: None };
            tried(nation, DEPARTURE, request).await;
        }
        7 => {
            let granted = dice.roll(3) == 0;
            let answer = AnswerWithdrawal { movement, expected_version, granted, reason: None };
            tried(nation, DEPARTURE, answer).await;
        }
        _ => {
            let end = InvalidateMovement { movement, expected_version, reason: why() };
            if dice.roll(4) == 0 {
                tried(nation, DEPARTURE, end).await;
            }
        }
    }
}

/// What the office of departure decides when goods do not arrive as they should.
async fn enquiry(nation: &Nation, dice: &mut Dice, known: &Known<'_>) {
    let Known { movement, expected_version, .. } = *known;
    match dice.roll(7) {
        0 => tried(nation, DEPARTURE, OpenEnquiry { movement, expected_version, reason: why() }).await,
        1 => tried(nation, DEPARTURE, RejectAnswer { movement, expected_version, reason: why() }).await,
        2 => tried(nation, DEPARTURE, AcceptProof { movement, expected_version, remarks: why() }).await,
        3 => {
            let (amount, currency) = (None, None);
            let recovery = BeginRecovery { movement, expected_version, amount, currency, text: why() };
            tried(nation, DEPARTURE, recovery).await;
        }
        4 => tried(nation, DEPARTURE, ClaimGuarantor { movement, expected_version }).await,
        5 => {
            let payment = RecordRecoveryPayment { movement, expected_version, reference: why() };
            tried(nation, DEPARTURE, payment).await;
        }
        _ => {
            let solve = SolveDiscrepancies { movement, expected_version, remarks: None };
            tried(nation, DEPARTURE, solve).await;
        }
    }
}

/// What the other offices record.
async fn offices(nation: &Nation, dice: &mut Dice, known: &Known<'_>) {
    let mrn = known.mrn.to_owned();
    match dice.roll(3) {
        0 => {
            let (office, kind) = ("KZKRD001".to_owned(), CrossingKind::Exit);
            let crossing = RecordCrossing { mrn, office, kind, seals_intact: true };
            tried(nation, "officer-transit-kz", crossing).await;
        }
        1 => {
            let record = RecordArrival { mrn, office: "UZTAS001".to_owned() };
            tried(nation, "officer-destination", record).await;
        }
        _ if state(nation, known.movement).await == "arrived" => {
            let code = ["A1", "B1"][usize::from(dice.roll(2) == 0)].to_owned();
            let office = "UZTAS001".to_owned();
            let released_items = (dice.roll(2) == 0).then(|| vec![1]);
            let result = RecordDestinationControl {
                mrn,
                office,
                code,
                remarks: None,
                seals_intact: None,
                documents: None,
                released_items,
            };
            tried(nation, "officer-destination", result).await;
        }
        _ => {}
    }
}

/// What the declarant sends.
async fn messages(nation: &Nation, dice: &mut Dice, known: &Known<'_>) {
    let Known { movement, mrn, name, .. } = *known;
    let content = match dice.roll(9) {
        0..3 => documents::release_request(DECLARANT, mrn, dice.roll(2) == 0, name),
        3..5 => documents::enquiry_answer(DECLARANT, mrn, name),
        5..8 => documents::amendment(&lodging(nation, name), mrn, name),
        _ => documents::invalidation(DECLARANT, mrn, name),
    };
    send(nation, movement, content).await;
}

async fn step(nation: &Nation, dice: &mut Dice, (movement, mrn): (Uuid, &str), name: &str) {
    let expected_version = version(nation, movement).await;
    let known = Known { movement, mrn, expected_version, name };
    match dice.roll(10) {
        0..3 => before_release(nation, dice, &known).await,
        3..5 => enquiry(nation, dice, &known).await,
        5..7 => offices(nation, dice, &known).await,
        7 => messages(nation, dice, &known).await,
        _ => nation.advance([60, 3_600, 86_400 * 4][usize::try_from(dice.roll(3)).unwrap()]).await,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn random_commands_at_the_desk_are_answered_or_refused_and_the_history_replays() {
    let nation = Nation::with(|settings| settings.officers_decide_in.clear()).await;
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    for number in 0..10 {
        let lrn = format!("R{number}");
        let submitted = lodge(&nation, &lodging(&nation, &lrn)).await;
        // The clock runs on: in the end the guarantee and the lists of the demo nation are out of date.
        let (movement, Some(mrn)) = (submitted.movement, submitted.mrn) else {
            assert!(number > 5, "declarations are refused from the beginning");
            break;
        };
        let mut over = false;
        for turn in 0..25 {
            step(&nation, &mut dice, (movement, &mrn), &format!("R{number}T{turn}")).await;
            let state = MovementState::parse(&state(&nation, movement).await).unwrap();
            assert!(!over || state.is_final(), "nothing leaves an end");
            over = state.is_final();
        }
        nation.replays(movement).await;
        if !over {
            let expected_version = version(&nation, movement).await;
            let end = InvalidateMovement { movement, expected_version, reason: "end".to_owned() };
            tried(&nation, "officer-departure", end).await;
        }
    }
}
