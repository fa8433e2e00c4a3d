//! A process of the suite is killed at random instants while several parties play their stories at once.

use std::{
    env,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use customs_kernel::Clock as _;
use customs_platform::SystemClock;

use crate::{
    host::Mode,
    picture::Picture,
    run::at_rest,
    site::Site,
    story::{Played, Story},
};

/// How many stories are played at the same time.
const PLAYERS: u64 = 3;
/// The longest time between a start and the next kill.
const LONGEST: Duration = Duration::from_millis(1_500);
const STORIES: [Story; 4] = [Story::Discharged, Story::Discharged, Story::Amended, Story::Withdrawn];

/// Numbers that look random and are the same for the same seed (`SplitMix64`).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    fn instant(&mut self) -> Duration {
        let longest = u64::try_from(LONGEST.as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(self.roll(longest))
    }
}

/// The seed that `FAILPOINTS_SEED` names, or a new one.
fn seed() -> u64 {
    let named = env::var("FAILPOINTS_SEED").ok().and_then(|text| text.parse().ok());
    named.unwrap_or_else(|| SystemClock.now().timestamp_micros().unsigned_abs())
}

/// Kills a process `kills` times while stories are played; panics if anything is lost or happens twice.
pub(crate) fn storm(mode: Mode, kills: u32) {
    let (seed, began) = (seed(), Instant::now());
    println!("{mode:?}: {kills} kills, FAILPOINTS_SEED={seed}");
    let site = Site::open(mode).unwrap();
    let over = AtomicBool::new(false);
    let (tell, told) = mpsc::channel();
    thread::scope(|scope| {
        for player in 1..=PLAYERS {
            let (tell, over, mut site) = (tell.clone(), &over, site.again().unwrap());
            let dice = Dice(seed.wrapping_mul(31).wrapping_add(player));
            scope.spawn(move || play(&mut site, dice, over, &tell));
        }
        let (mut dice, silence) = (Dice(seed), mpsc::channel::<()>());
        for _ in 0..kills {
            // Nobody ever says anything: this is the random instant.
            let _ = silence.1.recv_timeout(dice.instant());
            let number = dice.roll(u64::try_from(site.host().size()).unwrap());
            site.host().kill(usize::try_from(number).unwrap()).unwrap();
        }
        over.store(true, Ordering::SeqCst);
    });
    drop(tell);
    let played: Vec<Played> = told.iter().map(|played| played.unwrap()).collect();
    let mut breaks = at_rest(&site).unwrap();
    breaks.extend(compare(&Picture::take(site.host().vault()).unwrap(), &played));
    let spent = began.elapsed().as_secs();
    println!("{mode:?}: {kills} kills, {} stories, {} breaks, in {spent} s", played.len(), breaks.len());
    assert!(breaks.is_empty(), "FAILPOINTS_SEED={seed}\n{}", breaks.join("\n"));
    assert!(!played.is_empty(), "nothing was played");
}

/// Plays one story after the other until it is over.
pub(crate) fn play(
    site: &mut Site,
    mut dice: Dice,
    over: &AtomicBool,
    tell: &mpsc::Sender<anyhow::Result<Played>>,
) {
    while !over.load(Ordering::SeqCst) {
        let sides = u64::try_from(STORIES.len()).unwrap_or(1);
        let drawn = usize::try_from(dice.roll(sides)).unwrap_or_default();
        let played = STORIES[drawn].play(site);
        let failed = played.is_err();
        // Whoever listens is there until the end.
        drop(tell.send(played));
        if failed {
            return;
        }
    }
}

/// What was played and what is kept are the same.
pub(crate) fn compare(picture: &Picture, played: &[Played]) -> Vec<String> {
    let mut breaks = Vec::new();
    for one in played {
        let kept = picture.movements.iter().find(|movement| movement.lrn == one.lrn);
        let state = kept.map_or("lost", |movement| movement.state.as_str());
        let same = kept.is_some_and(|kept| kept.id == one.movement && kept.mrn.as_ref() == Some(&one.mrn));
        if state != one.story.end() || !same {
            breaks.push(format!("{} should be {}, it is {state}", one.lrn, one.story.end()));
        }
    }
    if picture.movements.len() != played.len() {
        breaks.push(format!("{} movements are kept, {} were played", picture.movements.len(), played.len()));
    }
    breaks
}
