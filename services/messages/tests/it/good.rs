//! Good messages of our own, one of each kind that traders send, told as paths and values.

use customs_messages::outgoing::{Facts, Header, build};
use customs_messages::{Document, Draft, Phase, definition};

const HEAD: &str = "messageSender=KZ960241002789
messageRecipient=NTA.KZ
preparationDateAndTime=2026-05-01T09:00:00
messageIdentification=M1";

const DECLARATION: &str = "TransitOperation/LRN=LRN1
TransitOperation/declarationType=T1
TransitOperation/additionalDeclarationType=A
TransitOperation/security=0
TransitOperation/reducedDatasetIndicator=0
TransitOperation/bindingItinerary=0
CustomsOfficeOfDeparture/referenceNumber=KZ570101
CustomsOfficeOfDestinationDeclared/referenceNumber=UZ000101
CustomsOfficeOfTransitDeclared/sequenceNumber=1
CustomsOfficeOfTransitDeclared/referenceNumber=KG000201
CustomsOfficeOfTransitDeclared/arrivalDateAndTimeEstimated=2026-05-03T12:00:00
HolderOfTheTransitProcedure/identificationNumber=KZ960241002789
Representative/identificationNumber=KZ111111111111
Representative/status=2
Guarantee/sequenceNumber=1
Guarantee/guaranteeType=1
Guarantee/GuaranteeReference/sequenceNumber=1
Guarantee/GuaranteeReference/GRN=26KZ0000000000017
Guarantee/GuaranteeReference/accessCode=A1B2
Guarantee/GuaranteeReference/amountToBeCovered=1500.00
Guarantee/GuaranteeReference/currency=EUR
Consignment/countryOfDispatch=KZ
Consignment/countryOfDestination=UZ
Consignment/containerIndicator=1
Consignment/inlandModeOfTransport=3
Consignment/grossMass=4000
Consignment/referenceNumberUCR=UCR1
Consignment/TransportEquipment/sequenceNumber=1
Consignment/TransportEquipment/containerIdentificationNumber=CSQU3054383
Consignment/TransportEquipment/numberOfSeals=2
Consignment/TransportEquipment/Seal[1]/sequenceNumber=1
Consignment/TransportEquipment/Seal[1]/identifier=S1
Consignment/TransportEquipment/Seal[2]/sequenceNumber=2
Consignment/TransportEquipment/Seal[2]/identifier=S2
Consignment/LocationOfGoods/typeOfLocation=C
Consignment/LocationOfGoods/qualifierOfIdentification=U
Consignment/LocationOfGoods/UNLocode=KZKGS
Consignment/DepartureTransportMeans[1]/sequenceNumber=1
Consignment/DepartureTransportMeans[1]/typeOfIdentification=30
Consignment/DepartureTransportMeans[1]/identificationNumber=KZ123ABC
Consignment/DepartureTransportMeans[1]/nationality=KZ
Consignment/DepartureTransportMeans[2]/sequenceNumber=2
Consignment/DepartureTransportMeans[2]/typeOfIdentification=31
Consignment/DepartureTransportMeans[2]/identificationNumber=KZ77TRL
Consignment/DepartureTransportMeans[2]/nationality=KZ
Consignment/PlaceOfLoading/country=KZ
Consignment/PlaceOfLoading/location=Khorgos
Consignment/PreviousDocument/sequenceNumber=1
Consignment/PreviousDocument/type=N821
Consignment/PreviousDocument/referenceNumber=P1";

const HOUSE: &str = "Consignment/HouseConsignment[H]/sequenceNumber=H
Consignment/HouseConsignment[H]/grossMass=2000
Consignment/HouseConsignment[H]/Consignor/identificationNumber=KZ10000000000H
Consignment/HouseConsignment[H]/Consignee/identificationNumber=UZ20000000000H";

const ITEM: &str = "goodsItemNumber=I
declarationGoodsItemNumber=D
Commodity/descriptionOfGoods=Goods D
Commodity/CommodityCode/harmonizedSystemSubHeadingCode=39269D
Commodity/GoodsMeasure/grossMass=1000
Commodity/GoodsMeasure/netMass=900
Packaging/sequenceNumber=1
Packaging/typeOfPackages=BX
Packaging/numberOfPackages=10
Packaging/shippingMarks=MARK D";

