//! Tests of the crate as others use it.

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod json;
#[cfg(test)]
mod outgoing;
#[cfg(test)]
mod structure;
