import type { AuditEntry } from '@signet/domain/audit/entry';
import type { Operation } from '@signet/domain/audit/operation';
import { recordedProperties } from '@signet/domain/audit/unknown-properties';
import { recordedForm, type RecordedForm } from '@signet/domain/privacy-policy';
import { useLocale, useTranslations } from 'next-intl';
import { LocalTime } from '../local-time.tsx';
import { plainText } from '../plain-text.ts';
import { shortHash } from '../subject-text.ts';
import { sizeText } from '../size-text.ts';
import admin from '../../i18n/en/admin.json' with { type: 'json' };
import { Line } from './timeline-line.tsx';
import { useEntryWords, useVerdictWords } from './use-entry-words.ts';

/** Steps by which content was given or taken back stand out. */
const strong: ReadonlySet<Operation> = new Set([
  'MessageAccess',
  'AttachmentReview',
  'AttachmentDownload',
  'MessageDownload',
  'MessageRevoke',
  'MessageRestore',
  'MessageErase',
]);

/** Properties that the sentence itself says, or that say what the page says already. */
const said: ReadonlySet<string> = new Set([
  'MailSubject',
  'By',
  'Delivery',
  'RecipientCount',
  'Count',
  'FirstSeen',
  'LastSeen',
  'Complete',
  // What was seen of who asked: the guess says what of it counts, the whole entry has all of it.
  'SecondsAfterDelivery',
  'Agent',
  'Fetch',
  'Purpose',
  'Language',
  'Cookie',
  'HeadBefore',
  'Press',
  'PressedAfter',
  ...Object.values(recordedProperties),
]);

/** Properties that have a name in the member's language; another system's own are shown as it calls them. */
const known = Object.keys(admin.timeline.property);

function isKnown(name: string): name is keyof typeof admin.timeline.property {
  return known.includes(name);
}

/** One audit entry in plain words. */
export function EntryLine({ entry }: { readonly entry: AuditEntry }) {
  const t = useTranslations('admin.timeline');
  const { what, failed } = useEntryWords(entry);
  return (
    <Line at={entry.creationTime} what={what} failed={failed} strong={strong.has(entry.operation)}>
      <p>{personOf(entry, (kind) => t(`actor.${kind}`))}</p>
      {entry.source === 'signet' ? null : <p>{t('statedBy', { source: plainText(entry.source) })}</p>}
      <TouchVerdict entry={entry} />
      <EntryOrigin entry={entry} />
      <Properties entry={entry} />
    </Line>
  );
}

/** Who probably asked, in words, and why it is thought so. */
export function TouchVerdict({ entry }: { readonly entry: AuditEntry }) {
  const words = useVerdictWords(entry);
  if (words === null) return null;
  return (
    <p>
      <span className="text-ink">{words.who}</span>: {words.why}
    </p>
  );
}

/** To whom it belongs, and who did it where that is somebody else. */
function personOf({ recipients, actor }: AuditEntry, kindName: (kind: AuditEntry['actor']['kind']) => string): string {
  const [first] = recipients;
  const whom = first === undefined ? [] : [recipients.length === 1 ? first : `${first} +${recipients.length - 1}`];
  const who =
    actor.kind === 'recipient' && actor.address === first ? [] : [[kindName(actor.kind), actor.address].filter(Boolean).join(' ')];
  return plainText([...whom, ...who].join(' · '));
}

/** From where it was done, as far as that was recorded. */
export function EntryOrigin({ entry }: { readonly entry: AuditEntry }) {
  const t = useTranslations('admin.timeline.recorded');
  const formOf = (name: string) => recordedForm.safeParse(entry.operationProperties.find((property) => property.name === name)?.value).data;
  const told = (what: 'clientIp' | 'userAgent', value: string | null, form: RecordedForm = 'full') =>
    form === 'full' ? value : t(`${what}.${form}`, { value: form === 'hash' ? shortHash(value ?? '') : (value ?? '') });
  const subject = formOf(recordedProperties.mailSubject) ?? 'full';
  const parts = [
    told('clientIp', entry.clientIp, formOf(recordedProperties.clientIp)),
    told('userAgent', entry.userAgent, formOf(recordedProperties.userAgent)),
    subject === 'full' ? null : t(`subject.${subject}`),
  ];
  const origin = parts.filter((part) => part !== null && part !== '').join(' · ');
  return origin === '' ? null : (
    <p className="truncate" title={origin}>
      {plainText(origin)}
    </p>
  );
}

function Properties({ entry }: { readonly entry: AuditEntry }) {
  const t = useTranslations('admin.timeline');
  const locale = useLocale();
  const properties = entry.operationProperties.filter(({ name, value }) => !said.has(name) && value !== '');
  if (properties.length === 0) return null;
  return (
    <dl className="flex flex-wrap gap-x-4 gap-y-0.5">
      {properties.map(({ name, value }, index) => (
        <div key={`${index} ${name}`} className="flex min-w-0 gap-1">
          <dt className="shrink-0">{isKnown(name) ? t(`property.${name}`) : name}:</dt>
          <dd className="min-w-0 break-words text-ink">
            <PropertyValue name={name} value={value} locale={locale} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function PropertyValue({ name, value, locale }: { readonly name: string; readonly value: string; readonly locale: string }) {
  if (name === 'BytesSent' && /^\d+$/.test(value)) return sizeText(Number(value), locale);
  if (name === 'ExpiresAt' && Number.isFinite(Date.parse(value))) return <LocalTime at={value} locale={locale} timeStyle="medium" />;
  return plainText(value);
}
