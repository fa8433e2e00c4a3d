// Messages of the bus that could not be acted on, of every service, each with why and a way to try it again.
import { ask } from '../api/graphql';
import { usePages } from '../api/pages';
import { useAction } from '../api/use';
import { instant, t, word } from '../app/texts';
import { DeadLetters, type DeadLettersAnswer, ReplayDeadLetter } from '../generated/documents';
import { Button, Empty, Facts, More, Panel, Refused, Title, Waiting } from '../ui/parts';

const SERVICES = [
  'DECLARATIONS',
  'GUARANTEES',
  'NOTIFICATIONS',
  'REFERENCES',
  'STATISTICS',
  'WEB_BROKER',
] as const;
type Service = (typeof SERVICES)[number];
type Letter = DeadLettersAnswer['deadLetters']['items'][number];

export function DeadLettersPage() {
  return (
    <>
      <Title>{t('nav.dead-letters')}</Title>
      <p>{t('letters.hint')}</p>
      {SERVICES.map((service) => (
        <Letters key={service} service={service} />
      ))}
    </>
  );
}

function Letters({ service }: { service: Service }) {
  const list = usePages(DeadLetters, { service, first: 20 }, ({ deadLetters }) => ({
    nodes: deadLetters.items,
    next: deadLetters.next,
  }));
  const { nodes, refusal, again } = list;
  const action = useAction();
  const replay = (id: string) =>
    action.run(async () => {
      await ask(ReplayDeadLetter, { input: { service, id } });
      await again();
    });
  return (
    <Panel
      title={word('service', service)}
      tools={
        <Button aria-label={`${t('queue.again')}: ${word('service', service)}`} onClick={again}>
          {t('queue.again')}
        </Button>
      }
    >
      <Refused refusal={refusal ?? action.refusal} again={again} />
      {!nodes && !refusal && <Waiting />}
      {nodes?.length === 0 && <Empty>{t('letters.none')}</Empty>}
      {nodes?.map((letter) => (
        <OneLetter key={letter.id} letter={letter} busy={action.busy} onReplay={() => replay(letter.id)} />
      ))}
      <More page={list.page} onMore={list.more} />
    </Panel>
  );
}

function OneLetter({ letter, busy, onReplay }: { letter: Letter; busy: boolean; onReplay: () => void }) {
  return (
    <article className="told">
      <div className="panel-head">
        <h3>{letter.name}</h3>
        <div className="tools">
          <Button aria-label={`${t('letters.replay')}: ${letter.name}`} onClick={onReplay} busy={busy}>
            {t('letters.replay')}
          </Button>
        </div>
      </div>
      <Facts
        rows={[
          [t('letters.reason'), letter.reason],
          [t('letters.kind'), letter.kind],
          [t('letters.attempts'), String(letter.attempts)],
          [t('letters.parked'), instant(letter.parkedAt)],
          [t('error.correlation'), letter.correlationId],
          [t('letters.aggregate'), letter.aggregate],
        ]}
      />
      <details>
        <summary>{t('letters.body')}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre className="raw" tabIndex={0}>
          {letter.body}
        </pre>
      </details>
    </article>
  );
}
