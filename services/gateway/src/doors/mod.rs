//! The doors of the services: for each a table of REST operations and one of GraphQL fields.

pub(crate) mod administration;
pub(crate) mod declarations;
pub(crate) mod definitions;
pub(crate) mod guarantees;
pub(crate) mod nodes;
pub(crate) mod notifications;
pub(crate) mod problems;
pub(crate) mod references;
pub(crate) mod session;
pub(crate) mod statistics;
pub(crate) mod web_broker;

use crate::rest::Operation;

/// The groups of operations in documents, with what each is about.
pub(crate) const TAGS: &[(&str, &str)] = &[
    ("Session", "Log-in by a signed challenge or an outside provider, and access tokens."),
    ("Departures", "Transit declarations and their messages, as the office of departure knows them."),
    ("Arrivals", "Arrivals at destination and their messages."),
    ("Movements", "Transit movements as parties and officers see them."),
    ("Offices", "The work of officers at customs offices."),
    ("Guarantees", "Guarantee contracts, their use and their ledger."),
    ("References", "Code lists, customs offices, measures and the register of economic operators."),
    ("Organisations", "Organisations, people, memberships, delegations and applications of newcomers."),
    ("Drafts", "Declarations before they are sent, and templates for them."),
    ("Notifications", "Message boxes, webhooks and live streams."),
    ("Definitions", "What stands in the messages of the procedure."),
    ("Statistics", "Monthly counters of transit."),
    ("Problems", "The ways in which requests are refused."),
    ("Administration", "Dead letters of the bus, and the clock of a sandbox."),
];

/// Every operation of the REST mirror.
pub(crate) fn operations() -> Vec<Operation> {
    [
        session::operations(),
        declarations::operations(),
        guarantees::operations(),
        references::operations(),
        web_broker::operations(),
        notifications::operations(),
        statistics::operations(),
        definitions::operations(),
        problems::operations(),
        administration::operations(),
    ]
    .concat()
}
