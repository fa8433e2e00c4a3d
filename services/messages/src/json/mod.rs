//! Messages in the JSON form of the public interface: the same tree, arrays where an element may repeat, numbers where it is
//! numeric.

mod number;
mod read;
mod scan;
mod value;
mod write;

pub use read::{parse_json, parse_json_with};
pub use write::write_json;
