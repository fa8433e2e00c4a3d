//! The suite is killed at every step of every story, in both modes, and at random instants under load: nothing
//! that was accepted is lost, nothing happens twice. And every process is exchanged for another, as a rollout does it: nobody
//! notices.
//!
//! `FAILPOINTS=guarantees.hold` runs only the cases whose name contains that text; `FAILPOINTS_SEED=1` repeats a
//! storm as far as a storm can be repeated; `FAILPOINTS_PREVIOUS=PROGRAM` begins the rollout with an earlier program.

#[cfg(test)]
mod audit;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod client;
#[cfg(test)]
mod door;
#[cfg(test)]
mod host;
#[cfg(test)]
mod picture;
#[cfg(test)]
mod roll;
#[cfg(test)]
mod run;
#[cfg(test)]
mod site;
#[cfg(test)]
mod storm;
#[cfg(test)]
mod story;
#[cfg(test)]
mod vault;
#[cfg(test)]
mod view;

#[cfg(test)]
mod tests {
    use crate::{host::Mode, roll::roll, run::run, storm::storm};

    #[test]
    fn an_embedded_suite_goes_on_wherever_it_died() {
        run(Mode::Embedded);
    }

    #[test]
    fn a_distributed_suite_goes_on_wherever_it_died() {
        run(Mode::Distributed);
    }

    #[test]
    fn an_embedded_suite_survives_a_storm_of_kills() {
        storm(Mode::Embedded, 24);
    }

    #[test]
    fn services_in_processes_of_their_own_survive_a_storm_of_kills() {
        storm(Mode::Spread, 24);
    }

    #[test]
    fn a_rollout_under_load_turns_nobody_away() {
        roll();
    }
}
