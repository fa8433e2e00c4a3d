//! Errors of structure: code, pointer, line and column, all at once.

use customs_messages::{Phase, ReadOptions, Rejection, parse_signed_xml, parse_xml_with, write_xml};

pub(crate) const ARRIVAL: &str = r#"<ncts:CC007C PhaseID="NCTS6" xmlns:ncts="http://ncts.dgtaxud.ec">
  <messageSender>KZ960241002789</messageSender>
  <messageRecipient>NTA.KZ</messageRecipient>
  <preparationDateAndTime>2026-05-01T09:00:00</preparationDateAndTime>
  <messageIdentification>M1</messageIdentification>
  <messageType>CC007C</messageType>
  <TransitOperation>
    <MRN>26KZ57010100000QJ1</MRN>
    <arrivalNotificationDateAndTime>2026-05-01T09:00:00</arrivalNotificationDateAndTime>
    <simplifiedProcedure>0</simplifiedProcedure>
  </TransitOperation>
  <CustomsOfficeOfDestinationActual>
    <referenceNumber>UZ000101</referenceNumber>
  </CustomsOfficeOfDestinationActual>
  <TraderAtDestination>
    <identificationNumber>UZ12345678</identificationNumber>
  </TraderAtDestination>
  <Consignment>
    <LocationOfGoods>
      <typeOfLocation>A</typeOfLocation>
      <qualifierOfIdentification>V</qualifierOfIdentification>
      <CustomsOffice>
        <referenceNumber>UZ000101</referenceNumber>
      </CustomsOffice>
    </LocationOfGoods>
  </Consignment>
</ncts:CC007C>
"#;

pub(crate) fn refused(text: &str) -> Rejection {
    parse_xml_with(text.as_bytes(), &ReadOptions::default()).unwrap_err()
}

fn told(text: &str) -> Vec<(String, String, u32)> {
    let findings = refused(text).findings.into_iter();
    findings.map(|one| (one.code.number().to_owned(), one.pointer, one.line.unwrap())).collect()
}

fn one(code: &str, pointer: &str, line: u32) -> (String, String, u32) {
    (code.to_owned(), pointer.to_owned(), line)
}

#[test]
fn a_good_arrival_is_read() {
    let document = parse_xml_with(ARRIVAL.as_bytes(), &ReadOptions::default()).unwrap();
    assert_eq!((document.message_type(), document.phase()), ("CC007C", Phase::P6));
    assert_eq!(document.text("TransitOperation/MRN"), Some("26KZ57010100000QJ1"));
    let office = document.group("Consignment/LocationOfGoods/CustomsOffice/referenceNumber").unwrap();
    assert_eq!(office.xpath(), "/CC007C/Consignment/LocationOfGoods/CustomsOffice/referenceNumber");
    assert_eq!((office.place().line, office.place().column), (23, 9));
}

#[test]
fn an_enveloped_signature_is_passed_over_only_where_it_was_verified_and_only_in_the_root() {
    const SIGNATURE: &str =
        r#"<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo/></ds:Signature>"#;
    let within = |element: &str| ARRIVAL.replace(element, &format!("{SIGNATURE}{element}"));
    let signed = within("</ncts:CC007C>");
    let plain = parse_xml_with(ARRIVAL.as_bytes(), &ReadOptions::default()).unwrap();
    let read = parse_signed_xml(signed.as_bytes()).unwrap();
    assert_eq!(write_xml(&read), write_xml(&plain));
    assert!(parse_xml_with(signed.as_bytes(), &ReadOptions::default()).is_err());
    assert!(parse_signed_xml(within("</Consignment>").as_bytes()).is_err());
    assert!(parse_signed_xml(signed.replace("09/xmldsig", "09/other").as_bytes()).is_err());
}

#[test]
fn all_errors_come_at_once_in_the_order_of_the_document() {
    let text = ARRIVAL
        .replace("  <messageRecipient>NTA.KZ</messageRecipient>\n", "")
        .replace("26KZ57010100000QJ1", "26KZ57010100000QX1")
        .replace("<simplifiedProcedure>0", "<simplifiedProcedure>2")
        .replace("T09:00:00</arr", "T25:00:00</arr")
        .replace("<typeOfLocation>A", "<typeOfLocation>AB")
        .replace("UZ12345678", " UZ12345678");
    assert_eq!(
        told(&text),
        [
            one("13", "/CC007C/messageRecipient", 3),
            one("15", "/CC007C/preparationDateAndTime", 3),
            one("51", "/CC007C/TransitOperation/MRN", 7),
            one("50", "/CC007C/TransitOperation/arrivalNotificationDateAndTime", 8),
            one("12", "/CC007C/TransitOperation/simplifiedProcedure", 9),
            one("51", "/CC007C/TraderAtDestination/identificationNumber", 15),
            one("39", "/CC007C/Consignment/LocationOfGoods/typeOfLocation", 19),
        ]
    );
}

