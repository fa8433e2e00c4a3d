//! How long structure and rules of a message take, beside the schema check of libxml2 on the same file in the same run.
//!
//! `cargo bench -p customs-messages --bench check -- SCHEMA.xsd` with the published schema of CC015C in phase 6; without a
//! schema only our own times are told. Every size is measured in turns, so that load from elsewhere falls on both alike.

#![expect(
    clippy::float_arithmetic,
    clippy::expect_used,
    reason = "a measurement tells times in microseconds and stops where it cannot go on"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use customs_messages::{Context, Lookups, Office, Rules, parse_xml};

/// How often each size is measured; the median counts.
const TURNS: usize = 9;
/// How often xmllint repeats itself.
const XMLLINT_REPEATS: u32 = 100;

/// Reference data that knows every list: the rules do all of their work.
struct EveryList;

impl Lookups for EveryList {
    fn list_known(&self, _: &str) -> bool {
        true
    }

    fn code(&self, list: &str, code: &str) -> bool {
        match list {
            "CountryCodesCTC" => matches!(code, "GB" | "CH" | "TR" | "UA" | "NO" | "IS" | "RS" | "MK"),
            "CountryCodesCommonTransit" => matches!(code, "GB" | "CH" | "DE" | "FR" | "TR"),
            "CountryCodesCommunity" => matches!(code, "DE" | "FR"),
            "KindOfPackagesBulk" => matches!(code, "VG" | "VL" | "VO" | "VQ" | "VR" | "VS" | "VY"),
            "KindOfPackagesUnpacked" => matches!(code, "NE" | "NF" | "NG"),
            "CountryWithoutZip" | "DocumentTypeExcise" => false,
            _ => true,
        }
    }

    fn offices_known(&self) -> bool {
        true
    }

    fn office(&self, id: &str) -> Option<Office> {
        let roles = ["DEP", "DES", "TRA", "GUA", "TXT"].map(str::to_owned).to_vec();
        Some(Office { country: id.get(..2)?.to_owned(), roles })
    }

    fn party_known(&self, _: &str) -> Option<bool> {
        None
    }
}

const HEAD: &str = "<messageSender>KZ120540012347</messageSender><messageRecipient>NTA.KZ</messageRecipient>\
<preparationDateAndTime>2026-05-01T09:00:00</preparationDateAndTime>\
<messageIdentification>M1</messageIdentification><messageType>CC015C</messageType>\
<TransitOperation><LRN>L1</LRN><declarationType>T1</declarationType>\
<additionalDeclarationType>A</additionalDeclarationType><security>0</security>\
<reducedDatasetIndicator>0</reducedDatasetIndicator><bindingItinerary>0</bindingItinerary>\
<limitDate>2026-05-11</limitDate></TransitOperation>\
<Authorisation><sequenceNumber>1</sequenceNumber><type>C521</type>\
<referenceNumber>KZACRALA0001</referenceNumber></Authorisation>\
<CustomsOfficeOfDeparture><referenceNumber>KZALA001</referenceNumber></CustomsOfficeOfDeparture>\
<CustomsOfficeOfDestinationDeclared><referenceNumber>UZTAS001</referenceNumber></CustomsOfficeOfDestinationDeclared>\
<CustomsOfficeOfTransitDeclared><sequenceNumber>1</sequenceNumber><referenceNumber>KGAKZ001</referenceNumber>\
</CustomsOfficeOfTransitDeclared><HolderOfTheTransitProcedure>\
<identificationNumber>KZ120540012347</identificationNumber></HolderOfTheTransitProcedure>\
<Guarantee><sequenceNumber>1</sequenceNumber><guaranteeType>1</guaranteeType><GuaranteeReference>\
<sequenceNumber>1</sequenceNumber><GRN>26KZ0000000000017</GRN><accessCode>A1B2</accessCode>\
<amountToBeCovered>10.00</amountToBeCovered><currency>EUR</currency></GuaranteeReference></Guarantee>\
<Consignment><countryOfDispatch>KZ</countryOfDispatch><countryOfDestination>UZ</countryOfDestination>\
<containerIndicator>0</containerIndicator><inlandModeOfTransport>3</inlandModeOfTransport>";

const CONSIGNMENT: &str = "<referenceNumberUCR>UCR1</referenceNumberUCR>\
<Consignor><identificationNumber>KZ120540012347</identificationNumber></Consignor>\
<Consignee><name>Sirdaryo Trading House</name><Address><streetAndNumber>Amir Temur 12</streetAndNumber>\
<postcode>100047</postcode><city>Tashkent</city><country>UZ</country></Address></Consignee>\
<LocationOfGoods><typeOfLocation>A</typeOfLocation><qualifierOfIdentification>V</qualifierOfIdentification>\
<CustomsOffice><referenceNumber>KZALA001</referenceNumber></CustomsOffice></LocationOfGoods>\
<DepartureTransportMeans><sequenceNumber>1</sequenceNumber><typeOfIdentification>30</typeOfIdentification>\
<identificationNumber>512KBA02</identificationNumber><nationality>KZ</nationality></DepartureTransportMeans>\
<PlaceOfLoading><country>KZ</country><location>Almaty</location></PlaceOfLoading>";

