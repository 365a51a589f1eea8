import { afterAll, expect, test } from 'vitest';
import { readDeliveryReport } from './delivery-report.ts';
import { ParserPool } from './parser-pool.ts';
import { readAsSent } from './testing/corpus.ts';

const parser = new ParserPool({ size: 1 });
afterAll(() => parser.close());

const report = (...groups: readonly (readonly string[])[]): Buffer =>
  Buffer.from(
    [
      'From: Mail Delivery Subsystem <mailer-daemon@example.net>',
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'Your mail could not be delivered.',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      ...[['Reporting-MTA: dns; mx.example.net'], ...groups].flatMap((group) => [...group, '']),
      '--b--',
      '',
    ].join('\r\n'),
  );

const gmail =
  "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address for typos or 550-5.1.1 unnecessary spaces. Learn more at 550 5.1.1 http://mail.google.com/support/bin/answer.py?answer=6596 41si5422799iwn.27";
const amazon =
  'Amazon SES did not send the message to this address because it is on the suppression list for your account. For more information about removing addresses from the suppression list, see the Amazon SES Developer Guide at https://docs.aws.amazon.com/ses/latest/DeveloperGuide/sending-email-suppression-list.html';

test.for([
  ['mail-rb/multipart_report_emails_report_530.eml', 'failed', '553 5.3.0 <edwin@zzzzzzz.com>... Unknown E-Mail Address'],
  ['mail-rb/multipart_report_emails_report_422.eml', 'delayed', '452 4.2.2 <fraser@oooooooo.com.au>... Mailbox full'],
  ['mail-rb/multipart_report_emails_multipart_report_multiple_status.eml', 'failed', '5.3.0'],
  ['mail-rb/multipart_report_emails_multi_address_bounce1.eml', 'failed', gmail],
  ['mail-rb/multipart_report_emails_multi_address_bounce2.eml', 'failed', gmail],
  ['mailparser/delivery-status.eml', 'failed', amazon],
])('the real bounce %s says what became of the mail', async ([name = '', action, response]) => {
  expect(await readDeliveryReport(parser, await readAsSent(name))).toEqual({ action, response });
});

test.for([
  [
    'failed',
    ['Final-Recipient: rfc822; bob@example.net', 'Action: failed', 'Status: 5.1.1', 'Diagnostic-Code: smtp; 550 5.1.1', '  No such user'],
    'failed',
    '550 5.1.1 No such user',
  ],
  ['without a diagnosis', ['Action: FAILED', 'Status: 5.2.2'], 'failed', '5.2.2'],
  ['delayed', ['Action: delayed', 'Status: 4.4.1'], 'delayed', '4.4.1'],
  ['delivered', ['Action: delivered', 'Status: 2.0.0'], 'passed', '2.0.0'],
  ['of an unknown action', ['Action: vanished'], 'passed', ''],
] as const)('a report %s', async ([, fields, action, response]) => {
  expect(await readDeliveryReport(parser, report(fields))).toEqual({ action, response });
});

test('of several addresses that one recipient was forwarded to, the worst counts', async () => {
  const delayed = ['Action: delayed', 'Status: 4.4.1'];
  const failed = ['Action: failed', 'Status: 5.1.1'];
  expect(await readDeliveryReport(parser, report(delayed, ['Action: delivered'], failed))).toMatchObject({ action: 'failed' });
});

test.for([
  ['an absence notice', 'From: bob@example.net\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n'],
  ['nothing', ''],
  ['no header’s end', 'From: a@example.net'],
  ['a report without a recipient', report().toString()],
  ['what is no mail', '\0\x01\x02\r\n\r\n\xff'],
])('%s is no report', async ([, raw = '']) => {
  expect(await readDeliveryReport(parser, Buffer.from(raw, 'latin1'))).toBeNull();
});

test('a hostile report is read in bounded time and no further than a status has sense', async () => {
  const many = Array.from({ length: 50_000 }, () => ['Action: delayed', 'Status: 4.0.0']);
  expect(await readDeliveryReport(parser, report(...many, ['Action: failed', 'Status: 5.0.0']))).toEqual({
    action: 'delayed',
    response: '4.0.0',
  });
});
