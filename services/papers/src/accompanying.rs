//! The transit accompanying document: the release (IE029) on paper, with the list of items.

use customs_messages::{Document, NodeRef};

use crate::{
    PaperError,
    code::{bars, square},
    sheet::{HEIGHT, MARGIN, Paper, Style, WIDTH, wrapped},
};

/// The message that the paper is made of.
const RELEASE: &str = "CC029C";
/// Where the columns of the first sheet begin, and how wide they are, in points.
const LEFT: (i16, i16) = (MARGIN, 290);
/// The column under the codes.
const RIGHT: (i16, i16) = (340, WIDTH - MARGIN - 340);
/// The side of the QR code at most, in points.
const SQUARE: i16 = 200;
/// Where a sheet of the list ends.
const BOTTOM: i16 = HEIGHT - MARGIN - 14;

/// The columns of the list: heading, where it begins, how wide it is.
const COLUMNS: [(&str, i16, i16); 6] = [
    ("No / № / №", MARGIN, 30),
    ("Goods / Товары / Тауарлар", 68, 216),
    ("HS / ТН ВЭД / СЭҚ ТН", 288, 60),
    ("Packages / Места / Орын", 352, 92),
    ("Gross kg / Брутто / Брутто", 448, 54),
    ("Net kg / Нетто / Нетто", 506, 53),
];

/// The accompanying document of `release`, with `code`, the sealed digest, as a QR code.
pub fn accompanying_document(release: &Document, code: &str) -> Result<Vec<u8>, PaperError> {
    if release.message_type() != RELEASE {
        return Err(PaperError::Message(release.message_type()));
    }
    let mrn = release.text("TransitOperation/MRN").unwrap_or_default();
    let mut paper = Paper::default();
    paper.turn();
    let y = front(&mut paper, release, mrn, code)?;
    list(&mut paper, release, mrn, y);
    let sheets = paper.sheets();
    for sheet in 0..sheets {
        let number = format!("{mrn}    {} / {sheets}", sheet + 1);
        paper.text_on(sheet, MARGIN, HEIGHT - MARGIN, Style::Label, number);
    }
    paper.pdf(&format!("Transit accompanying document {mrn}"))
}

/// The upper part of the first sheet; tells where it ends.
fn front(paper: &mut Paper, release: &Document, mrn: &str, code: &str) -> Result<i16, PaperError> {
    paper.text(MARGIN, 48, Style::Title, "TRANSIT ACCOMPANYING DOCUMENT");
    paper.text(MARGIN, 58, Style::Label, "Транзитный сопроводительный документ");
    paper.text(MARGIN, 66, Style::Label, "Транзиттік ілеспе құжат");
    bars(paper, (RIGHT.0 - 18, MARGIN), 34, mrn)?;
    paper.text(RIGHT.0 - 18, MARGIN + 44, Style::Value, format!("MRN {mrn}"));
    let side = square(paper, (RIGHT.0, MARGIN + 56), SQUARE, code)?;
    let mut left = 84;
    for (label, value) in boxes(release) {
        left = boxed(paper, LEFT, left, label, &value);
    }
    Ok(left.max(MARGIN + 56 + side + 12))
}

/// One box: its label and its value; tells where the next begins.
fn boxed(paper: &mut Paper, (x, width): (i16, i16), y: i16, label: &str, value: &str) -> i16 {
    if value.is_empty() {
        return y;
    }
    paper.text(x, y, Style::Label, label);
    let mut y = y + Style::Value.line();
    for line in wrapped(value, Style::Value.letters(width)) {
        paper.text(x, y, Style::Value, line);
        y += Style::Value.line();
    }
    paper.line((x, y - 5), (x + width, y - 5));
    y + 5
}

