// A message as a document: what was said, under the names of the catalogue, with the names of codes.
import { createContext, useContext, useEffect, useState } from 'react';
import { codeName, officeName } from '../api/codes';
import { instant, t, useLanguage, zone as zoneName } from '../app/texts';
import { Facts, Panel } from '../ui/parts';
import type { Definition, Element } from './catalogue';
import { officeIn, officeOf, useZone } from './clock';
import { sections } from './sections';
import { isEmpty, type Tree, type Value } from './tree';

const OF_THE_SYSTEM = new Set(['sequenceNumber', 'messageType']);

/** The office that what is shown concerns. */
const OfficeContext = createContext('');

/** The whole message, a panel for each task. */
export function Check({ definition, tree, title }: { definition: Definition; tree: Tree; title?: string }) {
  const language = useLanguage();
  const head = definition.root.children.flatMap((element) => {
    const value = tree[element.field.name];
    return !element.field.group && value ? [{ element, value }] : [];
  });
  const named = sections(definition);
  return (
    <OfficeContext.Provider value={officeOf(tree, [])}>
      <div className="stack doc">
        {title && <h2 className="unseen">{title}</h2>}
        {named.map((section) => {
          const parts = section.paths.flatMap((path) => {
            const element = definition.byPath.get(path);
            let value: Value | undefined = tree;
            for (const name of path.split('/'))
              value = (value as Tree | undefined)?.[name] as Value | undefined;
            return element && !isEmpty(value) ? [{ element, value: value as Value }] : [];
          });
          if (parts.length === 0) return null;
          const heading = section.title ? t(section.title) : definition.label[language];
          return (
            <Panel key={section.id} title={heading}>
              <Parts parts={parts} />
            </Panel>
          );
        })}
        {head.length > 0 && (
          <Panel title={t('check.head')}>
            <Parts parts={head} />
          </Panel>
        )}
      </div>
    </OfficeContext.Provider>
  );
}

type Part = { element: Element; value: Value };

function Parts({ parts }: { parts: readonly Part[] }) {
  const language = useLanguage();
  const plain = parts.filter(({ element }) => !element.field.group && !OF_THE_SYSTEM.has(element.field.name));
  const groups = parts.filter(({ element }) => element.field.group);
  return (
    <>
      {plain.length > 0 && (
        <Facts
          rows={plain.map(({ element, value }) => [
            element.field.label[language],
            <Said key={element.field.name} element={element} value={String(value)} />,
          ])}
        />
      )}
      {groups.flatMap(({ element, value }) => {
        const list = (Array.isArray(value) ? value : [value]) as readonly Tree[];
        return list.map((tree, at) => (
          <section key={`${element.field.name}-${at}`}>
            <h3>
              {element.field.label[language]}
              {element.field.max > 1 && ` ${at + 1}`}
            </h3>
            <Body element={element} tree={tree} />
          </section>
        ));
      })}
    </>
  );
}

function Body({ element, tree }: { element: Element; tree: Tree }) {
  const parts = element.children.flatMap((child) => {
    const value = tree[child.field.name];
    return isEmpty(value) ? [] : [{ element: child, value: value as Value }];
  });
  const around = useContext(OfficeContext);
  return (
    <OfficeContext.Provider value={officeIn(tree) || around}>
      <Parts parts={parts} />
    </OfficeContext.Provider>
  );
}

/** A date and time by the clock of the office that it concerns. */
function Timed({ name, value }: { name: string; value: string }) {
  const zone = useZone(name, useContext(OfficeContext));
  const at = new Date(`${value.slice(0, 19)}Z`);
  if (Number.isNaN(at.getTime())) return value;
  if (!zone) return null;
  return (
    <>
      {instant(at.toISOString(), zone)} <span className="small">{zoneName(zone, at)}</span>
    </>
  );
}

function Said({ element, value }: { element: Element; value: string }) {
  const language = useLanguage();
  const { list, format } = element.field;
  const [name, setName] = useState('');
  const office = format?.name === 'office';
  // biome-ignore lint/correctness/useExhaustiveDependencies: names are told in the reader's language
  useEffect(() => {
    if (!list || format?.kind === 'flag') return;
    let over = false;
    const asked = office ? officeName(value) : codeName(list.name, value);
    asked.then(
      (found) => !over && setName(found),
      () => undefined,
    );
    return () => {
      over = true;
    };
  }, [list, format, office, value, language]);
  if (format?.kind === 'flag') return value === '1' ? t('yes') : t('no');
  if (format?.kind === 'dateTime') return <Timed name={element.field.name} value={value} />;
  return (
    <>
      {value}
      {name && <span className="small"> {name}</span>}
    </>
  );
}
