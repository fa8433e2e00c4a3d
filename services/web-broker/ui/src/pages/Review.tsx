// The answers as they will be signed, and the signature.
import { useState } from 'react';
import { useAction } from '../api/use';
import { currentSigner, type Session } from '../app/session';
import { t } from '../app/texts';
import { Check } from '../form/Check';
import type { Definition } from '../form/catalogue';
import { Difference } from '../form/Difference';
import { contentOf } from '../form/keep';
import { isEmpty, type Tree } from '../form/tree';
import { Button, Refused, Title } from '../ui/parts';
import { OpenKey } from './SignIn';

type ReviewProps = {
  definition: Definition;
  tree: Tree;
  /** What is sent of it, where that is not all. */
  sent?: Tree;
  session: Session;
  title: string;
  original?: Tree | null;
  onBack: () => void;
  onSend: (signed: { content: string; signature: string }) => Promise<void>;
};

/** The answers as they will be signed. */
export function Review(props: ReviewProps) {
  const { definition, tree, sent = tree, session, title, original = null, onBack, onSend } = props;
  const action = useAction();
  const [opening, setOpening] = useState(false);
  const send = () =>
    action.run(async () => {
      const signer = currentSigner();
      if (!signer) {
        setOpening(true);
        return;
      }
      const content = contentOf(definition, sent, session.party, true);
      await onSend({ content, signature: await signer.sign(content) });
    });
  return (
    <>
      <Title>{t('review.title')}</Title>
      <p>{t('review.words')}</p>
      <Refused refusal={action.refusal} />
      {original && <Difference definition={definition} was={original} is={tree} />}
      <Check definition={definition} tree={sent} title={title} />
      <div className="bar">
        <Button kind="main" onClick={send} busy={action.busy} disabled={isEmpty(sent)}>
          {t('review.send', { name: currentSigner()?.name || session.name })}
        </Button>
        <Button onClick={onBack}>{t('review.back')}</Button>
      </div>
      {opening && (
        <OpenKey
          onClose={() => setOpening(false)}
          onOpen={() => {
            setOpening(false);
            send();
          }}
        />
      )}
    </>
  );
}
