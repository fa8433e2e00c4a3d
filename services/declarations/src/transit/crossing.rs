//! The records of the offices on the way: which crossing may be recorded when.

use customs_declarations_contract::CrossingKind;

customs_kernel::transitions! {
    /// Where an office's record stands.
    pub enum RecordState {
        /// The goods are expected (IE050, IE160, IE001).
        Expected = "expected",
        /// The goods were chosen for a control at the office.
        UnderControl = "under-control",
        /// The control was satisfactory: the goods may go on.
        Cleared = "cleared",
        /// The control was unsatisfactory: the goods may not go on.
        Stopped = "stopped",
        /// The goods were there (IE118).
        Crossed = "crossed",
        /// Nobody recorded the exit; a later entry proves it.
        ClosedByEntry = "closed-by-entry",
        /// The goods have arrived (IE007).
        Arrived = "arrived",
        /// Another office has taken its place.
        Diverted = "diverted",
        /// The movement was invalidated: the goods do not come (IE010).
        Withdrawn = "withdrawn",
    }
    /// What happens at an office on the way.
    pub enum RecordEvent {
        /// The goods are chosen for a control.
        OrderControl = "order-control",
        /// The control is satisfactory.
        PassControl = "pass-control",
        /// The control is unsatisfactory.
        FailControl = "fail-control",
        /// The frontier is crossed.
        Cross = "cross",
        /// A later entry proves the crossing.
        Close = "close",
        /// The goods arrive.
        Arrive = "arrive",
        /// Another office takes its place.
        Divert = "divert",
        /// The movement is invalidated.
        Withdraw = "withdraw",
    }
    table {
        Expected --OrderControl--> UnderControl;
        Expected --Cross--> Crossed;
        Expected --Close--> ClosedByEntry;
        Expected --Arrive--> Arrived;
        Expected --Divert--> Diverted;
        Expected --Withdraw--> Withdrawn;
        UnderControl --PassControl--> Cleared;
        UnderControl --FailControl--> Stopped;
        UnderControl --Withdraw--> Withdrawn;
        Cleared --Cross--> Crossed;
        Cleared --Close--> ClosedByEntry;
        Cleared --Withdraw--> Withdrawn;
        Stopped --OrderControl--> UnderControl;
        Stopped --Withdraw--> Withdrawn;
    }
}

impl RecordState {
    /// Whether the goods have yet to cross here.
    pub(crate) const fn awaits_crossing(self) -> bool {
        matches!(self, Self::Expected | Self::UnderControl | Self::Cleared | Self::Stopped)
    }
}

/// An office on the way, in the order of the journey.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Stop {
    /// Place in the journey: exits are even, entries odd, the destination last.
    pub position: i32,
    /// The office.
    pub office: String,
    /// What it is: exit, transit or destination.
    pub role: &'static str,
    /// Where its record stands.
    pub state: RecordState,
}

/// What a crossing does to the records.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Crossing {
    /// The record at this index is crossed; those at the other indexes are closed by it.
    Recorded {
        /// The crossed record.
        at: usize,
        /// Exits that the entry proves.
        closes: Vec<usize>,
    },
    /// An exit at an office that was not declared; a record is to be added at this position.
    NewExit {
        /// Place in the journey.
        position: i32,
    },
    /// Not possible, and why.
    Refused(String),
}

/// Decides a crossing of `kind` at `office`, for a journey that began in `origin`, over `stops` in their order.
pub(super) fn decide(stops: &[Stop], origin: &str, office: &str, kind: CrossingKind) -> Crossing {
    match kind {
        CrossingKind::Entry => enter(stops, office),
        CrossingKind::Exit => leave(stops, origin, office),
    }
}

fn enter(stops: &[Stop], office: &str) -> Crossing {
    let Some(at) = stops.iter().position(|stop| stop.role == "transit" && stop.office == office) else {
        return Crossing::Refused(format!("{office} is no office of transit of this movement"));
    };
    let Some(stop) = stops.get(at) else { return Crossing::Refused(String::new()) };
    if stop.state.on(RecordEvent::Cross).is_none() {
        return Crossing::Refused(format!("the record of the entry at {office} is {}", stop.state.as_str()));
    }
    let earlier = |other: &&Stop| other.position < stop.position && other.state.awaits_crossing();
    if let Some(missing) = stops.iter().filter(earlier).find(|other| other.role == "transit") {
        return Crossing::Refused(format!(
            "the entry at {} comes first and is still expected",
            missing.office
        ));
    }
    let closes = stops
        .iter()
        .enumerate()
        .filter(|(_, other)| earlier(other) && other.role == "exit")
        .map(|(index, _)| index)
        .collect();
    Crossing::Recorded { at, closes }
}

