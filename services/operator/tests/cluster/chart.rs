//! The chart and the program say the same.

use customs_operator::definitions_yaml;

#[test]
fn the_chart_has_what_the_program_says() {
    let chart = include_str!("../../../../charts/ecustoms-crds/files/crds.yaml");
    assert_eq!(definitions_yaml().unwrap().trim_end(), chart.trim_end(), "run `cargo xtask generate`");
}
