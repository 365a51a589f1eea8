import { evaluateMailRules, explainMailRules, removedHeaders } from '@signet/domain/mail-decision';
import type { MailFacts } from '@signet/domain/mail-facts';
import type { MailRuleAction } from '@signet/domain/mail-rule-action';
import type { ConditionKind, MailRuleCondition } from '@signet/domain/mail-rule-condition';
import { mailRuleFaults, type MailRule } from '@signet/domain/mail-rule';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ParserPool } from './parser-pool.ts';
import { takeIn } from './take-in.ts';
import { oddOnes, readSamples, type CorpusSample } from './testing/corpus-samples.ts';
import { readDifferences, readExpected } from './testing/corpus.ts';
import { corpusConditions, ruleSets } from './testing/rule-sets.ts';
import { openTestVault, ORGANIZATION_ID } from './testing/test-vault.ts';
import type { TestVault } from './testing/test-vault.ts';

const expected = await readExpected();
const differences = await readDifferences();
const templates = { names: ['OME Configuration', 'Acme', 'Acme Legal'], defaultName: 'OME Configuration' };
const names = Object.keys(expected);

/** A message of the corpus with what the rules were told of it, and what other eyes than ours see in it. */
interface Sample extends CorpusSample {
  readonly facts: MailFacts;
}

let vault: TestVault;
let parser: ParserPool;
const samples: Sample[] = [];

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

const someMail = { sender: 'ann@acme.example', recipients: ['bob@example.net', 'eve@example.org'] };

async function take(
  raw: Buffer,
  rules: readonly MailRule[] = [],
  { sender, recipients }: Pick<CorpusSample, 'sender' | 'recipients'> = someMail,
) {
  const blob = await vault.createBlob();
  const taken = await takeIn({
    source: once(raw),
    organizationId: ORGANIZATION_ID,
    sender,
    senderGroups: oddOnes.addresses.some((address) => address === sender) ? [oddOnes.name] : [],
    recipients,
    ownDomains: ['acme.example', 'example.net'],
    rules,
    templates,
    blob,
    parser,
    loopKeys: [],
    maxBytes: 25 * 1024 * 1024,
    refuseBareNewlines: true,
    receivedField: 'Received: by signet.example\r\n',
  });
  await blob.abort();
  return taken;
}

beforeAll(async () => {
  vault = await openTestVault();
  // Time is not what is tested here.
  parser = new ParserPool({ size: 1, limits: { milliseconds: 300_000 } });
  for (const sample of await readSamples()) {
    const taken = await take(sample.raw, [], sample);
    if (taken.outcome !== 'accepted') throw new Error(`${sample.name}: ${taken.outcome}`);
    samples.push({ ...sample, facts: taken.facts });
  }
}, 600_000);
afterAll(async () => {
  await parser.close();
  await vault.close();
});

const subjectOf = ({ name }: Sample): string => {
  const difference = differences[name]?.subject;
  return (difference === undefined ? expected[name]?.subject : difference) ?? '';
};
const attachmentsOf = ({ name }: Sample): string[] =>
  (differences[name]?.attachments ?? expected[name]?.parts ?? []).flatMap((part) => part.name?.toLowerCase() ?? []);
/** Fields of the header with a name, unfolded, read by nothing of ours. */
const fieldsOf = ({ raw }: Sample, name: string): string[] => {
  const [header = ''] = raw.toString('latin1').split('\r\n\r\n');
  const lines = header.replaceAll(/\r\n(?=[ \t])/g, '').split('\r\n');
  return lines.flatMap((line) =>
    line.toLowerCase().startsWith(`${name}:`)
      ? [
          line
            .slice(name.length + 1)
            .trim()
            .toLowerCase(),
        ]
      : [],
  );
};
async function readByAnother({ raw }: Sample): Promise<string> {
  const { text = '', html } = await simpleParser(raw);
  return `${text} ${html === false ? '' : html.replaceAll(/<[^>]*>/g, ' ')}`.toLowerCase();
}

