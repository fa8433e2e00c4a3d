//! Guarantees as its neighbours see it: asked by the desk, told by the bus, on SQLite and on PostgreSQL.

#[cfg(test)]
mod claims;
#[cfg(test)]
mod concurrency;
#[cfg(test)]
mod contracts;
#[cfg(test)]
mod holds;
#[cfg(test)]
mod levels;
#[cfg(test)]
mod model;
#[cfg(test)]
mod together;
#[cfg(test)]
mod views;
#[cfg(test)]
mod world;
