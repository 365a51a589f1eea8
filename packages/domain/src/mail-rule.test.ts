import { describe, expect, test } from 'vitest';
import { evaluateMailRules, expiryInDays } from './mail-decision.ts';
import type { MailFacts } from './mail-facts.ts';
import { mailRuleSummary } from './mail-rule-summary.ts';
import { mailRuleSchema } from './mail-rule.ts';

const templates = { names: ['OME Configuration', 'Acme', 'Acme Legal'], defaultName: 'OME Configuration' };
const byHeader = mailRuleSchema.parse({
  name: 'Template by header',
  conditions: [{ kind: 'headerPresent', header: 'X-Signet-Template' }],
  actions: [
    { kind: 'applyTemplateFromHeader', header: 'X-Signet-Template' },
    { kind: 'removeHeader', header: 'X-Signet-Template' },
  ],
});
const everything = mailRuleSchema.parse({
  name: 'Everything',
  conditions: [{ kind: 'always' }],
  actions: [{ kind: 'applyTemplate', templateName: 'Acme' }],
});
/** What the rules say to most messages. */
const ordinary = { forwardingForbiddenBy: null, expiry: null, passing: null, rejection: null };
const facts = (changes: Partial<MailFacts> = {}): MailFacts => ({
  sender: 'Ann@acme.example',
  senderGroups: [],
  ownDomains: ['acme.example'],
  recipients: ['bob@example.net', 'eve@example.org'],
  subject: 'Quarterly figures',
  headers: [],
  size: 2048,
  bodyText: 'See what is attached.',
  attachmentNames: [],
  ...changes,
});
const withTemplate = (value: string) => facts({ headers: [{ name: 'x-signet-template', value }] });

describe('the demo organization', () => {
  test('a template named in the header is applied, and the header is removed', () => {
    expect(evaluateMailRules([byHeader, everything], withTemplate(' acme legal '), templates)).toEqual({
      templateName: 'Acme Legal',
      ruleName: 'Template by header',
      removeHeaders: ['x-signet-template'],
      matchedRules: ['Template by header'],
      unknownTemplates: [],
      ...ordinary,
    });
  });

  test('everything else gets the custom template', () => {
    expect(evaluateMailRules([byHeader, everything], facts(), templates)).toMatchObject({
      templateName: 'Acme',
      ruleName: 'Everything',
      removeHeaders: [],
    });
  });

  test('an unknown template in the header falls to the next rule, the decision says so, and the header is removed all the same', () => {
    expect(evaluateMailRules([byHeader, everything], withTemplate('Nope'), templates)).toEqual({
      templateName: 'Acme',
      ruleName: 'Everything',
      removeHeaders: ['x-signet-template'],
      matchedRules: ['Template by header', 'Everything'],
      unknownTemplates: [{ ruleName: 'Template by header', templateName: 'Nope' }],
      ...ordinary,
    });
  });
});

test("what no rule chooses a template for gets the organization's default", () => {
  expect(evaluateMailRules([], facts(), templates)).toMatchObject({ templateName: 'OME Configuration', ruleName: null, matchedRules: [] });
  expect(evaluateMailRules([byHeader], withTemplate('Nope'), templates)).toMatchObject({
    templateName: 'OME Configuration',
    ruleName: null,
  });
});

