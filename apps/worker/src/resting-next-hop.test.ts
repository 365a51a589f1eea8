import { expect, test } from 'vitest';
import type { HopAnswer, NextHop, OutgoingMail } from './next-hop.ts';
import { restingNextHop } from './resting-next-hop.ts';

const away = { delivery: 'Deferred', response: 'ECONNREFUSED', isAway: true } as const;
const later = { delivery: 'Deferred', response: '451 Later', isAway: false } as const;
const sent = { delivery: 'Sent', response: '250 Queued' } as const;
const mail: OutgoingMail = { organizationId: '', messageId: '', from: '', to: '', subject: '', html: '', text: '', headers: {} };

/** A next hop whose answers are given by hand, in the order in which it was asked. */
function slowHop() {
  const asked: ((answer: HopAnswer) => void)[] = [];
  const ask = () => new Promise<HopAnswer>((answer) => void asked.push(answer));
  const hop: NextHop = { send: ask, pass: ask, close: () => undefined };
  return { hop, asked };
}

test('after it was away it is left alone, then tried by one mail at a time, and is open to all again once it has answered', async () => {
  const { hop, asked } = slowHop();
  let time = 0;
  const resting = restingNextHop(hop, () => time);
  const [first, second] = [resting.send(mail), resting.send(mail)];
  asked.forEach((answer) => answer(away));
  expect(await Promise.all([first, second])).toEqual([away, away]);
  time = 29_999;
  const told = { delivery: 'Deferred', response: expect.stringMatching(/^Not tried.*ECONNREFUSED$/) };
  expect([await resting.send(mail), asked.length]).toEqual([told, 2]);
  time = 30_000;
  const trial = resting.send(mail);
  expect([await resting.send(mail), asked.length]).toEqual([told, 3]);
  asked[2]?.(away);
  expect([await trial, await resting.send(mail), asked.length]).toEqual([away, told, 3]);
  time = 60_000;
  const next = resting.send(mail);
  asked[3]?.(sent);
  expect(await next).toEqual(sent);
  void [resting.send(mail), resting.send(mail)];
  expect(asked).toHaveLength(6);
});

test('what it says of one mail keeps no other one from it', async () => {
  const { hop, asked } = slowHop();
  const resting = restingNextHop(hop, () => 0);
  const first = resting.send(mail);
  asked[0]?.(later);
  expect(await first).toEqual(later);
  void resting.send(mail);
  expect(asked).toHaveLength(2);
});