/** Whether a message fits the condition of a kind, as other programs and the table of the corpus see it. */
const oracles: Readonly<Record<ConditionKind, (sample: Sample) => boolean | Promise<boolean>>> = {
  always: () => true,
  headerPresent: (sample) => fieldsOf(sample, 'x-mailer').length > 0,
  headerEquals: (sample) => fieldsOf(sample, 'x-priority')[0] === '3',
  headerContains: (sample) => fieldsOf(sample, 'received').some((field) => field.includes('gmail.com')),
  sender: ({ index }) => index % 2 === 0,
  senderDomain: () => true,
  senderGroup: ({ index }) => index % 2 === 1,
  recipient: ({ index }) => index % 3 === 0,
  recipientDomain: ({ index }) => index % 3 !== 2,
  recipientInside: ({ index }) => index % 3 !== 2,
  recipientOutside: ({ index }) => index % 3 !== 1,
  subjectContains: (sample) => subjectOf(sample).toLowerCase().includes('testing'),
  subjectOrBodyContains: async (sample) => `${subjectOf(sample)} ${await readByAnother(sample)}`.toLowerCase().includes('unsubscribe'),
  sizeAtLeast: ({ raw }) => raw.length >= 10_240,
  attachmentNameEndsWith: (sample) => attachmentsOf(sample).some((name) => name.endsWith('.pdf') || name.endsWith('.p7s')),
  attachmentNameContains: (sample) => attachmentsOf(sample).some((name) => name.includes('image') || name.includes('test')),
  sensitivity: ({ index }) => index % 3 === 0,
};

function ruleOf(conditions: readonly MailRuleCondition[], changes: Partial<MailRule> = {}): MailRule {
  const actions: MailRuleAction[] = [{ kind: 'applyTemplate', templateName: 'Acme' }];
  return { name: 'r', enabled: true, conditions: [...conditions], exceptions: [], actions, stop: true, ...changes };
}
const fitting = (rule: MailRule) =>
  samples.filter(({ facts }) => evaluateMailRules([rule], facts, templates).matchedRules.length > 0).map(({ name }) => name);

describe('on every message of the corpus', () => {
  test.each(corpusConditions)(
    'the condition $kind holds where other eyes see it so, and as an exception it does the opposite',
    async (condition) => {
      const seen = await Promise.all(samples.map(async (sample) => oracles[condition.kind](sample)));
      const wanted = samples.filter((_, index) => seen[index]).map(({ name }) => name);
      expect(wanted.length).toBeGreaterThan(0);
      expect(fitting(ruleOf([condition]))).toEqual(wanted);
      expect(fitting(ruleOf([{ kind: 'always' }], { exceptions: [condition] }))).toEqual(names.filter((name) => !wanted.includes(name)));
    },
  );

  test('a message that no condition but “always” knows follows the organization’s default', () => {
    for (const { facts } of samples)
      expect(evaluateMailRules([], facts, templates)).toMatchObject({ templateName: 'OME Configuration', ruleName: null, rejection: null });
  });

  test('of twenty sets of rules every one is sound, and the explanation says what the evaluation decides, rule by rule', () => {
    const kinds = new Set(
      ruleSets
        .flat()
        .flatMap(({ conditions, exceptions, actions }) => [...conditions, ...exceptions, ...actions])
        .map(({ kind }) => kind),
    );
    expect(kinds.size).toBe(corpusConditions.length + 8);
    const known = { templates: templates.names, senderGroups: [oddOnes.name] };
    for (const rules of ruleSets) {
      expect(rules.flatMap((rule) => mailRuleFaults(rule, known))).toEqual([]);
      for (const { facts } of samples) {
        const { decision, traces } = explainMailRules(rules, facts, templates);
        expect(decision).toEqual(evaluateMailRules(rules, facts, templates));
        expect(rules.filter((_, index) => traces[index]?.outcome === 'matched').map(({ name }) => name)).toEqual(decision.matchedRules);
        expect(removedHeaders(rules, facts, templates)).toEqual(decision.removeHeaders);
      }
    }
  });
});

const plain = (body: string, type = 'text/plain; charset=utf-8') =>
  Buffer.from(`Subject: s\r\nX-Note: n\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`);
const asks = (word: string) => ruleOf([{ kind: 'subjectOrBodyContains', words: [word] }]);

