// Asks the gateway: one document, its variables, and an answer or a refusal that says everything it knows.
declare const shape: unique symbol;
/** A checked GraphQL document that knows what it answers. */
export type Document<Answer, Variables> = string & { readonly [shape]?: (variables: Variables) => Answer };

/** What would mend a value, so that a page can do it. */
export type Correction = {
  /** `replace`, `remove` or `add`. */
  op: string;
  value?: string | null;
};

/** One thing that is wrong with what was sent. */
export type Finding = {
  code: string;
  message: string;
  pointer?: string | null;
  rule?: string | null;
  value?: string | null;
  fix?: string | null;
  correction?: Correction | null;
  line?: number | null;
};

type Extensions = {
  code?: string;
  status?: number;
  title?: string;
  correlationId?: string;
  errors?: Finding[];
};

/** Why the suite did not do what was asked. */
export class Refusal extends Error {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly correlationId: string;
  readonly findings: readonly Finding[];

  constructor(detail: string, extensions: Extensions) {
    super(detail);
    this.code = extensions.code ?? 'internal';
    this.status = extensions.status ?? 500;
    this.title = extensions.title ?? detail;
    this.correlationId = extensions.correlationId ?? '';
    this.findings = extensions.errors ?? [];
  }
}

let token: () => string | null = () => null;
/** Says where the token of the session is found; the session knows this module and not the other way round. */
export function tokenFrom(source: () => string | null): void {
  token = source;
}

const endListeners = new Set<() => void>();
/** Calls `listener` whenever the suite says that nobody is logged in any more. */
export function onSessionEnd(listener: () => void): () => void {
  endListeners.add(listener);
  return () => endListeners.delete(listener);
}

async function send(body: string, key: string): Promise<Response> {
  const headers: Record<string, string> = {
    accept: 'application/graphql-response+json',
    'content-type': 'application/json',
    'idempotency-key': key,
  };
  const bearer = token();
  if (bearer) headers.authorization = `Bearer ${bearer}`;
  return fetch('/graphql', { method: 'POST', headers, body, credentials: 'omit' });
}

/** Asks `document`; a line that broke is tried again with the same key, so that nothing happens twice. */
export async function ask<Answer, Variables extends Record<string, unknown>>(
  document: Document<Answer, Variables>,
  variables: Variables,
): Promise<Answer> {
  const body = JSON.stringify({ query: document, variables });
  const key = crypto.randomUUID();
  let response: Response | undefined;
  for (let tries = 0; !response; tries++) {
    try {
      response = await send(body, key);
    } catch {
      if (tries === 2) throw new Refusal('', { code: 'unreachable', status: 0 });
      await new Promise((done) => setTimeout(done, 400 * 2 ** tries));
    }
  }
  const correlationId = response.headers.get('x-correlation-id') ?? '';
  const told = (await response.json().catch(() => ({}))) as {
    data?: Answer | null;
    errors?: Array<{ message: string; extensions?: Extensions }>;
    detail?: string;
  } & Extensions;
  const error = told.errors?.[0];
  if (error) throw refuse(error.message, { correlationId, ...error.extensions });
  if (!response.ok || !told.data) {
    const extensions = { ...told, errors: undefined };
    throw refuse(told.detail ?? '', { correlationId, status: response.status, ...extensions });
  }
  return told.data;
}

/** Fetches a file of the suite as whoever is signed in. */
export async function fetchFile(path: string, type: string): Promise<Blob> {
  const headers: Record<string, string> = { accept: `${type}, application/problem+json` };
  const bearer = token();
  if (bearer) headers.authorization = `Bearer ${bearer}`;
  const response = await fetch(path, { headers, credentials: 'omit' }).catch(() => {
    throw new Refusal('', { code: 'unreachable', status: 0 });
  });
  if (response.ok) return response.blob();
  const told = (await response.json().catch(() => ({}))) as { detail?: string } & Extensions;
  throw refuse(told.detail ?? '', { status: response.status, ...told });
}

let failed = { id: '', at: 0 };
const LATELY_MS = 60_000;
/** The correlation id of the request that failed last, if that was lately. */
export function lastFailure(): string {
  return Date.now() - failed.at < LATELY_MS ? failed.id : '';
}

function refuse(detail: string, extensions: Extensions): Refusal {
  const refusal = new Refusal(detail, extensions);
  if (refusal.correlationId) failed = { id: refusal.correlationId, at: Date.now() };
  if (refusal.code === 'unauthenticated') for (const listener of endListeners) listener();
  return refusal;
}
