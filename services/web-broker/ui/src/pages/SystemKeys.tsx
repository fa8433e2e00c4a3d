// Keys with which systems of one's own organisation sign their requests: registered, listed, revoked.
import { type FormEvent, useState } from 'react';
import { ask } from '../api/graphql';
import { partOf, usePages } from '../api/pages';
import { useAction } from '../api/use';
import type { Session } from '../app/session';
import { day, instant, t, word } from '../app/texts';
import {
  SystemKeys as AskKeys,
  RegisterSystemKey,
  RevokeSystemKey,
  type SystemKeyParts,
} from '../generated/documents';
import {
  Button,
  Dialog,
  Empty,
  faultAt,
  More,
  Notice,
  Panel,
  Refused,
  Table,
  Tag,
  TextField,
  Title,
  Waiting,
} from '../ui/parts';
import { TextArea } from '../ui/TextArea';

type Role = SystemKeyParts['roles'][number];
const ROLES: ReadonlyArray<readonly [string, Role]> = [
  ['declarant', 'DECLARANT'],
  ['broker', 'BROKER'],
  ['carrier', 'CARRIER'],
  ['guarantor', 'GUARANTOR'],
];

const roleName = (role: string) => word('role', role.toLowerCase().replaceAll('_', '-'));

/** Whether a text is a private key, which must not leave the page. */
function isPrivate(text: string): boolean {
  return text.includes('PRIVATE KEY') || /"d"\s*:/.test(text);
}

export default function SystemKeysPage({ session }: { session: Session }) {
  const list = usePages(AskKeys, { first: 50 }, ({ systemKeys }) => partOf(systemKeys));
  const { nodes: keys, refusal, again } = list;
  const [registering, setRegistering] = useState(false);
  const [registered, setRegistered] = useState('');
  const [revoking, setRevoking] = useState<SystemKeyParts | null>(null);
  return (
    <>
      <Title
        tools={
          <Button kind="main" onClick={() => setRegistering(true)}>
            {t('systems.register')}
          </Button>
        }
      >
        {t('nav.systems')}
      </Title>
      <p>{t('systems.words')}</p>
      <Refused refusal={refusal} again={again} />
      {registered && (
        <Notice tone="good" title={t('systems.registered')}>
          <code>{registered}</code>
        </Notice>
      )}
      {!keys && !refusal && <Waiting />}
      {keys && (
        <Panel>
          {keys.length === 0 && <Empty>{t('systems.none')}</Empty>}
          {keys.length > 0 && <Keys keys={keys} onRevoke={setRevoking} />}
          <More page={list.page} onMore={list.more} />
        </Panel>
      )}
      {registering && (
        <Register
          session={session}
          onClose={() => setRegistering(false)}
          onDone={(keyId) => {
            setRegistering(false);
            setRegistered(keyId);
            again();
          }}
        />
      )}
      {revoking && (
        <Revoke
          of={revoking}
          onClose={() => setRevoking(null)}
          onDone={() => {
            setRevoking(null);
            again();
          }}
        />
      )}
    </>
  );
}

type KeysProps = { keys: readonly SystemKeyParts[]; onRevoke: (key: SystemKeyParts) => void };

function Keys({ keys, onRevoke }: KeysProps) {
  const heads = [
    t('systems.name'),
    'keyid',
    t('systems.kind'),
    t('systems.roles'),
    t('systems.until'),
    t('systems.used'),
    '',
  ];
  return (
    <Table caption={t('nav.systems')} heads={heads}>
      {keys.map((key) => (
        <tr key={key.id}>
          <td>{key.name}</td>
          <td>
            <code>{key.keyId}</code>
          </td>
          <td>{key.kind}</td>
          <td>{key.roles.map(roleName).join(', ')}</td>
          <td>
            {key.revokedAt ? (
              <Tag>{t('systems.revoked', { at: instant(key.revokedAt) })}</Tag>
            ) : (
              instant(key.validTo)
            )}
          </td>
          <td>{key.lastUsedOn ? day(key.lastUsedOn) : t('systems.never')}</td>
          <td>
            {!key.revokedAt && (
              <Button
                kind="quiet"
                onClick={() => onRevoke(key)}
                aria-label={`${t('systems.revoke')}: ${key.name}`}
              >
                {t('systems.revoke')}
              </Button>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}

type RegisterProps = { session: Session; onClose: () => void; onDone: (keyId: string) => void };

function Register({ session, onClose, onDone }: RegisterProps) {
  const own = ROLES.filter(([role]) => session.roles.includes(role)).map(([, role]) => role);
  const [name, setName] = useState('');
  const [key, setKey] = useState('');
  const [roles, setRoles] = useState<readonly Role[]>(own);
  const [until, setUntil] = useState('');
  const action = useAction();
  const secret = isPrivate(key);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (secret) return;
    let keyId = '';
    const done = await action.run(async () => {
      const validTo = until ? `${until}T23:59:59Z` : null;
      const { registerSystemKey } = await ask(RegisterSystemKey, { input: { name, key, roles, validTo } });
      keyId = registerSystemKey.systemKey.keyId;
    });
    if (done) onDone(keyId);
  };
  return (
    <Dialog title={t('systems.register')} onClose={onClose}>
      <form className="plain" onSubmit={send} noValidate>
        <Refused refusal={action.refusal} />
        <TextField
          label={t('systems.name')}
          hint={t('systems.name.hint')}
          value={name}
          onChange={setName}
          error={faultAt(action.refusal, '/name')}
          maxLength={100}
        />
        <TextArea
          label={t('systems.key')}
          hint={t('systems.key.hint')}
          value={key}
          onChange={setKey}
          error={secret ? t('systems.private') : faultAt(action.refusal, '/key')}
          rows={6}
          maxLength={16_384}
        />
        <fieldset>
          <legend className="label">{t('systems.roles')}</legend>
          {own.map((role) => (
            <div className="check" key={role}>
              <input
                id={`role-${role}`}
                type="checkbox"
                checked={roles.includes(role)}
                onChange={(event) =>
                  setRoles(event.target.checked ? [...roles, role] : roles.filter((other) => other !== role))
                }
              />
              <label htmlFor={`role-${role}`}>{roleName(role)}</label>
            </div>
          ))}
        </fieldset>
        <TextField
          type="date"
          label={t('systems.until')}
          hint={t('systems.until.hint')}
          value={until}
          onChange={setUntil}
          error={faultAt(action.refusal, '/validTo')}
        />
        <div className="tools">
          <Button
            type="submit"
            kind="main"
            busy={action.busy}
            disabled={!name.trim() || !key.trim() || secret || roles.length === 0}
          >
            {t('systems.register.do')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}

type RevokeProps = { of: SystemKeyParts; onClose: () => void; onDone: () => void };

function Revoke({ of, onClose, onDone }: RevokeProps) {
  const action = useAction();
  const revoke = async () => {
    const done = await action.run(async () => {
      await ask(RevokeSystemKey, { input: { systemKeyId: of.id } });
    });
    if (done) onDone();
  };
  return (
    <Dialog title={t('systems.revoke.title', { name: of.name })} onClose={onClose}>
      <Refused refusal={action.refusal} />
      <p>{t('systems.revoke.words')}</p>
      <div className="tools">
        <Button kind="danger" onClick={revoke} busy={action.busy}>
          {t('systems.revoke')}
        </Button>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </div>
    </Dialog>
  );
}
