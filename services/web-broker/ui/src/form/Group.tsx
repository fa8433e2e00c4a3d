// A group of a message: its values in a grid, the groups in it, and what more may be said.
import { memo, type ReactNode, useContext, useState } from 'react';
import { t, useLanguage } from '../app/texts';
import { Button } from '../ui/parts';
import type { Element } from './catalogue';
import { isAutomatic } from './complete';
import { isAsked, isForbidden } from './conditions';
import { useFindings, useForm } from './context';
import { Faults } from './Faults';
import { FieldInput } from './FieldInput';
import { NeedsContext, useNeed } from './needs';
import { idOf } from './pointer';
import { Shelf, shelfOf } from './Shelf';
import { isUsual } from './sections';
import { isEmpty, type Path, type Tree, type Value } from './tree';
import { Unneeded } from './Unneeded';

const PAGE = 10;

/** Some elements of one group, in their order. */
export function Fields({
  elements,
  path,
  tree,
  several = false,
  foot,
}: {
  elements: readonly Element[];
  path: Path;
  tree: Tree | undefined;
  /** Whether the group around is one of several. */
  several?: boolean;
  foot?: ReactNode;
}) {
  const language = useLanguage();
  const { findings, readOnly } = useForm();
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const wrong = (name: string) => {
    const id = idOf([...path, name]);
    for (const key of findings.keys()) if (key === id || key.startsWith(`${id}.`)) return true;
    return false;
  };
  const needs = useContext(NeedsContext);
  // What must not be given is not offered; what stands there all the same is shown until somebody takes it away.
  const isOut = ({ field }: Element) => {
    const id = idOf([...path, field.name]);
    const need = needs.get(id);
    const nothing = isEmpty(tree?.[field.name]) && !wrong(field.name);
    return nothing && isForbidden(need) && document.activeElement?.id !== id;
  };
  const asked = elements.filter((element) => !isAutomatic(element) && !isOut(element));
  const isShown = ({ field }: Element) =>
    field.min > 0 ||
    isUsual(field.path, several) ||
    opened.has(field.name) ||
    !isEmpty(tree?.[field.name]) ||
    isAsked(needs.get(idOf([...path, field.name]))) ||
    wrong(field.name);
  const shown = asked.filter(isShown);
  const hidden = asked.filter((element) => !isShown(element));
  const values = shown.filter((element) => !element.field.group || sole(element));
  const groups = shown.filter((element) => element.field.group && !sole(element));
  const open = (name: string) => {
    setOpened((before) => new Set([...before, name]));
    requestAnimationFrame(() => {
      const place = document.getElementById(idOf([...path, name]));
      const control = place?.matches('input,select,textarea')
        ? place
        : place?.querySelector('input,select,textarea');
      (control as HTMLElement | null)?.focus();
    });
  };
  const close = (name: string) => setOpened((before) => new Set([...before].filter((one) => one !== name)));
  return (
    <>
      {values.length > 0 && (
        <div className="fields">
          {values.map((element) => {
            const { name } = element.field;
            const inner = sole(element);
            if (inner) {
              const group = tree?.[name] as Tree | undefined;
              const here = [...path, name];
              return (
                <div key={name} id={idOf(here)}>
                  <OneValue
                    element={inner}
                    path={here}
                    value={String(group?.[inner.field.name] ?? '')}
                    group={element}
                  />
                </div>
              );
            }
            const value = tree?.[name];
            return (
              <OneValue
                key={name}
                element={element}
                path={path}
                value={typeof value === 'string' ? value : ''}
              />
            );
          })}
        </div>
      )}
      {groups.map((element) => (
        <Group
          key={element.field.name}
          element={element}
          path={path}
          value={tree?.[element.field.name]}
          onClose={close}
        />
      ))}
      {((hidden.length > 0 && !readOnly) || foot) && (
        <div className="group-foot">
          {hidden.length > 0 && !readOnly && (
            <details className="more">
              <summary>{t('form.more', { count: hidden.length })}</summary>
              <div className="choices">
                {hidden.map(({ field }) => (
                  <Button key={field.name} kind="quiet" onClick={() => open(field.name)}>
                    + {field.label[language]}
                  </Button>
                ))}
              </div>
            </details>
          )}
          {foot}
        </div>
      )}
    </>
  );
}

/** The one value of a group that has no other: it needs no frame of its own. */
function sole(element: Element): Element | undefined {
  if (!element.field.group || element.field.max > 1) return undefined;
  const asked = element.children.filter((child) => !isAutomatic(child));
  return asked.length === 1 && !asked[0]?.field.group ? asked[0] : undefined;
}