const PRESENTATION: &str = "TransitOperation/LRN=LRN1
CustomsOfficeOfDeparture/referenceNumber=KZ570101
HolderOfTheTransitProcedure/identificationNumber=KZ960241002789
Consignment/containerIndicator=0
Consignment/LocationOfGoods/typeOfLocation=C
Consignment/LocationOfGoods/qualifierOfIdentification=U
Consignment/LocationOfGoods/UNLocode=KZKGS
Consignment/PlaceOfLoading/country=KZ
Consignment/PlaceOfLoading/location=Khorgos
Consignment/HouseConsignment/sequenceNumber=1";

const ARRIVAL: &str = "TransitOperation/MRN=26KZ57010100000QJ2
TransitOperation/arrivalNotificationDateAndTime=2026-05-04T09:00:00
TransitOperation/simplifiedProcedure=0
CustomsOfficeOfDestinationActual/referenceNumber=UZ000101
TraderAtDestination/identificationNumber=UZ200000000001
Consignment/LocationOfGoods/typeOfLocation=A
Consignment/LocationOfGoods/qualifierOfIdentification=V
Consignment/LocationOfGoods/CustomsOffice/referenceNumber=UZ000101";

const INCIDENT: &str = "TransitOperation/incidentFlag=1
Consignment/Incident/sequenceNumber=1
Consignment/Incident/code=3
Consignment/Incident/text=transhipment
Consignment/Incident/Location/qualifierOfIdentification=U
Consignment/Incident/Location/UNLocode=UZTAS
Consignment/Incident/Location/country=DE
Consignment/Incident/Transhipment/containerIndicator=0
Consignment/Incident/Transhipment/TransportMeans/typeOfIdentification=30
Consignment/Incident/Transhipment/TransportMeans/identificationNumber=UZ01A
Consignment/Incident/Transhipment/TransportMeans/nationality=UZ";

const REMARKS: &str = "TransitOperation/MRN=26KZ57010100000QJ2
CustomsOfficeOfDestinationActual/referenceNumber=UZ000101
TraderAtDestination/identificationNumber=UZ200000000001
UnloadingRemark/conform=1
UnloadingRemark/unloadingCompletion=1
UnloadingRemark/unloadingDate=2026-05-04
UnloadingRemark/stateOfSeals=1";

const INVALIDATION: &str = "TransitOperation/LRN=LRN1
Invalidation/requestDateAndTime=2026-05-01T10:00:00
Invalidation/initiatedByCustoms=0
Invalidation/justification=wrong goods
CustomsOfficeOfDeparture/referenceNumber=KZ570101
HolderOfTheTransitProcedure/identificationNumber=KZ960241002789";

const INFORMATION: &str = "TransitOperation/MRN=26KZ57010100000QJ2
CustomsOfficeOfDestinationActual/referenceNumber=UZ000101
CustomsOfficeOfEnquiryAtDeparture/referenceNumber=KZ570101
HolderOfTheTransitProcedure/identificationNumber=KZ960241002789
Enquiry/text=goods were delivered";

const HOLDER: &str = "HolderOfTheTransitProcedure/name=Trader
HolderOfTheTransitProcedure/Address/streetAndNumber=Abay 1
HolderOfTheTransitProcedure/Address/postcode=050000
HolderOfTheTransitProcedure/Address/city=Almaty
HolderOfTheTransitProcedure/Address/country=KZ";

/// What customs says in an answer, beside the declaration.
fn said(message_type: &str) -> &'static str {
    match message_type {
        "CC028C" => "TransitOperation/declarationAcceptanceDate=2026-05-01",
        "CC029C" => {
            "TransitOperation/declarationAcceptanceDate=2026-05-01
TransitOperation/releaseDate=2026-05-01
ControlResult/code=A3
ControlResult/date=2026-05-01
ControlResult/controlledBy=Officer"
        }
        "CC043C" => {
            "TransitOperation/declarationAcceptanceDate=2026-05-01
CustomsOfficeOfDestinationActual/referenceNumber=UZ000101
TraderAtDestination/identificationNumber=UZ200000000001"
        }
        "CC025C" => {
            "TransitOperation/releaseDate=2026-05-05
TransitOperation/releaseIndicator=1
CustomsOfficeOfDestinationActual/referenceNumber=UZ000101
TraderAtDestination/identificationNumber=UZ200000000001"
        }
        "CC045C" => "TransitOperation/writeOffDate=2026-05-09",
        "CC056C" => {
            "TransitOperation/businessRejectionType=013
TransitOperation/rejectionDateAndTime=2026-05-01T09:00:01
TransitOperation/rejectionCode=12"
        }
        "CC057C" => {
            "TransitOperation/businessRejectionType=007
TransitOperation/rejectionDateAndTime=2026-05-01T09:00:01
TransitOperation/rejectionCode=12
CustomsOfficeOfDestinationActual/referenceNumber=UZ000101
TraderAtDestination/identificationNumber=UZ200000000001"
        }
        "CC060C" => {
            "TransitOperation/controlNotificationDateAndTime=2026-05-01T09:00:01
TransitOperation/notificationType=0
TypeOfControls/sequenceNumber=1
TypeOfControls/type=10"
        }
        other => panic!("no good {other}"),
    }
}

