//! Who asks too often is told when to come back, and nobody else notices.

use std::thread;

use reqwest::Method;
use serde_json::json;

use crate::{
    client::Answer,
    report::{Report, is_problem},
    suite::Suite,
};

fn told_when(answer: &Answer) -> Result<(), String> {
    is_problem(answer, &[(429, "too-many-requests")])?;
    let seconds: u32 =
        answer.header("retry-after").parse().map_err(|_| format!("no Retry-After: {answer:?}"))?;
    if !(1..=60).contains(&seconds) {
        return Err(format!("come back in {seconds} s"));
    }
    Ok(())
}

#[test]
fn too_many_requests_are_refused_with_the_time_to_come_back() {
    // A window longer than the test; log-ins are few because everybody here has one address.
    let suite = Suite::with(&[
        ("ECUSTOMS_LIMITS__REQUESTS_MAX", "40"),
        ("ECUSTOMS_LIMITS__LOGINS_MAX", "10"),
        ("ECUSTOMS_LIMITS__WINDOW_SECONDS", "3600"),
    ]);
    let door = suite.door();
    let (declarant, carrier) = (door.log_in("declarant"), door.log_in("carrier"));
    let mut report = Report::default();
    let first = declarant.get("/transits");
    assert!(
        first.header("ratelimit").contains("r=") && first.header("ratelimit-policy").contains("q=40"),
        "{first:?}"
    );
    let answers: Vec<Answer> = thread::scope(|scope| {
        let all: Vec<_> = (0..60).map(|_| scope.spawn(|| declarant.get("/transits"))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 39);
    for refused in answers.iter().filter(|answer| answer.status != 200) {
        report.note("too many of one person", is_problem(refused, &[(429, "too-many-requests")]));
        let seconds: Option<u32> = refused.header("retry-after").parse().ok();
        report.note("when to come back", seconds.map(drop).ok_or_else(|| format!("{refused:?}")));
    }
    assert_eq!(carrier.get("/transits").status, 200, "nobody else is held up");
    let logins: Vec<Answer> = (0..10).map(|_| door.post("/auth/challenge", &json!({}))).collect();
    let refused = logins.last().unwrap();
    report.refused("too many log-ins", refused, &[(429, "too-many-requests")]);
    report.end();
}

#[test]
fn the_limits_as_they_are_set_stop_a_flood_of_log_ins() {
    let suite = Suite::embedded();
    let door = suite.door();
    let answers: Vec<Answer> = (0..300).map(|_| door.post("/auth/challenge", &json!({}))).collect();
    let good = answers.iter().filter(|answer| answer.status == 200).count();
    // The window may end once meanwhile.
    assert!((120..=240).contains(&good), "{good} of 300");
    for refused in answers.iter().filter(|answer| answer.status != 200) {
        told_when(refused).unwrap();
    }
    let forged = door.ask(Method::GET, "/transits").bearer_auth("forged");
    is_problem(&Answer::to(forged), &[(401, "unauthenticated")]).unwrap();
}
