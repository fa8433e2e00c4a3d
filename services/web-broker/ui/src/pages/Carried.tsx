// What a movement carries, at a glance: who for, by what vehicle, under which seals, which goods.
import { partOf, usePages } from '../api/pages';
import { useAsk } from '../api/use';
import { count, t } from '../app/texts';
import { read } from '../form/json';
import { groups, type Tree, text } from '../form/tree';
import { MovementActs, type MovementParts, OneDeclaration, OneMovement } from '../generated/documents';
import { Named, RouteOf } from '../ui/Names';
import { Dialog, Facts, Refused, State, Table, Waiting } from '../ui/parts';

/** How many goods items are shown; the rest is at the movement. */
const ITEMS_MOST = 10;

export function Carried({ movement }: { movement: MovementParts }) {
  const { data, refusal } = useAsk(OneDeclaration, { movement: movement.id });
  const acts = usePages(MovementActs, { movement: movement.id, first: 100 }, ({ movementActs }) =>
    partOf(movementActs),
  );
  if (refusal) return <Refused refusal={refusal} />;
  const tree = data && read(data.movementDeclaration.body)?.tree;
  if (!tree) return <Waiting />;
  // Seals that an office has put on last count more than those that were declared.
  const put = [...(acts.nodes ?? [])].sort((one, other) => other.number - one.number);
  const newest = put.find(({ seals }) => seals.length > 0);
  const seals = newest?.seals ?? sealsOf(tree);
  const items = itemsOf(tree);
  return (
    <div className="stack" data-carried={movement.mrn}>
      <Facts
        rows={[
          [t('movement.state'), <State key="state" name={movement.state} />],
          [t('movement.holder'), <Named key="holder" family="party" code={movement.holder} />],
          [
            t('movement.route'),
            <RouteOf key="route" from={movement.departureOffice} to={movement.destinationOffice} />,
          ],
          [t('carried.vehicles'), vehiclesOf(tree).join(', ')],
          [t('carried.containers'), containersOf(tree).join(', ')],
          [t('acts.seals'), seals.length > 0 ? seals.join(', ') : t('carried.no-seals')],
        ]}
      />
      <Table
        caption={t('carried.goods')}
        heads={[t('carried.item'), t('carried.goods'), t('carried.code'), t('statistics.mass')]}
      >
        {items.slice(0, ITEMS_MOST).map((one, at) => (
          <tr key={at}>
            <td className="num">{text(one, ['declarationGoodsItemNumber']) || at + 1}</td>
            <td>{text(one, ['Commodity', 'descriptionOfGoods'])}</td>
            <td>
              {text(one, ['Commodity', 'CommodityCode', 'harmonizedSystemSubHeadingCode'])}
              {text(one, ['Commodity', 'CommodityCode', 'combinedNomenclatureCode'])}
            </td>
            <td className="num">{text(one, ['Commodity', 'GoodsMeasure', 'grossMass'])}</td>
          </tr>
        ))}
      </Table>
      {items.length > ITEMS_MOST && (
        <p className="small">{t('carried.more', { count: count(items.length - ITEMS_MOST) })}</p>
      )}
    </div>
  );
}

/** What a movement carries, over the page where it was asked for. */
export function CarriedDialog({ id, title, onClose }: { id: string; title: string; onClose: () => void }) {
  const { data, refusal, again } = useAsk(OneMovement, { id });
  return (
    <Dialog title={title} onClose={onClose}>
      <Refused refusal={refusal} again={again} />
      {!data && !refusal && <Waiting />}
      {data && <Carried movement={data.movement} />}
      <div className="tools">
        <button type="button" className="button plain" onClick={onClose}>
          {t('close')}
        </button>
      </div>
    </Dialog>
  );
}

const equipment = (tree: Tree) => groups(tree, ['Consignment', 'TransportEquipment']);

function sealsOf(tree: Tree): string[] {
  return equipment(tree).flatMap((one) => groups(one, ['Seal']).map((seal) => text(seal, ['identifier'])));
}

function containersOf(tree: Tree): string[] {
  return equipment(tree)
    .map((one) => text(one, ['containerIdentificationNumber']))
    .filter(Boolean);
}

/** Vehicles at departure and at the border, each once, with its country. */
function vehiclesOf(tree: Tree): string[] {
  const means = ['DepartureTransportMeans', 'ActiveBorderTransportMeans'].flatMap((name) =>
    groups(tree, ['Consignment', name]),
  );
  const told = means.map((one) =>
    [text(one, ['identificationNumber']), text(one, ['nationality'])].filter(Boolean).join(' · '),
  );
  return [...new Set(told.filter(Boolean))];
}

function itemsOf(tree: Tree): readonly Tree[] {
  return groups(tree, ['Consignment', 'HouseConsignment']).flatMap((house) =>
    groups(house, ['ConsignmentItem']),
  );
}