/// A good answer of that type to a good declaration.
fn answer(message_type: &str, phase: Phase) -> Draft {
    let declaration = message("CC015C", phase).finish().unwrap();
    let mut facts = Facts::new(&Header {
        sender: "NTA.KZ".to_owned(),
        recipient: "KZ960241002789".to_owned(),
        prepared_at: "2026-05-01T09:00:02".to_owned(),
        identification: "A1".to_owned(),
        correlation: Some("M1".to_owned()),
    })
    .with("TransitOperation/MRN", "26KZ57010100000QJ2");
    let holder = if message_type == "CC043C" { HOLDER } else { "" };
    for line in said(message_type).lines().chain(holder.lines()) {
        let (path, value) = line.split_once('=').unwrap();
        facts = facts.with(path, value);
    }
    let built = build(message_type, phase, Some(&declaration), &facts);
    Draft::from(&built.unwrap_or_else(|error| panic!("{message_type}: {error}")))
}

/// A good message of that type.
pub(crate) fn message(message_type: &str, phase: Phase) -> Draft {
    if !["CC015C", "CC013C", "CC170C", "CC007C", "CC044C", "CC014C", "CC141C"].contains(&message_type) {
        return answer(message_type, phase);
    }
    let mut draft = Draft::new(definition(message_type, phase).unwrap());
    fill(&mut draft, HEAD);
    draft.set("messageType", message_type).unwrap();
    match message_type {
        "CC015C" => goods(&mut draft),
        "CC013C" => {
            goods(&mut draft);
            draft.set("TransitOperation/amendmentTypeFlag", "0").unwrap();
        }
        "CC170C" => fill(&mut draft, PRESENTATION),
        "CC007C" => {
            fill(&mut draft, ARRIVAL);
            if phase == Phase::P5 {
                fill(&mut draft, INCIDENT);
            }
        }
        "CC044C" => fill(&mut draft, REMARKS),
        "CC014C" => fill(&mut draft, INVALIDATION),
        "CC141C" => fill(&mut draft, INFORMATION),
        other => panic!("no good {other}"),
    }
    draft
}

/// A pre-lodged declaration: what is told at the presentation is not in it.
pub(crate) fn prelodged(phase: Phase) -> Document {
    let mut draft = message("CC015C", phase);
    draft.set("TransitOperation/additionalDeclarationType", "D").unwrap();
    for path in [
        "Consignment/containerIndicator",
        "Consignment/TransportEquipment",
        "Consignment/LocationOfGoods",
        "Consignment/PlaceOfLoading",
    ] {
        draft.remove(path);
    }
    draft.finish().unwrap()
}

fn goods(draft: &mut Draft) {
    fill(draft, DECLARATION);
    let mut number = 0;
    for house in 1..=2 {
        let house = house.to_string();
        fill(draft, &HOUSE.replace('H', "\u{1}").replace("\u{1}ouse", "House").replace('\u{1}', &house));
        for item in 1..=2 {
            number += 1;
            for line in ITEM.lines() {
                let (path, value) = line.split_once('=').unwrap();
                let value = match value {
                    "I" => item.to_string(),
                    _ => value.replace('D', &number.to_string()),
                };
                let path = format!("Consignment/HouseConsignment[{house}]/ConsignmentItem[{item}]/{path}");
                draft.set(&path, &value).unwrap();
            }
        }
    }
}

/// Set every `path=value` line.
pub(crate) fn fill(draft: &mut Draft, lines: &str) {
    for line in lines.lines() {
        let (path, value) = line.split_once('=').unwrap();
        draft.set(path, value).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
}
