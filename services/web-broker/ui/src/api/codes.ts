// Code lists and offices as a field offers them: short lists at once, long ones by search.

import { label } from '../app/texts';
import {
  type CodeParts,
  Codes,
  CodesWithin,
  type OfficeParts,
  Offices,
  SelectedCodes,
  SelectedOffices,
} from '../generated/documents';
import { ask } from './graphql';

export type Choice = { code: string; name: string };

const short = new Map<string, Promise<{ all: boolean; entries: readonly CodeParts[] }>>();
const names = new Map<string, readonly { language: string; text: string }[]>();
const zones = new Map<string, string | null>();
const SHOWN = 40;

function begin(list: string) {
  let asked = short.get(list);
  if (!asked) {
    asked = ask(Codes, { list, first: 100 }).then(({ codes }) => {
      const entries = codes.edges.map(({ node }) => node);
      for (const entry of entries) names.set(`${list}/${entry.code}`, entry.labels);
      return { all: !codes.pageInfo.hasNextPage, entries };
    });
    short.set(list, asked);
    asked.catch(() => short.delete(list));
  }
  return asked;
}

const choice = (entry: CodeParts): Choice => ({ code: entry.code, name: label(entry.labels) });

/** The codes of a list that fit what was typed. */
export async function findCodes(list: string, typed: string): Promise<Choice[]> {
  const { all, entries } = await begin(list);
  const wanted = typed.trim().toLowerCase();
  if (!wanted) return entries.slice(0, SHOWN).map(choice);
  if (all) {
    const fits = entries
      .map(choice)
      .filter(
        ({ code, name }) => code.toLowerCase().startsWith(wanted) || name.toLowerCase().includes(wanted),
      );
    return fits.slice(0, SHOWN);
  }
  const { codes } = await ask(Codes, { list, search: typed.trim(), first: SHOWN });
  for (const { node } of codes.edges) names.set(`${list}/${node.code}`, node.labels);
  return codes.edges.map(({ node }) => choice(node));
}

/** Whether a list is short enough to be shown whole. */
export async function wholeList(list: string, most: number): Promise<Choice[] | null> {
  const { all, entries } = await begin(list);
  return all && entries.length <= most ? entries.map(choice) : null;
}

/** The name of a code; nothing where it is not known. */
export async function codeName(list: string, code: string): Promise<string> {
  const key = `${list}/${code}`;
  if (!names.has(key)) {
    await begin(list).catch(() => undefined);
    if (!names.has(key)) {
      const { selectedCodes } = await ask(SelectedCodes, { list, codes: [code] });
      names.set(key, selectedCodes[0]?.labels ?? []);
    }
  }
  return label(names.get(key) ?? []);
}

const MOST_AT_ONCE = 100;

/** Which of some codes are in a list; `null` where the suite does not tell. */
export async function codesWithin(list: string, codes: readonly string[]): Promise<string[] | null> {
  const parts: string[][] = [];
  for (let at = 0; at < codes.length; at += MOST_AT_ONCE) parts.push(codes.slice(at, at + MOST_AT_ONCE));
  try {
    const answers = await Promise.all(parts.map((part) => ask(CodesWithin, { list, codes: part })));
    return answers.flatMap(({ selectedCodes }) => selectedCodes.map(({ code }) => code));
  } catch {
    return null;
  }
}

const office = ({ id, names: told, country }: OfficeParts): Choice => ({
  code: id,
  name: `${label(told)} (${country})`,
});

/** The offices that do `role` and fit what was typed. */
export async function findOffices(role: string | null, typed: string): Promise<Choice[]> {
  const { offices } = await ask(Offices, { search: typed.trim() || null, role, first: SHOWN });
  for (const { node } of offices.edges) remember(node);
  return offices.edges.map(({ node }) => office(node));
}

function remember({ id, names: told, zone }: OfficeParts): void {
  names.set(`office/${id}`, told);
  zones.set(id, zone);
}

/** The name of an office; nothing where it is not known. */
export async function officeName(id: string): Promise<string> {
  const key = `office/${id}`;
  if (!names.has(key)) {
    const { selectedOffices } = await ask(SelectedOffices, { ids: [id] });
    selectedOffices.map(remember);
    if (!selectedOffices[0]) names.set(key, []);
  }
  return label(names.get(key) ?? []);
}

/** The time zone of an office; `null` where it is not known. */
export async function officeZone(id: string): Promise<string | null> {
  if (!zones.has(id)) {
    const { selectedOffices } = await ask(SelectedOffices, { ids: [id] });
    selectedOffices.map(remember);
    if (!selectedOffices[0]) zones.set(id, null);
  }
  return zones.get(id) ?? null;
}
