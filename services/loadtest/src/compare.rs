//! Floor and suite in turn, in the same minutes on the same servers, and what that comes to.

use std::path::Path;

use crate::{
    Load, components,
    figures::{Tenths, median, ms, percentile, spread},
    floor::Floor,
    meter::Verifications,
    pace::Pace,
    run::{Limits, Outcome, percent},
    suite::{Data, Suite},
    transit::Scene,
    usage::Component,
};

/// Measures `binary` and the floor `rounds` times in turn, then the suite for a while at half of its capacity.
pub(crate) async fn run(
    binary: &Path,
    load: Load,
    rounds: u32,
    (steady_s, steady_rate): (u64, Option<u32>),
) -> anyhow::Result<()> {
    let floor = Floor::open(&load.ground(64)?).await?;
    let suite = Suite::start(binary, Data::Fresh, true).await?;
    println!("suite ready after {} ms", suite.ready_after.as_millis());
    let scene = Scene::open(&suite.url, load.guarantees).await?;
    let mut parts = components()?;
    parts.insert(0, Component { name: "suite".to_owned(), pids: vec![suite.pid()] });
    let floor_limits = Limits { prepared: 20_000, ..load.limits() };
    let (mut floors, mut ours) = (Vec::new(), Vec::new());
    for round in 1..=rounds {
        let outcome = floor.run(load.pace(), load.sizes, floor_limits, &parts).await?;
        outcome.print(&format!("floor {round}"), &parts);
        floors.push(outcome);
        let outcome = scene.run(load.pace(), load.sizes, load.limits(), &parts).await?;
        outcome.print(&format!("suite {round}"), &parts);
        ours.push(outcome);
    }
    summary(&floors, &ours);
    if steady_s > 0 {
        let capacity = median(&ours.iter().map(|one| one.figures.finished_per_10s()).collect::<Vec<_>>());
        let half = u32::try_from(capacity / 20).unwrap_or(1).max(1);
        let pace = Pace::Rate(steady_rate.unwrap_or(half));
        let limits = Limits { measured: steady_s, ..load.limits() };
        let before = Verifications::read(&suite.operations).await?;
        let outcome = scene.run(pace, load.sizes, limits, &parts).await?;
        let verified = Verifications::read(&suite.operations).await?.since(&before);
        outcome.print(&format!("suite at {pace:?} a second for {steady_s} s"), &parts);
        over_time(&outcome);
        println!("  for how long the edge held {} requests up for a signature:{verified}", verified.count());
    }
    let warnings = suite.warnings();
    println!("the suite warned {} times", warnings.len());
    for line in warnings.iter().take(10) {
        println!("  {line}");
    }
    suite.stop().await
}

fn summary(floors: &[Outcome], ours: &[Outcome]) {
    let rates = |list: &[Outcome]| list.iter().map(|one| one.figures.finished_per_10s()).collect::<Vec<_>>();
    let costs = |list: &[Outcome]| list.iter().map(|one| one.each_us().iter().sum()).collect::<Vec<u64>>();
    let tenths = |value| Tenths(value).to_string();
    let (floor, suite) = (rates(floors), rates(ours));
    let (floor_us, suite_us) = (costs(floors), costs(ours));
    println!("in short, medians of {} rounds:", floors.len());
    println!(
        "  floor {}/s ({}), {} us CPU ({})",
        tenths(median(&floor)),
        spread(&floor, tenths),
        median(&floor_us),
        spread(&floor_us, |us| us.to_string())
    );
    println!(
        "  suite {}/s ({}), {} us CPU ({})",
        tenths(median(&suite)),
        spread(&suite, tenths),
        median(&suite_us),
        spread(&suite_us, |us| us.to_string())
    );
    let ratios: Vec<u64> = suite.iter().zip(&floor).map(|(ours, floor)| percent(*ours, *floor)).collect();
    println!(
        "  suite by floor in a second: {} % ({})",
        median(&ratios),
        spread(&ratios, |it| it.to_string())
    );
    println!("  floor by suite in CPU time: {} %", percent(median(&floor_us), median(&suite_us)));
}

fn over_time(outcome: &Outcome) {
    for (number, part) in outcome.parts.iter().enumerate() {
        println!(
            "  part {}: released {}/s, submit p50 {} p99 {} ms, whole life p50 {} p99 {} ms",
            number + 1,
            Tenths(part.finished_per_10s()),
            ms(percentile(&part.submit_us, 500)),
            ms(percentile(&part.submit_us, 990)),
            ms(percentile(&part.life_us, 500)),
            ms(percentile(&part.life_us, 990)),
        );
    }
    if let Some((first, last)) = outcome.growth() {
        println!("  p99 of the whole life, first third {} ms, last third {} ms", ms(first), ms(last));
    }
}
