// A chart: what it shows stands in its name and in a table near it, for who cannot see it.
import { useEffect, useRef, useState } from 'react';
import { t } from '../app/texts';
import type { Plot } from '../charts';
import { Notice } from './parts';

export function Chart({ label, plot }: { label: string; plot: Plot }) {
  const place = useRef<HTMLDivElement>(null);
  const [fault, setFault] = useState(false);
  useEffect(() => {
    let over = false;
    let end: (() => void) | undefined;
    import('../charts').then(
      ({ draw }) => {
        if (!over && place.current) end = draw(place.current, plot);
      },
      () => !over && setFault(true),
    );
    return () => {
      over = true;
      end?.();
    };
  }, [plot]);
  if (fault) return <Notice tone="warn" title={t('chart.unreachable')} />;
  return <div ref={place} className="chart" role="img" aria-label={label} />;
}
