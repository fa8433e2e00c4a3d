// What the trader may do with a movement: copy, repair, amend, withdraw, present the goods.
import { type FormEvent, useState } from 'react';
import { ask } from '../api/graphql';
import { useAction } from '../api/use';
import { mayDeclare } from '../app/areas';
import { go } from '../app/router';
import { currentSigner, type Session } from '../app/session';
import { t, word } from '../app/texts';
import { useKept } from '../app/use-kept';
import { freshLrn } from '../form/begin';
import { definition, type Phase } from '../form/catalogue';
import { declared } from '../form/exchanged';
import { amendment, followUp, presentation, withdrawal } from '../form/follow-up';
import type { Message } from '../form/json';
import { contentOf } from '../form/keep';
import { put } from '../form/tree';
import { type MessageParts, type MovementParts, SendDepartureMessage } from '../generated/documents';
import { Button, Dialog, Notice, Refused, TextField } from '../ui/parts';
import { openAsDraft } from './Desk';
import { OpenKey } from './SignIn';

const MAY_AMEND = [
  'pre-lodged',
  'awaiting-acceptance',
  'awaiting-release',
  'amendment-requested',
  'guarantee-under-amendment',
];
/** What customs asks the holder, and the message that answers it. */
const ANSWERS: Readonly<Record<string, 'CC141C' | 'CC054C'>> = {
  'under-enquiry': 'CC141C',
  'minor-discrepancies': 'CC054C',
};
const MAY_WITHDRAW = [
  'pre-lodged',
  'awaiting-acceptance',
  'guarantee-under-amendment',
  'awaiting-release',
  'amendment-requested',
];

type Props = {
  session: Session;
  movement: MovementParts;
  messages: readonly MessageParts[];
  onDone: () => void;
};

export function TraderActions({ session, movement, messages, onDone }: Props) {
  const action = useAction();
  const [withdrawing, setWithdrawing] = useState(false);
  const own = session.party === movement.holder || session.party === movement.representative;
  if (!mayDeclare(session) || !own) return null;
  const open = (make: (declared: Message) => Promise<string>) =>
    action.run(async () => go(`/desk/drafts/${await make(await declared(messages))}`));
  const copy = () =>
    open((message) =>
      openAsDraft(
        'CC015C',
        message.phase,
        put(message.tree, ['TransitOperation', 'LRN'], freshLrn()),
        session.party,
      ),
    );
  const repair = () => open((message) => openAsDraft('CC015C', message.phase, message.tree, session.party));
  const amend = () =>
    open(async ({ phase, tree }) => {
      const found = await definition('CC013C', phase);
      const guarantees = movement.state === 'guarantee-under-amendment';
      const begin = amendment(found, tree, movement.mrn, guarantees);
      return openAsDraft('CC013C', phase, begin, session.party);
    });
  const present = () =>
    open(async ({ phase, tree }) =>
      openAsDraft('CC170C', phase, presentation(await definition('CC170C', phase), tree), session.party),
    );
  const asked = ANSWERS[movement.state];
  const answer = (type: 'CC141C' | 'CC054C') =>
    open(async ({ phase, tree }) =>
      openAsDraft(type, phase, followUp(await definition(type, phase), tree, movement.mrn), session.party),
    );
  const busy = action.busy || messages.length === 0;
  return (
    <>
      <Refused refusal={action.refusal} />
      <div className="tools">
        {movement.state === 'rejected' && (
          <Button kind="main" onClick={repair} busy={busy}>
            {t('trader.repair')}
          </Button>
        )}
        {MAY_AMEND.includes(movement.state) && (
          <Button kind="main" onClick={amend} busy={busy}>
            {t('trader.amend')}
          </Button>
        )}
        {movement.state === 'pre-lodged' && (
          <Button onClick={present} busy={busy}>
            {t('trader.present')}
          </Button>
        )}
        {asked && (
          <Button kind="main" onClick={() => answer(asked)} busy={busy}>
            {word('trader-answer', asked)}
          </Button>
        )}
        <Button onClick={copy} busy={busy}>
          {t('trader.copy')}
        </Button>
        {MAY_WITHDRAW.includes(movement.state) && (
          <Button kind="danger" onClick={() => setWithdrawing(true)}>
            {t('trader.withdraw')}
          </Button>
        )}
      </div>
      {withdrawing && (
        <Withdraw
          session={session}
          movement={movement}
          messages={messages}
          onClose={() => setWithdrawing(false)}
          onDone={() => {
            setWithdrawing(false);
            onDone();
          }}
        />
      )}
    </>
  );
}

function Withdraw({ session, movement, messages, onClose, onDone }: Props & { onClose: () => void }) {
  const kept = useKept(`withdraw.${movement.id}`, { reason: '' });
  const { reason } = kept.value;
  const [fault, setFault] = useState('');
  const [opening, setOpening] = useState(false);
  const action = useAction();
  const send = async () => {
    if (!reason.trim()) {
      setFault(t('withdraw.reason.missing'));
      return;
    }
    setFault('');
    const signer = currentSigner();
    if (!signer) {
      setOpening(true);
      return;
    }
    const sent = await action.run(async () => {
      const { phase, tree } = await declared(messages);
      const found = await definition('CC014C', phase as Phase);
      const content = contentOf(
        found,
        withdrawal(found, tree, movement.mrn, reason, new Date()),
        session.party,
        true,
      );
      const input = {
        movement: movement.id,
        content,
        signature: await signer.sign(content),
        format: 'JSON' as const,
      };
      await ask(SendDepartureMessage, { input });
    });
    if (!sent) return;
    kept.clear();
    onDone();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  if (opening) {
    return (
      <OpenKey
        onClose={() => setOpening(false)}
        onOpen={() => {
          setOpening(false);
          send();
        }}
      />
    );
  }
  return (
    <Dialog title={t('trader.withdraw')} onClose={onClose}>
      <form className="plain" onSubmit={submit} noValidate>
        <Notice tone="warn" title={t('withdraw.words')} />
        <Refused refusal={action.refusal} />
        <TextField
          label={t('withdraw.reason')}
          value={reason}
          onChange={(typed) => kept.set({ reason: typed })}
          error={fault}
          maxLength={512}
        />
        <div className="tools">
          <Button type="submit" kind="main" busy={action.busy}>
            {t('withdraw.send')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
