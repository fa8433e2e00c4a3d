//! The declarations that are sent: IE015 of phase 6 by an authorised consignor, with as many items as wanted.

use std::fmt::Write;

use chrono::{DateTime, Days, Utc};

/// Six-digit codes of the goods, taken in turn.
const CODES: [&str; 6] = ["851713", "610910", "870830", "401120", "940360", "691110"];
/// Gross mass of one item in kilograms.
const ITEM_KG: usize = 20;

/// What differs from one declaration to the next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paper<'a> {
    /// Local reference number.
    pub(crate) lrn: &'a str,
    /// The sender's identification of the message.
    pub(crate) identification: &'a str,
    /// EORI of the holder, who is the declarant.
    pub(crate) holder: &'a str,
    /// Number of the guarantee.
    pub(crate) grn: &'a str,
    /// Its access code.
    pub(crate) access_code: &'a str,
    /// How many goods items.
    pub(crate) items: usize,
    /// When it is prepared.
    pub(crate) at: DateTime<Utc>,
}

impl Paper<'_> {
    /// The declaration as XML.
    pub(crate) fn xml(&self) -> String {
        let mut xml = String::with_capacity(2_600 + self.items * 640);
        let prepared = self.at.format("%Y-%m-%dT%H:%M:%S");
        let limit = self.at.checked_add_days(Days::new(10)).unwrap_or(self.at).format("%Y-%m-%d");
        let mass = self.items * ITEM_KG;
        let Self { lrn, identification, holder, grn, access_code, .. } = self;
        let _ = write!(
            xml,
            "<ncts:CC015C xmlns:ncts=\"http://ncts.dgtaxud.ec\" PhaseID=\"NCTS6\">\
             <messageSender>{holder}</messageSender><messageRecipient>NTA.KZ</messageRecipient>\
             <preparationDateAndTime>{prepared}</preparationDateAndTime>\
             <messageIdentification>{identification}</messageIdentification><messageType>CC015C</messageType>\
             <TransitOperation><LRN>{lrn}</LRN><declarationType>T1</declarationType>\
             <additionalDeclarationType>A</additionalDeclarationType><security>0</security>\
             <reducedDatasetIndicator>0</reducedDatasetIndicator><bindingItinerary>0</bindingItinerary>\
             <limitDate>{limit}</limitDate></TransitOperation>\
             <Authorisation><sequenceNumber>1</sequenceNumber><type>C521</type>\
             <referenceNumber>KZACRALA0001</referenceNumber></Authorisation>\
             <CustomsOfficeOfDeparture><referenceNumber>KZALA001</referenceNumber></CustomsOfficeOfDeparture>\
             <CustomsOfficeOfDestinationDeclared><referenceNumber>UZTAS001</referenceNumber>\
             </CustomsOfficeOfDestinationDeclared>\
             <CustomsOfficeOfTransitDeclared><sequenceNumber>1</sequenceNumber>\
             <referenceNumber>KGAKZ001</referenceNumber></CustomsOfficeOfTransitDeclared>\
             <CustomsOfficeOfTransitDeclared><sequenceNumber>2</sequenceNumber>\
             <referenceNumber>UZDST001</referenceNumber></CustomsOfficeOfTransitDeclared>\
             <HolderOfTheTransitProcedure><identificationNumber>{holder}</identificationNumber>\
             </HolderOfTheTransitProcedure>\
             <Guarantee><sequenceNumber>1</sequenceNumber><guaranteeType>1</guaranteeType>\
             <GuaranteeReference><sequenceNumber>1</sequenceNumber><GRN>{grn}</GRN>\
             <accessCode>{access_code}</accessCode><amountToBeCovered>10.00</amountToBeCovered>\
             <currency>EUR</currency></GuaranteeReference></Guarantee>\
             <Consignment><countryOfDispatch>KZ</countryOfDispatch>\
             <countryOfDestination>UZ</countryOfDestination><containerIndicator>0</containerIndicator>\
             <inlandModeOfTransport>3</inlandModeOfTransport><grossMass>{mass}</grossMass>\
             <referenceNumberUCR>UCR-{lrn}</referenceNumberUCR>\
             <Consignor><identificationNumber>{holder}</identificationNumber></Consignor>\
             <Consignee><name>Sirdaryo Trading House</name><Address>\
             <streetAndNumber>Amir Temur 12</streetAndNumber><postcode>100047</postcode><city>Tashkent</city>\
             <country>UZ</country></Address></Consignee>\
             <LocationOfGoods><typeOfLocation>A</typeOfLocation>\
             <qualifierOfIdentification>V</qualifierOfIdentification><CustomsOffice>\
             <referenceNumber>KZALA001</referenceNumber></CustomsOffice></LocationOfGoods>\
             <DepartureTransportMeans><sequenceNumber>1</sequenceNumber>\
             <typeOfIdentification>30</typeOfIdentification>\
             <identificationNumber>512KBA02</identificationNumber><nationality>KZ</nationality>\
             </DepartureTransportMeans>\
             <PlaceOfLoading><country>KZ</country><location>Almaty</location></PlaceOfLoading>\
             <HouseConsignment><sequenceNumber>1</sequenceNumber><grossMass>{mass}</grossMass>"
        );
        for (number, code) in (1..=self.items).zip(CODES.iter().cycle()) {
            item(&mut xml, number, code);
        }
        xml.push_str("</HouseConsignment></Consignment></ncts:CC015C>");
        xml
    }
}

fn item(xml: &mut String, number: usize, code: &str) {
    let _ = write!(
        xml,
        "<ConsignmentItem><goodsItemNumber>{number}</goodsItemNumber>\
         <declarationGoodsItemNumber>{number}</declarationGoodsItemNumber><Commodity>\
         <descriptionOfGoods>Household goods, lot {number}, packed for the retail trade</descriptionOfGoods>\
         <CommodityCode><harmonizedSystemSubHeadingCode>{code}</harmonizedSystemSubHeadingCode></CommodityCode>\
         <GoodsMeasure><grossMass>{ITEM_KG}</grossMass></GoodsMeasure></Commodity><Packaging>\
         <sequenceNumber>1</sequenceNumber><typeOfPackages>CT</typeOfPackages>\
         <numberOfPackages>4</numberOfPackages><shippingMarks>LOT {number}</shippingMarks></Packaging>\
         </ConsignmentItem>"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_of_any_size_has_the_structure_of_its_format() {
        for items in [1, 5, 100, 999] {
            let paper = Paper {
                lrn: "L1",
                identification: "M1",
                holder: "KZ120540012347",
                grn: "26KZ0000000000017",
                access_code: "ABCD",
                items,
                at: DateTime::from_timestamp(1_795_000_000, 0).unwrap(),
            };
            let document = customs_messages::parse_xml(paper.xml().as_bytes()).unwrap();
            assert_eq!(document.groups("Consignment/HouseConsignment/ConsignmentItem").len(), items);
        }
    }
}
