//! ecustoms.
fn main() {}