fn leave(stops: &[Stop], origin: &str, office: &str) -> Crossing {
    let entered = stops.iter().filter(|stop| stop.role == "transit" && stop.state == RecordState::Crossed);
    let last = entered.max_by_key(|stop| stop.position);
    let country = last.map_or(origin, |stop| country(&stop.office));
    if self::country(office) != country {
        return Crossing::Refused(format!("the goods are in {country}, they cannot leave it at {office}"));
    }
    let position = last.map_or(0, |stop| stop.position + 1);
    match stops.iter().position(|stop| stop.role == "exit" && stop.position == position) {
        None => Crossing::NewExit { position },
        Some(at) => match stops.get(at) {
            Some(stop) if stop.office != office && stop.state.awaits_crossing() => {
                Crossing::Refused(format!("the exit is declared at {}", stop.office))
            }
            Some(stop) if stop.state.on(RecordEvent::Cross).is_some() => {
                Crossing::Recorded { at, closes: Vec::new() }
            }
            Some(stop) => {
                Crossing::Refused(format!("the record of the exit from {country} is {}", stop.state.as_str()))
            }
            None => Crossing::NewExit { position },
        },
    }
}

fn country(office: &str) -> &str {
    office.get(..2).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stop(position: i32, office: &str, role: &'static str, state: RecordState) -> Stop {
        Stop { position, office: office.to_owned(), role, state }
    }

    fn corridor() -> Vec<Stop> {
        vec![
            stop(1, "KGAKZ001", "transit", RecordState::Expected),
            stop(3, "UZDST001", "transit", RecordState::Expected),
            stop(1000, "UZTAS001", "destination", RecordState::Expected),
        ]
    }

    #[test]
    fn an_exit_that_was_not_declared_is_added_once() {
        let mut stops = corridor();
        let exit = decide(&stops, "KZ", "KZKRD001", CrossingKind::Exit);
        assert_eq!(exit, Crossing::NewExit { position: 0 });
        stops.push(stop(0, "KZKRD001", "exit", RecordState::Crossed));
        let twice = decide(&stops, "KZ", "KZKRD001", CrossingKind::Exit);
        assert!(matches!(twice, Crossing::Refused(why) if why.contains("is crossed")));
    }

    #[test]
    fn an_entry_closes_the_exit_that_nobody_recorded() {
        let mut stops = corridor();
        stops.push(stop(0, "KZKRD001", "exit", RecordState::Expected));
        let entry = decide(&stops, "KZ", "KGAKZ001", CrossingKind::Entry);
        assert_eq!(entry, Crossing::Recorded { at: 0, closes: vec![3] });
    }

    #[test]
    fn goods_that_failed_a_control_do_not_go_on() {
        let mut stops = corridor();
        for (state, goes) in
            [(RecordState::UnderControl, false), (RecordState::Stopped, false), (RecordState::Cleared, true)]
        {
            if let Some(stop) = stops.first_mut() {
                stop.state = state;
            }
            let entry = decide(&stops, "KZ", "KGAKZ001", CrossingKind::Entry);
            assert_eq!(matches!(entry, Crossing::Recorded { .. }), goes, "{state:?} {entry:?}");
        }
    }

    #[test]
    fn entries_keep_their_order() {
        let entry = decide(&corridor(), "KZ", "UZDST001", CrossingKind::Entry);
        assert!(matches!(entry, Crossing::Refused(why) if why.contains("KGAKZ001")));
    }

    #[test]
    fn goods_leave_only_the_country_they_are_in() {
        let exit = decide(&corridor(), "KZ", "KGOSH001", CrossingKind::Exit);
        assert!(matches!(exit, Crossing::Refused(why) if why.contains("are in KZ")));
    }
}