test.each([
  [{ kind: 'always' }, true],
  [{ kind: 'headerPresent', header: 'x-missing' }, false],
  [{ kind: 'headerEquals', header: 'X-CLASS', value: 'SECRET' }, true],
  [{ kind: 'headerEquals', header: 'X-Class', value: 'public' }, false],
  [{ kind: 'sender', addresses: ['ann@ACME.example'] }, true],
  [{ kind: 'sender', addresses: ['bob@example.net'] }, false],
  [{ kind: 'senderDomain', domains: ['Acme.Example'] }, true],
  [{ kind: 'senderDomain', domains: ['example'] }, false],
  [{ kind: 'recipient', addresses: ['eve@example.org'] }, true],
  [{ kind: 'recipient', addresses: ['ann@acme.example'] }, false],
  [{ kind: 'recipientDomain', domains: ['example.net'] }, true],
  [{ kind: 'recipientDomain', domains: ['ample.net'] }, false],
  [{ kind: 'recipientInside' }, false],
  [{ kind: 'recipientOutside' }, true],
  [{ kind: 'subjectContains', words: ['nothing', 'FIGURES'] }, true],
  [{ kind: 'subjectContains', words: ['invoice'] }, false],
])('condition %j holds: %s, and as an exception it does the opposite', (condition, expected) => {
  const seen = facts({ headers: [{ name: 'X-Class', value: ' secret ' }] });
  const actions = [{ kind: 'applyTemplate', templateName: 'Acme' }];
  const asCondition = mailRuleSchema.parse({ name: 'r', conditions: [condition], actions });
  const asException = mailRuleSchema.parse({ name: 'r', conditions: [{ kind: 'always' }], exceptions: [condition], actions });
  expect(evaluateMailRules([asCondition], seen, templates).matchedRules).toEqual(expected ? ['r'] : []);
  expect(evaluateMailRules([asException], seen, templates).matchedRules).toEqual(expected ? [] : ['r']);
});

test.each([
  [['ann@ACME.example'], ['acme.example'], { inside: true, outside: false }],
  [['ann@acme.example', 'bob@example.net'], ['ACME.example'], { inside: true, outside: true }],
  [['ann@mail.acme.example'], ['acme.example'], { inside: false, outside: true }],
  [['ann@notacme.example'], ['acme.example'], { inside: false, outside: true }],
  [['ann@acme.example'], [], { inside: false, outside: true }],
])('of recipients %j and own domains %j a rule finds %j', (recipients, ownDomains, expected) => {
  const seen = facts({ recipients, ownDomains });
  const holds = (kind: string) => {
    const rule = mailRuleSchema.parse({ name: 'r', conditions: [{ kind }], actions: [{ kind: 'forbidForwarding' }] });
    return evaluateMailRules([rule], seen, templates).matchedRules.length > 0;
  };
  expect({ inside: holds('recipientInside'), outside: holds('recipientOutside') }).toEqual(expected);
});

test('all conditions must hold, a disabled rule never does, and a rule that does not stop lets later ones speak', () => {
  const both = mailRuleSchema.parse({
    name: 'both',
    conditions: [{ kind: 'always' }, { kind: 'senderDomain', domains: ['elsewhere.example'] }],
    actions: [{ kind: 'applyTemplate', templateName: 'Acme Legal' }],
  });
  const open = mailRuleSchema.parse({
    name: 'open',
    conditions: [{ kind: 'always' }],
    actions: [
      { kind: 'applyTemplate', templateName: 'Acme Legal' },
      { kind: 'removeHeader', header: 'X-Secret' },
    ],
    stop: false,
  });
  expect(evaluateMailRules([both, { ...open, enabled: false }, open, everything, byHeader], facts(), templates)).toEqual({
    templateName: 'Acme',
    ruleName: 'Everything',
    removeHeaders: ['x-secret'],
    matchedRules: ['open', 'Everything'],
    unknownTemplates: [],
    ...ordinary,
  });
});

test('a rule with an unknown field, condition or action, a header name with a line break, or two templates is refused', () => {
  const good = { name: 'r', conditions: [{ kind: 'always' }], actions: [{ kind: 'applyTemplate', templateName: 'Acme' }] };
  expect(mailRuleSchema.safeParse(good).success).toBe(true);
  for (const bad of [
    { ...good, priority: 1 },
    { ...good, conditions: [] },
    { ...good, conditions: [{ kind: 'weekday' }] },
    { ...good, actions: [{ kind: 'explode' }] },
    { ...good, actions: [{ kind: 'removeHeader', header: 'X\r\nBcc' }] },
    { ...good, actions: [...good.actions, { kind: 'applyTemplateFromHeader', header: 'X-T' }] },
  ])
    expect(mailRuleSchema.safeParse(bad).success).toBe(false);
});

