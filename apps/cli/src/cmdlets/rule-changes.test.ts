import { describe, expect, test } from 'vitest';
import { UsageError } from '../failure.ts';
import { emptyRule, ruleParameters, rulePartsFrom } from './rule-changes.ts';
import { conditionParameters, showCondition } from './rule-conditions.ts';
import type { RuleValues } from './rule-conditions.ts';
import { refusedRuleParameters } from './rule-refused.ts';
import { showActions } from './rule-actions.ts';

const partsOf = (values: RuleValues, before = emptyRule) => rulePartsFrom(before, values);
const applied = (templateName: string) => ({ kind: 'applyTemplate', templateName });
const conditionOf = (values: RuleValues) => partsOf(values).conditions;

describe('conditions', () => {
  test.each<[RuleValues, object]>([
    [{ From: ['alice@acme.example'] }, { kind: 'sender', addresses: ['alice@acme.example'] }],
    [{ FromMemberOf: ['Legal desk'] }, { kind: 'senderGroup', groups: ['Legal desk'] }],
    [{ SenderDomainIs: ['acme.example'] }, { kind: 'senderDomain', domains: ['acme.example'] }],
    [{ SentTo: ['bob@example.net'] }, { kind: 'recipient', addresses: ['bob@example.net'] }],
    [{ RecipientDomainIs: ['example.net', 'example.org'] }, { kind: 'recipientDomain', domains: ['example.net', 'example.org'] }],
    [{ SubjectContainsWords: ['[secure]'] }, { kind: 'subjectContains', words: ['[secure]'] }],
    [{ SubjectOrBodyContainsWords: ['offer'] }, { kind: 'subjectOrBodyContains', words: ['offer'] }],
    [
      { HeaderContainsMessageHeader: 'Importance', HeaderContainsWords: ['high'] },
      { kind: 'headerContains', header: 'Importance', words: ['high'] },
    ],
    [{ MessageSizeOver: '10MB' }, { kind: 'sizeAtLeast', bytes: 10_485_760 }],
    [{ MessageSizeOver: '1024' }, { kind: 'sizeAtLeast', bytes: 1024 }],
    [{ MessageSizeOver: '25 MB (26,214,400 bytes)' }, { kind: 'sizeAtLeast', bytes: 26_214_400 }],
    [{ AttachmentExtensionMatchesWords: ['docx', '.pdf'] }, { kind: 'attachmentNameEndsWith', endings: ['.docx', '.pdf'] }],
    [{ AttachmentNameMatchesPatterns: [String.raw`final\.pdf$`] }, { kind: 'attachmentNameEndsWith', endings: ['final.pdf'] }],
    [{ AttachmentNameMatchesPatterns: ['contract', 'offer'] }, { kind: 'attachmentNameContains', words: ['contract', 'offer'] }],
    [{ FromScope: 'InOrganization' }, { kind: 'always' }],
    [{ SentToScope: 'NotInOrganization' }, { kind: 'recipientOutside' }],
    [{ SentToScope: 'inorganization' }, { kind: 'recipientInside' }],
  ])('%j are %j', (values, condition) => {
    expect(conditionOf(values)).toEqual([condition]);
  });

  test('the exception of a name is the condition of the same meaning, and stands among the exceptions', () => {
    const values = { FromScope: 'InOrganization', ExceptIfSentTo: ['bob@example.net'], ExceptIfFromScope: 'NotInOrganization' };
    expect(partsOf(values)).toMatchObject({
      conditions: [{ kind: 'always' }],
      exceptions: [{ kind: 'recipient', addresses: ['bob@example.net'] }],
    });
    const names = Object.keys(conditionParameters).filter((name) => !name.startsWith('ExceptIf'));
    for (const name of names) expect(conditionParameters).toHaveProperty(`ExceptIf${name}`);
  });

  test.each<[RuleValues, string]>([
    [{ From: ['Tony Smith'] }, '-From takes mail addresses: there is no directory here that knows “Tony Smith”.'],
    [{ ExceptIfSentTo: ['Sales'] }, '-ExceptIfSentTo takes mail addresses'],
    [{ FromScope: 'NotInOrganization' }, '-FromScope takes InOrganization'],
    [{ ExceptIfFromScope: 'InOrganization' }, '-ExceptIfFromScope takes NotInOrganization'],
    [{ ExceptIfSentToScope: 'ExternalPartner' }, '-ExceptIfSentToScope takes InOrganization or NotInOrganization'],
    [{ HeaderContainsWords: ['high'] }, '-HeaderContainsMessageHeader is missing'],
    [{ HeaderContainsMessageHeader: 'Importance' }, '-HeaderContainsWords is missing'],
    [{ MessageSizeOver: 'big' }, '-MessageSizeOver takes a size like 25MB'],
    [{ AttachmentNameMatchesPatterns: ['.pdf$'] }, 'no regular expressions here'],
    [{ AttachmentNameMatchesPatterns: [String.raw`\d+`] }, 'no regular expressions here'],
    [{ AttachmentNameMatchesPatterns: ['^offer'] }, 'no regular expressions here'],
    [{ AttachmentNameMatchesPatterns: ['offer '] }, 'no regular expressions here'],
    [{ AttachmentNameMatchesPatterns: ['offer', String.raw`\.pdf$`] }, 'all of them must end with $, or none'],
    [{ Mode: 'Audit' }, '-Mode takes Enforce'],
    [{ SenderAddressLocation: 'Header' }, '-SenderAddressLocation takes Envelope'],
  ])('%j are refused with the reason', (values, message) => {
    expect(() => partsOf(values)).toThrow(UsageError);
    expect(() => partsOf(values)).toThrow(message);
  });

  test('what was not named stays, what was named takes its place, and $null takes it away', () => {
    const before = partsOf({
      SentTo: ['bob@example.net'],
      AttachmentExtensionMatchesWords: ['pdf'],
      AttachmentNameMatchesPatterns: [String.raw`offer\.doc$`],
    });
    const changed = partsOf({ AttachmentExtensionMatchesWords: ['xlsx'], SentTo: null }, before);
    expect(changed.conditions).toEqual([
      { kind: 'attachmentNameEndsWith', endings: ['offer.doc'] },
      { kind: 'attachmentNameEndsWith', endings: ['.xlsx'] },
    ]);
    expect(partsOf({ AttachmentExtensionMatchesWords: null, AttachmentNameMatchesPatterns: null }, changed).conditions).toEqual([
      { kind: 'always' },
    ]);
  });

  test('what Get-TransportRule shows of a condition makes the same condition', () => {
    const values: RuleValues[] = [
      { AttachmentNameMatchesPatterns: [String.raw`a\(1\)\.pdf$`] },
      { AttachmentNameMatchesPatterns: [String.raw`a\+b`] },
      { AttachmentExtensionMatchesWords: ['pdf'] },
      { HeaderContainsMessageHeader: 'Importance', HeaderContainsWords: ['high'] },
      { FromMemberOf: ['Legal desk'] },
      { SentToScope: 'InOrganization' },
      { SentToScope: 'NotInOrganization' },
      { MessageSizeOver: '1024 bytes' },
    ];
    for (const given of values) {
      const shown = conditionOf(given).flatMap((condition) => showCondition(condition) ?? []);
      expect(Object.fromEntries(shown)).toEqual(given);
    }
    expect(showCondition({ kind: 'sensitivity', labels: ['Confidential'] })).toBeUndefined();
  });
});

