import { randomUUID } from 'node:crypto';
import { pausableDeliveries } from './deliveries.ts';
import { median, repeat } from './measurement.ts';
import type { Bench, Measurement } from './measurement.ts';
import { startPostfix } from './postfix.ts';
import { mailHeader, mixedMailRest } from './sample-mail.ts';
import { SmtpSession } from './smtp-session.ts';
import type { SmtpServer } from './smtp-session.ts';

/** How many sessions are open at once. */
export const sessions = 20;
/** How the client uses its sessions: one for all of its messages, or a new one for each. */
type Manner = 'kept open' | 'one message each';

/**
 * P4: messages of 100,000 bytes that the gateway has stored encrypted and committed, beside Postfix's that lie synced in its queue. One
 * client drives both, in both manners. Neither delivers: Postfix holds, and Signet's worker is stopped for the time.
 */
export async function measureAcceptance(bench: Bench): Promise<Measurement[]> {
  const seconds = bench.quick ? 1 : 8;
  const signet = await bench.startSignet();
  const postfix = await startPostfix(bench.guard);
  bench.onEnd(() => postfix.stop());
  const gateway = { ...signet.acme.smtp, credentials: signet.acme.smtp };
  const rest = Buffer.from(mixedMailRest());
  const rate = (server: SmtpServer, manner: Manner, time: number) => acceptanceRate(server, manner, rest, time);
  const postfixRate = async (manner: Manner) => {
    postfix.empty();
    const { rate: perSecond, accepted } = await rate(postfix, manner, seconds);
    if (postfix.queued() !== accepted) throw new Error(`Postfix accepted ${accepted} messages and holds ${postfix.queued()}.`);
    return perSecond;
  };

  await rate(gateway, 'kept open', 2);
  await rate(postfix, 'kept open', 2);
  const whileNothingIsDelivered = pausableDeliveries(bench, signet);
  const measurements: Measurement[] = [];
  for (const manner of ['kept open', 'one message each'] as const) {
    const theirs: number[] = [];
    const ours: number[] = [];
    const costs: string[] = [];
    await repeat(bench.repetitions, () =>
      whileNothingIsDelivered(async () => {
        theirs.push(await postfixRate(manner));
        const before = signet.cpu();
        const { rate: perSecond, accepted } = await rate(gateway, manner, seconds);
        const after = signet.cpu();
        ours.push(perSecond);
        const cost = (part: 'gateway' | 'postgres') => `${part} ${((1_000 * (after[part] - before[part])) / accepted).toFixed(1)}`;
        costs.push(`${cost('gateway')}, ${cost('postgres')}`);
      }),
    );
    bench.say(`  ${manner}: messages/s ${ours.map(Math.round).join(', ')}; Postfix ${theirs.map(Math.round).join(', ')}`);
    measurements.push({
      row: 'P4',
      what: `accept messages of 100 kB, ${sessions} sessions, ${manner}`,
      unit: 'messages/s',
      ours: median(ours),
      runs: ours,
      reference: { what: `Postfix ${postfix.version}, held queue, messages/s`, median: median(theirs), runs: theirs },
      goal: { words: '≥ 0.3', met: median(ours) / median(theirs) >= 0.3 },
      notes: [
        `${rest.length + mailHeader(randomUUID(), 'bob@example.net').length} bytes each, every one different. Neither side delivers meanwhile.`,
        `CPU of one message in ms, each time: ${costs.join('; ')}.`,
      ],
    });
  }
  const beside = await repeat(bench.repetitions, async () => (await rate(gateway, 'kept open', seconds)).rate);
  measurements.push({
    row: 'P4',
    what: `the same, kept open, while the worker delivers`,
    unit: 'messages/s',
    ours: median(beside),
    runs: beside,
    reference: null,
    goal: null,
    notes: ['Worker, mailbox and ingest share the cores, with all the wrapper mails of the runs before still to be sent.'],
  });
  return measurements;
}

/** Sends on all sessions at once for some seconds. @returns accepted messages a second, the last ones' time included */
export async function acceptanceRate(server: SmtpServer, manner: Manner, rest: Buffer, seconds: number) {
  const begin = performance.now();
  const deadline = begin + seconds * 1_000;
  const counts = await Promise.all(Array.from({ length: sessions }, (_, index) => sendUntil(server, manner, rest, deadline, index)));
  const accepted = counts.reduce((sum, count) => sum + count, 0);
  return { accepted, rate: (accepted * 1_000) / (performance.now() - begin) };
}

async function sendUntil(server: SmtpServer, manner: Manner, rest: Buffer, deadline: number, index: number): Promise<number> {
  const recipients = [`reader${index}@example.net`];
  let session = await SmtpSession.open(server);
  let count = 0;
  while (performance.now() < deadline) {
    if (manner === 'one message each' && count > 0) {
      await session.close();
      session = await SmtpSession.open(server);
    }
    const data = Buffer.concat([Buffer.from(mailHeader(randomUUID(), recipients[0] ?? '')), rest]);
    await session.send({ sender: 'alice@acme.example', recipients, data });
    count += 1;
  }
  await session.close();
  return count;
}
