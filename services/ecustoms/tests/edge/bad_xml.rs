//! Hostile, broken and odd XML: refused at its place, in time, and the next request is served.

use std::time::{Duration, Instant};

use crate::{
    client::Answer,
    documents::{lrn, xml},
    report::{Report, is_problem, names_its_place},
    suite::Suite,
};

const PATH: &str = "/movements/departures";
const MEDIA: &str = "application/xml";
/// No document of a few megabytes may cost more, in a build without optimisation.
const SLOWEST: Duration = Duration::from_secs(8);

/// `xml` with `value` as the whole content of its first `element`.
fn with(xml: &str, element: &str, value: &str) -> String {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    let (from, to) = (xml.find(&open).unwrap() + open.len(), xml.find(&close).unwrap());
    format!("{}{value}{}", &xml[..from], &xml[to..])
}

/// `xml` with `prolog` before its root.
fn after(prolog: &str, xml: &str) -> String {
    let root = xml.find(":CC015C").unwrap();
    format!("{prolog}{}", &xml[xml[..root].rfind('<').unwrap()..])
}

/// A document type with entities, where the local reference number is `reference`.
fn with_entities(xml: &str, entities: &str, reference: &str) -> String {
    let prolog = format!("<?xml version=\"1.0\"?><!DOCTYPE x [{entities}]>");
    after(&prolog, &with(xml, "LRN", reference))
}

fn laughs(width: usize, depth: usize) -> String {
    let level = |n: usize| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n + 1).repeat(width));
    let levels: String = (0..depth).map(level).collect();
    format!("{levels}<!ENTITY l{depth} \"lol\">")
}

/// What must be refused because of how it is written, by name.
fn broken(good: &str) -> Vec<(&'static str, Vec<u8>)> {
    let deep = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    let attributes = (0..50_000).map(|n| format!(" a{n}=\"\"")).collect::<Vec<_>>().concat();
    let text = vec![
        ("no XML at all", "declaration".to_owned()),
        ("half of it", good[..good.len() / 2].to_owned()),
        ("two roots", format!("{good}<x/>")),
        ("text behind the root", format!("{good}x")),
        ("billion laughs", with_entities(good, &laughs(10, 9), "&l0;")),
        (
            "quadratic blow-up",
            with_entities(good, &format!("<!ENTITY q \"{}\">", "q".repeat(100_000)), &"&q;".repeat(10_000)),
        ),
        ("a file as entity", with_entities(good, "<!ENTITY f SYSTEM \"file:///etc/passwd\">", "&f;")),
        ("an address as entity", with_entities(good, "<!ENTITY f SYSTEM \"http://127.0.0.1:9/\">", "&f;")),
        ("a parameter entity", with_entities(good, "<!ENTITY % p SYSTEM \"file:///etc/hosts\"> %p;", "X")),
        ("a plain document type", after("<!DOCTYPE CC015C>", good)),
        ("an outer document type", after("<!DOCTYPE CC015C SYSTEM \"http://127.0.0.1:9/x.dtd\">", good)),
        ("an entity nobody declared", with(good, "LRN", "&foo;")),
        (
            "an inclusion",
            with(
                good,
                "LRN",
                "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"/etc/passwd\" parse=\"text\"/>",
            ),
        ),
        ("10,000 levels", with(good, "LRN", &deep(10_000))),
        ("300,000 levels", with(good, "LRN", &deep(300_000))),
        ("300,000 levels that never end", "<a>".repeat(300_000)),
        ("50,000 attributes", good.replacen("PhaseID", &format!("{attributes} PhaseID"), 1)),
        ("an attribute twice", good.replacen("PhaseID=\"NCTS6\"", "PhaseID=\"NCTS6\" PhaseID=\"NCTS6\"", 1)),
        ("another namespace", good.replace("http://ncts.dgtaxud.ec", "http://example.org")),
        ("no namespace", good.replace("http://ncts.dgtaxud.ec", "")),
        ("children in the namespace", good.replace("<LRN>", "<LRN xmlns=\"http://ncts.dgtaxud.ec\">")),
        ("a prefix nobody declared", with(good, "LRN", "<z:x/>")),
        ("a tag that another one closes", good.replacen("</LRN>", "</MRN>", 1)),
        ("a reference to a surrogate", with(good, "LRN", "&#xD800;")),
        ("a reference to nothing", with(good, "LRN", "&#0;")),
        ("a reference past Unicode", with(good, "LRN", "&#x110000;")),
        ("a control character", with(good, "LRN", "A\u{1}B")),
        ("U+0000", with(good, "LRN", "A\0B")),
        ("an element nobody knows", with(good, "TransitOperation", "<whatever/>")),
        ("an empty mandatory element", with(good, "LRN", "")),
        ("a number that is none", with(good, "grossMass", "NaN")),
        ("a number without end", with(good, "grossMass", &"9".repeat(100_000))),
        ("a date that does not exist", with(good, "preparationDateAndTime", "2026-02-30T25:61:00")),
        ("a text of a megabyte", with(good, "descriptionOfGoods", &"x".repeat(1_000_000))),
        ("an unknown phase", good.replace("NCTS6", "NCTS99")),
        ("an element twice", good.replacen("<LRN>", "<LRN>A</LRN><LRN>", 1)),
        ("10,000 items", {
            let (from, to) =
                (good.find("<ConsignmentItem>").unwrap(), good.find("</HouseConsignment>").unwrap());
            let items =
                "<ConsignmentItem><goodsItemNumber>1</goodsItemNumber></ConsignmentItem>".repeat(10_000);
            format!("{}{items}{}", &good[..from], &good[to..])
        }),
    ];
    let mut cases: Vec<_> = text.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    cases.push(("nothing", Vec::new()));
    cases.push(("blanks", b" \r\n\t".to_vec()));
    cases.push(("UTF-16", [&[0xff, 0xfe], wide(good).as_slice()].concat()));
    cases.push((
        "Latin 1",
        with(good, "descriptionOfGoods", "@").replace('@', "\u{e9}").chars().map(latin).collect(),
    ));
    cases.push(("overlong UTF-8", with(good, "LRN", "@").bytes().flat_map(overlong).collect()));
    cases
}

