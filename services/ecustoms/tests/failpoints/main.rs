//! The suite is killed at every step of every story, in both modes, and at random instants under load: nothing
//! that was accepted is lost, nothing happens twice.
//!
//! `FAILPOINTS=guarantees.hold` runs only the cases whose name contains that text.

#[cfg(test)]
mod audit;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod client;
#[cfg(test)]
mod picture;
#[cfg(test)]
mod run;
#[cfg(test)]
mod site;
#[cfg(test)]
mod story;
#[cfg(test)]
mod vault;
#[cfg(test)]
mod view;

#[cfg(test)]
mod tests {
    use crate::{run::run, site::Mode};

    #[test]
    fn an_embedded_suite_goes_on_wherever_it_died() {
        run(Mode::Embedded);
    }

    #[test]
    fn a_distributed_suite_goes_on_wherever_it_died() {
        run(Mode::Distributed);
    }
}
