// A message that is no draft: filled in, checked, signed and sent at once; until then it is kept in this browser.
import { useCallback, useEffect, useMemo, useState } from 'react';
import { ask } from '../api/graphql';
import { useAction } from '../api/use';
import { mayDeclare } from '../app/areas';
import type { Session } from '../app/session';
import { t } from '../app/texts';
import { suggested } from '../form/begin';
import type { Definition } from '../form/catalogue';
import type { Form } from '../form/context';
import { type Findings, NONE, placed } from '../form/findings';
import { read } from '../form/json';
import { contentOf } from '../form/keep';
import { MessageForm, Summary } from '../form/MessageForm';
import { idOf } from '../form/pointer';
import { put, type Tree } from '../form/tree';
import { CheckMessage } from '../generated/documents';
import { Button, Refused, Title } from '../ui/parts';
import { Review } from './Review';

type Props = {
  session: Session;
  definition: Definition;
  begin: Tree;
  place: string;
  title: string;
  onSend: (signed: { content: string; signature: string }) => Promise<void>;
};

export function DirectForm({ session, definition, begin, place, title, onSend }: Props) {
  const key = `ecustoms.form.${place}`;
  const [tree, setTree] = useState<Tree>(() => read(localStorage.getItem(key) ?? '')?.tree ?? begin);
  const [findings, setFindings] = useState<Findings>(NONE);
  const [review, setReview] = useState(false);
  const action = useAction();
  useEffect(() => {
    localStorage.setItem(key, contentOf(definition, tree, session.party));
  }, [key, definition, tree, session.party]);
  const set = useCallback<Form['set']>((path, value) => {
    setTree((before) => {
      const next = put(before, path, value);
      return typeof value === 'string' ? suggested(next, path.join('.'), value) : next;
    });
    setFindings((before) => new Map([...before].filter(([id]) => id !== idOf(path))));
  }, []);
  const form = useMemo<Form>(
    () => ({ definition, findings, readOnly: false, set, shelf: mayDeclare(session), offers: () => null }),
    [definition, findings, set, session],
  );
  const check = () =>
    action.run(async () => {
      const content = contentOf(definition, tree, session.party, true);
      const { messageCheck } = await ask(CheckMessage, { input: { content, format: 'JSON' } });
      setFindings(placed(definition, messageCheck.errors));
      if (messageCheck.valid) setReview(true);
    });
  if (review) {
    return (
      <Review
        definition={definition}
        tree={tree}
        session={session}
        title={title}
        onBack={() => setReview(false)}
        onSend={async (signed) => {
          await onSend(signed);
          localStorage.removeItem(key);
        }}
      />
    );
  }
  return (
    <>
      <Title>{title}</Title>
      <Summary findings={findings} checked={false} />
      <Refused refusal={action.refusal} />
      <MessageForm form={form} tree={tree} />
      <div className="bar">
        <Button kind="main" onClick={check} busy={action.busy}>
          {t('draft.check')}
        </Button>
        <span className="saved">{t('direct.kept')}</span>
      </div>
    </>
  );
}