fn latin(character: char) -> u8 {
    u8::try_from(u32::from(character)).unwrap_or(b'?')
}

fn overlong(byte: u8) -> Vec<u8> {
    if byte == b'@' { vec![0xc0, 0xaf] } else { vec![byte] }
}

/// What is unusual and may be taken or refused, but never breaks anything.
fn odd(good: &str) -> Vec<(&'static str, String)> {
    vec![
        ("an LRN of two scripts and directions", with(good, "LRN", "LRN\u{202e}\u{430}\u{200b}1")),
        ("a comment inside a value", with(good, "LRN", "AB<!-- c -->CD")),
        ("a character section", with(good, "LRN", "<![CDATA[ABCDEF]]>")),
        ("a processing instruction", with(good, "LRN", "AB<?run me?>CD")),
        ("a byte order mark", format!("\u{feff}{good}")),
        ("version 1.1", after("<?xml version=\"1.1\"?>", good)),
        ("another encoding than declared", after("<?xml version=\"1.0\" encoding=\"UTF-16\"?>", good)),
        (
            "a declared type",
            good.replacen(
                "<LRN>",
                "<LRN xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"x\">",
                1,
            ),
        ),
        (
            "a formula and a quotation",
            with(good, "descriptionOfGoods", "=cmd|' /C calc'!A0'; drop table movement;--"),
        ),
    ]
}

#[test]
fn no_xml_breaks_the_suite_or_gets_past_it() {
    let mut suite = Suite::embedded();
    let declarant = suite.door().log_in("declarant");
    let good = xml(&declarant, &lrn());
    let mut report = Report::default();
    let send = |octets: &[u8]| -> (Answer, Duration) {
        let since = Instant::now();
        let answer = declarant.send(PATH, MEDIA, octets);
        (answer, since.elapsed())
    };
    for (case, octets) in broken(&good) {
        let (answer, took) = send(&octets);
        report.note(
            case,
            names_its_place(
                &answer,
                &[(400, "message-malformed"), (400, "input-invalid"), (400, "message-type")],
            ),
        );
        report.note(case, if took < SLOWEST { Ok(()) } else { Err(format!("took {took:?}")) });
        suite.door().still_answers();
    }
    for (case, text) in odd(&good) {
        let (answer, _) = send(text.as_bytes());
        let refused = is_problem(&answer, &[(400, "message-malformed"), (400, "input-invalid")]);
        report.note(case, if answer.status == 202 { Ok(()) } else { refused });
    }
    for (case, message) in
        [("another message", "CC007C"), ("a message of customs", "CC028C"), ("an unknown one", "CC999C")]
    {
        let (answer, _) = send(good.replace("CC015C", message).as_bytes());
        report.refused(case, &answer, &[(400, "message-type"), (400, "message-malformed")]);
    }
    let (answer, _) = send(&vec![b' '; 5_000_001]);
    report.refused("an octet too many", &answer, &[(413, "too-large")]);
    let taken = declarant.lodge(&xml(&declarant, &lrn()));
    assert!(!taken.is_empty());
    report.end();
    suite.is_sound();
}

#[test]
fn codes_that_no_list_holds_are_told_by_pointer_and_code() {
    let suite = Suite::embedded();
    let declarant = suite.door().log_in("declarant");
    let mut report = Report::default();
    for (element, value, code) in [
        ("declarationType", "ZZ9", "12"),
        ("countryOfDispatch", "QQ", "12"),
        ("guaranteeType", "Z", "12"),
        ("typeOfPackages", "??", "12"),
    ] {
        let content = with(&xml(&declarant, &lrn()), element, value);
        let checked =
            declarant.post("/messages/checks", &serde_json::json!({ "content": content, "format": "xml" }));
        let told = checked.text();
        let named =
            told.contains(element) && (told.contains(&format!("\"{code}\"")) || checked.status == 400);
        report.note(element, if named { Ok(()) } else { Err(format!("{} {told:.600}", checked.status)) });
        let sent = declarant.send(PATH, MEDIA, content.as_bytes());
        let outcome = if sent.status == 202 {
            refused_by_ie056(&declarant, &sent)
        } else {
            names_its_place(&sent, &[(400, "message-malformed")])
        };
        report.note(element, outcome);
    }
    report.end();
}

/// Waits for the refusal of customs in the dossier of what was `sent`.
fn refused_by_ie056(declarant: &crate::client::Person, sent: &Answer) -> Result<(), String> {
    let movement = sent.json()["departureId"].as_str().unwrap_or_default().to_owned();
    let told =
        || declarant.messages(&movement).iter().any(|message| message == "CC056C" || message == "IE056");
    customs_testkit::until("IE056", Duration::from_secs(10), told)
        .map_err(|error| format!("{error}: {:?}", declarant.messages(&movement)))
}
