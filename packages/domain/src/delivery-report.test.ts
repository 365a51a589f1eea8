import { expect, test } from 'vitest';
import { deliveryRequest, reportStatus } from './delivery-report.ts';

test.each([
  ['bounced', '550 5.1.1 No such user', '5.1.1'],
  ['bounced', '5.1.10', '5.1.10'],
  ['bounced', '554 Refused', '5.0.0'],
  ['bounced', '550 4.7.1 A code of the other class', '5.0.0'],
  ['bounced', '451 4.3.0 Later', '4.4.7'],
  ['bounced', 'Connection closed', '4.4.7'],
  ['bounced', 'connect ECONNREFUSED 5.1.1.2:25', '4.4.7'],
  ['bounced', '', '4.4.7'],
  ['delayed', '451 4.3.0 Later', '4.3.0'],
  ['delayed', '421 Busy', '4.0.0'],
  ['delayed', 'Timeout', '4.0.0'],
  ['relayed', '250 2.0.0 Queued', '2.1.9'],
] as const)('%s after “%s” has the status %s', (kind, response, status) => {
  expect(reportStatus(kind, response)).toBe(status);
});

test('a request is what an envelope can say, and what a line of a report can hold', () => {
  const whole = { notify: ['SUCCESS', 'FAILURE'], orcpt: 'rfc822;bob@example.net', envid: 'QQ 314159', ret: 'HDRS' };
  expect(deliveryRequest.parse(whole)).toEqual(whole);
  for (const wrong of [
    { notify: [] },
    { notify: ['SOMETIMES'] },
    { orcpt: 'bob@example.net' },
    { orcpt: 'rfc822;a\r\nBcc: b' },
    { orcpt: `rfc822;${'x'.repeat(500)}` },
    { envid: 'a\nb' },
    { envid: 'ü' },
    { envid: 'x'.repeat(101) },
    { ret: 'SOME' },
  ])
    expect(deliveryRequest.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
});
