//! The messages of participants in the tests, as XML of phase 6.

const NAMESPACE: &str = "xmlns:n=\"http://ncts.dgtaxud.ec\" PhaseID=\"NCTS6\"";

/// The head of a message of `kind` by `sender`.
fn head(kind: &str, sender: &str, identification: &str) -> String {
    format!(
        "<messageSender>{sender}</messageSender><messageRecipient>NTA.KZ</messageRecipient>\
         <preparationDateAndTime>2026-11-20T08:00:00</preparationDateAndTime>\
         <messageIdentification>{identification}</messageIdentification><messageType>{kind}</messageType>"
    )
}

/// What differs between the declarations of the tests.
pub(crate) struct Lodging<'a> {
    pub(crate) lrn: &'a str,
    pub(crate) holder: &'a str,
    pub(crate) additional_type: &'a str,
    pub(crate) authorised: bool,
    pub(crate) grn: &'a str,
    pub(crate) access_code: &'a str,
    pub(crate) amount: &'a str,
}

fn guarantee(lodging: &Lodging<'_>) -> String {
    format!(
        "<Guarantee><sequenceNumber>1</sequenceNumber><guaranteeType>1</guaranteeType><GuaranteeReference>\
         <sequenceNumber>1</sequenceNumber><GRN>{}</GRN><accessCode>{}</accessCode>\
         <amountToBeCovered>{}</amountToBeCovered><currency>EUR</currency></GuaranteeReference></Guarantee>",
        lodging.grn, lodging.access_code, lodging.amount
    )
}

fn body(lodging: &Lodging<'_>) -> String {
    let transit = |number: u8, office: &str| {
        format!(
            "<CustomsOfficeOfTransitDeclared><sequenceNumber>{number}</sequenceNumber>\
             <referenceNumber>{office}</referenceNumber></CustomsOfficeOfTransitDeclared>"
        )
    };
    let item = |number: u8, code: &str, mass: &str| {
        format!(
            "<ConsignmentItem><goodsItemNumber>{number}</goodsItemNumber>\
             <declarationGoodsItemNumber>{number}</declarationGoodsItemNumber><Commodity>\
             <descriptionOfGoods>Goods of item {number}</descriptionOfGoods><CommodityCode>\
             <harmonizedSystemSubHeadingCode>{code}</harmonizedSystemSubHeadingCode></CommodityCode>\
             <GoodsMeasure><grossMass>{mass}</grossMass></GoodsMeasure></Commodity><Packaging>\
             <sequenceNumber>1</sequenceNumber><typeOfPackages>BX</typeOfPackages>\
             <numberOfPackages>10</numberOfPackages><shippingMarks>AZ {number}</shippingMarks></Packaging>\
             </ConsignmentItem>"
        )
    };
    format!(
        "<CustomsOfficeOfDeparture><referenceNumber>KZALA001</referenceNumber></CustomsOfficeOfDeparture>\
         <CustomsOfficeOfDestinationDeclared><referenceNumber>UZTAS001</referenceNumber>\
         </CustomsOfficeOfDestinationDeclared>{}{}\
         <HolderOfTheTransitProcedure><identificationNumber>{holder}</identificationNumber>\
         </HolderOfTheTransitProcedure>{}<Consignment><countryOfDispatch>KZ</countryOfDispatch>\
         <countryOfDestination>UZ</countryOfDestination><containerIndicator>0</containerIndicator>\
         <inlandModeOfTransport>3</inlandModeOfTransport><grossMass>1200.5</grossMass>\
         <referenceNumberUCR>UCR-2026-1</referenceNumberUCR>\
         <Consignor><identificationNumber>{holder}</identificationNumber></Consignor>\
         <Consignee><name>Tashkent Savdo</name><Address><streetAndNumber>Navoi 1</streetAndNumber>\
         <postcode>100011</postcode><city>Tashkent</city><country>UZ</country></Address></Consignee>\
         <LocationOfGoods><typeOfLocation>A</typeOfLocation>\
         <qualifierOfIdentification>V</qualifierOfIdentification><CustomsOffice>\
         <referenceNumber>KZALA001</referenceNumber></CustomsOffice></LocationOfGoods>\
         <DepartureTransportMeans><sequenceNumber>1</sequenceNumber>\
         <typeOfIdentification>30</typeOfIdentification><identificationNumber>123ABC02</identificationNumber>\
         <nationality>KZ</nationality></DepartureTransportMeans>\
         <PlaceOfLoading><country>KZ</country><location>Almaty</location></PlaceOfLoading>\
         <HouseConsignment><sequenceNumber>1</sequenceNumber><grossMass>1200.5</grossMass>{}{}</HouseConsignment>\
         </Consignment>",
        transit(1, "KGAKZ001"),
        transit(2, "UZDST001"),
        guarantee(lodging),
        item(1, "851713", "1000"),
        item(2, "610910", "200.5"),
        holder = lodging.holder,
    )
}

