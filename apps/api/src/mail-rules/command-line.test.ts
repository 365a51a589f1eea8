import { mailRuleRoutes, type MailRuleView } from '@signet/api-contract/mail-rules';
import { createClient } from '@signet/api-contract/client';
import { expect, test } from 'vitest';
import { signetCommand } from '../testing/signet-command.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, sampleMail, submitMail } from '../testing/test-organization.ts';

// Each command is a process of its own, on a machine that others share.
const PATIENCE = 300_000;

const api = await startTestApi();
const acme = await createTestOrganization(api);
const access = { SIGNET_API_URL: api.url, SIGNET_API_KEY: acme.apiKey };
const client = createClient({ baseUrl: api.url, headers: { authorization: `Bearer ${acme.apiKey}` } });
await ask(api, 'PUT /v1/sender-groups/Legal%20desk', { key: acme.apiKey, body: { addresses: ['ann@acme.example'] } });

const signet = (words: readonly string[], input?: string) => signetCommand(words, access, input);
const rule = async (name: string): Promise<MailRuleView | undefined> =>
  (await client.call(mailRuleRoutes.listMailRules)).items.find((one) => one.name === name);

test(
  'every condition, exception and action of a rule is said in words of the command line',
  async () => {
    const conditions = [
      'headerPresent=X-A',
      'headerEquals=X-B: secret',
      'headerContains=X-C: one, "two, three"',
      'sender=ann@acme.example',
      'senderDomain=acme.example',
      'senderGroup=Legal desk',
      'recipient=bob@example.net,carol@example.net',
      'recipientDomain=example.net',
      'recipientInside',
      'recipientOutside',
      'subjectContains=[secure],"press release, final"',
      'subjectOrBodyContains="null"',
      'sizeAtLeast=25MB',
      'attachmentNameEndsWith=.pdf',
      'attachmentNameContains=["a,b"]',
      'sensitivity=Confidential',
    ];
    const asked = [
      { kind: 'headerPresent', header: 'X-A' },
      { kind: 'headerEquals', header: 'X-B', value: 'secret' },
      { kind: 'headerContains', header: 'X-C', words: ['one', 'two, three'] },
      { kind: 'sender', addresses: ['ann@acme.example'] },
      { kind: 'senderDomain', domains: ['acme.example'] },
      { kind: 'senderGroup', groups: ['Legal desk'] },
      { kind: 'recipient', addresses: ['bob@example.net', 'carol@example.net'] },
      { kind: 'recipientDomain', domains: ['example.net'] },
      { kind: 'recipientInside' },
      { kind: 'recipientOutside' },
      { kind: 'subjectContains', words: ['[secure]', 'press release, final'] },
      { kind: 'subjectOrBodyContains', words: ['null'] },
      { kind: 'sizeAtLeast', bytes: 25 * 1024 * 1024 },
      { kind: 'attachmentNameEndsWith', endings: ['.pdf'] },
      { kind: 'attachmentNameContains', words: ['a,b'] },
      { kind: 'sensitivity', labels: ['Confidential'] },
    ];
    const actions = ['applyTemplate=Acme', 'setExpiry=30', 'forbidForwarding', 'passInside', 'stop=false', 'enabled=false'];
    const unless = conditions.map((condition) => `unless.${condition}`);
    const made = await signet(['rule', 'create', 'All', ...conditions, ...unless, ...actions, '--place', 'first']);
    expect(made).toMatchObject({ code: 0, stdout: '', stderr: expect.stringMatching(/^Made the mail rule “All”, number 1\.\nIf it has /) });
    expect(await rule('All')).toMatchObject({
      position: 0,
      enabled: false,
      stop: false,
      conditions: asked,
      exceptions: asked,
      actions: [
        { kind: 'applyTemplate', templateName: 'Acme' },
        { kind: 'setExpiry', days: 30 },
        { kind: 'forbidForwarding' },
        { kind: 'passInside' },
      ],
    });

    for (const [name, words, expected] of [
      [
        'Header',
        ['applyTemplateFromHeader=X-T', 'removeHeader=X-T', 'removeHeader=X-U'],
        ['applyTemplateFromHeader', 'removeHeader', 'removeHeader'],
      ],
      ['Reject', ['reject=Not from here'], ['reject']],
      ['Pass', ['recipientInside', 'passThrough'], ['passThrough']],
      ['Json', ['conditions=[{"kind":"always"}]', 'actions=[{"kind":"setExpiry","days":1}]'], ['setExpiry']],
    ] as const) {
      expect((await signet(['rule', 'create', name, ...words, 'enabled=false', '--json'])).code, name).toBe(0);
      expect((await rule(name))?.actions.map(({ kind }) => kind)).toEqual(expected);
    }
    expect((await signet(['Get-TransportRule', 'Pass'])).stdout).toMatch(/^PassThrough +: True$/m);
    expect((await signet(['Get-TransportRule', 'All'])).stdout).toMatch(/^PassInside +: True$/m);
  },
  PATIENCE,
);

