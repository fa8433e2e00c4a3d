//! Check.
#[path = "../demo/mod.rs"]
mod demo;
fn main() -> anyhow::Result<()> {
    tokio::runtime::Runtime::new()?.block_on(demo::transit(&std::env::args().nth(1).unwrap_or_default()))
}
