// The form of a message: every task with its fields, the list of tasks beside it, and all errors on top.
import { useEffect, useMemo, useRef } from 'react';
import { t, useLanguage } from '../app/texts';
import { Notice, Panel, Tag, type Tone } from '../ui/parts';
import type { Definition } from './catalogue';
import { TreeContext } from './clock';
import { type Needs, NO_NEEDS } from './conditions';
import { type Form, FormContext } from './context';
import { FaultMore } from './Faults';
import { type Findings, type Progress, progress, progressWord } from './findings';
import { Fields } from './Group';
import { NeedsContext } from './needs';
import { type Section, sectionOf, sections } from './sections';
import { show } from './show';
import type { Tree } from './tree';

const TONES: Readonly<Record<Progress, Tone>> = { empty: 'neutral', begun: 'busy', complete: 'good' };

function titleOf(section: Section, definition: Definition, language: 'en' | 'ru' | 'kk'): string {
  return section.title
    ? t(section.title)
    : (definition.byPath.get(section.paths[0] ?? '')?.field.label[language] ?? '');
}

export function MessageForm({
  form,
  tree,
  needs = NO_NEEDS,
}: {
  form: Form;
  tree: Tree;
  /** What the conditions ask for. */
  needs?: Needs;
}) {
  return (
    <FormContext.Provider value={form}>
      <TreeContext.Provider value={tree}>
        <NeedsContext.Provider value={needs}>
          <div className="stack">
            {sections(form.definition).map((section) => (
              <SectionPanel key={section.id} section={section} definition={form.definition} tree={tree} />
            ))}
          </div>
        </NeedsContext.Provider>
      </TreeContext.Provider>
    </FormContext.Provider>
  );
}

function SectionPanel({
  section,
  definition,
  tree,
}: {
  section: Section;
  definition: Definition;
  tree: Tree;
}) {
  const language = useLanguage();
  // Elements of one parent that follow each other stand in one grid.
  const runs = useMemo(() => {
    const found: Array<{ parent: string[]; paths: string[] }> = [];
    for (const path of section.paths) {
      if (!definition.byPath.has(path)) continue;
      const parent = path.split('/').slice(0, -1);
      const last = found.at(-1);
      if (last && last.parent.join() === parent.join()) last.paths.push(path);
      else found.push({ parent, paths: [path] });
    }
    return found;
  }, [section, definition]);
  return (
    <div id={`s-${section.id}`} className="stack" tabIndex={-1}>
      <Panel title={titleOf(section, definition, language)}>
        {runs.map(({ parent, paths }) => {
          const elements = paths.flatMap((path) => definition.byPath.get(path) ?? []);
          return <Fields key={paths.join()} elements={elements} path={parent} tree={within(tree, parent)} />;
        })}
      </Panel>
    </div>
  );
}

function within(tree: Tree, path: readonly string[]): Tree | undefined {
  let here: Tree | undefined = tree;
  for (const name of path) here = here?.[name] as Tree | undefined;
  return here;
}

/** The tasks of the form and how far each is. */
export function Tasks({
  definition,
  tree,
  findings,
  needs,
}: {
  definition: Definition;
  tree: Tree;
  findings: Findings;
  needs: Needs;
}) {
  const language = useLanguage();
  const all = sections(definition);
  const errors = new Map<string, number>();
  for (const [, told] of findings) {
    for (const one of told) {
      const section = sectionOf(all, one.path.filter((part) => typeof part === 'string').join('/'));
      if (section) errors.set(section.id, (errors.get(section.id) ?? 0) + 1);
    }
  }
  return (
    <nav className="panel tasks" aria-label={t('form.tasks')}>
      <ol>
        {all.map((section) => {
          const wrong = errors.get(section.id) ?? 0;
          const state = progress(definition, tree, section.paths, needs);
          return (
            <li key={section.id}>
              <a
                href={`#s-${section.id}`}
                onClick={(event) => {
                  event.preventDefault();
                  show(`s-${section.id}`);
                }}
              >
                <span>{titleOf(section, definition, language)}</span>
                {wrong > 0 ? (
                  <Tag tone="bad">{t('form.errors', { count: wrong })}</Tag>
                ) : (
                  <Tag tone={TONES[state]}>{progressWord(state)}</Tag>
                )}
              </a>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** How many checks there were, and whether the message of now is within the rules. */
export type Checked = { at: number; valid: boolean };
export const UNCHECKED: Checked = { at: 0, valid: false };

/** Every error, each with a link to its field. */
export function Summary({ form, checked }: { form: Form; checked: Checked }) {
  const place = useRef<HTMLDivElement>(null);
  const all = [...form.findings.values()].flat();
  const { at, valid } = checked;
  // It takes the focus after a check, not when one of its errors is mended.
  useEffect(() => {
    if (at > 0) place.current?.focus();
  }, [at]);
  if (all.length === 0) return valid ? <Notice tone="good" title={t('form.valid')} /> : null;
  return (
    <div ref={place} tabIndex={-1} className="summary">
      <Notice tone="bad" title={t('form.wrong', { count: all.length })}>
        <ul>
          {all.map((one, at) => (
            <li key={at}>
              <a
                href={`#${one.id}`}
                onClick={(event) => {
                  event.preventDefault();
                  show(one.id);
                }}
              >
                {one.where}: {one.text}
              </a>
              <FormContext.Provider value={form}>
                <FaultMore told={one} />
              </FormContext.Provider>
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}