/// A declaration of that many items, 999 to a house consignment at most, one element a line.
fn declaration(items: usize) -> String {
    let mut xml = String::from("<n:CC015C xmlns:n=\"http://ncts.dgtaxud.ec\" PhaseID=\"NCTS6\">");
    let _ = write!(xml, "{HEAD}<grossMass>{}</grossMass>{CONSIGNMENT}", items * 20);
    let (mut next, mut house) = (1, 1);
    while next <= items {
        let here = (items + 1 - next).min(999);
        let _ = write!(
            xml,
            "<HouseConsignment><sequenceNumber>{house}</sequenceNumber><grossMass>{}</grossMass>",
            here * 20
        );
        for place in 1..=here {
            item(&mut xml, place, next);
            next += 1;
        }
        xml.push_str("</HouseConsignment>");
        house += 1;
    }
    xml.push_str("</Consignment></n:CC015C>");
    xml.replace("><", ">\n<").replace(">\n</", "></")
}

fn item(xml: &mut String, place: usize, number: usize) {
    let _ = write!(
        xml,
        "<ConsignmentItem><goodsItemNumber>{place}</goodsItemNumber>\
<declarationGoodsItemNumber>{number}</declarationGoodsItemNumber><Commodity>\
<descriptionOfGoods>Household goods, lot {number}, packed for the retail trade</descriptionOfGoods>\
<CommodityCode><harmonizedSystemSubHeadingCode>851713</harmonizedSystemSubHeadingCode></CommodityCode>\
<GoodsMeasure><grossMass>20</grossMass><netMass>18.5</netMass></GoodsMeasure></Commodity>\
<Packaging><sequenceNumber>1</sequenceNumber><typeOfPackages>CT</typeOfPackages>\
<numberOfPackages>4</numberOfPackages><shippingMarks>LOT {number}</shippingMarks></Packaging>\
<SupportingDocument><sequenceNumber>1</sequenceNumber><type>N380</type>\
<referenceNumber>INV-{number}</referenceNumber></SupportingDocument></ConsignmentItem>"
    );
}

/// Microseconds for one check of structure and of the rules.
fn ours(xml: &str, repeats: u32) -> (f64, f64) {
    let mut documents = Vec::new();
    let started = Instant::now();
    for _ in 0..repeats {
        documents.clear();
        documents.push(parse_xml(xml.as_bytes()).expect("the declaration is valid"));
    }
    let structure = started.elapsed();
    let started = Instant::now();
    for _ in 0..repeats {
        let findings = Rules::check(&documents[0], &EveryList, &Context::default());
        assert!(findings.is_empty(), "{findings:?}");
    }
    let each = |time: std::time::Duration| time.as_secs_f64() * 1e6 / f64::from(repeats);
    (each(structure), each(started.elapsed()))
}

/// Microseconds for one parse and schema check of the file by xmllint, as it tells of itself.
fn libxml2(schema: &str, file: &Path) -> Option<f64> {
    let outcome = Command::new("xmllint")
        .args(["--noout", "--repeat", "--timing", "--schema", schema])
        .arg(file)
        .output()
        .ok()?;
    let told = String::from_utf8_lossy(&outcome.stderr).into_owned();
    assert!(told.contains("validates"), "{told}");
    let line = told.lines().find(|line| line.contains("iterations took"))?;
    let milliseconds: f64 = line.split_whitespace().rev().nth(1)?.parse().ok()?;
    Some(milliseconds * 1e3 / f64::from(XMLLINT_REPEATS))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() {
    let schema = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let place = tempfile::tempdir().expect("a folder for the files");
    println!(
        "items  bytes     structure   rules       both        libxml2     ratio   (median of {TURNS}, microseconds)"
    );
    for (items, repeats) in [(1, 2_000), (100, 200), (1_999, 10)] {
        let xml = declaration(items);
        let file = place.path().join(format!("{items}.xml"));
        std::fs::write(&file, &xml).expect("the file is written");
        let (mut structure, mut rules, mut both, mut theirs) = (vec![], vec![], vec![], vec![]);
        for _ in 0..TURNS {
            let (one, two) = ours(&xml, repeats);
            structure.push(one);
            rules.push(two);
            both.push(one + two);
            theirs.extend(schema.as_deref().and_then(|schema| libxml2(schema, &file)));
        }
        let told = if theirs.is_empty() { None } else { Some(median(theirs)) };
        let both = median(both);
        println!(
            "{items:<6} {:<9} {:<11.1} {:<11.1} {both:<11.1} {:<11} {}",
            xml.len(),
            median(structure),
            median(rules),
            told.map_or_else(|| "-".to_owned(), |told| format!("{told:.1}")),
            told.map_or_else(|| "-".to_owned(), |told| format!("{:.2}", told / both)),
        );
    }
}
