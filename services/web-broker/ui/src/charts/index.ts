// Drawing charts: a chunk of its own, loaded when the first chart is shown. The library draws on a canvas and is given no way to
// write markup, so that the content-security policy needs no exception.
import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

export type Plot = {
  kind: 'bars' | 'steps';
  /** What stands along the lower edge. */
  labels: readonly string[];
  series: ReadonlyArray<{ name: string; values: readonly number[] }>;
  /** How a number is written. */
  say: (value: number) => string;
};

const COLOURS = ['#0b3d5c', '#c77f00', '#2f7d5b', '#8a3ffc'];

/** Draws `plot` in `place` until the returned function is called; again after each change of its size. */
export function draw(place: HTMLElement, plot: Plot): () => void {
  // The library empties its place by an empty text of markup; here that only takes the children away.
  Object.defineProperty(place, 'innerHTML', { configurable: true, set: () => place.replaceChildren() });
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const chart = init(place, undefined, { renderer: 'canvas' });
  chart.setOption({
    animation: !still,
    aria: { enabled: false, decal: { show: plot.kind === 'bars' } },
    color: COLOURS,
    textStyle: { fontFamily: getComputedStyle(place).fontFamily },
    grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, selectedMode: false },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      valueFormatter: (value: unknown) => plot.say(Number(value)),
    },
    xAxis: { type: 'category', data: [...plot.labels], axisLabel: { hideOverlap: true } },
    yAxis: { type: 'value', minInterval: 1, axisLabel: { formatter: (value: number) => plot.say(value) } },
    series: plot.series.map(({ name, values }) =>
      plot.kind === 'bars'
        ? { name, type: 'bar', data: [...values], barMaxWidth: 40 }
        : {
            name,
            type: 'line',
            step: 'end',
            data: [...values],
            symbol: 'none',
            areaStyle: { opacity: 0.12 },
          },
    ),
  });
  const watcher = new ResizeObserver(() => chart.resize());
  watcher.observe(place);
  return () => {
    watcher.disconnect();
    chart.dispose();
  };
}