test.each([
  ['over the end of a line', plain('top\r\nsecret')],
  ['in HTML, parted by tags within the line', plain('<p>to<b>p</b> <i>sec</i>ret</p>', 'text/html')],
  ['in HTML, with entities and blanks that do not break', plain('t&#111;p&nbsp;secret', 'text/html')],
  ['with invisible characters in it', plain('to\u00adp se\u200bcret')],
  ['in wide letters', plain('ＴＯＰ ｓｅｃｒｅｔ')],
])('words are found in the body %s', async (_, raw) => {
  expect((await take(raw, [asks('Top Secret')])).outcome === 'accepted').toBe(true);
  const taken = await take(raw, [asks('Top Secret')]);
  expect(taken.outcome === 'accepted' && taken.decision.matchedRules).toEqual(['r']);
});

test('paragraphs of HTML are not run together into words that nobody wrote', async () => {
  const taken = await take(plain('<p>top</p><p>sec</p><div>ret</div>', 'text/html'), [asks('secret'), asks('topsec')]);
  expect(taken.outcome === 'accepted' && taken.decision.matchedRules).toEqual([]);
});

test('a message that cannot be parsed fits every condition about its content, and no exception about it', async () => {
  const raw = Buffer.concat([plain('a'), Buffer.from('\0\r\n')]);
  const contents = corpusConditions.filter(({ kind }) => kind.startsWith('attachment') || kind === 'subjectOrBodyContains');
  expect(contents).toHaveLength(3);
  for (const condition of contents) {
    const asCondition = await take(raw, [ruleOf([condition], { actions: [{ kind: 'reject', text: 'no' }] })]);
    expect(asCondition).toMatchObject({ outcome: 'rejected', originalOnly: 'nul', rejection: { ruleName: 'r', text: 'no' } });
    const asException = await take(raw, [ruleOf([{ kind: 'always' }], { exceptions: [condition] })]);
    expect(asException).toMatchObject({ outcome: 'accepted', decision: { matchedRules: ['r'] } });
  }
});

test('a message that cannot be parsed passes to nobody as it came because of what its content may be', async () => {
  const raw = Buffer.concat([plain('a'), Buffer.from('\0\r\n')]);
  const contents = corpusConditions.filter(({ kind }) => kind.startsWith('attachment') || kind === 'subjectOrBodyContains');
  for (const action of [{ kind: 'passThrough' }, { kind: 'passInside' }] as const) {
    for (const condition of contents) {
      for (const rule of [ruleOf([condition]), ruleOf([{ kind: 'always' }], { exceptions: [condition] })])
        expect(await take(raw, [{ ...rule, actions: [action] }])).toMatchObject({ outcome: 'accepted', decision: { passing: null } });
    }
    const sure = await take(raw, [ruleOf([{ kind: 'always' }], { actions: [action] })]);
    expect(sure).toMatchObject({ decision: { passing: { ruleName: 'r', to: action.kind === 'passThrough' ? 'everybody' : 'inside' } } });
  }
});

test('what passes a message through has the last word, and no rule behind it is asked', async () => {
  const protect = ruleOf([{ kind: 'always' }], { name: 'protect', stop: false });
  const pass = ruleOf([{ kind: 'always' }], { name: 'pass', actions: [{ kind: 'passThrough' }], stop: false });
  const reject = ruleOf([{ kind: 'always' }], { name: 'reject', actions: [{ kind: 'reject', text: 'no' }] });
  expect(await take(plain('x'), [protect, pass, reject])).toMatchObject({
    outcome: 'accepted',
    decision: { matchedRules: ['protect', 'pass'], passing: { to: 'everybody', ruleName: 'pass' } },
  });
  expect(await take(plain('x'), [protect, reject, pass])).toMatchObject({ outcome: 'rejected' });
});

test('a field is removed before the content is known: a rule about content neither removes one nor keeps one', async () => {
  const removal = ruleOf([{ kind: 'always' }], { name: 'removal', actions: [{ kind: 'removeHeader', header: 'X-Note' }] });
  const taken = await take(plain('top secret'), [asks('top secret'), removal]);
  expect(taken).toMatchObject({ outcome: 'accepted', decision: { matchedRules: ['r'], removeHeaders: ['x-note'] } });
});

test('what a rule rejects stores neither text nor header, and a rule behind it is not asked', async () => {
  const reject = ruleOf([{ kind: 'always' }], { name: 'first', actions: [{ kind: 'reject', text: 'no' }], stop: false });
  const taken = await take(plain('x'), [reject, ruleOf([{ kind: 'always' }])]);
  expect(taken).toMatchObject({ outcome: 'rejected', decision: { matchedRules: ['first'] } });
  expect('parts' in taken).toBe(false);
});
