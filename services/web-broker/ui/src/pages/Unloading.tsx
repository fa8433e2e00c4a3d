// Unloading remarks of a trader at destination: begun with what the permission has, so that only what was found otherwise is entered.
import { useEffect, useMemo, useState } from 'react';
import { officeZone } from '../api/codes';
import { ask, type Finding, type Refusal } from '../api/graphql';
import { asRefusal } from '../api/use';
import { go } from '../app/router';
import type { Session } from '../app/session';
import { t } from '../app/texts';
import { today } from '../app/zone';
import { type Definition, definition } from '../form/catalogue';
import { bodyOf, inOrder, messagesOf, refused } from '../form/exchanged';
import { at, isTree, put, type Tree, text } from '../form/tree';
import { hadSeals, overlaid, permitted, relocated, reported } from '../form/unloading';
import { Arrivals, type MessageParts, SendArrivalMessage } from '../generated/documents';
import { Back, Empty, Refused, Title, Waiting } from '../ui/parts';
import { DirectForm, type Shape } from './DirectForm';

/** States of an arrival in which customs takes remarks. */
export const TAKES_REMARKS = ['unloading-permitted', 'remarks-overdue'];

type Begun = {
  mrn: string;
  definition: Definition;
  /** As it would be if all was as declared. */
  conform: Tree;
  begin: Tree;
  errors: readonly Finding[];
};

/** Everything with which the remarks begin; `null` where the arrival does not exist or takes none. */
async function begun(id: string, party: string): Promise<Begun | null> {
  const { arrivals } = await ask(Arrivals, { arrival: id, first: 1 });
  const arrival = arrivals.edges[0]?.node;
  if (!arrival || !TAKES_REMARKS.includes(arrival.state)) return null;
  const messages = await messagesOf(id);
  const { latest, whole } = await permissions(messages);
  const phase = whole?.phase ?? '6';
  const found = await definition('CC044C', phase);
  const was = permitted(found, whole?.tree ?? {});
  const zone = await officeZone(arrival.office).catch(() => null);
  const fresh: Tree = {
    TransitOperation: { MRN: arrival.mrn },
    CustomsOfficeOfDestinationActual: { referenceNumber: arrival.office },
    TraderAtDestination: { identificationNumber: party },
    UnloadingRemark: {
      conform: '1',
      unloadingCompletion: '1',
      unloadingDate: today(zone ?? undefined),
      ...(latest && hadSeals(latest) ? { stateOfSeals: '1' } : {}),
    },
    Consignment: was,
  };
  const answer = await refused(messages, 'CC044C', 'CC057C');
  const begin = answer ? again(fresh, answer.message.tree) : fresh;
  const errors = answer ? relocated(answer.message.tree, begin, answer.errors) : [];
  return { mrn: arrival.mrn, definition: found, conform: fresh, begin, errors };
}

/** The newest permission, and the newest that has the consignment: one to go on unloading has none (C0027). */
async function permissions(messages: readonly MessageParts[]) {
  const bodies = await Promise.all(inOrder(messages, 'CC043C').map(bodyOf));
  const whole = bodies.find((body) => isTree(body?.tree.Consignment)) ?? null;
  return { latest: bodies[0]?.tree ?? null, whole };
}

/** The remarks that were refused, with everything that they did not report. */
function again(fresh: Tree, sent: Tree): Tree {
  const told = overlaid(fresh, sent);
  // The head of a message that was refused is not that of the next.
  return ['messageIdentification', 'preparationDateAndTime'].reduce<Tree>(
    (tree, name) => put(tree, [name], undefined),
    told,
  );
}

function shapeOf({ definition: found, conform: original }: Begun): Shape {
  const was = original.Consignment as Tree;
  const sent = (tree: Tree) => reported(found, was, tree);
  return {
    original,
    sent,
    relocated: (errors, tree) => relocated(sent(tree), tree, errors),
    // What was found otherwise is not conform.
    adjusted: (tree) => {
      const said = text(sent(tree), ['UnloadingRemark', 'conform']);
      return said ? put(tree, ['UnloadingRemark', 'conform'], said) : tree;
    },
    stays: (path) => at(original, path) !== undefined,
  };
}

export function UnloadingPage({ session, parts }: { session: Session; parts: Record<string, string> }) {
  const id = parts.id ?? '';
  const [found, setFound] = useState<Begun | null | undefined>(undefined);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const { party } = session;
  useEffect(() => {
    let over = false;
    begun(id, party).then(
      (told) => !over && setFound(told),
      (error) => !over && setRefusal(asRefusal(error)),
    );
    return () => {
      over = true;
    };
  }, [id, party]);
  const shape = useMemo(() => (found ? shapeOf(found) : undefined), [found]);
  if (!found || !shape) {
    return (
      <>
        <Back href={`/desk/arrivals/${id}`} to="arrivals.title" />
        <Title>{t('arrivals.unloading')}</Title>
        <Refused refusal={refusal} />
        {found === undefined && !refusal && <Waiting />}
        {found === null && <Empty>{t('unloading.not-now')}</Empty>}
      </>
    );
  }
  return (
    <>
      <Back href={`/desk/arrivals/${id}`} to="arrivals.title" />
      <DirectForm
        session={session}
        definition={found.definition}
        begin={found.begin}
        errors={found.errors}
        shape={shape}
        place={`unloading.${found.mrn}`}
        title={t('arrivals.unloading')}
        words={<p>{t('unloading.words')}</p>}
        onSend={async (signed) => {
          await ask(SendArrivalMessage, { input: { arrival: id, ...signed, format: 'JSON' } });
          go(`/desk/arrivals/${id}`, 'replace');
        }}
      />
    </>
  );
}