#[test]
fn order_repetition_and_strangers_are_told_apart() {
    let swapped = ARRIVAL.replace(
        "  <messageSender>KZ960241002789</messageSender>\n  <messageRecipient>NTA.KZ</messageRecipient>\n",
        "  <messageRecipient>NTA.KZ</messageRecipient>\n  <messageSender>KZ960241002789</messageSender>\n",
    );
    assert_eq!(told(&swapped), [one("15", "/CC007C/messageRecipient", 2)]);
    let twice = ARRIVAL.replace(
        "<messageType>CC007C</messageType>",
        "<messageType>CC007C</messageType><messageType>CC007C</messageType>",
    );
    assert_eq!(told(&twice), [one("35", "/CC007C/messageType[2]", 6)]);
    let stranger = ARRIVAL.replace("<Consignment>", "<Consignment><Ship><name>Q</name></Ship>");
    assert_eq!(told(&stranger), [one("15", "/CC007C/Consignment/Ship", 18)]);
    let text = ARRIVAL.replace("<Consignment>", "<Consignment>hello");
    assert_eq!(told(&text), [one("15", "/CC007C/Consignment", 18)]);
    let nested = ARRIVAL.replace(">NTA.KZ<", ">NTA.<b>K</b>Z<");
    assert_eq!(told(&nested), [one("15", "/CC007C/messageRecipient/b", 3)]);
}

#[test]
fn what_is_missing_at_the_end_of_a_group_is_told_at_the_group() {
    let text = ARRIVAL.replace("    <simplifiedProcedure>0</simplifiedProcedure>\n", "");
    assert_eq!(told(&text), [one("13", "/CC007C/TransitOperation/simplifiedProcedure", 7)]);
    let nothing = "<n:CC007C xmlns:n=\"http://ncts.dgtaxud.ec\"/>";
    let pointers: Vec<String> = refused(nothing).findings.into_iter().map(|one| one.pointer).collect();
    assert_eq!(pointers.len(), 9, "{pointers:?}");
}

#[test]
fn only_the_root_has_a_namespace() {
    let inherited = ARRIVAL.replace("ncts:CC007C", "CC007C").replace("xmlns:ncts", "xmlns");
    assert_eq!(told(&inherited), [one("15", "/CC007C/messageSender", 2)]);
    let wrong = ARRIVAL.replace("ncts.dgtaxud.ec", "ncts.example");
    assert_eq!(told(&wrong), [one("15", "/CC007C", 1)]);
    let bare = ARRIVAL.replace("ncts:CC007C", "CC007C");
    assert_eq!(told(&bare), [one("15", "/CC007C", 1)]);
    let prefixed = ARRIVAL.replace("messageSender>", "ncts:messageSender>");
    assert_eq!(told(&prefixed), [one("15", "/CC007C/messageSender", 2)]);
}

#[test]
fn attributes_are_held_to_the_few_that_exist() {
    let phase = ARRIVAL.replace("NCTS6", "NCTS7");
    assert_eq!(told(&phase), [one("12", "/CC007C/@PhaseID", 1)]);
    let other = ARRIVAL.replace("<messageSender>", "<messageSender lang=\"kk\">");
    assert_eq!(told(&other), [one("15", "/CC007C/messageSender/@lang", 2)]);
    let hint = ARRIVAL.replace(
        " PhaseID",
        " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"a b\" PhaseID",
    );
    assert!(parse_xml_with(hint.as_bytes(), &ReadOptions::default()).is_ok());
}

#[test]
fn a_rejection_keeps_what_could_be_read() {
    let rejection = refused(&ARRIVAL.replace("<simplifiedProcedure>0", "<simplifiedProcedure>9"));
    let partial = rejection.partial.unwrap();
    assert_eq!(partial.text("messageSender"), Some("KZ960241002789"));
    assert_eq!(rejection.message_type, Some("CC007C"));
}
