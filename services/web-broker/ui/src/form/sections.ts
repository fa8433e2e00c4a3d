// The tasks of a form, and which of the optional fields are shown from the beginning.
import type { Key } from '../app/texts';
import type { Definition } from './catalogue';

export type Section = { id: string; title: Key | null; paths: readonly string[] };

const DECLARATION: readonly Section[] = [
  { id: 'declaration', title: 'section.declaration', paths: ['TransitOperation', 'Authorisation'] },
  {
    id: 'route',
    title: 'section.route',
    paths: [
      'CustomsOfficeOfDeparture',
      'CustomsOfficeOfDestinationDeclared',
      'Consignment/countryOfDispatch',
      'Consignment/countryOfDestination',
      'CustomsOfficeOfTransitDeclared',
      'CustomsOfficeOfExitForTransitDeclared',
      'Consignment/CountryOfRoutingOfConsignment',
    ],
  },
  {
    id: 'parties',
    title: 'section.parties',
    paths: [
      'HolderOfTheTransitProcedure',
      'Representative',
      'Consignment/Consignor',
      'Consignment/Consignee',
      'Consignment/Carrier',
      'Consignment/AdditionalSupplyChainActor',
    ],
  },
  { id: 'guarantee', title: 'section.guarantee', paths: ['Guarantee'] },
  {
    id: 'transport',
    title: 'section.transport',
    paths: [
      'Consignment/containerIndicator',
      'Consignment/inlandModeOfTransport',
      'Consignment/modeOfTransportAtTheBorder',
      'Consignment/referenceNumberUCR',
      'Consignment/DepartureTransportMeans',
      'Consignment/ActiveBorderTransportMeans',
      'Consignment/TransportEquipment',
      'Consignment/LocationOfGoods',
      'Consignment/PlaceOfLoading',
      'Consignment/PlaceOfUnloading',
      'Consignment/TransportCharges',
    ],
  },
  { id: 'goods', title: 'section.goods', paths: ['Consignment/grossMass', 'Consignment/HouseConsignment'] },
  {
    id: 'documents',
    title: 'section.documents',
    paths: [
      'Consignment/PreviousDocument',
      'Consignment/SupportingDocument',
      'Consignment/TransportDocument',
      'Consignment/AdditionalReference',
      'Consignment/AdditionalInformation',
    ],
  },
];

/** Optional fields that nearly every declaration has. */
const USUAL = new Set([
  'CustomsOfficeOfTransitDeclared',
  'HolderOfTheTransitProcedure/identificationNumber',
  'Guarantee/GuaranteeReference',
  'Guarantee/GuaranteeReference/GRN',
  'Guarantee/GuaranteeReference/accessCode',
  'Consignment/countryOfDispatch',
  'Consignment/countryOfDestination',
  'Consignment/containerIndicator',
  'Consignment/inlandModeOfTransport',
  'Consignment/referenceNumberUCR',
  'Consignment/Consignor',
  'Consignment/Consignor/identificationNumber',
  'Consignment/Consignee',
  'Consignment/Consignee/name',
  'Consignment/Consignee/Address',
  'Consignment/Consignee/Address/postcode',
  'Consignment/DepartureTransportMeans',
  'Consignment/TransportEquipment/Seal',
  'Consignment/LocationOfGoods',
  'Consignment/LocationOfGoods/CustomsOffice',
  'Consignment/PlaceOfLoading',
  'Consignment/PlaceOfLoading/country',
  'Consignment/PlaceOfLoading/location',
  'Consignment/HouseConsignment/Consignee/name',
  'Consignment/HouseConsignment/Consignee/Address',
  'Consignment/HouseConsignment/Consignee/Address/postcode',
  'Consignment/HouseConsignment/ConsignmentItem/Commodity/CommodityCode',
  'Consignment/HouseConsignment/ConsignmentItem/Commodity/GoodsMeasure/netMass',
  'Consignment/HouseConsignment/ConsignmentItem/Packaging/numberOfPackages',
  'Consignment/HouseConsignment/ConsignmentItem/Packaging/shippingMarks',
  'TransitOperation/MRN',
  'Consignment/LocationOfGoods/authorisationNumber',
  'UnloadingRemark/stateOfSeals',
  'UnloadingRemark/unloadingRemark',
  'Invalidation/justification',
  'CustomsOfficeOfDestinationActual',
  'Enquiry',
  'Enquiry/text',
  'Enquiry/TC11DeliveryDate',
]);

/** What is said of each consignment where there are several, instead of once for all. */
const OF_SEVERAL = 'Consignment/HouseConsignment/Consignee';

export function isUsual(path: string, several = false): boolean {
  return USUAL.has(path) || (several && path === OF_SEVERAL);
}

/** The tasks of a message: those of a declaration as people know them, else the whole message as one. */
export function sections(definition: Definition): readonly Section[] {
  if (definition.type === 'CC015C' || definition.type === 'CC013C') return DECLARATION;
  const tops = definition.root.children.filter((child) => child.field.group);
  return [{ id: 'message', title: null, paths: tops.map(({ field }) => field.path) }];
}

/** The section in which a field stands. */
export function sectionOf(all: readonly Section[], path: string): Section | undefined {
  const within = (one: string) => path === one || path.startsWith(`${one}/`) || one.startsWith(`${path}/`);
  return (
    all.find((section) => section.paths.some((one) => path === one || path.startsWith(`${one}/`))) ??
    all.find((section) => section.paths.some(within))
  );
}
