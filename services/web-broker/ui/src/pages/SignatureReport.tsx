// The report on a signature as a document: the verdict, each signer, each step of the examination, and the report as it was kept.
import { saveAs } from '../app/save';
import { instant, knows, t, word } from '../app/texts';
import { Button, Facts, Panel, Table, Tag, type Tone } from '../ui/parts';

type Check = { step: string; result: string; code: string | null; detail: string | null };
type Signer = {
  indication: string;
  subIndication: string | null;
  certificate: {
    subject: string;
    issuer: string;
    serial: string;
    notBefore: string;
    notAfter: string;
  } | null;
  claimedSigningTime: string | null;
  bestSignatureTime: string;
  algorithms: { digest: string; signature: string; keyBits: number } | null;
  checks: Check[];
  revocation: Array<{ source: string; thisUpdate: string; nextUpdate: string; status: string }>;
  timestamps: Array<{ time: string | null; authority: string | null; result: string }>;
};
type Report = {
  receivedAt: string;
  policy: string;
  indication: string;
  subIndication: string | null;
  level: string;
  demandedLevel: string;
  signers: Signer[];
  coverage: { payloadSha256: string };
  authorisation: { result: string; actingFor: string | null } | null;
};

const TONES: Readonly<Record<string, Tone>> = {
  'TOTAL-PASSED': 'good',
  'TOTAL-FAILED': 'bad',
  INDETERMINATE: 'warn',
  OK: 'good',
  FAIL: 'bad',
  SKIPPED: 'neutral',
};

function read(json: string): Report | null {
  try {
    const report = JSON.parse(json) as Report;
    return Array.isArray(report.signers) ? report : null;
  } catch {
    return null;
  }
}

export function SignatureReport({ json, name }: { json: string; name: string }) {
  const report = read(json);
  return (
    <>
      {report && <AsDocument report={report} />}
      <details>
        <summary>{t('report.kept')}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre className="raw" tabIndex={0}>
          {report ? JSON.stringify(report, null, 2) : json}
        </pre>
      </details>
      <Button onClick={() => saveAs(json, `${name}.json`, 'application/json')}>{t('report.save')}</Button>
    </>
  );
}

function AsDocument({ report }: { report: Report }) {
  return (
    <>
      <p>
        <Verdict family="indication" name={report.indication} />
        {report.subIndication && <code> {report.subIndication}</code>}
      </p>
      <Facts
        rows={[
          [t('report.received'), instant(report.receivedAt)],
          [t('report.policy'), report.policy],
          [t('report.level'), `${report.level} (${t('report.demanded')}: ${report.demandedLevel})`],
          [t('report.digest'), <code key="digest">{report.coverage.payloadSha256}</code>],
          report.authorisation?.actingFor ? [t('report.acting-for'), report.authorisation.actingFor] : null,
        ]}
      />
      {report.signers.map((signer, at) => (
        <OneSigner key={at} signer={signer} />
      ))}
    </>
  );
}

function OneSigner({ signer }: { signer: Signer }) {
  const { certificate, algorithms } = signer;
  return (
    <Panel title={commonName(certificate?.subject) || t('report.signer')}>
      <Facts
        rows={[
          [t('report.verdict'), <Verdict key="verdict" family="indication" name={signer.indication} />],
          certificate && [t('report.subject'), certificate.subject],
          certificate && [t('report.issuer'), certificate.issuer],
          certificate && [t('report.serial'), certificate.serial],
          certificate && [
            t('report.valid'),
            `${instant(certificate.notBefore)} – ${instant(certificate.notAfter)}`,
          ],
          algorithms && [
            t('report.algorithms'),
            `${algorithms.signature} · ${algorithms.digest} · ${algorithms.keyBits}`,
          ],
          signer.claimedSigningTime ? [t('report.claimed'), instant(signer.claimedSigningTime)] : null,
          [t('report.proven'), instant(signer.bestSignatureTime)],
        ]}
      />
      <Table caption={t('report.steps')} heads={[t('report.step'), t('report.result'), t('report.detail')]}>
        {signer.checks.map((check) => (
          <tr key={check.step}>
            <td>{knows('report-step', check.step) ? word('report-step', check.step) : check.step}</td>
            <td>
              <Verdict family="report-result" name={check.result} />
            </td>
            <td lang="en">{[check.code, check.detail].filter(Boolean).join(': ')}</td>
          </tr>
        ))}
      </Table>
      {signer.revocation.map((one, at) => (
        <p key={at} className="small">
          {one.source}: {word('revocation', one.status)} · {instant(one.thisUpdate)} –{' '}
          {instant(one.nextUpdate)}
        </p>
      ))}
      {signer.timestamps.map((one, at) => (
        <p key={at} className="small">
          {t('report.timestamp')}: {instant(one.time)} · {one.authority} · {word('report-result', one.result)}
        </p>
      ))}
    </Panel>
  );
}

function Verdict({ family, name }: { family: string; name: string }) {
  return <Tag tone={TONES[name] ?? 'neutral'}>{knows(family, name) ? word(family, name) : name}</Tag>;
}

/** The name of the person in the subject of a certificate. */
function commonName(subject: string | undefined): string {
  return /(?:^|,\s*)CN=([^,]+)/.exec(subject ?? '')?.[1] ?? '';
}
