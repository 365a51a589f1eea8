import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { signetCommand } from '../command-line.ts';
import { test, type Signet } from '../signet.ts';

// Each command is a process of its own, on a machine that others share.
test.describe.configure({ timeout: 600_000 });

const logo = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const noConfirm = '-Confirm:$false';

test('branding templates are made, changed and removed by the cmdlets that Exchange has for them', async ({ signet }) => {
  const name = 'Contoso Legal';
  const template = () => signet.api.call(routes.getBrandingTemplate, { params: { name } });
  const picture = inHome(signet, 'logo.png', logo);

  const whatIf = await signetCommand(signet, ['New-OMEConfiguration', name, '-PortalText', 'Contoso', '-WhatIf']);
  expect(whatIf).toEqual({ code: 0, stdout: '', stderr: `What if: Making the branding template “${name}”.\n` });
  const fields = ['-BackgroundColor', '#336699', '-PrivacyStatementURL', 'https://contoso.example/privacy', '-SocialIdSignIn', '$false'];
  const texts = [
    '-EmailText',
    'Encrypted.',
    '-DisclaimerText',
    'Only for you.',
    '-IntroductionText',
    'wrote to you',
    '-ReadButtonText',
    'Open',
  ];
  const words = ['New-OMEConfiguration', '-Identity', name, ...fields, ...texts, '-PortalText', 'Contoso', '-OTPEnabled', '$true'];
  const made = await signetCommand(signet, [...words, '-ExternalMailExpiryInDays', '7', '-Image', picture]);
  expect(made).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/Identity +: Contoso Legal\n[^]*Image +: image\/png/) });
  expect(await template()).toMatchObject({
    backgroundColor: '#336699',
    privacyStatementUrl: 'https://contoso.example/privacy',
    socialIdSignIn: false,
    otpEnabled: true,
    emailText: 'Encrypted.',
    disclaimerText: 'Only for you.',
    introductionText: 'wrote to you',
    readButtonText: 'Open',
    portalText: 'Contoso',
    externalMailExpiryInDays: 7,
    image: { contentType: 'image/png', size: logo.length },
  });

  const set = [
    'Set-OMEConfiguration',
    name,
    '-EmailText',
    '$null',
    '-PortalText',
    '',
    '-Image',
    '$null',
    '-ExternalMailExpiryInDays',
    '30',
  ];
  expect(await signetCommand(signet, set)).toEqual({ code: 0, stdout: '', stderr: '' });
  const changed = { emailText: null, portalText: null, image: null, externalMailExpiryInDays: 30, disclaimerText: 'Only for you.' };
  expect(await template()).toMatchObject(changed);

  for (const [refused, code, message] of [
    [['New-OMEConfiguration', name], 1, '(name_taken)'],
    [['New-OMEConfiguration', 'Bad logo', '-Image', inHome(signet, 'logo.txt', 'no picture')], 1, 'signet: '],
    [['Set-OMEConfiguration', name, '-ExternalMailExpiryInDays', '731'], 1, '/externalMailExpiryInDays: '],
    [['Set-OMEConfiguration', 'OME Configuration', '-ExternalMailExpiryInDays', '1'], 1, '/externalMailExpiryInDays: '],
    [['Set-OMEConfiguration', name, '-BackgroundColor', 'dark'], 1, '/backgroundColor: '],
    [['Set-OMEConfiguration', name, '-Image', join(signet.home, 'nothing.png')], 2, '-Image takes a file'],
    [['Set-OMEConfiguration', name, '-EmailText'], 2, `write -EmailText '$null'`],
    [['Set-OMEConfiguration', name], 2, 'say what to set'],
    [['Remove-OMEConfiguration', name], 2, 'cannot be undone'],
    [['Remove-OMEConfiguration', 'OME Configuration', noConfirm], 1, '(default_template)'],
    [['Remove-OMEConfiguration', 'Acme', noConfirm], 1, '(template_in_use)'],
  ] as const) {
    expect(await signetCommand(signet, refused), refused.join(' ')).toMatchObject({
      code,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  }
  const { items } = await signet.api.call(routes.listBrandingTemplates);
  expect(items.map((one) => one.name)).not.toContain('Bad logo');
  expect(await template()).toMatchObject(changed);

  expect(await signetCommand(signet, ['Remove-OMEConfiguration', name, noConfirm])).toEqual({ code: 0, stdout: '', stderr: '' });
  await expect(template()).rejects.toThrow('not_found');
});

