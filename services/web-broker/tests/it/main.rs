//! Web-broker from outside: through its desk and its deadlines, on every store at hand.

mod authorisation;
mod check;
mod draft;
mod mandate;
mod register;
mod seed;
mod world;
