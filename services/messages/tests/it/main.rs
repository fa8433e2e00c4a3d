//! Tests of the crate as others use it.

#[cfg(test)]
mod conditions;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod fields;
#[cfg(test)]
mod good;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod json;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod mutants;
#[cfg(test)]
mod outgoing;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod published_rules;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod structure;
