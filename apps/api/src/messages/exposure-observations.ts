import type { ExposureReport } from '@signet/api-contract/messages';
import type { RecordedForm } from '@signet/domain/privacy-policy';
import { foreign, html, type Html } from '../http/html-text.ts';
import type { WriteTime } from './exposure-time.ts';

type Observation = ExposureReport['recipients'][number]['before'][number];

/** What a report's basis means, in words: never "nobody" where nothing was recorded. */
export const whatIsKnown = {
  recorded: 'Every step on this message was recorded.',
  partly_recorded: 'Not all is on record. What happened besides is not known, and may be more than stands here.',
  not_recorded: 'Steps on this message were not recorded. Whether anybody was given its content is not known.',
} as const satisfies Record<ExposureReport['basis'], string>;

const nothing = {
  recorded: 'No content was given, and no try was made.',
  partly_recorded: 'Nothing that is on record.',
  not_recorded: 'Not recorded.',
} as const satisfies Record<ExposureReport['basis'], string>;

/** Steps of one recipient in their order. */
export function observationTable(steps: readonly Observation[], basis: ExposureReport['basis'], time: WriteTime, origins: boolean): Html {
  if (steps.length === 0) return html`<p class="none">${nothing[basis]}</p>`;
  return html`<table class="steps">
    <thead>
      <tr>
        <th scope="col">When</th>
        <th scope="col">What</th>
        <th scope="col">Extent</th>
        <th scope="col">Record</th>
      </tr>
    </thead>
    <tbody>
      ${steps.map((step) => observationRow(step, time, origins))}
    </tbody>
  </table>`;
}

function observationRow(step: Observation, time: WriteTime, origins: boolean): Html {
  const refused = step.operationStatus === 'Failure';
  const origin = [told(step.clientIp, step.clientIpRecorded, networks), told(step.userAgent, step.userAgentRecorded, agents)].filter(
    (part) => part !== null && part !== '',
  );
  return html`<tr class="${refused ? 'refused' : 'given'}">
    <td>${time(step.creationTime)}</td>
    <td>
      <strong>${refused ? 'Refused' : 'Given'}</strong>: ${whatOf(step)}${step.count === 1 ? '' : ` (${step.count} times within a minute)`}
      ${refused && step.reason !== null ? html`<p class="small">Reason: ${foreign(step.reason)}</p>` : null}
    </td>
    <td>${extentOf(step, refused)}</td>
    <td class="small">
      ${step.authenticationMethod === null ? null : html`<p>Signed in: ${methods[step.authenticationMethod]}</p>`}
      ${origins && origin.length > 0 ? html`<p>${foreign(origin.join(' · '))}</p>` : null}
      <p class="code">${step.id}</p>
    </td>
  </tr>`;
}

const networks = { truncated: 'network', hash: 'address hashed', none: 'address' } as const;
const agents = { truncated: 'program shortened', hash: 'program hashed', none: 'program' } as const;

/** What was recorded of a value, and in words how much that is. */
function told(value: string | null, form: RecordedForm, words: Record<Exclude<RecordedForm, 'full'>, string>): string | null {
  if (form === 'full') return value;
  return form === 'none' ? `${words.none} not recorded (privacy policy)` : `${value} (${words[form]})`;
}

const methods = {
  OTP: 'passcode',
  Google: 'Google',
  Microsoft: 'Microsoft',
  Yahoo: 'Yahoo',
  Passkey: 'passkey',
} as const satisfies Record<NonNullable<Observation['authenticationMethod']>, string>;

function whatOf({ operation, attachmentName }: Observation): Html {
  const file = attachmentName === null ? html`an attachment without a name` : foreign(attachmentName);
  switch (operation) {
    case 'MessageAccess':
      return html`the message was opened`;
    case 'AttachmentReview':
      return html`preview of ${file}`;
    case 'AttachmentDownload':
      return html`download of ${file}`;
    case 'MessageDownload':
      return html`download of the original message`;
    default:
      return operation satisfies never;
  }
}

/** How much left: a download that was begun counts, and says how far it came. */
function extentOf({ bytesSent, size, complete, reason }: Observation, refused: boolean): Html {
  if (refused || bytesSent === null) return html`–`;
  const sent = bytesSent.toLocaleString('en-GB');
  const extent = size === null ? `${sent} bytes` : `${sent} of ${size.toLocaleString('en-GB')} bytes`;
  const end = complete === true ? 'Complete' : 'Begun, not complete';
  return html`${end}
    <p class="small">${extent}</p>
    ${complete !== true && reason !== null ? html`<p class="small">Ended: ${foreign(reason)}</p>` : null}`;
}
