import type { ExposureReport } from '@signet/api-contract/messages';
import type { RecordedForm } from '@signet/domain/privacy-policy';
import { foreign, html, plainly, type Html } from '../http/html-text.ts';
import { observationTable, whatIsKnown } from './exposure-observations.ts';
import { EXPOSURE_STYLE } from './exposure-style.ts';
import { timeWriter, type WriteTime } from './exposure-time.ts';

type Recipient = ExposureReport['recipients'][number];

/** How a report's page is to be written. */
export interface ExposurePageOptions {
  /** A time zone in which times stand besides UTC. */
  readonly zone: string | undefined;
  /** Whether the report says from where, and with which program, somebody read. */
  readonly origins: boolean;
}

/**
 * The report as a page for people, above all for a data-protection officer: complete in itself, to be printed on A4 and
 * kept, without scripts, and with the JSON that it was written from inside it. Always light: it is a sheet of paper.
 */
export function exposurePage(report: ExposureReport, { zone, origins }: ExposurePageOptions): string {
  const time = timeWriter(zone);
  const json = Buffer.from(JSON.stringify(report, null, 2)).toString('base64');
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="only light" />
        <title>Exposure report – ${plainly(report.organizationName)}</title>
        <style>
          ${EXPOSURE_STYLE}
        </style>
      </head>
      <body>
        <header>
          <p class="organization">${foreign(report.organizationName)}</p>
          <h1>Exposure report</h1>
          <p class="lead">Who had been given which content of one message, before and after it was taken back.</p>
        </header>
        <main>
          <section aria-labelledby="summary">
            <h2 id="summary">In short</h2>
            ${summary(report)}
          </section>
          ${messageSection(report, time)} ${changesSection(report, time)}
          <section aria-labelledby="seen">
            <h2 id="seen">Who was given what</h2>
            ${report.recipients.map((recipient, index) => recipientSection(report, recipient, index, time, origins))}
          </section>
          ${gapsSection(report, time, origins)} ${basisSection(report, time, zone)}
        </main>
        <footer>
          <p><a download="exposure-${report.id}.json" href="data:application/json;base64,${json}">Download this report as JSON</a></p>
          <p>To print it or to keep it as PDF, use your browser’s print command.</p>
        </footer>
      </body>
    </html> `;
  return page.source;
}

function summary({ recipients, basis, revocations }: ExposureReport): Html {
  const refused = recipients.flatMap(({ before, after }) => [...before, ...after]).filter((step) => step.operationStatus === 'Failure');
  const revoked = recipients.filter(({ revokedAt }) => revokedAt !== null);
  const passed = recipients.filter((recipient) => recipient.unwrapped);
  const known = basis === 'recorded' ? '' : ' as far as is on record';
  const lines = [
    `The message went to ${counted(recipients.length, 'recipient')}.`,
    revocations.length === 0
      ? 'It was never revoked.'
      : `Access was revoked for ${counted(revoked.length, 'recipient')} in ${counted(revocations.length, 'revocation')}.`,
    ...(basis === 'not_recorded'
      ? ['Who was given its content is not known: steps on this message were not recorded.']
      : [
          `${counted(recipients.filter(wasGiven).length, 'recipient')} of ${recipients.length} had been given content${known}; ${revoked.filter(({ before }) => before.some(isGiven)).length} of those who were revoked had been given it before.`,
          `${counted(
            refused.reduce((sum, { count }) => sum + count, 0),
            'try',
            'tries',
          )} to get content ${refused.length === 1 && refused[0]?.count === 1 ? 'was' : 'were'} refused${known}.`,
        ]),
    ...(passed.length === 0 ? [] : [`${counted(passed.length, 'recipient')} got it unwrapped, out of reach of any revocation.`]),
  ];
  return html`<ul class="summary">
    ${lines.map((line) => html`<li>${line}</li>`)}
  </ul>`;
}

function wasGiven({ before, after }: Recipient): boolean {
  return [...before, ...after].some(isGiven);
}

function isGiven({ operationStatus }: Recipient['before'][number]): boolean {
  return operationStatus === 'Success';
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function messageSection(report: ExposureReport, time: WriteTime): Html {
  const { subject, subjectRecorded, messageId, id, sender, acceptedAt, attachments } = report;
  return html`<section aria-labelledby="message">
    <h2 id="message">The message</h2>
    <dl>
      <div>
        <dt>Subject</dt>
        <dd>
          ${subject === null ? 'Hidden by the privacy policy' : subject === '' ? '(no subject)' : [foreign(subject), subjectKept[subjectRecorded]]}
        </dd>
      </div>
      <div>
        <dt>Sender</dt>
        <dd>${foreign(sender)}</dd>
      </div>
      <div>
        <dt>Sent</dt>
        <dd>${time(acceptedAt)}</dd>
      </div>
      <div>
        <dt>Message-ID</dt>
        <dd class="code">${foreign(messageId)}</dd>
      </div>
      <div>
        <dt>Signet’s id</dt>
        <dd class="code">${id}</dd>
      </div>
    </dl>
    <h3>Attachments</h3>
    ${
      attachments.length === 0
        ? html`<p>None.</p>`
        : html`<table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Size</th>
                <th scope="col">SHA-256</th>
              </tr>
            </thead>
            <tbody>
              ${attachments.map(
                ({ name, size, sha256 }) =>
                  html`<tr>
                    <td>${name === null ? '(no name)' : foreign(name)}</td>
                    <td class="number">${bytes(size)}</td>
                    <td class="code">${sha256}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
  </section>`;
}

const subjectKept = {
  full: null,
  truncated: ' (cut off by the privacy policy)',
  hash: ' (a hash in place of the subject, by the privacy policy)',
  none: null,
} as const satisfies Record<RecordedForm, string | null>;

function bytes(count: number): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? 'byte' : 'bytes'}`;
}

function changesSection({ revocations, restorations, recipients }: ExposureReport, time: WriteTime): Html {
  const changes = [
    ...revocations.map((change) => ({ ...change, what: 'Revoked' })),
    ...restorations.map((change) => ({ ...change, what: 'Restored' })),
  ].toSorted((a, b) => a.at.localeCompare(b.at));
  return html`<section aria-labelledby="changes">
    <h2 id="changes">Revocations and restorations</h2>
    ${
      changes.length === 0
        ? html`<p>The message was never revoked.</p>`
        : html`<table>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">What</th>
                <th scope="col">By whom and why</th>
                <th scope="col">For whom</th>
              </tr>
            </thead>
            <tbody>
              ${changes.map(
                (change) =>
                  html`<tr>
                    <td>${time(change.at)}</td>
                    <td>${change.what}</td>
                    <td>
                      ${foreign(change.by)}
                      <p class="small">
                        ${change.reason === null || change.reason === '' ? 'No reason was given.' : ['Reason: ', foreign(change.reason)]}
                      </p>
                    </td>
                    <td>
                      ${
                        change.recipients.length === recipients.length && recipients.length > 1
                          ? `All ${recipients.length} recipients`
                          : change.recipients.map((address) => html`<p>${foreign(address)}</p>`)
                      }
                    </td>
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
  </section>`;
}

function recipientSection(report: ExposureReport, recipient: Recipient, index: number, time: WriteTime, origins: boolean): Html {
  const { address, unwrapped, revokedAt, restoredAt, before, after } = recipient;
  const id = `recipient-${index}`;
  if (unwrapped) {
    return html`<section class="recipient" aria-labelledby="${id}">
      <h3 id="${id}">${foreign(address)}</h3>
      <p>Gets the message unwrapped, as a rule says. What became of it there is not known, and it could not be taken back.</p>
    </section>`;
  }
  const tables =
    revokedAt === null
      ? [html`<h4>Never revoked: all that was recorded</h4>`, observationTable(before, report.basis, time, origins)]
      : [
          html`<h4>Before the revocation</h4>`,
          observationTable(before, report.basis, time, origins),
          html`<h4>After it</h4>`,
          restoredAt === null ? null : html`<p>Restored on ${time(restoredAt)}: from then on content was given again.</p>`,
          observationTable(after, report.basis, time, origins),
        ];
  return html`<section class="recipient" aria-labelledby="${id}">
    <h3 id="${id}">${foreign(address)}</h3>
    ${revokedAt === null ? null : html`<p>The last revocation took effect on ${time(revokedAt)}.</p>`}${tables}
  </section>`;
}

/** Of how many steps the privacy policy left less than was known. */
function reducedSteps({ recipients }: ExposureReport): number {
  const steps = recipients.flatMap(({ before, after }) => [...before, ...after]);
  return steps.filter(({ clientIpRecorded, userAgentRecorded }) => clientIpRecorded !== 'full' || userAgentRecorded !== 'full').length;
}

function gapsSection(report: ExposureReport, time: WriteTime, origins: boolean): Html {
  const { basis, gaps, removed, tracking } = report;
  const reduced = reducedSteps(report);
  const why = tracking.reason === null ? null : reasons[tracking.reason];
  return html`<section aria-labelledby="gaps">
    <h2 id="gaps">What is not on record</h2>
    <p><strong>${whatIsKnown[basis]}</strong>${why === null ? '' : ` ${why}`}</p>
    ${
      gaps.length === 0
        ? null
        : html`<ul>
            ${gaps.map(({ from, to }) => html`<li>Not recorded from ${time(from)} to ${to === null ? 'the time of this report' : time(to)}.</li>`)}
          </ul>`
    }
    ${
      removed === null
        ? null
        : html`<p>
            The records of ${counted(removed.steps, 'step')} about content, of the time from ${time(removed.from)} to ${time(removed.to)},
            have been removed, since their time was over or a law demanded it: what they said, and of whom, is not known any more.
          </p>`
    }
    ${
      reduced === 0
        ? null
        : html`<p>
            The organization’s privacy policy had addresses or programs reduced at ${counted(reduced, 'step')} of this report: a network or
            a hash stands in their place, or nothing. Two devices may then not be told apart.
          </p>`
    }
    <p>Besides, no report of this kind can tell:</p>
    <ul>
      <li>what a recipient did with content after it was given: copies, prints, pictures of a screen, and who else saw them;</li>
      <li>refused openings of the running minute: they are gathered for a minute before they are recorded;</li>
      <li>requests for the link without a sign-in. They are no reading, and give no content; the message’s timeline lists them.</li>
      ${origins ? null : html`<li>From where, and with which program, somebody read is recorded, and shown to the organization’s administrators alone.</li>`}
    </ul>
  </section>`;
}

const reasons = {
  default_template: 'Messages under the default template are never tracked.',
  switched_off: 'Tracking is switched off in the organization’s settings.',
} as const;

function basisSection({ readAt, id }: ExposureReport, time: WriteTime, zone: string | undefined): Html {
  return html`<section aria-labelledby="basis">
    <h2 id="basis">What this report rests on, and how to check it</h2>
    <ul>
      <li>It was made on ${time(readAt)}, and holds every event that was committed before that time, those not yet in the log included.</li>
      <li>
        All times are those of the database’s clock, to the millisecond. On a tracked message no content leaves before its event is
        committed; revoking waits for every reading that has begun. So an event stands before the revocation exactly if its content was
        given before it took effect.
      </li>
      <li>
        “Begun” says that a download was begun: from then on it counts as given, however little of it arrived. “Complete” says that all
        bytes were sent, not that they were read.
      </li>
      <li>
        Each step carries the id of its audit entry. <code>GET /v1/audit-entries?messageId=${id}</code> lists the entries,
        <code>GET /v1/admin-records?target=${id}</code> who revoked, restored and read reports: this one too is on record there.
      </li>
      <li>The SHA-256 of a file tells whether it is the one that was attached.</li>
      <li>Times are in UTC${zone === undefined ? '' : html`, and besides in the zone ${zone}`}.</li>
    </ul>
  </section>`;
}
