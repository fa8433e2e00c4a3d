// How a declaration is filled in, field by field.

const BRAKE_PADS = {
  goods: 'Brake pads for lorries',
  code: '870830',
  gross: '2210.250',
  net: '2104',
  packages: '96',
};
const TYRES = {
  goods: 'Tyres for lorries',
  code: '401120',
  gross: '1270.250',
  net: '1188.4',
  packages: '40',
};
const CHILONZOR = {
  name: 'Chilonzor Auto Parts LLC',
  street: 'Bunyodkor Avenue 47',
  postcode: '100096',
  city: 'Tashkent',
};
const YANGIHAYOT = {
  name: 'Yangihayot Tyres LLC',
  street: 'Sergeli Street 12',
  postcode: '100085',
  city: 'Tashkent',
};

/** Fills in a declaration from Almaty to Tashkent with two items for one consignee and leaves it unchecked. */
export async function complete(person, { grn, accessCode, amount = '10000' }) {
  await journey(person, { grn, accessCode, amount });
  await consignee(person, 'Consignment', CHILONZOR);
  await item(person, 0, BRAKE_PADS);
  await person.press('Goods item: add');
  await item(person, 1, TYRES);
}

/** Fills in a declaration from Almaty to Tashkent with two consignments, each for a consignee of its own. */
export async function twoConsignments(person, { grn, accessCode, amount = '10000' }) {
  await journey(person, { grn, accessCode, amount });
  await item(person, 0, BRAKE_PADS, 0);
  await person.press('House consignment: add');
  await item(person, 0, TYRES, 1);
  await consignee(person, 'Consignment.HouseConsignment.0', CHILONZOR);
  await consignee(person, 'Consignment.HouseConsignment.1', YANGIHAYOT);
}

/** What a new declaration says of the journey, the guarantee and the lorry. */
async function journey(person, what) {
  await person.press('New declaration');
  await person.page.waitForURL(/\/desk\/drafts\//);
  await person.fill('CustomsOfficeOfDeparture.referenceNumber', 'KZALA001');
  await person.fill('CustomsOfficeOfDestinationDeclared.referenceNumber', 'UZTAS001');
  await person.fill('CustomsOfficeOfTransitDeclared.0.referenceNumber', 'KGAKZ001');
  await person.press('Declared customs office of transit: add');
  await person.fill('CustomsOfficeOfTransitDeclared.1.referenceNumber', 'UZDST001');
  await guarantee(person, what);
  await person.fill('Consignment.referenceNumberUCR', 'ALT-TAS-7781');
  const lorry = 'Consignment.DepartureTransportMeans.0';
  await person.fill(`${lorry}.identificationNumber`, '417AKB02');
  await person.fill(`${lorry}.nationality`, 'KZ');
  await person.holds(`${lorry}.typeOfIdentification`, '30');
  await person.fill('Consignment.PlaceOfLoading.location', 'Almaty');
}

/** Fills in a consignee; the country follows from that of the destination. */
async function consignee(person, around, { name, street, postcode, city }) {
  const at = `${around}.Consignee`;
  await person.fill(`${at}.name`, name);
  await person.fill(`${at}.Address.streetAndNumber`, street);
  await person.fill(`${at}.Address.postcode`, postcode);
  await person.fill(`${at}.Address.city`, city);
  await person.holds(`${at}.Address.country`, 'UZ');
}

export async function guarantee(person, { grn, accessCode, amount }) {
  const reference = 'Guarantee.0.GuaranteeReference.0';
  await person.fill(`${reference}.GRN`, grn);
  await person.fill(`${reference}.accessCode`, accessCode);
  await person.fill(`${reference}.amountToBeCovered`, amount);
}

/** Fills in the goods item at `place` of a house consignment. */
export async function item(person, place, { goods, code, gross, net, packages }, house = 0) {
  const at = `Consignment.HouseConsignment.${house}.ConsignmentItem.${place}`;
  await person.fill(`${at}.Commodity.descriptionOfGoods`, goods);
  await person.fill(`${at}.Commodity.CommodityCode.harmonizedSystemSubHeadingCode`, code);
  await person.fill(`${at}.Commodity.GoodsMeasure.grossMass`, gross);
  await person.fill(`${at}.Commodity.GoodsMeasure.netMass`, net);
  await person.fill(`${at}.Packaging.0.typeOfPackages`, 'CT');
  await person.fill(`${at}.Packaging.0.numberOfPackages`, packages);
  await person.fill(`${at}.Packaging.0.shippingMarks`, `ALT 7781/${house + place + 1}`);
}
