//! In what the quantities of the messages are told.

use serde::Serialize;

/// The unit of a quantity or an amount: always the same one, or the one that stands in a field beside it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unit {
    /// The code of the unit by UN/ECE recommendation 20, such as `KGM` for kilograms or `P1` for per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// The field of the same group that holds the code of the unit or currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'static str>,
}

/// The unit in which an element of that name is told.
pub(super) fn unit(name: &str) -> Option<Unit> {
    let code = |code| Some(Unit { code: Some(code), field: None });
    let field = |field| Some(Unit { code: None, field: Some(field) });
    match name {
        "grossMass" | "netMass" | "totalGrossMass" => code("KGM"),
        "percentageOfReferenceAmount" => code("P1"),
        "quantity" => field("measurementUnitAndQualifier"),
        "numberOfPackages" => field("typeOfPackages"),
        "amountClaimed" | "amountToBeCovered" | "coveredAmount" | "guaranteeAmount" | "referenceAmount"
        | "voucherAmount" => field("currency"),
        _ => None,
    }
}
