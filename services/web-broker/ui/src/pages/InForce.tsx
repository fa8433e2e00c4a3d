// What judges: the packages of rules with their days and hashes, and the authorities that signatures are held against.
import { useAsk } from '../api/use';
import { count, day, instant, t } from '../app/texts';
import { InForce, type InForceAnswer } from '../generated/documents';
import { Empty, Panel, Refused, Table, Tag, Title, Waiting } from '../ui/parts';

type Authority = InForceAnswer['trustInUse']['authorities'][number];

export default function InForcePage() {
  const { data, refusal, again } = useAsk(InForce, {});
  return (
    <>
      <Title>{t('nav.in-force')}</Title>
      <Refused refusal={refusal} again={again} />
      {!data && !refusal && <Waiting />}
      {data && (
        <>
          <Packages packages={data.rulePackages} />
          <Trust trust={data.trustInUse} />
        </>
      )}
    </>
  );
}

function Packages({ packages }: { packages: InForceAnswer['rulePackages'] }) {
  return (
    <Panel title={t('packages.title')}>
      <p>{t('packages.words')}</p>
      <Table
        caption={t('packages.title')}
        heads={[
          t('packages.version'),
          t('packages.from'),
          t('packages.until'),
          t('packages.rules'),
          t('packages.news'),
          'SHA-256',
        ]}
      >
        {packages.map((one) => (
          <tr key={one.version}>
            <td>{one.version}</td>
            <td>{day(one.validFrom)}</td>
            <td>{day(one.validUntil) || t('people.open')}</td>
            <td className="num">{count(one.rules)}</td>
            <td lang="en">{one.news}</td>
            <td>
              <Print sha256={one.hash} />
            </td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

function Trust({ trust }: { trust: InForceAnswer['trustInUse'] }) {
  return (
    <Panel title={t('trust.title')}>
      <p>
        {trust.nextUpdate ? t('trust.until', { instant: instant(trust.nextUpdate) }) : t('trust.no-end')}{' '}
        {t('trust.timestampers', { number: count(trust.timestampers.length) })}
      </p>
      {trust.authorities.length === 0 ? (
        <Empty>{t('trust.none')}</Empty>
      ) : (
        <Table
          caption={t('trust.title')}
          heads={[
            t('trust.kind'),
            t('trust.subject'),
            t('packages.from'),
            t('packages.until'),
            t('trust.list'),
            'SHA-256',
          ]}
        >
          {trust.authorities.map((one) => (
            <tr key={one.sha256}>
              <td>
                <Tag tone={one.anchor ? 'good' : 'neutral'}>
                  {t(one.anchor ? 'trust.anchor' : 'trust.issuer')}
                </Tag>
              </td>
              <td>
                {one.subject} <span className="small">{t('trust.key', { bits: one.keyBits })}</span>
              </td>
              <td>{instant(one.notBefore)}</td>
              <td>{instant(one.notAfter)}</td>
              <td>
                <Revoked revoked={one.revoked} />
              </td>
              <td>
                <Print sha256={one.sha256} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}

function Revoked({ revoked }: { revoked: Authority['revoked'] }) {
  if (!revoked) return <Tag tone="warn">{t('trust.list.none')}</Tag>;
  return (
    <>
      {t('trust.list.words', { number: count(revoked.certificates) })}
      <br />
      <span className="small">{t('trust.list.until', { instant: instant(revoked.endsAt) })}</span>
    </>
  );
}

/** A hash that is compared with another by eye: in groups of eight. */
function Print({ sha256 }: { sha256: string }) {
  return <code className="print">{sha256.replace(/(.{8})(?=.)/g, '$1 ')}</code>;
}
