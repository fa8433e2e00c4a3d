// Several views of one thing: one tab stop for all of them, arrow keys from tab to tab, and the view as their panel.
import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';

type Props = {
  label: string;
  tabs: ReadonlyArray<readonly [string, string]>;
  chosen: string;
  onChoose: (tab: string) => void;
  children: ReactNode;
};

export function Tabs({ label, tabs, chosen, onChoose, children }: Props) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const press = (event: KeyboardEvent) => {
    const here = tabs.findIndex(([name]) => name === chosen);
    const places: Readonly<Record<string, number>> = {
      ArrowRight: (here + 1) % tabs.length,
      ArrowLeft: (here - 1 + tabs.length) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    };
    const place = places[event.key];
    const tab = place === undefined ? undefined : tabs[place];
    if (!tab || place === undefined) return;
    event.preventDefault();
    onChoose(tab[0]);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[place]?.focus();
  };
  return (
    <>
      <div className="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={press}>
        {tabs.map(([name, title]) => (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            aria-selected={name === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={name === chosen ? 0 : -1}
            onClick={() => onChoose(name)}
          >
            {title}
          </button>
        ))}
      </div>
      <div
        id={`${id}-panel`}
        role="tabpanel"
        aria-labelledby={`${id}-${chosen}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a view without anything to press is reached by keyboard, too
        tabIndex={0}
        className="stack"
      >
        {children}
      </div>
    </>
  );
}
