//! What a small nation signs and trusts: seals, devices, embedded evidence, rotation, archive timestamps, quick verdicts.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod archive;
mod device;
mod quick;
mod rotation;
mod seal;
mod stapled;
mod support;
