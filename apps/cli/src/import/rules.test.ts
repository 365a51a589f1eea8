import type { MailRuleView } from '@signet/api-contract/mail-rules';
import { describe, expect, test } from 'vitest';
import { Refused } from './report.ts';
import { inOrder, placeFor, readRule, ruleThatEndsAll } from './rules.ts';

const predicate = (name: string) => `Microsoft.Exchange.MessagingPolicies.Rules.Tasks.${name}Predicate`;

/** As Get-TransportRule | ConvertTo-Json writes one, shortened by properties that are not set. */
const exported = {
  Priority: 0,
  DlpPolicy: null,
  Comments: null,
  CreatedBy: 'Administrator',
  LastModifiedBy: 'Administrator',
  ManuallyModified: false,
  ActivationDate: null,
  ExpiryDate: null,
  Description: 'If the message: …',
  Conditions: [predicate('RecipientDomainIs'), predicate('SubjectContains')],
  Exceptions: [predicate('SentTo')],
  Actions: ['Microsoft.Exchange.MessagingPolicies.Rules.Tasks.RightsProtectMessageAction'],
  State: 'Enabled',
  Mode: 'Enforce',
  RuleErrorAction: 'Ignore',
  RuleSubType: 'None',
  SenderAddressLocation: 'Header',
  RecipientAddressType: 'Resolved',
  From: null,
  FromScope: null,
  SentToScope: null,
  RecipientDomainIs: ['example.net'],
  SubjectContainsWords: ['[secure]'],
  ExceptIfSentTo: ['bob@example.net'],
  HasNoClassification: false,
  ApplyOME: false,
  ApplyRightsProtectionTemplate: 'Encrypt',
  ApplyRightsProtectionCustomizationTemplate: 'Acme',
  DeleteMessage: false,
  StopRuleProcessing: false,
  AddToRecipients: [],
  Identity: 'Secure',
  Guid: '0ab1e768-08b0-4768-81e2-64d6f990c552',
  Name: 'Secure',
  IsValid: true,
  WhenChanged: '/Date(1700000000000)/',
};

const reasonsOf = (entry: object): readonly string[] => {
  try {
    readRule({ ...entry });
  } catch (error) {
    if (error instanceof Refused) return error.reasons;
    throw error;
  }
  return [];
};

test('a rule that Signet can say is taken whole, and what is different is noted', () => {
  expect(readRule(exported)).toEqual({
    rule: {
      name: 'Secure',
      enabled: true,
      conditions: [
        { kind: 'recipientDomain', domains: ['example.net'] },
        { kind: 'subjectContains', words: ['[secure]'] },
      ],
      exceptions: [{ kind: 'recipient', addresses: ['bob@example.net'] }],
      actions: [{ kind: 'applyTemplate', templateName: 'Acme' }],
      stop: false,
    },
    priority: 0,
    notTaken: [],
    notes: ['its words are found within longer words, too'],
  });
});

test('a rule for all mail of the organization counts for all mail here, and what has no effect on mail is named', () => {
  const all = {
    Name: 'All',
    State: 'Disabled',
    Priority: 3,
    Conditions: [predicate('FromScope')],
    Exceptions: null,
    FromScope: 'InOrganization',
    SenderAddressLocation: 'HeaderOrEnvelope',
    ApplyRightsProtectionTemplate: 'Do Not Forward',
    StopRuleProcessing: true,
    SetAuditSeverity: 'High',
    Comments: 'From the handbook',
  };
  expect(readRule(all)).toEqual({
    rule: {
      name: 'All',
      enabled: false,
      conditions: [{ kind: 'always' }],
      exceptions: [],
      actions: [{ kind: 'applyTemplate', templateName: 'OME Configuration' }, { kind: 'forbidForwarding' }],
      stop: true,
    },
    priority: 3,
    notTaken: ['SetAuditSeverity', 'Comments'],
    notes: [],
  });
});