test('mail rules are made, changed, switched and removed by the cmdlets that Exchange has for them', async ({ signet }) => {
  const rule = async (name: string) => (await signet.api.call(routes.listMailRules)).items.find((one) => one.name === name);
  const conditions = [
    '-FromScope',
    'InOrganization',
    '-SubjectContainsWords',
    '[secure],"press release, final"',
    '-MessageSizeOver',
    '1KB',
  ];
  const exceptions = ['-ExceptIfSentTo', 'bob@example.net,', 'carol@example.net', '-ExceptIfAttachmentExtensionMatchesWords', 'ics'];
  const actions = ['-ApplyRightsProtectionTemplate', 'Do Not Forward', '-ApplyRightsProtectionCustomizationTemplate', 'Acme Legal'];
  const words = ['New-TransportRule', 'Secure', ...conditions, ...exceptions, ...actions, '-Priority', '0', '-Enabled', '$false'];
  expect((await signetCommand(signet, [...words, '-WhatIf'])).stderr).toBe('What if: Making the transport rule “Secure”.\n');
  expect(await signetCommand(signet, words)).toMatchObject({ code: 0, stdout: expect.stringMatching(/Secure +Disabled +Enforce +0/) });
  expect(await rule('Secure')).toMatchObject({
    position: 0,
    enabled: false,
    stop: false,
    conditions: [
      { kind: 'subjectContains', words: ['[secure]', 'press release, final'] },
      { kind: 'sizeAtLeast', bytes: 1024 },
    ],
    exceptions: [
      { kind: 'recipient', addresses: ['bob@example.net', 'carol@example.net'] },
      { kind: 'attachmentNameEndsWith', endings: ['.ics'] },
    ],
    actions: [{ kind: 'applyTemplate', templateName: 'Acme Legal' }, { kind: 'forbidForwarding' }],
  });

  const set = ['Set-TransportRule', 'secure', '-SubjectContainsWords', '$null', '-ApplyRightsProtectionTemplate', 'Encrypt'];
  expect((await signetCommand(signet, [...set, '-StopRuleProcessing', '$true', '-Name', 'Large', '-Priority', '1'])).code).toBe(0);
  expect((await signetCommand(signet, ['Enable-TransportRule', 'Large'])).code).toBe(0);
  const changed = { position: 1, enabled: true, stop: true, conditions: [{ kind: 'sizeAtLeast', bytes: 1024 }] };
  expect(await rule('Large')).toMatchObject({ ...changed, actions: [{ kind: 'applyTemplate', templateName: 'Acme Legal' }] });
  const shown = await signetCommand(signet, ['Get-TransportRule', 'Large']);
  for (const line of [
    /ExceptIfSentTo +: {bob@example.net, carol@example.net}/,
    /ApplyRightsProtectionTemplate +: Encrypt/,
    /Priority +: 1/,
  ]) {
    expect(shown.stdout).toMatch(line);
  }
  expect((await signetCommand(signet, ['Disable-TransportRule', 'Large'])).code).toBe(0);
  expect((await rule('Large'))?.enabled).toBe(false);

  for (const [refused, code, message] of [
    [['New-TransportRule', 'X', '-SentToScope', 'ExternalPartner', '-ApplyOME', '$true'], 2, '-SentToScope takes InOrganization or Not'],
    [['New-TransportRule', 'X', '-SubjectMatchesPatterns', '\\d', '-ApplyOME', '$true'], 2, '-SubjectMatchesPatterns has no meaning here'],
    [['New-TransportRule', 'X', '-PrependSubject', 'x'], 2, '-PrependSubject has no meaning here'],
    [['New-TransportRule', 'X', '-From', 'Tony Smith', '-ApplyOME', '$true'], 2, '-From takes mail addresses'],
    [['New-TransportRule', 'X', '-FromMemberOf', 'Nobody', '-ApplyOME', '$true'], 1, '/conditions/0/groups/0: '],
    [['New-TransportRule', 'X', '-ApplyRightsProtectionCustomizationTemplate', 'Nowhere'], 1, '/actions/0/templateName: '],
    [['New-TransportRule', 'X'], 2, 'say what the rule does'],
    [['Set-TransportRule', 'Large', '-Enabled', '$true'], 2, 'Enable-TransportRule'],
    [['Set-TransportRule', 'Nowhere', '-ApplyOME', '$true'], 1, 'There is no transport rule “Nowhere”'],
    [['Remove-TransportRule', 'Large'], 2, 'cannot be undone'],
  ] as const) {
    expect(await signetCommand(signet, refused), refused.join(' ')).toMatchObject({
      code,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  }
  expect(await rule('X')).toBeUndefined();
  expect((await signetCommand(signet, ['Remove-TransportRule', 'Large', noConfirm])).code).toBe(0);
  expect(await rule('Large')).toBeUndefined();
});

test('an export of Exchange is taken over, said before it is done, and taken again changes nothing', async ({ signet }) => {
  const templates = [
    { Identity: 'OME Configuration', PortalText: 'Contoso', OTPEnabled: true, ExternalMailExpiryInterval: '00:00:00', Image: [...logo] },
    {
      Identity: 'Fabrikam',
      OTPEnabled: true,
      SocialIdSignIn: true,
      ExternalMailExpiryInterval: { TotalDays: 7 },
      Image: logo.toString('base64'),
    },
    { Identity: 'Broken', OTPEnabled: true, BackgroundColor: 'dark' },
  ];
  const rules = [
    { Name: 'Second', Priority: 1, State: 'Enabled', FromScope: 'InOrganization', ApplyRightsProtectionTemplate: 'Do Not Forward' },
    { Name: 'First', Priority: 0, State: 'Enabled', RecipientDomainIs: ['example.net'], ApplyOME: true, Comments: 'Old' },
    { Name: 'Outside', Priority: 2, State: 'Enabled', SentToScope: 'NotInOrganization', ApplyOME: true, StopRuleProcessing: true },
    { Name: 'Refused', Priority: 3, State: 'Enabled', SentToMemberOf: ['Sales'], ApplyOME: true, PrependSubject: 'Secure: ' },
    { Name: 'SECOND', Priority: 4, State: 'Enabled', FromScope: 'InOrganization', ApplyOME: true },
  ].map((rule) => ({ Mode: 'Enforce', SenderAddressLocation: 'Header', ...rule }));
  const utf16 = Buffer.from(`\u{feff}${JSON.stringify(templates)}`, 'utf16le');
  const files = { templates: inHome(signet, 'templates.json', utf16), rules: inHome(signet, 'rules.json', JSON.stringify(rules)) };
  const isThere = async () => ({
    templates: (await signet.api.call(routes.listBrandingTemplates)).items,
    rules: (await signet.api.call(routes.listMailRules)).items,
  });

  const before = await isThere();
  for (const file of [files.templates, files.rules]) {
    const said = await signetCommand(signet, ['import', file, '--what-if']);
    expect(said).toMatchObject({ code: 1, stderr: expect.stringContaining('What if: nothing is changed.') });
  }
  expect(await isThere()).toEqual(before);

  const taken = await signetCommand(signet, ['import', files.templates]);
  expect(taken).toMatchObject({ code: 1, stderr: expect.stringContaining('1 of 3 refused.') });
  expect(taken.stdout).toMatch(/^changed +OME Configuration: portalText, image\ntaken +Fabrikam.*\nrefused +Broken\n +\/backgroundColor: /);
  const takenRules = await signetCommand(signet, ['import', files.rules, '--json']);
  expect(takenRules.code).toBe(1);
  expect(JSON.parse(takenRules.stdout)).toMatchObject({
    kind: 'rules',
    items: [
      {
        name: 'First',
        outcome: 'taken',
        notTaken: ['Comments'],
        notes: [expect.stringContaining('it is never reached: “Everything gets Acme”')],
      },
      { name: 'Second', outcome: 'taken' },
      { name: 'Outside', outcome: 'taken' },
      {
        name: 'Refused',
        outcome: 'refused',
        reasons: [expect.stringMatching(/^SentToMemberOf: /), expect.stringMatching(/^PrependSubject: /)],
      },
      { name: 'SECOND', outcome: 'refused', reasons: ['another of this name stands before it in the file'] },
    ],
  });
  const after = await isThere();
  const fabrikam = after.templates.find(({ name }) => name === 'Fabrikam');
  expect(fabrikam).toMatchObject({ externalMailExpiryInDays: 7, image: { contentType: 'image/png' } });
  expect(after.rules.slice(before.rules.length).map(({ name }) => name)).toEqual(['First', 'Second', 'Outside']);

  for (const file of [files.templates, files.rules]) {
    const again = await signetCommand(signet, ['import', file]);
    expect(again.stdout).toMatch(/^(?:unchanged .*\n(?: +.*\n)*)+refused /);
  }
  expect(await isThere()).toEqual(after);
  for (const words of [
    ['Remove-TransportRule', 'First', noConfirm],
    ['Remove-TransportRule', 'Second', noConfirm],
    ['Remove-TransportRule', 'Outside', noConfirm],
    ['Remove-OMEConfiguration', 'Fabrikam', noConfirm],
    ['Set-OMEConfiguration', 'OME Configuration', '-PortalText', '$null', '-Image', '$null'],
  ]) {
    expect((await signetCommand(signet, words)).code, words.join(' ')).toBe(0);
  }
  const other = await signetCommand(signet, ['import', inHome(signet, 'other.json', '[{"Name":"Mailbox"}]')]);
  expect(other).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('and no other') });
});

/** Writes a file where the test's Signet lives. */
function inHome(signet: Signet, name: string, content: string | Uint8Array): string {
  const path = join(signet.home, name);
  writeFileSync(path, content);
  return path;
}
