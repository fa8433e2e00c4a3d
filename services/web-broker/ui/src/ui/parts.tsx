// The parts that every page is made of.
import { type ButtonHTMLAttributes, type FocusEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import type { Finding, Refusal } from '../api/graphql';
import { lastSignedWith } from '../app/agent';
import { arrived, Link } from '../app/router';
import { type Key, knows, t, word } from '../app/texts';

export function Button({
  kind = 'plain',
  busy = false,
  children,
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & {
  kind?: 'main' | 'plain' | 'quiet' | 'danger';
  busy?: boolean;
}) {
  // A busy button keeps the focus; pressing it again does nothing.
  const block = busy ? { 'aria-disabled': true, onClick: undefined } : {};
  return (
    <button type="button" className={`button ${kind}`} aria-busy={busy || undefined} {...rest} {...block}>
      {children}
    </button>
  );
}

/** The heading of a page; it takes the focus when the page is entered, so that it is read out. */
export function Title({ children, tools }: { children: ReactNode; tools?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const text = heading.current?.textContent ?? '';
    document.title = text ? `${text} · ecustoms` : 'ecustoms';
  });
  useEffect(() => {
    // A link in the frame keeps the focus when it is followed: who hears the page would not learn that it is another one.
    if (arrived() || document.activeElement === document.body)
      heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className="title">
      <h1 ref={heading} tabIndex={-1}>
        {children}
      </h1>
      {tools && <div className="tools">{tools}</div>}
    </div>
  );
}

export function Panel({
  title,
  tools,
  children,
}: {
  title?: ReactNode;
  tools?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  if (!title) return <div className="panel">{children}</div>;
  return (
    <section className="panel" aria-labelledby={id}>
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        {tools && <div className="tools">{tools}</div>}
      </div>
      {children}
    </section>
  );
}

export type Tone = 'neutral' | 'good' | 'busy' | 'warn' | 'bad';

export function Tag({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`tag ${tone}`}>{children}</span>;
}

const TONES: Readonly<Record<string, Tone>> = {
  released: 'good',
  'written-off': 'good',
  'goods-released': 'good',
  active: 'good',
  placed: 'busy',
  freed: 'good',
  crossed: 'good',
  rejected: 'bad',
  'not-released': 'bad',
  cancelled: 'neutral',
  called: 'bad',
  suspended: 'bad',
  'guarantee-under-amendment': 'warn',
  'under-control': 'warn',
  exhausted: 'warn',
};

/** The state of something of the suite. */
export function State({ family = 'state', name }: { family?: string; name: string }) {
  return <Tag tone={TONES[name] ?? 'busy'}>{word(family, name)}</Tag>;
}

export function Notice({ tone, title, children }: { tone: Tone; title?: ReactNode; children?: ReactNode }) {
  return (
    <div className={`notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      {title && <p className="notice-title">{title}</p>}
      {children}
    </div>
  );
}

/** Refusals that another certificate may not meet; in NCALayer it is chosen anew each time. */
const OF_CERTIFICATE =
  /^(signature-(certificate|issuer|chain|algorithm|signer|wrong)-|signer-not-authorised$|identity-missing$|person-unknown$|membership-unknown$)/;

/** Why something was refused: what it means, what is wrong in particular, and the id that finds it in the logs. */
export function Refused({ refusal, again }: { refusal: Refusal | null; again?: () => void }) {
  if (!refusal) return null;
  const known = knows('refusal', refusal.code);
  return (
    <Notice tone="bad" title={known ? word('refusal', refusal.code) : refusal.title || t('refusal.internal')}>
      {refusal.message && refusal.message !== refusal.title && <p lang="en">{refusal.message}</p>}
      {lastSignedWith() === 'ncalayer' && OF_CERTIFICATE.test(refusal.code) && (
        <p>{t('ncalayer.other-certificate')}</p>
      )}
      {refusal.findings.length > 0 && (
        <ul>
          {refusal.findings.map((finding, at) => (
            <li key={at}>
              {finding.pointer && <code>{finding.pointer}</code>} <Found finding={finding} />
            </li>
          ))}
        </ul>
      )}
      {refusal.correlationId && (
        <p className="small">
          {t('error.correlation')} <code>{refusal.correlationId}</code>
        </p>
      )}
      {again && (
        <p>
          <Button onClick={again}>{t('error.again')}</Button>
        </p>
      )}
    </Notice>
  );
}

/** What is wrong in particular; the general word for a wrong input would say nothing new. */
function Found({ finding }: { finding: Finding }) {
  const named = finding.code !== 'input-invalid' && knows('refusal', finding.code);
  return (
    <span lang={named ? undefined : 'en'}>{named ? word('refusal', finding.code) : finding.message}</span>
  );
}

/** What was found wrong at one place of what was sent. */
export function faultAt(refusal: Refusal | null, pointer: string): string | undefined {
  return refusal?.findings.find((one) => one.pointer === pointer)?.message;
}

export function Waiting() {
  return (
    <p className="waiting" role="status">
      {t('waiting')}
    </p>
  );
}

/** What stands for a page of which nothing is there yet, its heading included. */
export function PageWaiting() {
  return (
    <Title>
      <span className="waiting" role="status">
        {t('waiting')}
      </span>
    </Title>
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return <p className="empty">{children}</p>;
}

/** Names and values, as in the document they come from. */
export function Facts({ rows }: { rows: ReadonlyArray<readonly [ReactNode, ReactNode] | null | false> }) {
  return (
    <dl className="facts">
      {rows.map(
        (row, at) =>
          row && (
            <div key={at}>
              <dt>{row[0]}</dt>
              <dd>{row[1] || '–'}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** A browser leaves what is half in sight where it is; who goes by keyboard must see the whole of it. */
function reveal({ target, currentTarget }: FocusEvent<HTMLElement>) {
  if (target !== currentTarget) target.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

/** A table that scrolls by itself on a narrow screen, and can be scrolled by keyboard there. */
export function Table({
  caption,
  heads,
  children,
}: {
  caption: string;
  heads: ReadonlyArray<ReactNode>;
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot scroll
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="table" role="group" tabIndex={0} aria-label={caption} onFocus={reveal}>
      <table>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {heads.map((head, at) => (
              <th key={at} scope="col">
                {head || <span className="unseen">{t('table.actions')}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

export function Dialog({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose?: () => void;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    if (!element?.open) element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

/** A label, its hint and what is wrong, around one control. */
export function Labelled({
  id,
  label,
  hint,
  error,
  children,
  wide,
}: {
  id: string;
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  children: ReactNode;
  wide?: boolean;
}) {
  return (
    <div className={`field${wide ? ' wide' : ''}${error ? ' wrong' : ''}`}>
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <div className="error" id={`${id}-error`}>
          {error}
        </div>
      )}
      {children}
    </div>
  );
}

export function described(id: string, hint: unknown, error: unknown): string | undefined {
  return [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
}

/** A short text that is asked for. */
export function TextField({
  label,
  value,
  onChange,
  hint,
  error,
  type = 'text',
  wide,
  ...rest
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: string;
  error?: string;
  type?: string;
  wide?: boolean;
  required?: boolean;
  maxLength?: number;
  autoComplete?: string;
  inputMode?: 'decimal' | 'numeric';
}) {
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint} error={error} wide={wide}>
      <input
        id={id}
        type={type}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        aria-describedby={described(id, hint, error)}
        aria-invalid={error ? true : undefined}
        autoComplete="off"
        {...rest}
      />
    </Labelled>
  );
}

export function SelectField({
  label,
  value,
  onChange,
  options,
  hint,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: ReadonlyArray<readonly [string, string]>;
  hint?: string;
}) {
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint}>
      <select
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        aria-describedby={described(id, hint, false)}
      >
        {options.map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

/** The way to the page above. */
export function Back({ href, to }: { href: string; to: Key }) {
  return (
    <nav className="back" aria-label={t('nav.back')}>
      <Link href={href}>← {t(to)}</Link>
    </nav>
  );
}

/** Fetches the next part of a list. */
export function More({ page, onMore }: { page: { hasNextPage: boolean } | undefined; onMore: () => void }) {
  if (!page?.hasNextPage) return null;
  return (
    <p>
      <Button onClick={onMore}>{t('list.more')}</Button>
    </p>
  );
}
