//! The datasets: what is imported or kept, each with versions of its own.

/// The code lists as published for transit.
pub(crate) const CODE_LISTS: &str = "code-lists";
/// The customs offices as published.
pub(crate) const OFFICES: &str = "customs-offices";
/// The Harmonized System.
pub(crate) const HARMONIZED_SYSTEM: &str = "harmonized-system";
/// Countries and their parts.
pub(crate) const COUNTRIES: &str = "countries";
/// Currencies.
pub(crate) const CURRENCIES: &str = "currencies";
/// What the nation adds to the published lists; it stands beside them and is never removed by them.
pub(crate) const NATIONAL: &str = "national";
/// The register of economic operators.
pub(crate) const PARTIES: &str = "parties";
/// The economic operators that may not file.
pub(crate) const SUSPENSIONS: &str = "suspensions";
/// Goods under a restriction.
pub(crate) const RESTRICTED_GOODS: &str = "restricted-goods";
/// Countries through which transit may pass.
pub(crate) const ROUTE_COUNTRIES: &str = "route-countries";

/// The datasets into which a file may be imported.
pub(crate) const IMPORTED: &[&str] =
    &[CODE_LISTS, OFFICES, HARMONIZED_SYSTEM, COUNTRIES, CURRENCIES, NATIONAL];

/// The list that holds the customs offices.
pub(crate) const OFFICE_LIST: &str = "CustomsOffices";
