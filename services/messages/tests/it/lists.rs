//! Reference data for the tests: the published exports where they are, a few lists of our own otherwise.

use std::collections::{HashMap, HashSet};
use std::io::Read as _;

use customs_messages::{Lookups, Office};
use serde_json::Value;

use crate::corpus::folder;

/// Lists, offices and parties in memory.
#[derive(Default)]
pub(crate) struct Lists {
    pub(crate) codes: HashMap<String, HashSet<String>>,
    pub(crate) offices: HashMap<String, Office>,
    pub(crate) parties: Option<HashSet<String>>,
}

impl Lookups for Lists {
    fn list_known(&self, list: &str) -> bool {
        self.codes.contains_key(list)
    }

    fn code(&self, list: &str, code: &str) -> bool {
        self.codes.get(list).is_some_and(|codes| codes.contains(code))
    }

    fn offices_known(&self) -> bool {
        !self.offices.is_empty()
    }

    fn office(&self, id: &str) -> Option<Office> {
        self.offices.get(id).cloned()
    }

    fn party_known(&self, id: &str) -> Option<bool> {
        self.parties.as_ref().map(|parties| parties.contains(id))
    }
}

/// The lists that the rules themselves name.
pub(crate) fn small() -> Lists {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<HashSet<String>>();
    let mut lists = HashMap::new();
    for (name, codes) in [
        ("CombinedNomenclature", "39269190"),
        ("ControlResultCodeDepartureSimplifiedExcluded", "A1 A2 A5 A3"),
        ("CountryCodesCTC", "CH GB IS MK NO RS TR UA"),
        ("CountryCodesCommunity", "AD DE FR IT PL XI"),
        ("CountryCodesCommonTransit", "AD CH DE FR GB IT PL SM TR XI"),
        ("CountryCustomsSecurityAgreementArea", "AD CH DE FR IT NO PL SM XI"),
        ("CountryPlaceOfLoadingNotRequired", "NO"),
        ("CountryWithoutZip", "AE HK"),
        ("CountryAddressPostcodeOnly", "IE LU"),
        ("MSCountry", "DE FR IT PL"),
        ("DeclarationType", "T T1 T2 T2F T2SM TIR"),
        ("DocumentTypeExcise", "C651 C658"),
        ("GuaranteeType", "0 1 2 3 4 5 8 9 A B J R"),
        ("GuaranteeTypeCTC", "0 1 2 3 4 5 8 9 A R"),
        ("GuaranteeTypeEUNonTIR", "0 1 2 3 4 5 8 A R"),
        ("GuaranteeTypeWithGRN", "0 1 2 4 9"),
        ("GuaranteeTypeWithReference", "0 1 2 3 4 5 9"),
        ("KindOfPackages", "BX CT NE NF NG VG VL VO VQ VR VS VY"),
        ("KindOfPackagesBulk", "VG VL VO VQ VR VS VY"),
        ("KindOfPackagesUnpacked", "NE NF NG"),
        ("PreviousDocumentUnionGoods", "C612 C620 N822 N825"),
        ("MessageWithCorrelationIdentifier", "CC028C CC056C CC057C CC928C"),
        ("MessageTypeWithoutHeader", "CC917C"),
        ("CountryCodesOptout", "KZ"),
    ] {
        lists.insert(name.to_owned(), words(codes));
    }
    Lists { codes: lists, ..Lists::default() }
}

fn unzipped(file: &str) -> Option<Value> {
    let path = folder("refdata")?.join(file);
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

/// The published lists and offices, or `None` where they are absent.
pub(crate) fn published() -> Option<Lists> {
    let export = unzipped("RD_NCTS-P5-20250212.json.gz")?;
    let mut lists = HashMap::new();
    for (name, list) in export["lists"].as_object().unwrap() {
        let mut codes = HashSet::new();
        for entry in list["listEntries"].as_array().unwrap() {
            for key in ["code", "documentType", "type", "qualifier", "method", "unLocodeExtendedCode"] {
                codes.extend(entry[key].as_str().map(str::to_owned));
            }
        }
        if !codes.is_empty() {
            lists.insert(name.clone(), codes);
        }
    }
    let mut offices = HashMap::new();
    let export = unzipped("COL-Generic-20250212.json.gz")?;
    for entry in export["lists"]["customsOffices"]["listEntries"].as_array().unwrap() {
        let office: &mut Office = offices.entry(entry["id"].as_str().unwrap().to_owned()).or_default();
        entry["countryId"].as_str().unwrap_or_default().clone_into(&mut office.country);
        for role in entry["roles"].as_array().into_iter().flatten() {
            office.roles.push(role["role"].as_str().unwrap().to_owned());
        }
    }
    Some(Lists { codes: lists, offices, parties: None })
}