const OneValue = memo(
  function Shown({
    element,
    path,
    value,
    group,
  }: {
    element: Element;
    path: Path;
    value: string;
    group?: Element;
  }) {
    return <FieldInput element={element} path={[...path, element.field.name]} value={value} group={group} />;
  },
  (one, other) =>
    one.element === other.element && one.value === other.value && one.path.join() === other.path.join(),
);

type GroupProps = { element: Element; path: Path; value: Value | undefined; onClose: (name: string) => void };

function Group({ element, path, value, onClose }: GroupProps) {
  const { set, readOnly, stays } = useForm();
  const language = useLanguage();
  const { field } = element;
  const here = [...path, field.name];
  const [page, setPage] = useState(0);
  const list = (Array.isArray(value) ? value : []) as readonly Tree[];
  const label = field.label[language];
  const need = useNeed(idOf(here));
  const clear = () => {
    set(here, undefined);
    onClose(field.name);
  };
  const unneeded = isForbidden(need) && !isEmpty(value) && (
    <Unneeded id={idOf(here)} label={label} rules={need?.forbidden ?? []} onClear={readOnly ? null : clear} />
  );
  if (field.max === 1) {
    return (
      <>
        {unneeded}
        <Occurrence
          element={element}
          path={here}
          tree={value as Tree | undefined}
          title={label}
          onRemove={field.min === 0 && !readOnly && !stays(here) && !isEmpty(value) ? clear : null}
        />
      </>
    );
  }
  const occurrences = list.length > 0 ? list : [{}];
  const pages = Math.ceil(occurrences.length / PAGE);
  const at = Math.min(page, pages - 1);
  const first = at * PAGE;
  const add = () => {
    const next = Math.max(list.length, 1);
    const filled = list.length === 0 ? [{}, {}] : [...list, {}];
    set(here, filled);
    setPage(Math.floor(next / PAGE));
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        document
          .getElementById(idOf([...here, next]))
          ?.querySelector<HTMLElement>('input,select,textarea')
          ?.focus(),
      ),
    );
  };
  return (
    <div className="group-body" id={idOf(here)}>
      <GroupErrors id={idOf(here)} />
      {unneeded}
      {occurrences.slice(first, first + PAGE).map((tree, offset) => {
        const place = first + offset;
        const mayGo =
          !readOnly && !stays([...here, place]) && (list.length > 1 || (field.min === 0 && !isEmpty(tree)));
        return (
          <Occurrence
            key={place}
            element={element}
            path={[...here, place]}
            tree={tree}
            title={`${label} ${place + 1}`}
            several={occurrences.length > 1}
            onRemove={mayGo ? () => set([...here, place], undefined) : null}
          />
        );
      })}
      <div className="group-foot">
        {!readOnly && occurrences.length < field.max && (
          <Button kind="quiet" onClick={add}>
            + {t('form.another', { label })}
          </Button>
        )}
        {pages > 1 && (
          <>
            <Button kind="quiet" disabled={at === 0} onClick={() => setPage(at - 1)}>
              ← {t('form.before')}
            </Button>
            <span className="small">{t('form.page', { page: at + 1, pages })}</span>
            <Button kind="quiet" disabled={at === pages - 1} onClick={() => setPage(at + 1)}>
              {t('form.after')} →
            </Button>
          </>
        )}
      </div>
    </div>
  );
}

const Occurrence = memo(
  function One({
    element,
    path,
    tree,
    title,
    several,
    onRemove,
  }: {
    element: Element;
    path: Path;
    tree: Tree | undefined;
    title: string;
    several?: boolean;
    onRemove: (() => void) | null;
  }) {
    const id = idOf(path);
    const { readOnly, shelf: mayUse } = useForm();
    const shelf = mayUse && !readOnly ? shelfOf(element) : null;
    return (
      <fieldset className="group" id={id} tabIndex={-1}>
        <legend>{title}</legend>
        <div className="group-body">
          <GroupErrors id={id} />
          <Fields
            elements={element.children}
            path={path}
            tree={tree}
            several={several}
            foot={
              (shelf || onRemove) && (
                <>
                  {shelf && <Shelf kind={shelf} element={element} path={path} tree={tree} />}
                  {onRemove && (
                    <Button kind="quiet" onClick={onRemove} aria-label={`${t('form.remove')}: ${title}`}>
                      {t('form.remove')}
                    </Button>
                  )}
                </>
              )
            }
          />
        </div>
      </fieldset>
    );
  },
  (one, other) =>
    one.element === other.element &&
    one.tree === other.tree &&
    one.title === other.title &&
    one.several === other.several &&
    (one.onRemove === null) === (other.onRemove === null) &&
    one.path.join() === other.path.join(),
);

function GroupErrors({ id }: { id: string }) {
  const told = useFindings(id);
  if (told.length === 0) return null;
  return (
    <div className="error" id={`${id}-error`}>
      <Faults told={told} />
    </div>
  );
}