/// What stands in the boxes of the first sheet.
fn boxes(release: &Document) -> Vec<(&'static str, String)> {
    let text = |path: &str| release.text(path).unwrap_or_default().to_owned();
    let all = |path: &str| together(release.groups(path).iter().filter_map(|node| node.text()), ", ");
    let kind = [
        text("TransitOperation/declarationType"),
        text("TransitOperation/additionalDeclarationType"),
        text("TransitOperation/security"),
    ];
    vec![
        (
            "Declaration type / Тип декларации / Декларация түрі",
            together(kind.iter().map(String::as_str), " "),
        ),
        ("LRN", text("TransitOperation/LRN")),
        (
            "Accepted, released / Принята, выпущена / Қабылданды, шығарылды",
            together(
                [
                    text("TransitOperation/declarationAcceptanceDate").as_str(),
                    text("TransitOperation/releaseDate").as_str(),
                ]
                .into_iter(),
                ", ",
            ),
        ),
        ("Time limit / Срок / Мерзімі", text("TransitOperation/limitDate")),
        (
            "Holder of the transit procedure / Декларант / Декларант",
            party(release.group("HolderOfTheTransitProcedure")),
        ),
        ("Representative / Представитель / Өкіл", party(release.group("Representative"))),
        (
            "Office of departure / Орган отправления / Жөнелту органы",
            text("CustomsOfficeOfDeparture/referenceNumber"),
        ),
        (
            "Offices of transit / Органы транзита / Транзит органдары",
            all("CustomsOfficeOfTransitDeclared/referenceNumber"),
        ),
        (
            "Office of destination / Орган назначения / Межелі орган",
            text("CustomsOfficeOfDestinationDeclared/referenceNumber"),
        ),
        ("Guarantee / Обеспечение / Қамтамасыз ету", guarantees(release)),
        ("Consignor / Отправитель / Жөнелтуші", party(release.group("Consignment/Consignor"))),
        ("Consignee / Получатель / Алушы", party(release.group("Consignment/Consignee"))),
        (
            "Dispatch, destination / Страны / Елдер",
            together(
                [
                    text("Consignment/countryOfDispatch").as_str(),
                    text("Consignment/countryOfDestination").as_str(),
                ]
                .into_iter(),
                " - ",
            ),
        ),
        (
            "Means of transport / Транспорт / Көлік",
            together(
                release
                    .groups("Consignment/DepartureTransportMeans")
                    .iter()
                    .map(means)
                    .collect::<Vec<_>>()
                    .iter()
                    .map(String::as_str),
                ", ",
            ),
        ),
        (
            "Containers / Контейнеры / Контейнерлер",
            all("Consignment/TransportEquipment/containerIdentificationNumber"),
        ),
        ("Seals / Пломбы / Пломбалар", all("Consignment/TransportEquipment/Seal/identifier")),
        ("Gross mass, kg / Масса брутто / Брутто салмағы", text("Consignment/grossMass")),
    ]
}

/// The texts that are not empty, with `between` between them.
fn together<'t>(texts: impl Iterator<Item = &'t str>, between: &str) -> String {
    texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(between)
}

/// Identification, name and address of a party.
fn party(party: Option<NodeRef<'_>>) -> String {
    let Some(party) = party else { return String::new() };
    let fields = [
        "identificationNumber",
        "TIRHolderIdentificationNumber",
        "name",
        "Address/streetAndNumber",
        "Address/postcode",
        "Address/city",
        "Address/country",
    ];
    together(fields.iter().filter_map(|field| party.text_at(field)), ", ")
}

/// Type, number, amount and currency of every guarantee; access codes never stand on paper.
fn guarantees(release: &Document) -> String {
    let mut told = Vec::new();
    for guarantee in release.groups("Guarantee") {
        let kind = guarantee.text_at("guaranteeType").unwrap_or_default();
        let references = guarantee.groups("GuaranteeReference");
        if references.is_empty() {
            told.push(kind.to_owned());
        }
        for reference in references {
            let fields = ["GRN", "amountToBeCovered", "currency"];
            let fields = fields.iter().filter_map(|field| reference.text_at(field));
            told.push(together(std::iter::once(kind).chain(fields), " "));
        }
    }
    told.join("; ")
}

/// Type, registration and nationality of a means of transport.
fn means(means: &NodeRef<'_>) -> String {
    let fields = ["typeOfIdentification", "identificationNumber", "nationality"];
    together(fields.iter().filter_map(|field| means.text_at(field)), " ")
}

