// The accompanying document of a movement, from the release on: a PDF with a code that customs has sealed.
import { fetchFile } from '../api/graphql';
import { useAction } from '../api/use';
import { saveAs } from '../app/save';
import { t } from '../app/texts';
import type { MovementParts } from '../generated/documents';
import { Button, Refused } from '../ui/parts';

export function Paper({ movement }: { movement: MovementParts }) {
  const action = useAction();
  if (!movement.releasedAt) return null;
  const fetched = () =>
    action.run(async () => {
      const pdf = await fetchFile(
        `/movements/departures/${movement.id}/accompanying-document`,
        'application/pdf',
      );
      saveAs(pdf, `${movement.mrn}.pdf`);
    });
  return (
    <>
      <Button onClick={fetched} busy={action.busy}>
        {t('movement.paper')}
      </Button>
      <Refused refusal={action.refusal} />
    </>
  );
}
