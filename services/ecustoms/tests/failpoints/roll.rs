//! Every process of the suite is exchanged for another while several parties play their stories at once: nobody is turned
//! away, nothing is lost, nothing happens twice.

use std::{
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Instant,
};

use crate::{
    host::Mode,
    picture::Picture,
    run::at_rest,
    site::Site,
    storm::{Dice, compare, play},
    story::Played,
};

/// How many stories are played at the same time.
const PLAYERS: u64 = 3;
/// How often every process is exchanged.
const ROUNDS: usize = 1;

/// Exchanges every process while stories are played; panics if anybody is turned away or anything is lost or doubled.
///
/// With `FAILPOINTS_PREVIOUS` (the path of an earlier program) the first round is an upgrade from that program, its databases
/// being brought to the present schema under it.
pub(crate) fn roll() {
    let began = Instant::now();
    let site = Site::open(Mode::Exchanged).unwrap();
    let over = AtomicBool::new(false);
    let (tell, told) = mpsc::channel();
    let turned_away: Vec<String> = thread::scope(|scope| {
        let ends = Ends(&over);
        let players: Vec<_> = (1..=PLAYERS)
            .map(|seed| {
                let (tell, over, mut site) = (tell.clone(), &over, site.again().unwrap());
                scope.spawn(move || {
                    play(&mut site, Dice(seed), over, &tell);
                    site.client.failures
                })
            })
            .collect();
        site.host().migrate().unwrap();
        for _ in 0..ROUNDS {
            for number in 0..site.host().size() {
                site.host().exchange(number).unwrap();
            }
        }
        drop(ends);
        players.into_iter().flat_map(|player| player.join().unwrap()).collect()
    });
    drop(tell);
    let played: Vec<Played> = told.iter().map(|played| played.unwrap()).collect();
    let mut breaks = at_rest(&site).unwrap();
    breaks.extend(compare(&Picture::take(site.host().vault()).unwrap(), &played));
    let (spent, exchanges) = (began.elapsed().as_secs(), ROUNDS * site.host().size());
    println!(
        "{exchanges} exchanges, {} stories, {} turned away, {} breaks, in {spent} s",
        played.len(),
        turned_away.len(),
        breaks.len()
    );
    assert!(turned_away.is_empty(), "{}", turned_away.join("\n"));
    assert!(breaks.is_empty(), "{}", breaks.join("\n"));
    assert!(!played.is_empty(), "nothing was played");
}

/// Ends the play, also when the exchange fails.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}
