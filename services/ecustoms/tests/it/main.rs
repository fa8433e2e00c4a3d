//! The whole suite in one process, asked at its desk: procedures from end to end, on a clock that stands still.

#[cfg(test)]
mod documents;
#[cfg(test)]
mod nation;
#[cfg(test)]
mod published_samples;
#[cfg(test)]
mod transit;