fn authorisation(lodging: &Lodging<'_>) -> &'static str {
    if lodging.authorised {
        "<Authorisation><sequenceNumber>1</sequenceNumber><type>C521</type>\
         <referenceNumber>KZ-C521-1</referenceNumber></Authorisation>"
    } else {
        ""
    }
}

fn limit_date(lodging: &Lodging<'_>) -> &'static str {
    if lodging.authorised { "<limitDate>2026-12-20</limitDate>" } else { "" }
}

/// IE015.
pub(crate) fn declaration(lodging: &Lodging<'_>, identification: &str) -> String {
    format!(
        "<n:CC015C {NAMESPACE}>{}<TransitOperation><LRN>{}</LRN><declarationType>T1</declarationType>\
         <additionalDeclarationType>{}</additionalDeclarationType><security>0</security>\
         <reducedDatasetIndicator>0</reducedDatasetIndicator><bindingItinerary>0</bindingItinerary>{}\
         </TransitOperation>{}{}</n:CC015C>",
        head("CC015C", lodging.holder, identification),
        lodging.lrn,
        lodging.additional_type,
        limit_date(lodging),
        authorisation(lodging),
        body(lodging),
    )
}

/// IE013 about `mrn`, amending guarantees only.
pub(crate) fn guarantee_amendment(lodging: &Lodging<'_>, mrn: &str, identification: &str) -> String {
    format!(
        "<n:CC013C {NAMESPACE}>{}<TransitOperation><MRN>{mrn}</MRN><declarationType>T1</declarationType>\
         <additionalDeclarationType>{}</additionalDeclarationType><security>0</security>\
         <reducedDatasetIndicator>0</reducedDatasetIndicator><bindingItinerary>0</bindingItinerary>\
         <amendmentTypeFlag>1</amendmentTypeFlag></TransitOperation>{}</n:CC013C>",
        head("CC013C", lodging.holder, identification),
        lodging.additional_type,
        body(lodging),
    )
}

/// IE013 about `mrn`, amending what is not a guarantee.
pub(crate) fn amendment(lodging: &Lodging<'_>, mrn: &str, identification: &str) -> String {
    let amended = guarantee_amendment(lodging, mrn, identification);
    amended.replace("<amendmentTypeFlag>1<", "<amendmentTypeFlag>0<")
}

/// IE054 about `mrn`: whether the goods shall go.
pub(crate) fn release_request(holder: &str, mrn: &str, agreed: bool, identification: &str) -> String {
    format!(
        "<n:CC054C {NAMESPACE}>{}<TransitOperation><MRN>{mrn}</MRN><releaseRequested>{}</releaseRequested>\
         <releaseRequestDateAndTime>2026-11-20T09:00:00</releaseRequestDateAndTime></TransitOperation>\
         <CustomsOfficeOfDeparture><referenceNumber>KZALA001</referenceNumber></CustomsOfficeOfDeparture>\
         <HolderOfTheTransitProcedure><identificationNumber>{holder}</identificationNumber>\
         </HolderOfTheTransitProcedure></n:CC054C>",
        head("CC054C", holder, identification),
        u8::from(agreed),
    )
}

/// IE141 about `mrn`: where the goods are said to have been.
pub(crate) fn enquiry_answer(holder: &str, mrn: &str, identification: &str) -> String {
    format!(
        "<n:CC141C {NAMESPACE}>{}<TransitOperation><MRN>{mrn}</MRN></TransitOperation>\
         <CustomsOfficeOfDestinationActual><referenceNumber>UZTAS001</referenceNumber>\
         </CustomsOfficeOfDestinationActual>\
         <CustomsOfficeOfEnquiryAtDeparture><referenceNumber>KZALA001</referenceNumber>\
         </CustomsOfficeOfEnquiryAtDeparture>\
         <HolderOfTheTransitProcedure><identificationNumber>{holder}</identificationNumber>\
         </HolderOfTheTransitProcedure><Enquiry><text>the goods were delivered on time</text></Enquiry></n:CC141C>",
        head("CC141C", holder, identification),
    )
}

/// IE034 of `requester` about one guarantee.
pub(crate) fn guarantee_query(requester: &str, grn: &str, access_code: &str, query: u8) -> String {
    format!(
        "<n:CC034C {NAMESPACE}>{}<Requester><identificationNumber>{requester}</identificationNumber>\
         <role>1</role></Requester><GuaranteeReference><sequenceNumber>1</sequenceNumber><GRN>{grn}</GRN>\
         <GuaranteeQuery><queryIdentifier>{query}</queryIdentifier></GuaranteeQuery>\
         <AccessCode><accessCode>{access_code}</accessCode></AccessCode></GuaranteeReference></n:CC034C>",
        head("CC034C", requester, "Q1"),
    )
}

/// IE014 about `mrn`.
pub(crate) fn invalidation(holder: &str, mrn: &str, identification: &str) -> String {
    format!(
        "<n:CC014C {NAMESPACE}>{}<TransitOperation><MRN>{mrn}</MRN></TransitOperation><Invalidation>\
         <requestDateAndTime>2026-11-20T09:00:00</requestDateAndTime><initiatedByCustoms>0</initiatedByCustoms>\
         <justification>the order was withdrawn</justification></Invalidation>\
         <CustomsOfficeOfDeparture><referenceNumber>KZALA001</referenceNumber></CustomsOfficeOfDeparture>\
         <HolderOfTheTransitProcedure><identificationNumber>{holder}</identificationNumber>\
         </HolderOfTheTransitProcedure></n:CC014C>",
        head("CC014C", holder, identification),
    )
}

/// IE007 about `mrn` by the authorised consignee `trader`.
pub(crate) fn arrival(trader: &str, mrn: &str, identification: &str) -> String {
    format!(
        "<n:CC007C {NAMESPACE}>{}<TransitOperation><MRN>{mrn}</MRN>\
         <arrivalNotificationDateAndTime>2026-11-22T08:00:00</arrivalNotificationDateAndTime>\
         <simplifiedProcedure>1</simplifiedProcedure></TransitOperation>\
         <Authorisation><sequenceNumber>1</sequenceNumber><type>C522</type>\
         <referenceNumber>UZ-C522-1</referenceNumber></Authorisation>\
         <CustomsOfficeOfDestinationActual><referenceNumber>UZTAS001</referenceNumber>\
         </CustomsOfficeOfDestinationActual><TraderAtDestination><identificationNumber>{trader}</identificationNumber>\
         </TraderAtDestination><Consignment><LocationOfGoods><typeOfLocation>A</typeOfLocation>\
         <qualifierOfIdentification>V</qualifierOfIdentification><CustomsOffice>\
         <referenceNumber>UZTAS001</referenceNumber></CustomsOffice></LocationOfGoods></Consignment></n:CC007C>",
        head("CC007C", trader, identification),
    )
}

/// IE044 about `mrn`: unloaded completely, everything in order.
pub(crate) fn remarks(trader: &str, mrn: &str, identification: &str) -> String {
    format!(
        "<n:CC044C {NAMESPACE}>{}<TransitOperation><MRN>{mrn}</MRN></TransitOperation>\
         <CustomsOfficeOfDestinationActual><referenceNumber>UZTAS001</referenceNumber>\
         </CustomsOfficeOfDestinationActual><TraderAtDestination><identificationNumber>{trader}</identificationNumber>\
         </TraderAtDestination><UnloadingRemark><conform>1</conform>\
         <unloadingCompletion>1</unloadingCompletion><unloadingDate>2026-11-22</unloadingDate></UnloadingRemark>\
         </n:CC044C>",
        head("CC044C", trader, identification),
    )
}
