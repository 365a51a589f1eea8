import { expect, test } from 'vitest';
import { deliveryStatus, type RecipientStatus } from './delivery-status.ts';

const at = new Date('2026-12-22T10:36:20.000Z');
const bob = { address: 'bob@example.net', originalRecipient: null, kind: 'bounced', response: '550 5.1.1 No such user', at } as const;

function status(recipients: readonly RecipientStatus[], envelopeId: string | null = null) {
  return deliveryStatus({ reportingHost: 'mail.acme.example', envelopeId, acceptedAt: at, recipients });
}

test('it has the fields of the message, then those of each recipient, with an empty line after each group', () => {
  const delayed = { ...bob, kind: 'delayed', response: 'Timeout', address: 'carol@example.net' } as const;
  expect(status([{ ...bob, originalRecipient: 'rfc822;Bob@example.net' }, delayed], 'QQ 1').split('\r\n')).toEqual([
    'Reporting-MTA: dns;mail.acme.example',
    'Original-Envelope-Id: QQ 1',
    'Arrival-Date: Tue, 22 Dec 2026 10:36:20 +0000',
    '',
    'Original-Recipient: rfc822;Bob@example.net',
    'Final-Recipient: rfc822;bob@example.net',
    'Action: failed',
    'Status: 5.1.1',
    'Diagnostic-Code: smtp;550 5.1.1 No such user',
    'Last-Attempt-Date: Tue, 22 Dec 2026 10:36:20 +0000',
    '',
    'Final-Recipient: rfc822;carol@example.net',
    'Action: delayed',
    'Status: 4.0.0',
    'Last-Attempt-Date: Tue, 22 Dec 2026 10:36:20 +0000',
    '',
    '',
  ]);
});

test.each([
  ['bob@bücher.example', 'rfc822;bob@xn--bcher-kva.example'],
  ['bøb@bücher.example', 'utf-8;b\\x{F8}b@b\\x{FC}cher.example'],
])('%s is written as %s, in ASCII alone', (address, written) => {
  expect(status([{ ...bob, address }])).toContain(`Final-Recipient: ${written}\r\n`);
});

test('nothing that a foreign server or an envelope says begins a line of its own, leaves ASCII, or makes a line too long', () => {
  const forged = '\r\n\r\nFinal-Recipient: rfc822;eve@example.org\r\nAction: delivered\u0085\u2028\u202e\0ü';
  const lines = status(
    [
      {
        ...bob,
        response: `550 5.1.1 ${forged}${'x'.repeat(2_000)}`,
        originalRecipient: `rfc822;${forged}`,
        address: `bob${forged}@example.net`,
      },
    ],
    forged,
  ).split('\r\n');
  const names = lines.map((line) => line.split(':')[0]);
  expect(names.join(' ')).toBe(
    'Reporting-MTA Original-Envelope-Id Arrival-Date  Original-Recipient Final-Recipient Action Status Diagnostic-Code Last-Attempt-Date  ',
  );
  for (const line of lines) {
    expect(line).toMatch(/^[ -~]*$/);
    expect(line.length).toBeLessThanOrEqual(998);
  }
});
