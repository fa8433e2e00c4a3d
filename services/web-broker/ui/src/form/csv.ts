// Goods items from a table, in text (CSV) or of a workbook (XLSX): columns are known by the names and labels of the catalogue, and every line that
// cannot be taken over is told with its number.
import { t } from '../app/texts';
import type { Definition, Element } from './catalogue';
import { fault } from './findings';
import { put, type Tree } from './tree';

export const ITEM = 'Consignment/HouseConsignment/ConsignmentItem';

/** Something that is wrong with a line, counted from 1. */
export type LineFault = { line: number; text: string };
export type Imported = { items: readonly Tree[]; faults: readonly LineFault[] };

/** The columns that nearly every item has, in the order of the example. */
export const USUAL = [
  'Commodity/descriptionOfGoods',
  'Commodity/CommodityCode/harmonizedSystemSubHeadingCode',
  'Commodity/GoodsMeasure/grossMass',
  'Commodity/GoodsMeasure/netMass',
  'Packaging/typeOfPackages',
  'Packaging/numberOfPackages',
  'Packaging/shippingMarks',
] as const;

type Column = { element: Element; path: Array<string | number> };

/** Reads the items of a table in text; the first line names the columns. */
export function readItems(text: string, definition: Definition): Imported {
  const { rows, fault: broken } = cells(text.replace(/^\uFEFF/, ''));
  if (broken) return { items: [], faults: [{ line: broken, text: t('import.quote') }] };
  return itemsOf(rows, definition);
}

/** Reads the items of a file: a workbook, or a table in text. */
export async function importItems(file: Blob, definition: Definition): Promise<Imported> {
  const { isOldTable, isWorkbook, readSheet, Unreadable } = await import('./xlsx');
  const octets = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  if (isOldTable(octets)) return { items: [], faults: [{ line: 1, text: t('import.old-table') }] };
  if (!isWorkbook(octets)) return readItems(await textOf(file), definition);
  try {
    return itemsOf(await readSheet(new Uint8Array(await file.arrayBuffer())), definition);
  } catch (error) {
    if (error instanceof Unreadable) return { items: [], faults: [{ line: 1, text: error.message }] };
    throw error;
  }
}

/** The items of rows, the first of which names the columns. */
export function itemsOf([head, ...lines]: readonly Row[], definition: Definition): Imported {
  if (!head) return { items: [], faults: [{ line: 1, text: t('import.empty') }] };
  const faults: LineFault[] = [];
  const columns = head.values.map((name) => columnOf(definition, name));
  head.values.forEach((name, at) => {
    if (name.trim() && !columns[at])
      faults.push({ line: head.line, text: t('import.column', { name: name.trim() }) });
  });
  if (!columns.some(Boolean)) return { items: [], faults };
  const most = definition.byPath.get(ITEM)?.field.max ?? 0;
  const items: Tree[] = [];
  for (const { line, values } of lines) {
    if (values.every((value) => !value.trim())) continue;
    const wrong = values.length > head.values.length ? [t('import.cells')] : [];
    let item: Tree = {};
    values.forEach((value, at) => {
      const column = columns[at];
      if (!column || !value.trim()) return;
      const exact = plain(column.element, value.trim());
      const told = fault(column.element.field, exact);
      if (told) wrong.push(`${told} (${value.trim()})`);
      item = put(item, column.path, exact);
    });
    if (items.length >= most) wrong.push(t('import.most', { most }));
    if (wrong.length === 0) items.push(item);
    else faults.push({ line, text: wrong.join('; ') });
  }
  return { items, faults };
}

/** A table with the usual columns and one line, to be filled in. */
export function example(definition: Definition, language: 'en' | 'ru' | 'kk'): string {
  const names = USUAL.map((path) => definition.byPath.get(`${ITEM}/${path}`)?.field.label[language] ?? path);
  const line = [t('import.example'), '870830', '2210.250', '2104', 'CT', '96', 'ALT 7781/1'];
  return `\uFEFF${[names, line].map((row) => row.map(quoted).join(';')).join('\r\n')}\r\n`;
}

const quoted = (text: string) => (/[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/**
 * A decimal with a point, whatever the table has; and the zero with which a code begins, where a spreadsheet took the code for a number:
 * a digit less than the only length there is can be nothing else.
 */
function plain(element: Element, value: string): string {
  const { format, list } = element.field;
  const isShort = format?.minLength === format?.maxLength && value.length + 1 === format?.maxLength;
  if (list && isShort && /^\d+$/.test(value)) return `0${value}`;
  if (format?.kind !== 'decimal') return value;
  const bare = value.replace(/[\s\u00A0\u202F]/g, '');
  return bare.includes('.') ? bare : bare.replace(',', '.');
}

/** The field of an item that a column names: by its path, its name, or its label in any language. */
function columnOf(definition: Definition, name: string): Column | null {
  const wanted = name.trim().toLowerCase();
  if (!wanted) return null;
  const fits = ({ field }: Element) =>
    field.path.slice(ITEM.length + 1).toLowerCase() === wanted ||
    field.name.toLowerCase() === wanted ||
    Object.values(field.label).some((label) => label.toLowerCase() === wanted);
  const inside = [...definition.byPath.values()].filter(
    ({ field }) => !field.group && field.path.startsWith(`${ITEM}/`),
  );
  const usual = new Set(USUAL.map((path) => `${ITEM}/${path}`));
  const element = inside.find((one) => usual.has(one.field.path) && fits(one)) ?? inside.find(fits);
  if (!element) return null;
  const path: Array<string | number> = [];
  let here = ITEM;
  for (const part of element.field.path.slice(ITEM.length + 1).split('/')) {
    here += `/${part}`;
    path.push(part);
    const found = definition.byPath.get(here);
    if (found?.field.group && found.field.max > 1) path.push(0);
  }
  return { element, path };
}

/** The values of one row, and its number in the table. */
export type Row = { line: number; values: string[] };

/** The rows of a table with quotes (RFC 4180), its separator being the one the first line has most of. */
function cells(text: string): { rows: Row[]; fault: number | null } {
  const first = text.split(/\r?\n/, 1)[0] ?? '';
  const separator = [';', '\t', ','].reduce((best, one) =>
    first.split(one).length > first.split(best).length ? one : best,
  );
  const rows: Row[] = [];
  let [line, began, values, value, inQuotes] = [1, 1, [] as string[], '', false];
  const end = () => {
    values.push(value);
    if (values.length > 1 || value !== '') rows.push({ line: began, values });
    values = [];
    value = '';
    began = line + 1;
  };
  for (let at = 0; at < text.length; at++) {
    const one = text[at] as string;
    if (inQuotes) {
      if (one === '"' && text[at + 1] === '"') {
        value += '"';
        at++;
      } else if (one === '"') inQuotes = false;
      else value += one;
    } else if (one === '"' && value === '') inQuotes = true;
    else if (one === separator) {
      values.push(value);
      value = '';
    } else if (one === '\n') end();
    else if (one !== '\r') value += one;
    if (one === '\n') line++;
  }
  if (inQuotes) return { rows, fault: began };
  if (value !== '' || values.length > 0) end();
  return { rows, fault: null };
}

/** The text of a file: UTF-8, or the code page of older tables where it is none. */
export async function textOf(file: Blob): Promise<string> {
  const octets = await file.arrayBuffer();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets);
  } catch {
    return new TextDecoder('windows-1251').decode(octets);
  }
}
