//! Plays the cases of one mode, two at a time, and judges each.

use std::{
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use customs_testkit::until;

use crate::{
    audit::audit,
    cases::{Case, cases},
    host::Mode,
    picture::Picture,
    site::{PATIENCE, Site},
    view::{Books, view},
};

/// How many installations are played on at the same time.
const SITES: usize = 2;
/// How long everything may take to come to rest.
const REST: Duration = Duration::from_secs(30);

/// What became of a case.
enum Verdict {
    Sound,
    Broken(Vec<String>),
}

/// Plays every case in `mode`; panics unless each died where it should and nothing is broken.
pub(crate) fn run(mode: Mode) {
    let (cases, began) = (cases(), Instant::now());
    let (queue, broken) = (Mutex::new(cases.iter()), Mutex::new(Vec::new()));
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let judge = |site: &mut Option<Site>, case: &Case| {
        let began = Instant::now();
        let verdict = play(site, mode, case);
        let line = format!("{mode:?} {:?} {}", case.story, case.point());
        let spent = began.elapsed().as_millis();
        match verdict {
            Verdict::Sound => println!("sound  {spent:>6} ms  {line}"),
            Verdict::Broken(breaks) => {
                println!("BROKEN {spent:>6} ms  {line}\n  {}", breaks.join("\n  "));
                broken.lock().unwrap_or_else(PoisonError::into_inner).push(line);
                // What is broken must not break the cases after it.
                *site = None;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..SITES {
            scope.spawn(|| {
                let mut site = None;
                while let Some(case) = next() {
                    judge(&mut site, case);
                }
            });
        }
    });
    let broken = broken.into_inner().unwrap_or_else(PoisonError::into_inner);
    let (all, bad, spent) = (cases.len(), broken.len(), began.elapsed().as_secs());
    println!("{mode:?}: {all} cases, {} sound, {bad} broken, in {spent} s", all - bad);
    assert!(broken.is_empty(), "{bad} of {all} cases are broken:\n{}", broken.join("\n"));
    assert!(all > 0, "there is no such case");
}

fn play(site: &mut Option<Site>, mode: Mode, case: &Case) -> Verdict {
    let played = match site {
        Some(site) => Ok(site),
        None => Site::open(mode).map(|fresh| site.insert(fresh)),
    };
    match played.and_then(|site| once(site, case)) {
        Ok(breaks) if breaks.is_empty() => Verdict::Sound,
        Ok(breaks) => Verdict::Broken(breaks),
        Err(error) => Verdict::Broken(vec![format!("{error:#}")]),
    }
}

/// Plays `case` once; tells what is broken when everything has come to rest.
fn once(site: &mut Site, case: &Case) -> anyhow::Result<Vec<String>> {
    let before = Books::read(site)?;
    site.host().arm(&case.point())?;
    let played = case.story.play(site)?;
    let mut failed = Ok(());
    until(&format!("the process to die at {}", case.point()), PATIENCE, || {
        failed = site.host().attend();
        site.host().deaths() > 0 || failed.is_err()
    })?;
    failed?;
    anyhow::ensure!(site.host().deaths() == 1, "the process died {} times", site.host().deaths());
    at_rest(site)?;
    let mut breaks = view(site, &played, &before)?;
    breaks.extend(at_rest(site)?);
    Ok(breaks)
}

/// Waits until the databases are as they must be; tells what is still wrong after a while.
pub(crate) fn at_rest(site: &Site) -> anyhow::Result<Vec<String>> {
    let (mut breaks, mut failed) = (Vec::new(), Ok(()));
    let waited = until("everything to come to rest", REST, || {
        match Picture::take(site.host().vault()) {
            Ok(picture) => breaks = audit(&picture).0,
            Err(error) => failed = Err(error),
        }
        breaks.is_empty() || failed.is_err()
    });
    failed?;
    if waited.is_err() {
        breaks.push(site.host().complaints());
    }
    Ok(breaks)
}
