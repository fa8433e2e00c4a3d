//! The whole suite in one process, asked at its desk: procedures from end to end, on a clock that stands still.

#[cfg(test)]
mod archive;
#[cfg(test)]
mod carriage;
#[cfg(test)]
mod correspondence;
#[cfg(test)]
mod destination;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod journeys;
#[cfg(test)]
mod measures;
#[cfg(test)]
mod nation;
#[cfg(test)]
mod procedure;
#[cfg(test)]
mod published_samples;
#[cfg(test)]
mod random;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod standing;
#[cfg(test)]
mod transit;
