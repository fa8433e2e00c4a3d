//! What is carried in the demo: two items on one lorry, the same in every declaration.

use super::documents::DEPARTURE;

/// How many goods items there are.
pub(super) const ITEMS: i64 = 2;

/// The values of the group `Consignment`, each with its path.
pub(super) const CONSIGNMENT: &[(&str, &str)] = &[
    ("Consignment/countryOfDispatch", "KZ"),
    ("Consignment/countryOfDestination", "UZ"),
    ("Consignment/containerIndicator", "0"),
    ("Consignment/inlandModeOfTransport", "3"),
    ("Consignment/grossMass", "3480.500"),
    ("Consignment/referenceNumberUCR", "ALT-TAS-7781"),
    ("Consignment/Consignee/name", "Chilonzor Auto Parts LLC"),
    ("Consignment/Consignee/Address/streetAndNumber", "Bunyodkor Avenue 47"),
    ("Consignment/Consignee/Address/postcode", "100096"),
    ("Consignment/Consignee/Address/city", "Tashkent"),
    ("Consignment/Consignee/Address/country", "UZ"),
    ("Consignment/TransportEquipment/sequenceNumber", "1"),
    ("Consignment/TransportEquipment/numberOfSeals", "1"),
    ("Consignment/TransportEquipment/Seal/sequenceNumber", "1"),
    ("Consignment/TransportEquipment/Seal/identifier", "KZ0048812"),
    ("Consignment/TransportEquipment/GoodsReference[1]/sequenceNumber", "1"),
    ("Consignment/TransportEquipment/GoodsReference[1]/declarationGoodsItemNumber", "1"),
    ("Consignment/TransportEquipment/GoodsReference[2]/sequenceNumber", "2"),
    ("Consignment/TransportEquipment/GoodsReference[2]/declarationGoodsItemNumber", "2"),
    ("Consignment/LocationOfGoods/typeOfLocation", "A"),
    ("Consignment/LocationOfGoods/qualifierOfIdentification", "V"),
    ("Consignment/LocationOfGoods/CustomsOffice/referenceNumber", DEPARTURE),
    ("Consignment/DepartureTransportMeans/sequenceNumber", "1"),
    ("Consignment/DepartureTransportMeans/typeOfIdentification", "30"),
    ("Consignment/DepartureTransportMeans/identificationNumber", "417AKB02"),
    ("Consignment/DepartureTransportMeans/nationality", "KZ"),
    ("Consignment/PlaceOfLoading/country", "KZ"),
    ("Consignment/PlaceOfLoading/location", "Almaty"),
    ("Consignment/HouseConsignment/sequenceNumber", "1"),
    ("Consignment/HouseConsignment/grossMass", "3480.500"),
    ("Consignment/HouseConsignment/ConsignmentItem[1]/goodsItemNumber", "1"),
    ("Consignment/HouseConsignment/ConsignmentItem[1]/declarationGoodsItemNumber", "1"),
    (
        "Consignment/HouseConsignment/ConsignmentItem[1]/Commodity/descriptionOfGoods",
        "Brake pads for lorries",
    ),
    (
        "Consignment/HouseConsignment/ConsignmentItem[1]/Commodity/CommodityCode/harmonizedSystemSubHeadingCode",
        "870830",
    ),
    ("Consignment/HouseConsignment/ConsignmentItem[1]/Commodity/GoodsMeasure/grossMass", "2210.250"),
    ("Consignment/HouseConsignment/ConsignmentItem[1]/Commodity/GoodsMeasure/netMass", "2104.000"),
    ("Consignment/HouseConsignment/ConsignmentItem[1]/Packaging/sequenceNumber", "1"),
    ("Consignment/HouseConsignment/ConsignmentItem[1]/Packaging/typeOfPackages", "CT"),
    ("Consignment/HouseConsignment/ConsignmentItem[1]/Packaging/numberOfPackages", "96"),
    ("Consignment/HouseConsignment/ConsignmentItem[1]/Packaging/shippingMarks", "ALT 7781/1-96"),
    ("Consignment/HouseConsignment/ConsignmentItem[2]/goodsItemNumber", "2"),
    ("Consignment/HouseConsignment/ConsignmentItem[2]/declarationGoodsItemNumber", "2"),
    ("Consignment/HouseConsignment/ConsignmentItem[2]/Commodity/descriptionOfGoods", "Tyres for lorries"),
    (
        "Consignment/HouseConsignment/ConsignmentItem[2]/Commodity/CommodityCode/harmonizedSystemSubHeadingCode",
        "401120",
    ),
    ("Consignment/HouseConsignment/ConsignmentItem[2]/Commodity/GoodsMeasure/grossMass", "1270.250"),
    ("Consignment/HouseConsignment/ConsignmentItem[2]/Commodity/GoodsMeasure/netMass", "1188.400"),
    ("Consignment/HouseConsignment/ConsignmentItem[2]/Packaging/sequenceNumber", "1"),
    ("Consignment/HouseConsignment/ConsignmentItem[2]/Packaging/typeOfPackages", "CT"),
    ("Consignment/HouseConsignment/ConsignmentItem[2]/Packaging/numberOfPackages", "40"),
    ("Consignment/HouseConsignment/ConsignmentItem[2]/Packaging/shippingMarks", "ALT 7781/97-136"),
];
