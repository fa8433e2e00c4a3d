//! Roles and what each may do: the table of permissions.

use serde::{Deserialize, Serialize};

/// What somebody is in the suite.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Declares goods of its own; holder of the transit procedure.
    Declarant,
    /// A customs broker: declares for others under a delegation.
    Broker,
    /// Carries goods under customs control.
    Carrier,
    /// A bank or insurer that guarantees debts.
    Guarantor,
    /// Officer at an office of departure.
    OfficerOfDeparture,
    /// Officer at an office of transit or of exit for transit.
    OfficerOfTransit,
    /// Officer at an office of destination.
    OfficerOfDestination,
    /// Keeps users, offices and reference data.
    Administrator,
    /// Another service of the suite, acting by itself.
    Service,
}

/// Something that may be done, such as `movement:submit`.
pub type Permission = &'static str;

/// Needed by what everybody may do, logged in or not.
pub const ANYONE: Permission = "anyone";

/// Who may do what; a permission that stands nowhere is nobody's.
const TABLE: &[(Permission, &[Role])] = {
    use Role::{
        Administrator, Broker, Carrier, Declarant, Guarantor, OfficerOfDeparture, OfficerOfDestination,
        OfficerOfTransit, Service,
    };
    &[
        ("movement:submit", &[Declarant, Broker]),
        ("movement:arrive", &[Declarant, Broker, Carrier]),
        (
            "movement:read",
            &[
                Declarant,
                Broker,
                Carrier,
                OfficerOfDeparture,
                OfficerOfTransit,
                OfficerOfDestination,
                Administrator,
            ],
        ),
        (
            "movement:correspond",
            &[Declarant, Broker, OfficerOfDeparture, OfficerOfTransit, OfficerOfDestination],
        ),
        ("movement:control", &[OfficerOfDeparture, OfficerOfDestination]),
        ("movement:release", &[OfficerOfDeparture]),
        ("movement:cross", &[OfficerOfTransit]),
        ("movement:inspect", &[OfficerOfTransit, OfficerOfDestination]),
        ("movement:divert", &[OfficerOfTransit, OfficerOfDestination]),
        ("movement:incident", &[OfficerOfDeparture, OfficerOfTransit, OfficerOfDestination]),
        ("movement:report-incident", &[Declarant, Carrier]),
        ("movement:recover", &[OfficerOfDeparture]),
        ("movement:discharge", &[OfficerOfDestination]),
        ("movement:queue", &[OfficerOfDeparture, OfficerOfTransit, OfficerOfDestination]),
        ("message:check", &[Declarant, Broker, Carrier, Service]),
        ("guarantee:propose", &[Guarantor, Declarant]),
        ("guarantee:approve", &[OfficerOfDeparture, Administrator]),
        (
            "guarantee:read",
            &[
                Declarant,
                Broker,
                Guarantor,
                OfficerOfDeparture,
                OfficerOfTransit,
                OfficerOfDestination,
                Administrator,
            ],
        ),
        ("guarantee:balance", &[Declarant, Broker, OfficerOfDeparture]),
        ("guarantee:hold", &[Service]),
        ("guarantee:suspend", &[OfficerOfDeparture, Administrator]),
        ("guarantee:cancel", &[Guarantor, OfficerOfDeparture]),
        ("guarantee:amend", &[OfficerOfDeparture, Administrator]),
        ("guarantee:claim", &[OfficerOfDeparture]),
        ("guarantee:reconcile", &[OfficerOfDeparture, Administrator]),
        (
            "reference:read",
            &[
                Declarant,
                Broker,
                Carrier,
                Guarantor,
                OfficerOfDeparture,
                OfficerOfTransit,
                OfficerOfDestination,
                Administrator,
                Service,
            ],
        ),
        ("reference:write", &[Administrator]),
        ("organisation:read", &[Declarant, Broker, Carrier, Guarantor, Administrator, Service]),
        ("organisation:write", &[Administrator]),
        (
            "organisation:own",
            &[
                Declarant,
                Broker,
                Carrier,
                Guarantor,
                OfficerOfDeparture,
                OfficerOfTransit,
                OfficerOfDestination,
                Administrator,
            ],
        ),
        ("delegation:write", &[Declarant, Broker, Carrier]),
        ("delegation:read", &[Declarant, Broker, Carrier]),
        ("draft:write", &[Declarant, Broker]),
        ("identity:resolve", &[Service]),
        (
            "notification:read",
            &[
                Declarant,
                Broker,
                Carrier,
                Guarantor,
                OfficerOfDeparture,
                OfficerOfTransit,
                OfficerOfDestination,
            ],
        ),
        ("notification:configure", &[Declarant, Broker, Carrier, Guarantor]),
        ("webhook:write", &[Declarant, Broker, Carrier, Guarantor]),
        ("system-key:write", &[Declarant, Broker, Carrier, Guarantor]),
        ("statistics:read", &[OfficerOfDeparture, OfficerOfTransit, OfficerOfDestination, Administrator]),
        ("bus:operate", &[Administrator]),
        ("trust:read", &[Administrator]),
        ("sandbox:operate", &[Administrator]),
    ]
};

impl Role {
    /// Every role, in order.
    pub const ALL: &'static [Self] = &[
        Self::Declarant,
        Self::Broker,
        Self::Carrier,
        Self::Guarantor,
        Self::OfficerOfDeparture,
        Self::OfficerOfTransit,
        Self::OfficerOfDestination,
        Self::Administrator,
        Self::Service,
    ];

    /// Whether somebody of this role may do what needs `permission`.
    #[must_use]
    pub fn may(self, permission: &str) -> bool {
        permission == ANYONE || TABLE.iter().any(|(name, roles)| *name == permission && roles.contains(&self))
    }

    /// Whether this is an officer of customs.
    #[must_use]
    pub const fn is_officer(self) -> bool {
        matches!(self, Self::OfficerOfDeparture | Self::OfficerOfTransit | Self::OfficerOfDestination)
    }
}

/// Every permission with the roles that have it, for documents and for the authorisation matrix.
#[must_use]
pub const fn table() -> &'static [(Permission, &'static [Role])] {
    TABLE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_that_stands_nowhere_is_nobodys() {
        assert!(Role::ALL.iter().all(|role| !role.may("guarantee:forge")));
    }

    #[test]
    fn only_an_officer_of_departure_releases() {
        let who: Vec<_> = Role::ALL.iter().filter(|role| role.may("movement:release")).collect();
        assert_eq!(who, [&Role::OfficerOfDeparture]);
    }

    #[test]
    fn no_permission_stands_twice() {
        let mut names: Vec<_> = TABLE.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TABLE.len());
    }
}
