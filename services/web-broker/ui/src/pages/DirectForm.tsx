// A message that is no draft: filled in, checked, signed and sent at once; until then it is kept in this browser.
import { type ReactNode, useCallback, useState } from 'react';
import { ask, type Finding } from '../api/graphql';
import { useAction } from '../api/use';
import type { Session } from '../app/session';
import { t } from '../app/texts';
import { useKept } from '../app/use-kept';
import { suggested } from '../form/begin';
import type { Definition } from '../form/catalogue';
import type { Form } from '../form/context';
import { without } from '../form/findings';
import { contentOf } from '../form/keep';
import { type Checked, MessageForm, Summary, UNCHECKED } from '../form/MessageForm';
import { useNeeds } from '../form/needs';
import { type Path, put, type Tree } from '../form/tree';
import { useFindingForm } from '../form/use-form';
import { CheckMessage } from '../generated/documents';
import { Button, Notice, Refused, Title } from '../ui/parts';
import { Review } from './Review';

/** How what is entered is more than what is sent of it. */
export type Shape = {
  /** What the form began with, against which it is compared. */
  original: Tree;
  /** What is sent of what was entered. */
  sent: (tree: Tree) => Tree;
  /** Errors in what was sent, at their places in what was entered. */
  relocated: (errors: readonly Finding[], tree: Tree) => readonly Finding[];
  /** What follows from what was entered. */
  adjusted: (tree: Tree) => Tree;
  /** Occurrences that may be changed and not removed. */
  stays: (path: Path) => boolean;
};

type Props = {
  session: Session;
  definition: Definition;
  begin: Tree;
  /** Errors for which it was refused before. */
  errors?: readonly Finding[];
  shape?: Shape;
  place: string;
  title: string;
  words?: ReactNode;
  onSend: (signed: { content: string; signature: string }) => Promise<void>;
};

export function DirectForm(props: Props) {
  const { session, definition, begin, errors = [], shape, place, title, words, onSend } = props;
  const kept = useKept<{ tree: Tree }>(place, { tree: begin });
  const { tree } = kept.value;
  const [told, setTold] = useState(errors);
  const [checked, setChecked] = useState<Checked>({ ...UNCHECKED, at: errors.length > 0 ? 1 : 0 });
  const [review, setReview] = useState(false);
  const action = useAction();
  const change = kept.set;
  const set = useCallback<Form['set']>(
    (path, value) => {
      change((before) => {
        const next = put(before.tree, path, value);
        const filled = typeof value === 'string' ? suggested(next, path.join('.'), value) : next;
        return { tree: shape ? shape.adjusted(filled) : filled };
      });
      setTold((before) => without(definition, before, path));
    },
    [change, definition, shape],
  );
  const form = useFindingForm({ session, definition, told, readOnly: false, set, stays: shape?.stays });
  const needs = useNeeds(definition, tree, session.party);
  const sent = shape ? shape.sent(tree) : tree;
  const check = () =>
    action.run(async () => {
      const content = contentOf(definition, sent, session.party, true);
      const { messageCheck } = await ask(CheckMessage, { input: { content, format: 'JSON' } });
      setTold(shape ? shape.relocated(messageCheck.errors, tree) : messageCheck.errors);
      setChecked(({ at }) => ({ at: at + 1, valid: false }));
      if (messageCheck.valid) setReview(true);
    });
  if (review) {
    return (
      <Review
        definition={definition}
        tree={tree}
        sent={sent}
        session={session}
        title={title}
        original={shape?.original}
        onBack={() => setReview(false)}
        onSend={async (signed) => {
          await onSend(signed);
          kept.clear();
        }}
      />
    );
  }
  return (
    <>
      <Title>{title}</Title>
      {words}
      {kept.restored && (
        <Notice tone="busy" title={t('draft.restored')}>
          <p>
            <Button
              onClick={() => {
                kept.clear();
                setTold(errors);
              }}
            >
              {t('direct.anew')}
            </Button>
          </p>
        </Notice>
      )}
      <Summary form={form} checked={checked} />
      <Refused refusal={action.refusal} />
      <MessageForm form={form} tree={tree} needs={shape ? undefined : needs} />
      <div className="bar">
        <Button kind="main" onClick={check} busy={action.busy}>
          {t('draft.check')}
        </Button>
        <span className="saved">{t('direct.kept')}</span>
      </div>
    </>
  );
}