test(
  'a rule is changed by words, and what rule show writes makes it again as it was',
  async () => {
    expect((await signet(['rule', 'create', 'Outside', 'recipientOutside', 'applyTemplate=Acme', 'setExpiry=30'])).code).toBe(0);
    const words = [
      'subjectContains=a',
      'unless.sensitivity=Public',
      'setExpiry=null',
      'applyTemplateFromHeader=X-T',
      'name=Out',
      'stop=false',
    ];
    expect(await signet(['rule', 'change', 'outside', ...words])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Changed the mail rule “Out”.'),
    });
    expect(await rule('Out')).toMatchObject({
      conditions: [{ kind: 'recipientOutside' }, { kind: 'subjectContains', words: ['a'] }],
      exceptions: [{ kind: 'sensitivity', labels: ['Public'] }],
      actions: [{ kind: 'applyTemplateFromHeader', header: 'X-T' }],
      stop: false,
    });
    const shown = await signet(['rule', 'show', 'Out', '--json']);
    expect((await signet(['rule', 'change', 'Out', 'recipientOutside=null', 'subjectContains=null', 'unless.sensitivity=null'])).code).toBe(
      0,
    );
    expect(await rule('Out')).toMatchObject({ conditions: [{ kind: 'always' }], exceptions: [] });
    expect((await signet(['rule', 'change', 'Out', '--file', '-'], shown.stdout)).code).toBe(0);
    expect(await rule('Out')).toEqual(JSON.parse(shown.stdout));
    expect((await signet(['rule', 'show', 'Out'])).stdout).toMatch(/^In words +: If a recipient is outside/m);
    expect((await signet(['rule', 'create', 'Copy', 'setExpiry=3', '--file', '-'], shown.stdout)).code).toBe(0);
    const { id: _, name: __, summary: ___, position: ____, actions, ...parts } = (await rule('Out')) ?? { actions: [] };
    expect(await rule('Copy')).toMatchObject({ ...parts, actions: [...actions, { kind: 'setExpiry', days: 3 }] });

    const count = (await client.call(mailRuleRoutes.listMailRules)).items.length;
    expect((await signet(['rule', 'move', 'Copy', 'last'])).stderr).toContain(`“Copy” is number ${count} now.`);
    expect((await signet(['rule', 'move', 'Copy', '2'])).code).toBe(0);
    expect((await rule('Copy'))?.position).toBe(1);
    expect((await signet(['rule', 'disable', 'Copy'])).stderr).toContain('is off now');
    expect((await rule('Copy'))?.enabled).toBe(false);
    expect((await signet(['rule', 'enable', 'Copy'])).code).toBe(0);
    expect((await rule('Copy'))?.enabled).toBe(true);
    expect(await signet(['rule', 'remove', 'Copy'])).toMatchObject({ code: 2, stderr: expect.stringContaining('add --yes') });
    expect(await signet(['rule', 'remove', 'Copy', '--yes'])).toEqual({ code: 0, stdout: '', stderr: 'Removed the mail rule “Copy”.\n' });
    expect(await rule('Copy')).toBeUndefined();
  },
  PATIENCE,
);

