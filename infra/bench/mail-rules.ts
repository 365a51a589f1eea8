import { acceptanceRate, sessions } from './accept-message.ts';
import type { BenchSignet } from './bench-signet.ts';
import { pausableDeliveries } from './deliveries.ts';
import { median, repeat } from './measurement.ts';
import type { Bench, Measurement } from './measurement.ts';
import { mailHeader, mixedMailRest } from './sample-mail.ts';

const sizes = [1, 20, 100] as const;

/**
 * P14: the same acceptance as P4's with 1, 20 and 100 mail rules before the demo's own, beside none. No message fits any of them, so that
 * each is asked to its end; and each asks something of its own, every third of them about the body.
 */
export async function measureMailRules(bench: Bench): Promise<Measurement[]> {
  const seconds = bench.quick ? 1 : 8;
  const signet = await bench.startSignet();
  const gateway = { ...signet.acme.smtp, credentials: signet.acme.smtp };
  const rest = Buffer.from(mixedMailRest());
  const whileNothingIsDelivered = pausableDeliveries(bench, signet);
  const rateOf = (time: number) => whileNothingIsDelivered(async () => (await acceptanceRate(gateway, 'kept open', rest, time)).rate);
  await rateOf(2);
  const rates = new Map<number, number[]>([0, ...sizes].map((size) => [size, []]));
  await repeat(bench.repetitions, async () => {
    const ids: string[] = [];
    for (const [size, measured] of rates) {
      while (ids.length < size) ids.push(await addRule(signet, ids.length));
      await requireAsked(signet, size, rest);
      measured.push(await rateOf(seconds));
    }
    for (const id of ids) await ask(signet, 'DELETE', `/v1/mail-rules/${id}`);
  });
  const ratesOf = (size: number) => rates.get(size) ?? [];
  bench.say(`  messages/s ${[0, ...sizes].map((size) => `with ${size}: ${ratesOf(size).map(Math.round).join(', ')}`).join('; ')}`);
  const microseconds = (size: number) => 1e6 / median(ratesOf(size));
  const slope = (from: number, to: number) => Math.round((microseconds(to) - microseconds(from)) / (to - from));
  return sizes.map((size) => ({
    row: 'P14',
    what: `accept messages of 100 kB, ${sessions} sessions, ${size} mail ${size === 1 ? 'rule' : 'rules'}`,
    unit: 'messages/s',
    ours: median(ratesOf(size)),
    runs: ratesOf(size),
    reference: { what: 'the same with none, messages/s', median: median(ratesOf(0)), runs: ratesOf(0) },
    goal: null,
    notes:
      size === 100
        ? [
            `A rule more costs a message ${slope(0, 20)} µs on the way from none to 20, and ${slope(20, 100)} µs from 20 to 100.`,
            'None is the demo’s own rules; the others stand before them, and no message fits one. Nothing is delivered meanwhile.',
          ]
        : [],
  }));
}

/** A rule that no message of the bench fits. */
async function addRule(signet: BenchSignet, index: number): Promise<string> {
  const words = [`canary ${index}`, `nightingale ${index}`, `wren ${index}`];
  const asked = [
    { kind: 'subjectOrBodyContains', words },
    { kind: 'headerContains', header: 'Received', words },
    { kind: 'attachmentNameContains', words },
    { kind: 'subjectOrBodyContains', words },
    { kind: 'recipient', addresses: words.map((word) => `${word.replace(' ', '-')}@example.net`) },
    { kind: 'sizeAtLeast', bytes: 20_000_000 + index },
  ];
  const body = {
    name: `Rule ${index}`,
    position: index,
    conditions: [asked[index % asked.length]],
    actions: [{ kind: 'forbidForwarding' }],
  };
  const { id }: { id: string } = JSON.parse(await ask(signet, 'POST', '/v1/mail-rules', body));
  return id;
}

/** What is measured is what was meant: the rules are asked, and none fits. */
async function requireAsked(signet: BenchSignet, size: number, rest: Buffer): Promise<void> {
  const raw = Buffer.concat([Buffer.from(mailHeader('asked', 'reader@example.net')), rest]).toString('base64');
  const body = { sender: 'alice@acme.example', recipients: ['reader@example.net'], raw };
  const { rules }: { rules: { name: string; outcome: string }[] } = JSON.parse(await ask(signet, 'POST', '/v1/mail-rules/explain', body));
  const asked = rules.filter(({ name, outcome }) => /^Rule \d+$/.test(name) && outcome === 'not_matched');
  if (asked.length !== size) throw new Error(`Of ${size} rules ${asked.length} are asked and do not fit.`);
}

async function ask(signet: BenchSignet, method: string, path: string, body?: object): Promise<string> {
  const authorization = `Bearer ${signet.acme.apiKey}`;
  const sent = body && { body: JSON.stringify(body) };
  const answer = await fetch(`${signet.apiUrl}${path}`, {
    method,
    headers: { authorization, ...(sent && { 'content-type': 'application/json' }) },
    ...sent,
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`The api answered ${answer.status}: ${text.slice(0, 500)}`);
  return text;
}
