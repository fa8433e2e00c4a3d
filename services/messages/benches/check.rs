//! How long structure and rules of a message take, beside the schema check of libxml2 on the same file in the same run.
//!
//! `loadtests/message-check.sh SCHEMA.xsd` builds the other side and runs this. Every size is measured in turns, so that load
//! from elsewhere falls on both alike; a ratio is that of one turn, and the median of all turns counts.

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
const TURNS: usize = 11;
/// Items of a declaration, and how often it is checked in one turn.
const SIZES: [(usize, u32); 3] = [(1, 2_000), (100, 200), (1_999, 10)];
/// How much more an item may cost in the largest declaration than in the middle one for the cost to count as linear.
const LINEAR: f64 = 1.5;

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
            "CountryWithoutZip" | "DocumentTypeExcise" | "MessageWithCorrelationIdentifier" => false,
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

/// Microseconds of one check by libxml2: a tree read and validated, a stream validated, a tree validated that was read before.
type Theirs = [f64; 3];

fn libxml2(program: &str, schema: &str, file: &Path, repeats: u32) -> Theirs {
    let outcome = Command::new(program).arg(schema).arg(file).arg(repeats.to_string()).output();
    let outcome = outcome.expect("libxml2-check runs");
    assert!(outcome.status.success(), "{}", String::from_utf8_lossy(&outcome.stderr));
    let told = String::from_utf8_lossy(&outcome.stdout).into_owned();
    let mut times = told.split_whitespace().map(|time| time.parse().expect("a time"));
    std::array::from_fn(|_| times.next().expect("three times"))
}

fn median(times: impl IntoIterator<Item = f64>) -> f64 {
    let mut times: Vec<f64> = times.into_iter().collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// What the turns of one size gave, in microseconds.
#[derive(Default)]
struct Measured {
    structure: Vec<f64>,
    rules: Vec<f64>,
    theirs: Vec<Theirs>,
}

impl Measured {
    fn both(&self) -> Vec<f64> {
        self.structure.iter().zip(&self.rules).map(|(one, two)| one + two).collect()
    }

    /// How many times faster than the faster whole check of libxml2, turn by turn.
    fn ratio(&self) -> Option<f64> {
        let turns = self.theirs.iter().zip(self.both());
        let ratios: Vec<f64> = turns.map(|([tree, stream, _], ours)| tree.min(*stream) / ours).collect();
        (!ratios.is_empty()).then(|| median(ratios))
    }

    fn row(&self, items: usize, bytes: usize) -> String {
        let theirs = |way: usize| match self.theirs.as_slice() {
            [] => "-".to_owned(),
            turns => format!("{:.1}", median(turns.iter().map(|times| times[way]))),
        };
        format!(
            "{items:<6} {bytes:<8} {:<10.1} {:<9.1} {:<9.1} {:<12} {:<12} {:<12} {}",
            median(self.structure.clone()),
            median(self.rules.clone()),
            median(self.both()),
            theirs(0),
            theirs(1),
            theirs(2),
            self.ratio().map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}")),
        )
    }
}

/// Says `pass` or `FAIL` of one demand.
fn verdict(demand: &str, told: &str, holds: bool) -> bool {
    println!("{} {demand}: {told}", if holds { "pass" } else { "FAIL" });
    holds
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let theirs = arguments.next().zip(arguments.next());
    let place = tempfile::tempdir().expect("a folder for the files");
    let mut measured: [Measured; 3] = std::array::from_fn(|_| Measured::default());
    let texts = SIZES.map(|(items, _)| declaration(items));
    for _ in 0..TURNS {
        for ((xml, (items, repeats)), one) in texts.iter().zip(SIZES).zip(&mut measured) {
            let (structure, rules) = ours(xml, repeats);
            one.structure.push(structure);
            one.rules.push(rules);
            if let Some((program, schema)) = &theirs {
                let file = place.path().join(format!("{items}.xml"));
                std::fs::write(&file, xml).expect("the file is written");
                one.theirs.push(libxml2(program, schema, &file, repeats));
            }
        }
    }
    println!("medians of {TURNS} turns, microseconds a check; ratio: the faster of tree and stream by both");
    println!("items  bytes    structure  rules     both      xml tree     xml stream   validation   ratio");
    for ((xml, (items, _)), one) in texts.iter().zip(SIZES).zip(&measured) {
        println!("{}", one.row(items, xml.len()));
    }
    let [first, middle, last] = measured.each_ref().map(|one| median(one.both()));
    let growth = ((last - first) / 1_998.0) / ((middle - first) / 99.0);
    let mut good = verdict("the cost is linear in items", &format!("{growth:.2}"), growth <= LINEAR);
    for ((items, _), one) in SIZES.iter().zip(&measured) {
        if let Some(ratio) = one.ratio().filter(|_| *items < 1_999) {
            good &= verdict(
                &format!("as fast as libxml2 for {items} items"),
                &format!("{ratio:.2}"),
                ratio >= 1.0,
            );
        }
    }
    std::process::exit(i32::from(!good));
}
