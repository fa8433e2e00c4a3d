//! Who may depend on whom: knowledge flows from the kernel through contracts and services to the binary.

use serde_json::Value;

/// How far a crate is from the kernel; a crate depends only on lower ones.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Rank {
    /// The words all share; no I/O.
    Kernel,
    /// What crosses a service's border, and the plumbing.
    Shared,
    /// One service each.
    Service,
    /// What puts services together, and what tests them.
    Top,
}

/// Dependencies inside one rank that are allowed: the platform applies each service's migrations, papers are made of messages.
const SIDEWAYS: [(&str, &str); 2] =
    [("customs-platform", "customs-migrations"), ("customs-papers", "customs-messages")];

/// Crates that speak to the outside, which the kernel and the contracts must not know.
const PLUMBING: [&str; 9] =
    ["sea-orm", "sea-orm-migration", "sqlx", "actix-web", "lapin", "redis", "reqwest", "tokio", "openssl"];

/// Every dependency in the output of `cargo metadata --no-deps` that breaks a rule, as a sentence.
pub(crate) fn broken(metadata: &Value) -> Vec<String> {
    let mut untidy = Vec::new();
    for package in list(&metadata["packages"]) {
        let Some(name) = package["name"].as_str() else { continue };
        let Some(rank) = rank(name) else {
            untidy.push(format!("{name} has no rank in services/xtask/src/tidy/rank.rs"));
            continue;
        };
        for dependency in list(&package["dependencies"]) {
            let Some(on) = dependency["name"].as_str() else { continue };
            let only_tests = dependency["kind"].as_str() == Some("dev");
            untidy.extend(
                refusal(name, rank, on, only_tests)
                    .map(|why| format!("{name} may not depend on {on}: {why}")),
            );
        }
    }
    untidy
}

fn refusal(name: &str, mine: Rank, on: &str, only_tests: bool) -> Option<&'static str> {
    if !is_ours(on) {
        let knows_no_outside = mine == Rank::Kernel || name.ends_with("-contract");
        return (knows_no_outside && !only_tests && PLUMBING.contains(&on)).then_some("it reaches outside");
    }
    let Some(theirs) = rank(on) else { return Some("that crate has no rank") };
    if on == "customs-testkit" {
        return (!only_tests).then_some("the testkit is for tests");
    }
    if theirs == Rank::Service && name != "ecustoms" {
        return Some("only ecustoms knows the services, others know their contracts");
    }
    let allowed = theirs < mine || SIDEWAYS.contains(&(name, on)) || (only_tests && name == on);
    (!allowed).then_some("knowledge flows from the kernel upwards")
}

fn rank(name: &str) -> Option<Rank> {
    Some(match name {
        "customs-kernel" => Rank::Kernel,
        "customs-platform" | "customs-signatures" | "customs-messages" | "customs-papers"
        | "customs-migrations" => Rank::Shared,
        "ecustoms" | "customs-testkit" | "customs-loadtest" | "xtask" => Rank::Top,
        _ if !is_ours(name) => return None,
        _ if name.ends_with("-contract") => Rank::Shared,
        "customs-gateway"
        | "customs-declarations"
        | "customs-guarantees"
        | "customs-references"
        | "customs-web-broker"
        | "customs-notifications"
        | "customs-statistics"
        | "customs-operator" => Rank::Service,
        _ => return None,
    })
}

fn is_ours(name: &str) -> bool {
    name.starts_with("customs-") || name == "ecustoms" || name == "xtask"
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn verdict(name: &str, on: &str, kind: Option<&str>) -> Vec<String> {
        broken(&json!({"packages": [{"name": name, "dependencies": [{"name": on, "kind": kind}]}]}))
    }

    #[test]
    fn knowledge_flows_upwards() {
        for (name, on) in [
            ("customs-platform", "customs-kernel"),
            ("customs-guarantees-contract", "customs-kernel"),
            ("customs-declarations", "customs-guarantees-contract"),
            ("customs-declarations", "customs-platform"),
            ("customs-gateway", "customs-signatures"),
            ("ecustoms", "customs-declarations"),
            ("ecustoms", "customs-migrations"),
            ("ecustoms", "customs-operator"),
            ("customs-operator", "customs-signatures"),
            ("customs-kernel", "serde"),
            ("customs-platform", "sea-orm"),
        ] {
            assert_eq!(verdict(name, on, None), Vec::<String>::new(), "{name} on {on}");
        }
    }

    #[test]
    fn it_never_flows_back_or_sideways() {
        for (name, on, why) in [
            ("customs-kernel", "customs-platform", "upwards"),
            ("customs-guarantees-contract", "customs-platform", "upwards"),
            ("customs-guarantees-contract", "customs-declarations-contract", "upwards"),
            ("customs-declarations", "customs-guarantees", "only ecustoms"),
            ("customs-declarations", "ecustoms", "upwards"),
            ("customs-testkit", "customs-guarantees", "only ecustoms"),
            ("customs-operator", "customs-references", "only ecustoms"),
            ("customs-guarantees", "customs-unheard-of", "no rank"),
            ("customs-kernel", "tokio", "outside"),
            ("customs-guarantees-contract", "sea-orm", "outside"),
        ] {
            let untidy = verdict(name, on, None);
            assert_eq!(untidy.len(), 1, "{name} on {on}: {untidy:?}");
            assert!(untidy[0].contains(why), "{untidy:?}");
        }
    }

    #[test]
    fn tests_may_use_the_testkit_and_nothing_else_may() {
        assert_eq!(verdict("customs-platform", "customs-testkit", Some("dev")), Vec::<String>::new());
        assert_eq!(verdict("customs-guarantees", "customs-testkit", None).len(), 1);
        assert_eq!(verdict("customs-guarantees", "customs-declarations", Some("dev")).len(), 1);
        assert_eq!(verdict("customs-kernel", "tokio", Some("dev")), Vec::<String>::new());
    }

    #[test]
    fn a_crate_without_a_rank_is_named() {
        let untidy = broken(&json!({"packages": [{"name": "customs-newcomer", "dependencies": []}]}));
        assert_eq!(untidy, ["customs-newcomer has no rank in services/xtask/src/tidy/rank.rs"]);
    }
}