test(
  'what a rule cannot be is said with its field and the word for it, and nothing is done',
  async () => {
    const before = await client.call(mailRuleRoutes.listMailRules);
    const long = 'x'.repeat(999);
    for (const [words, code, message] of [
      [['create', 'x'.repeat(201), 'setExpiry=1'], 1, '/name: '],
      [['create', 'X'], 1, '/actions: '],
      [['create', 'X', 'setExpiry=731'], 1, '/actions/0/days: '],
      [['create', 'X', 'setExpiry=731'], 1, '(setExpiry)'],
      [['create', 'X', 'setExpiry=soon'], 1, '(setExpiry)'],
      [['create', 'X', 'reject=Straße'], 1, '/actions/0/text: must be one line of ASCII'],
      [['create', 'X', 'applyTemplate=Nowhere'], 1, '/actions/0/templateName: there is no template of this name (applyTemplate)'],
      [['create', 'X', 'passThrough', 'setExpiry=1'], 1, 'remove the other actions (passThrough)'],
      [['create', 'X', 'setExpiry=1', 'setExpiry=2'], 1, '/actions/1: is there already (setExpiry)'],
      [['create', 'X', 'sizeAtLeast=1', 'removeHeader=X-A'], 1, '(removeHeader)'],
      [['create', 'X', `subjectContains=${long}`, 'setExpiry=1'], 1, '/conditions/0/words/0: '],
      [['create', 'X', `unless.sensitivity=${long}`, 'setExpiry=1'], 1, '(unless.sensitivity)'],
      [['create', 'X', 'unless.senderGroup=Nobody', 'setExpiry=1'], 1, '/exceptions/0/groups/0: there is no sender group of this name'],
      [['create', 'X', 'headerPresent=a b', 'setExpiry=1'], 1, '/conditions/0/header: '],
      [['create', 'X', 'sizeAtLeast=2GB', 'setExpiry=1'], 1, '/conditions/0/bytes: '],
      [['create', 'X', 'enabled=perhaps', 'setExpiry=1'], 1, '/enabled: '],
      [['create', 'out', 'setExpiry=1'], 1, '(name_taken)'],
      [['change', 'Nowhere', 'setExpiry=1'], 1, 'There is no mail rule “Nowhere”'],
      [['create', 'X', 'sizeAtLeast=much'], 2, 'sizeAtLeast takes a size like 25MB'],
      [['create', 'X', 'subjectContain=a'], 2, 'Did you mean subjectContains?'],
      [['create', 'X', 'unless.setExpiry=1'], 2, 'There is no word unless.setExpiry'],
      [['create', 'X', 'headerEquals=X-A'], 2, 'a colon'],
      [['create', 'X', 'forbidForwarding=1'], 2, 'forbidForwarding takes no value'],
      [['create', 'X', 'setExpiry'], 2, 'write it as setExpiry=value'],
      [['change', 'Out'], 2, 'Say what to change'],
      [['move', 'Out', '0'], 2, 'first or last'],
      [['explain'], 2, 'Say a file with the mail'],
    ] as const) {
      const said = await signet(['rule', ...words]);
      expect(said, words.join(' ').slice(0, 80)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
    }
    for (const [input, message] of [
      ['{', 'is not JSON'],
      ['[]', 'must hold one object of JSON'],
    ] as const) {
      expect(await signet(['rule', 'create', 'X', '--file', '-'], input)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(message),
      });
    }
    const unknown = await signet(['rule', 'create', 'X', '--file', '-'], '{"actions":[{"kind":"setExpiry","days":1}],"until":1}');
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('until') });
    expect(await client.call(mailRuleRoutes.listMailRules)).toEqual(before);
  },
  PATIENCE,
);

test(
  'a mail is explained rule by rule, and of a stored message what was decided',
  async () => {
    for (const { id } of (await client.call(mailRuleRoutes.listMailRules)).items)
      await client.call(mailRuleRoutes.removeMailRule, { params: { id } });
    expect((await signet(['rule', 'create', 'Secure', 'subjectContains=figures', 'setExpiry=7', 'forbidForwarding'])).code).toBe(0);
    const envelope = ['--sender', 'alice@acme.example', '--recipient', 'bob@example.net'];
    const said = await signet(['rule', 'explain', '-', ...envelope], sampleMail());
    expect(said).toMatchObject({ code: 0, stderr: '' });
    for (const line of [
      /^Outcome +: accepted$/m,
      /^Expires +: 7 days after acceptance$/m,
      /^Forwarding +: forbidden$/m,
      /^1\. Secure : counts$/m,
      /^ {2}yes +: if the subject contains “figures” \(found: figures\)$/m,
    ])
      expect(said.stdout).toMatch(line);
    const json = await signet(['rule', 'explain', '-', ...envelope, '--json'], sampleMail());
    expect(JSON.parse(json.stdout)).toMatchObject({ outcome: 'accepted', rules: [{ name: 'Secure', outcome: 'matched' }] });
    const nobody = await signet(['rule', 'explain', '-'], sampleMail());
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringMatching(/\/sender: [^]*\/recipient: /) });

    const id = await submitMail(api, acme);
    const decided = await signet(['rule', 'explain', '--message', id]);
    expect(decided.stdout).toMatch(/^Expiry set +: 7 days by the rule “Secure”$/m);
    expect((await signet(['rule', 'explain', '--message', 'nothing@acme.example'])).stderr).toContain('(not_found)');
  },
  PATIENCE,
);

test(
  'completion knows the verbs of rules',
  async () => {
    const { stdout } = await signet(['complete', '--', 'rule', '']);
    for (const name of ['create', 'change', 'move', 'enable', 'disable', 'remove', 'explain'])
      expect(stdout).toMatch(new RegExp(`^${name}\t`, 'm'));
  },
  PATIENCE,
);