describe('a rule that Signet cannot say whole is refused with every reason', () => {
  test.each<[object, string]>([
    [{ SentToScope: 'ExternalPartner' }, '-SentToScope takes InOrganization or NotInOrganization'],
    [{ SubjectMatchesPatterns: [String.raw`\d+`] }, 'SubjectMatchesPatterns: there are no regular expressions'],
    [{ ExceptIfSubjectMatchesPatterns: ['a'] }, 'ExceptIfSubjectMatchesPatterns: there are no regular expressions'],
    [{ PrependSubject: 'Secure: ' }, 'PrependSubject: a message is stored as it came'],
    [{ BlindCopyTo: 'eve@example.org' }, 'BlindCopyTo: a rule never changes who gets a message'],
    [{ DeleteMessage: true }, 'DeleteMessage: no mail is dropped in silence'],
    [{ ExpiryDate: '2030-01-01T00:00:00Z' }, 'ExpiryDate: a rule is in force while it is switched on'],
    [{ SomethingNew: ['x'] }, 'SomethingNew: it is not known here'],
    [{ ExceptIfSubjectContainsWords: ['public'] }, 'ExceptIfSubjectContainsWords: words are found within longer words here'],
    [{ From: ['alice@acme.example'] }, 'From: it looks for the sender in the message’s header (SenderAddressLocation Header)'],
    [{ ExceptIfFromMemberOf: 'Sales' }, 'ExceptIfFromMemberOf: it looks for the sender in the message’s header'],
    [{ SentTo: ['Sales Team'] }, '-SentTo takes mail addresses'],
    [
      { Conditions: [predicate('RecipientDomainIs'), predicate('SubjectContains'), predicate('New')] },
      'Conditions: there are 3, of which 2 can be read',
    ],
    [{ Exceptions: null, ExceptIfSentTo: null, ApplyRightsProtectionTemplate: 'Confidential' }, 'takes Encrypt or Do Not Forward'],
    [{ ApplyRightsProtectionTemplate: null, ApplyRightsProtectionCustomizationTemplate: null }, 'it does nothing that a rule can do here'],
    [{ Mode: 'Audit' }, 'Mode: a rule that only watches would begin to act'],
    [{ State: 1 }, 'State'],
    [{ StopRuleProcessing: 'yes' }, 'StopRuleProcessing'],
    [{ RecipientDomainIs: [{ Domain: 'example.net' }] }, 'RecipientDomainIs'],
  ])('%j', (property, reason) => {
    expect(reasonsOf({ ...exported, ...property }).join('\n')).toContain(reason);
  });

  test('all of them at once', () => {
    expect(reasonsOf({ ...exported, SubjectMatchesPatterns: ['a'], PrependSubject: 'x', SentTo: ['Sales'] })).toHaveLength(4);
  });
});

test('a rule about the sender of the envelope is taken, and a list of one may stand alone', () => {
  const rule = { ...exported, Conditions: [predicate('From')], RecipientDomainIs: null, SubjectContainsWords: null };
  expect(readRule({ ...rule, From: 'alice@acme.example', SenderAddressLocation: 'Envelope' }).rule.conditions).toEqual([
    { kind: 'sender', addresses: ['alice@acme.example'] },
  ]);
});

test('rules are taken in the order in which Exchange evaluates them', () => {
  const entries = [{ Name: 'b', Priority: 1 }, { Name: 'none' }, { Name: 'a', Priority: 0 }];
  expect(inOrder(entries).map(({ Name }) => Name)).toEqual(['a', 'b', 'none']);
});

test('a new rule keeps its place among the rules of the file, and is behind all others where there are none', () => {
  const present = [
    { name: 'Other', position: 0 },
    { name: 'A', position: 1 },
    { name: 'c', position: 2 },
  ];
  expect(placeFor('B', ['A', 'B', 'C'], present)).toBe(2);
  expect(placeFor('D', ['A', 'B', 'C', 'D'], present)).toBe(3);
  expect(placeFor('0', ['0', 'C'], present)).toBe(2);
  expect(placeFor('X', ['X', 'Y'], present)).toBeUndefined();
});

test('a rule that ends the search for every message is seen by those behind it', () => {
  const rule: MailRuleView = {
    id: '0ab1e768-08b0-4768-81e2-64d6f990c552',
    name: 'All',
    position: 1,
    summary: '',
    enabled: true,
    conditions: [{ kind: 'always' }],
    exceptions: [],
    actions: [{ kind: 'applyTemplate', templateName: 'Acme' }],
    stop: true,
  };
  expect(ruleThatEndsAll([rule], 2)).toBe(rule);
  expect(ruleThatEndsAll([{ ...rule, stop: false, actions: [{ kind: 'reject', text: 'No.' }] }], 2)).toBeDefined();
  const passing: Partial<MailRuleView>[] = [
    { position: 2 },
    { enabled: false },
    { stop: false },
    { conditions: [{ kind: 'recipientDomain', domains: ['example.net'] }] },
    { exceptions: [{ kind: 'recipientDomain', domains: ['example.net'] }] },
    { actions: [{ kind: 'applyTemplateFromHeader', header: 'X-Template' }] },
  ];
  for (const part of passing) expect(ruleThatEndsAll([{ ...rule, ...part }], 2)).toBeUndefined();
});
