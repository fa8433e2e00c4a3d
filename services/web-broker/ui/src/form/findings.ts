// What is wrong with a message, field by field, in the reader's language.
import type { Correction, Finding } from '../api/graphql';
import { currentLanguage, knows, t, word } from '../app/texts';
import type { Definition, Element, Field } from './catalogue';
import { isAutomatic } from './complete';
import { lackingBy, type Needs } from './conditions';
import { follow, idOf, spoken } from './pointer';
import { isEmpty, type Path, type Tree, type Value } from './tree';

/** One error at its place on the page. */
export type Told = {
  id: string;
  path: Path;
  where: string;
  text: string;
  rule: string;
  ruleText: string;
  value: string;
  /** What would mend it, and whether that is told in the reader's language. */
  fix: string;
  fixTold: boolean;
  /** The same, where the page can do it. */
  correction: Correction | null;
};
export type Findings = ReadonlyMap<string, readonly Told[]>;
export const NONE: Findings = new Map();

/** The findings that do not stand at `path` or within: what was changed is not wrong any more until it is checked again. */
export function without(
  definition: Definition,
  findings: readonly Finding[],
  path: Path,
): readonly Finding[] {
  const id = idOf(path);
  const left = findings.filter(({ pointer }) => {
    const here = idOf(follow(definition, pointer ?? '').path);
    return here !== id && !here.startsWith(`${id}.`);
  });
  return left.length === findings.length ? findings : left;
}

/** The findings of a check by the place where they are shown, in the language of now. */
export function placed(definition: Definition, findings: readonly Finding[]): Findings {
  const byId = new Map<string, Told[]>();
  for (const finding of findings) {
    const told = tell(definition, finding);
    const list = byId.get(told.id) ?? [];
    if (!list.some((one) => one.text === told.text && one.rule === told.rule)) list.push(told);
    byId.set(told.id, list);
  }
  return byId;
}

function tell(definition: Definition, finding: Finding): Told {
  const language = currentLanguage();
  const say = (element: Element) => element.field.label[language];
  const { path, element } = follow(definition, finding.pointer ?? '');
  const ruleText = (finding.rule && definition.rules.get(finding.rule)?.text[language]) || '';
  return {
    id: idOf(path),
    path,
    where: spoken(definition, path, say) || definition.label[language],
    text: sentence(element.field, finding, ruleText),
    rule: finding.rule ?? '',
    ruleText,
    value: finding.value ?? '',
    ...mended(finding, element.field),
  };
}

function sentence(field: Field, finding: Finding, ruleText = ''): string {
  const label = field.label[currentLanguage()];
  if (!knows('finding', finding.code)) return ruleText || finding.message;
  return t(`finding.${finding.code}` as 'finding.13', {
    label,
    value: finding.value ?? '',
    max: field.format?.maxLength ?? field.max,
    min: field.format?.minLength ?? field.min,
  });
}

/** What would mend it: told by what it does, else as the rule's own advice, else as the suite says it. */
function mended(finding: Finding, field: Field): Pick<Told, 'fix' | 'fixTold' | 'correction'> {
  const given = finding.correction ?? null;
  // That something is to be filled in says the error itself. What is to be put in must be a value.
  const nothing = { fix: '', fixTold: true, correction: null };
  if (given?.op === 'add') return nothing;
  if (given?.op === 'remove') return { fix: t('fix.remove'), fixTold: true, correction: given };
  if (given?.value && !field.group)
    return { fix: t('fix.use', { value: given.value }), fixTold: true, correction: given };
  const fix = finding.fix ?? '';
  const value = /^(?:use )?(\S+)$/.exec(fix)?.[1];
  if (value) return { ...nothing, fix: t('fix.use', { value }) };
  if (finding.rule && knows('fix', finding.rule)) return { ...nothing, fix: word('fix', finding.rule) };
  return { ...nothing, fix, fixTold: currentLanguage() === 'en' };
}

/** What is wrong with a value as it stands, seen without asking anybody; nothing where it may be right. */
export function fault(field: Field, value: string): string {
  const { format } = field;
  const text = value.trim();
  if (!format || !text) return '';
  const say = (code: string) => sentence(field, { code, message: '', value: text });
  if (format.maxLength && [...text].length > format.maxLength) return say('39');
  if (format.minLength && [...text].length < format.minLength) return say('40');
  if (format.kind === 'integer' && !/^\d+$/.test(text)) return say('50');
  if (format.kind === 'decimal') {
    const found = /^(\d+)(?:\.(\d+))?$/.exec(text);
    if (!found) return say('50');
    if ((found[2] ?? '').length > (format.fractionDigits ?? 0))
      return t('finding.fraction', {
        label: field.label[currentLanguage()],
        max: format.fractionDigits ?? 0,
      });
  }
  if (format.values?.length && !format.values.includes(text)) return say('12');
  if (format.patterns?.some((pattern) => !new RegExp(`^(?:${pattern})$`, 'u').test(text))) return say('51');
  return '';
}

/** How far a part of a message is: what must be filled and is not. */
export function missing(element: Element, value: Value | undefined, needed: boolean): number {
  if (!element.field.group) return needed && isEmpty(value) && !isAutomatic(element) ? 1 : 0;
  const list = Array.isArray(value) ? (value as readonly Tree[]) : value ? [value as Tree] : [];
  const filled = list.filter((one) => !isEmpty(one));
  if (filled.length === 0) return needed ? 1 : 0;
  let count = 0;
  for (const one of filled) {
    for (const child of element.children) count += missing(child, one[child.field.name], child.field.min > 0);
  }
  return count;
}

export type Progress = 'empty' | 'begun' | 'complete';

/** Where a task stands, from the paths that belong to it: what is always needed, and what the conditions ask for now. */
export function progress(
  definition: Definition,
  tree: Tree,
  paths: readonly string[],
  needs: Needs,
): Progress {
  let filled = false;
  let lacking = lackingBy(needs, paths);
  for (const path of paths) {
    const element = definition.byPath.get(path);
    if (!element) continue;
    let value: Value | undefined = tree;
    for (const name of path.split('/')) value = (value as Tree | undefined)?.[name] as Value | undefined;
    filled ||= !isEmpty(value);
    lacking += missing(element, value, element.field.min > 0);
  }
  if (lacking > 0) return filled ? 'begun' : 'empty';
  return filled ? 'complete' : 'empty';
}

/** The word of a progress. */
export function progressWord(progress: Progress): string {
  return word('progress', progress);
}
