// The declaration of a movement: each version as a document, and what an amendment has changed.
import { useState } from 'react';
import { useAsk } from '../api/use';
import { t } from '../app/texts';
import { Check } from '../form/Check';
import { useDefinition } from '../form/catalogue';
import { Changes } from '../form/Difference';
import { read } from '../form/json';
import { type MovementParts, OneDeclaration } from '../generated/documents';
import { Button, Dialog, Panel, Refused, SelectField, Waiting } from '../ui/parts';

export function Declared({ movement }: { movement: MovementParts }) {
  const inForce = movement.declarationVersion;
  const [chosen, setChosen] = useState<number | null>(null);
  const [open, setOpen] = useState(false);
  const version = chosen ?? inForce;
  return (
    <Panel
      title={t('declared.title')}
      tools={<Button onClick={() => setOpen(true)}>{t('declared.show')}</Button>}
    >
      {inForce > 1 ? (
        <>
          <div className="fields">
            <SelectField
              label={t('declared.version')}
              value={String(version)}
              onChange={(one) => setChosen(Number(one))}
              options={Array.from({ length: inForce }, (_, at) => {
                const one = inForce - at;
                return [
                  String(one),
                  one === inForce ? t('declared.in-force', { version: one }) : String(one),
                ];
              })}
            />
          </div>
          {version > 1 ? (
            <Compared movement={movement.id} version={version} />
          ) : (
            <p className="small">{t('declared.first')}</p>
          )}
        </>
      ) : (
        <p className="small">{t('declared.only')}</p>
      )}
      {open && (
        <Dialog
          title={inForce > 1 ? t('declared.number', { version }) : t('declared.title')}
          onClose={() => setOpen(false)}
        >
          <AsDocument movement={movement.id} version={version} />
          <Button onClick={() => setOpen(false)}>{t('close')}</Button>
        </Dialog>
      )}
    </Panel>
  );
}

function useVersion(movement: string, version: number) {
  const { data, refusal } = useAsk(OneDeclaration, { movement, version });
  const message = data ? read(data.movementDeclaration.body) : null;
  const found = useDefinition(message?.type ?? null, message?.phase ?? '6');
  return { tree: message?.tree ?? null, definition: found.definition, refusal: refusal ?? found.refusal };
}

function AsDocument({ movement, version }: { movement: string; version: number }) {
  const { tree, definition, refusal } = useVersion(movement, version);
  if (refusal) return <Refused refusal={refusal} />;
  return tree && definition ? <Check definition={definition} tree={tree} /> : <Waiting />;
}

/** What a version changes of the one before. */
function Compared({ movement, version }: { movement: string; version: number }) {
  const before = useVersion(movement, version - 1);
  const after = useVersion(movement, version);
  const refusal = before.refusal ?? after.refusal;
  if (refusal) return <Refused refusal={refusal} />;
  if (!before.tree || !after.tree || !after.definition) return <Waiting />;
  return (
    <Changes
      caption={t('declared.changes', { before: version - 1, after: version })}
      definition={after.definition}
      was={before.tree}
      is={after.tree}
    />
  );
}
