//! The testkit against the real servers of this machine.

#[cfg(test)]
mod program;
#[cfg(test)]
mod servers;
#[cfg(test)]
mod space;
