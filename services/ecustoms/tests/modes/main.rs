//! The main job by an outside client, on every way in which the suite can run.

#[cfg(test)]
mod running;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod schema;

#[cfg(test)]
mod tests {
    use customs_testkit::Servers;

    use crate::running::{Running, plays};

    #[test]
    fn the_main_job_in_one_process_with_nothing_else() {
        let suite = Running::embedded();
        plays(&suite);
        plays(&suite);
    }

    #[test]
    fn the_main_job_beside_robots_that_stand_for_officers() {
        let suite = Running::with_officers();
        plays(&suite);
        plays(&suite);
    }

    #[test]
    fn the_main_job_in_one_process_on_real_servers() {
        let space = Servers::start().unwrap().space().unwrap();
        let suite = Running::on_servers(&space);
        plays(&suite);
    }

    #[test]
    fn the_main_job_with_every_service_in_a_process_of_its_own() {
        let space = Servers::start().unwrap().space().unwrap();
        let suite = Running::spread(&space);
        plays(&suite);
    }
}