describe('actions', () => {
  test.each<[RuleValues, object[]]>([
    [{ ApplyOME: true }, [applied('OME Configuration')]],
    [{ ApplyOME: false }, []],
    [{ ApplyRightsProtectionTemplate: 'encrypt' }, [applied('OME Configuration')]],
    [{ ApplyRightsProtectionTemplate: 'Do Not Forward' }, [applied('OME Configuration'), { kind: 'forbidForwarding' }]],
    [{ ApplyRightsProtectionTemplate: 'Encrypt', ApplyRightsProtectionCustomizationTemplate: 'Acme' }, [applied('Acme')]],
    [{ ApplyRightsProtectionCustomizationTemplate: 'Acme' }, [applied('Acme')]],
    [{ ApplyOME: false, ApplyRightsProtectionTemplate: 'Encrypt' }, [applied('OME Configuration')]],
    [{ RejectMessageReasonText: 'Not so.' }, [{ kind: 'reject', text: 'Not so.' }]],
    [{ RejectMessageEnhancedStatusCode: '5.7.1' }, [{ kind: 'reject', text: 'Delivery not authorized, message refused' }]],
    [{ RemoveHeader: 'X-Project' }, [{ kind: 'removeHeader', header: 'X-Project' }]],
  ])('%j do %j', (values, actions) => {
    expect(partsOf(values).actions).toEqual(actions);
  });

  test.each<[RuleValues, string]>([
    [{ ApplyRightsProtectionTemplate: 'Confidential \\ All Employees' }, 'takes Encrypt or Do Not Forward'],
    [{ RejectMessageEnhancedStatusCode: '5.7.900' }, 'takes 5.7.1'],
    [{ ApplyOME: false, ApplyRightsProtectionCustomizationTemplate: 'Acme' }, 'the other parameters say not to'],
  ])('%j are refused with the reason', (values, message) => {
    expect(() => partsOf(values)).toThrow(message);
  });

  test('a change leaves what it does not speak of, what Signet alone has included', () => {
    const before = {
      ...emptyRule,
      actions: [applied('Acme'), { kind: 'forbidForwarding' }, { kind: 'setExpiry', days: 7 }],
    } as typeof emptyRule;
    const actionsAfter = (values: RuleValues) => partsOf(values, before).actions;
    const expiry = { kind: 'setExpiry', days: 7 };
    expect(actionsAfter({ ApplyRightsProtectionCustomizationTemplate: 'Acme Legal' })).toEqual([
      applied('Acme Legal'),
      { kind: 'forbidForwarding' },
      expiry,
    ]);
    expect(actionsAfter({ ApplyRightsProtectionTemplate: 'Encrypt' })).toEqual([applied('Acme'), expiry]);
    expect(actionsAfter({ ApplyOME: true })).toEqual(before.actions);
    expect(actionsAfter({ ApplyRightsProtectionTemplate: null })).toEqual([expiry]);
    expect(actionsAfter({ ApplyRightsProtectionCustomizationTemplate: null })).toEqual([
      applied('OME Configuration'),
      { kind: 'forbidForwarding' },
      expiry,
    ]);
    expect(partsOf({ StopRuleProcessing: true }, before)).toEqual({ ...before, conditions: [{ kind: 'always' }], stop: true });
    expect(showActions(before.actions)).toEqual([
      ['ApplyRightsProtectionTemplate', 'Do Not Forward'],
      ['ApplyRightsProtectionCustomizationTemplate', 'Acme'],
      ['SetExpiry', 7],
    ]);
  });
});

test('no parameter is both taken and refused', () => {
  expect(Object.keys(ruleParameters).filter((name) => name in refusedRuleParameters)).toEqual([]);
});