const always = { conditions: [{ kind: 'always' }] };
const ruleOf = (name: string, changes: object) => mailRuleSchema.parse({ name, ...always, ...changes });

test('of expiries the last word counts, and of the rules’ and the template’s the earlier; what forbids forwarding stays; a rejection ends the search', () => {
  const expiry = (days: number) => ruleOf(`${days} days`, { actions: [{ kind: 'setExpiry', days }], stop: false });
  const closed = ruleOf('closed', { actions: [{ kind: 'forbidForwarding' }], stop: false });
  const decision = evaluateMailRules([closed, expiry(3), expiry(40), everything], facts(), templates);
  expect(decision).toMatchObject({ templateName: 'Acme', forwardingForbiddenBy: 'closed', expiry: { days: 40, ruleName: '40 days' } });
  expect([0, 30, 50].map((days) => expiryInDays(days, decision.expiry))).toEqual([40, 30, 40]);
  expect([0, 30].map((days) => expiryInDays(days, evaluateMailRules([expiry(3), expiry(0)], facts(), templates).expiry))).toEqual([0, 30]);
  const reject = ruleOf('no', { actions: [{ kind: 'reject', text: 'No' }], stop: false });
  expect(evaluateMailRules([reject, closed], facts(), templates)).toMatchObject({
    matchedRules: ['no'],
    rejection: { ruleName: 'no', text: 'No' },
  });
});

test.each([
  ['Sensitivity', 'company-confidential', true],
  ['X-Sensitivity-Label', ' Confidential ', true],
  ['msip_labels', 'MSIP_Label_0a-1B_Enabled=True; MSIP_Label_0a-1B_Name=Confidential;', true],
  ['msip_labels', 'MSIP_Label_0a-1B_Enabled=True;MSIP_Label_0a-1B_SiteId=9', true],
  ['msip_labels', 'MSIP_Label_0a-1B_Enabled=False; MSIP_Label_0a-1B_Name=Confidential', false],
  ['msip_labels', 'Confidential', false],
  ['Sensitivity', 'not confidential', false],
])('a message with %s: %s is sensitive: %s', (name, value, expected) => {
  const sensitive = ruleOf('s', {
    conditions: [{ kind: 'sensitivity', labels: ['Confidential', 'Company-Confidential', '0A-1b'] }],
    actions: [{ kind: 'forbidForwarding' }],
  });
  const { matchedRules } = evaluateMailRules([sensitive], facts({ headers: [{ name, value }] }), templates);
  expect(matchedRules).toEqual(expected ? ['s'] : []);
});

test('a summary says in a sentence what a rule asks and does, and how many more there are of a long list', () => {
  const rule = ruleOf('r', {
    conditions: [
      { kind: 'senderGroup', groups: ['Legal desk'] },
      { kind: 'sizeAtLeast', bytes: 5 * 1024 * 1024 },
    ],
    exceptions: [{ kind: 'recipientDomain', domains: ['a.example', 'b.example', 'c.example', 'd.example', 'e.example'] }],
    actions: [{ kind: 'applyTemplate', templateName: 'Acme Legal' }, { kind: 'forbidForwarding' }, { kind: 'setExpiry', days: 1 }],
    stop: false,
  });
  expect(mailRuleSummary(rule)).toBe(
    'If the sender is in the group “Legal desk” and it has at least 5 MiB, unless a recipient is at a.example, b.example, c.example or 2 more: encrypt it with the template “Acme Legal”, forbid forwarding and let it expire after 1 day, or earlier where its template says so. Then go on with the next rule.',
  );
});