/// The list of items, on as many sheets as it needs.
fn list(paper: &mut Paper, release: &Document, mrn: &str, from: i16) {
    let mut y = headings(paper, from);
    for item in release.groups("Consignment/HouseConsignment/ConsignmentItem") {
        let cells = cells(item);
        let columns: Vec<Vec<String>> = COLUMNS
            .iter()
            .zip(&cells)
            .map(|((_, _, width), cell)| wrapped(cell, Style::Value.letters(*width)))
            .collect();
        let lines = columns.iter().map(Vec::len).max().unwrap_or(1);
        let height = i16::try_from(lines).unwrap_or(i16::MAX).saturating_mul(Style::Value.line());
        if y.saturating_add(height) > BOTTOM {
            paper.turn();
            paper.text(MARGIN, 48, Style::Title, format!("LIST OF ITEMS  {mrn}"));
            y = headings(paper, 62);
        }
        for ((_, x, _), lines) in COLUMNS.iter().zip(&columns) {
            let mut row = y;
            for line in lines {
                if row > BOTTOM {
                    break;
                }
                paper.text(*x, row, Style::Value, line.as_str());
                row += Style::Value.line();
            }
        }
        y = y.saturating_add(height).saturating_add(2);
    }
}

/// The heading of the list; tells where the first item stands.
fn headings(paper: &mut Paper, y: i16) -> i16 {
    paper.line((MARGIN, y), (WIDTH - MARGIN, y));
    let mut lowest = y;
    for (label, x, width) in COLUMNS {
        let mut row = y + Style::Label.line();
        for line in wrapped(label, Style::Label.letters(width)) {
            paper.text(x, row, Style::Label, line);
            row += Style::Label.line();
        }
        lowest = lowest.max(row);
    }
    paper.line((MARGIN, lowest - 4), (WIDTH - MARGIN, lowest - 4));
    lowest + Style::Value.line()
}

/// What stands in the columns for an item.
fn cells(item: NodeRef<'_>) -> [String; 6] {
    let text = |path: &str| item.text_at(path).unwrap_or_default().to_owned();
    let code = [
        text("Commodity/CommodityCode/harmonizedSystemSubHeadingCode"),
        text("Commodity/CommodityCode/combinedNomenclatureCode"),
    ];
    let packages: Vec<String> = item
        .groups("Packaging")
        .iter()
        .map(|packaging| {
            let fields = ["numberOfPackages", "typeOfPackages", "shippingMarks"];
            together(fields.iter().filter_map(|field| packaging.text_at(field)), " ")
        })
        .collect();
    [
        text("declarationGoodsItemNumber"),
        text("Commodity/descriptionOfGoods"),
        together(code.iter().map(String::as_str), ""),
        packages.join("; "),
        text("Commodity/GoodsMeasure/grossMass"),
        text("Commodity/GoodsMeasure/netMass"),
    ]
}

#[cfg(test)]
mod tests {
    use customs_messages::{Draft, Phase, definition};

    use super::*;
    use crate::Digest;

    fn release(items: usize, gross: &str) -> Document {
        let mut draft = Draft::new(definition("CC029C", Phase::P6).unwrap());
        draft.set("TransitOperation/MRN", "26KZAAAAAAAAAAAAJ5").unwrap();
        draft.set("Consignment/grossMass", gross).unwrap();
        for item in 1..=items {
            let goods = format!("Consignment/HouseConsignment/ConsignmentItem[{item}]");
            draft.set(&format!("{goods}/declarationGoodsItemNumber"), &item.to_string()).unwrap();
            draft.set(&format!("{goods}/Commodity/descriptionOfGoods"), "Тормозные колодки").unwrap();
        }
        draft.finish_loose()
    }

    #[test]
    fn a_paper_of_many_items_is_a_pdf_and_grows_with_them() {
        let short = accompanying_document(&release(1, "10"), "code").unwrap();
        let long = accompanying_document(&release(300, "10"), "code").unwrap();
        assert!(short.starts_with(b"%PDF-") && long.len() > short.len());
    }

    #[test]
    fn no_paper_is_made_of_another_message() {
        let other = Draft::new(definition("CC015C", Phase::P6).unwrap()).finish_loose();
        assert_eq!(accompanying_document(&other, "code"), Err(PaperError::Message("CC015C")));
    }

    #[test]
    fn the_digest_changes_with_what_is_released() {
        let (one, two) = (Digest::of(&release(2, "10")), Digest::of(&release(2, "11")));
        assert_eq!((one.items, one.mrn.as_str()), (2, "26KZAAAAAAAAAAAAJ5"));
        assert_ne!(one.sha256, two.sha256);
        let read: Digest = serde_json::from_slice(&one.content()).unwrap();
        assert_eq!(read, one);
    }
}
