import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brandingTemplateRoutes } from '@signet/api-contract/branding-templates';
import { createClient } from '@signet/api-contract/client';
import { afterAll, expect, test } from 'vitest';
import { signetCommand } from '../testing/signet-command.ts';
import { startTestApi } from '../testing/test-api.ts';
import { createTestOrganization } from '../testing/test-organization.ts';

// Each command is a process of its own, on a machine that others share.
const PATIENCE = 300_000;

const api = await startTestApi();
const acme = await createTestOrganization(api);
const access = { SIGNET_API_URL: api.url, SIGNET_API_KEY: acme.apiKey };
const client = createClient({ baseUrl: api.url, headers: { authorization: `Bearer ${acme.apiKey}` } });
const folder = await mkdtemp(join(tmpdir(), 'signet-template-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const signet = (words: readonly string[], input?: string) => signetCommand(['template', ...words], access, input);
const template = (name: string) => client.call(brandingTemplateRoutes.getBrandingTemplate, { params: { name } });
const cmdlet = (...words: string[]) => signetCommand(words, access);
const x = (length: number) => 'x'.repeat(length);
const logo = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

test(
  'every field of a template is set by its name, null resets it, and translations are set text by text',
  async () => {
    const words = [
      'backgroundColor=#336699',
      'introductionText=wrote to you',
      'readButtonText=Open',
      'emailText=1024',
      'disclaimerText=true',
      'portalText="null"',
      'footerText=Acme, Basel',
      'privacyStatementUrl=https://acme.example/privacy',
      'otpEnabled=true',
      'socialIdSignIn=false',
      'externalMailExpiryInDays=7',
      'forwardingAllowed=false',
      'subjectShown=false',
      'mailLanguage=de',
      'translations.de.emailText=Verschlüsselt',
      'translations.fr.emailText=Chiffré',
    ];
    expect(await signet(['create', 'Desk', ...words])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/^Made the template “Desk”\.\nWarning: backgroundColor: On a dark screen /),
    });
    expect(await template('Desk')).toMatchObject({
      backgroundColor: '#336699',
      introductionText: 'wrote to you',
      readButtonText: 'Open',
      emailText: '1024',
      disclaimerText: 'true',
      portalText: 'null',
      footerText: 'Acme, Basel',
      privacyStatementUrl: 'https://acme.example/privacy',
      otpEnabled: true,
      socialIdSignIn: false,
      externalMailExpiryInDays: 7,
      forwardingAllowed: false,
      subjectShown: false,
      mailLanguage: 'de',
      translations: { de: { emailText: 'Verschlüsselt' }, fr: { emailText: 'Chiffré' } },
    });
    const changes = ['emailText=null', 'mailLanguage=null', 'translations.fr=null', 'translations.de.portalText=Recht'];
    expect((await signet(['change', 'Desk', ...changes])).code).toBe(0);
    const changed = await template('Desk');
    expect(changed).toMatchObject({ emailText: null, mailLanguage: null, disclaimerText: 'true' });
    expect(changed.translations).toEqual({ de: { emailText: 'Verschlüsselt', portalText: 'Recht' } });

    const said = await signet(['history', 'Desk']);
    expect(said.stdout).toMatch(/^TIME +BY +WHAT +FIELDS\n.+ changed +[^\n]*emailText: 1024 → –.*\n.+ created +–\n$/);
    expect((await signet(['duplicate', 'Desk', 'Copy', 'subjectShown=true'])).code).toBe(0);
    expect(await template('Copy')).toMatchObject({ subjectShown: true, disclaimerText: 'true', translations: changed.translations });
    expect(await signet(['remove', 'Copy'])).toMatchObject({ code: 2, stderr: expect.stringContaining('add --yes') });
    expect(await signet(['remove', 'Copy', '--yes'])).toEqual({ code: 0, stdout: '', stderr: 'Removed the template “Copy”.\n' });
    await expect(template('Copy')).rejects.toThrow('not_found');
  },
  PATIENCE,
);

test(
  'what template show writes is taken as it is, for the default template too, and nothing that somebody changed meanwhile is undone',
  async () => {
    for (const name of ['OME Configuration', 'Acme']) {
      const { stdout } = await signet(['show', name, '--json']);
      expect((await signet(['change', name, '--file', '-'], stdout)).code, name).toBe(0);
      expect(await template(name)).toEqual(JSON.parse(stdout));
      const edited = JSON.stringify({ ...(JSON.parse(stdout) as object), footerText: 'Edited' });
      expect((await signet(['change', name, '--file', '-'], edited)).code, name).toBe(0);
      expect((await template(name)).footerText).toBe('Edited');
      const late = JSON.stringify({ ...(JSON.parse(stdout) as object), footerText: 'Late' });
      expect(await signet(['change', name, '--file', '-'], late)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('changed_meanwhile'),
      });
    }
    const { stdout } = await signet(['show', 'Acme', '--json']);
    expect((await signet(['create', 'Second', '--file', '-', 'portalText=Second'], stdout)).code).toBe(0);
    expect(await template('Second')).toMatchObject({ footerText: 'Edited', portalText: 'Second' });
  },
  PATIENCE,
);

test(
  'a template is drawn as it would be, saved or not, and its picture comes back byte for byte',
  async () => {
    expect((await signet(['create', 'Drawn', 'emailText=As it is saved'])).code).toBe(0);
    expect((await signet(['preview', 'Drawn'])).stdout).toMatch(/<html[^]*As it is saved/);
    const file = join(folder, 'mail.html');
    expect(await signet(['preview', 'Drawn', 'emailText=Not yet', '--output', file])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await readFile(file, 'utf8')).toContain('Not yet');
    const text = await signet(['preview', 'Drawn', '--text']);
    expect(text.stdout).toContain('As it is saved');
    expect(text.stdout).not.toContain('<html');
    expect(JSON.parse((await signet(['preview', 'Drawn', '--json', '--language', 'de'])).stdout)).toHaveProperty('portal');
    expect(await signet(['preview', 'Drown'])).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('(not_found)') });

    const picture = join(folder, 'logo.png');
    await writeFile(picture, logo);
    expect(await signet(['set-image', 'Drawn', picture])).toMatchObject({ code: 0, stderr: expect.stringContaining('“Drawn”') });
    const back = join(folder, 'back.png');
    expect(await signet(['image', 'Drawn', '--output', back])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await readFile(back)).equals(logo)).toBe(true);
    expect((await signet(['image', 'Drawn', '--shown', '--output', back])).code).toBe(0);
    expect((await readFile(back)).subarray(1, 4).toString()).toBe('PNG');
    expect(await signet(['remove-image', 'Drawn'])).toMatchObject({ code: 2, stderr: expect.stringContaining('add --yes') });
    expect((await signet(['remove-image', 'Drawn', '--yes'])).code).toBe(0);
    expect((await template('Drawn')).image).toBeNull();
    expect(await signet(['image', 'Drawn'])).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('(not_found)') });
    await writeFile(picture, 'no picture');
    expect(await signet(['set-image', 'Drawn', picture])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('signet: '),
    });
  },
  PATIENCE,
);

test(
  'what a template cannot be is said with its field, and nothing is done',
  async () => {
    const before = await client.call(brandingTemplateRoutes.listBrandingTemplates);
    for (const [words, code, message] of [
      [['create', x(65)], 1, '/name: '],
      [['create', 'acme'], 1, '(name_taken)'],
      [['create', 'X', `introductionText=${x(1025)}`], 1, '/introductionText: '],
      [['create', 'X', `readButtonText=${x(1025)}`], 1, '/readButtonText: '],
      [['create', 'X', `emailText=${x(1025)}`], 1, '/emailText: '],
      [['create', 'X', `disclaimerText=${x(1025)}`], 1, '/disclaimerText: '],
      [['create', 'X', `footerText=${x(1025)}`], 1, '/footerText: '],
      [['create', 'X', `portalText=${x(129)}`], 1, '/portalText: '],
      [['create', 'X', 'privacyStatementUrl=ftp://a.example'], 1, '/privacyStatementUrl: '],
      [['create', 'X', 'externalMailExpiryInDays=731'], 1, '/externalMailExpiryInDays: '],
      [['create', 'X', 'externalMailExpiryInDays=soon'], 1, '/externalMailExpiryInDays: '],
      [['create', 'X', 'backgroundColor=dark'], 1, '/backgroundColor: must be #RRGGBB'],
      [['create', 'X', 'mailLanguage=de_DE'], 1, '/mailLanguage: '],
      [['create', 'X', 'otpEnabled=false'], 1, '/otpEnabled: Nobody could open such a message'],
      [['create', 'X', 'subjectShown=perhaps'], 1, '/subjectShown: '],
      [['create', 'X', `translations.de.portalText=${x(129)}`], 1, '/translations/de/portalText: '],
      [['create', 'X', 'translations.de_DE.portalText=a'], 1, '/translations'],
      [['duplicate', 'Nowhere', 'X'], 1, '(not_found)'],
      [['change', 'OME Configuration', 'externalMailExpiryInDays=1'], 1, '/externalMailExpiryInDays: '],
      [['remove', 'OME Configuration', '--yes'], 1, '(default_template)'],
      [['remove', 'Acme', '--yes'], 1, 'Mail rules apply this template'],
      [['create', 'X', 'emailTxt=a'], 2, 'Did you mean emailText?'],
      [['create', 'X', 'emailText'], 2, 'write it as emailText=value'],
      [['create', 'X', 'translations.de=a'], 2, 'takes null alone'],
      [['create', 'X', 'translations.de.name=a'], 2, 'There is no translated text name'],
      [['change', 'Acme'], 2, 'Say what to change'],
      [['set-image', 'Acme', join(folder, 'none.png')], 2, 'none.png cannot be read'],
    ] as const) {
      const said = await signet(words);
      expect(said, words.join(' ').slice(0, 80)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
    }
    expect(await client.call(brandingTemplateRoutes.listBrandingTemplates)).toEqual(before);
  },
  PATIENCE,
);

test(
  'whoever wants social sign-in learns that there is none yet, and it is kept for the time when there is',
  async () => {
    const warning = expect.stringMatching(/^WARNING: -SocialIdSignIn: .* recipients sign in with a passcode\.\n$/);
    expect(await cmdlet('New-OMEConfiguration', 'Social', '-SocialIdSignIn', '$true')).toMatchObject({ code: 0, stderr: warning });
    expect((await template('Social')).socialIdSignIn).toBe(true);
    expect(await cmdlet('Set-OMEConfiguration', 'Social', '-SocialIdSignIn', '$false')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await cmdlet('Set-OMEConfiguration', 'Social', '-SocialIdSignIn', '$true')).toMatchObject({ code: 0, stderr: warning });
    expect(await signet(['change', 'Social', 'socialIdSignIn=true'])).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^Warning: socialIdSignIn: /),
    });
    const both = await signet(['change', 'Social', 'socialIdSignIn=false', 'otpEnabled=false']);
    expect(both).toMatchObject({ code: 1, stderr: expect.stringContaining('/otpEnabled: ') });
  },
  PATIENCE,
);

test(
  'completion knows the verbs of templates',
  async () => {
    const { stdout } = await signetCommand(['complete', '--', 'template', ''], access);
    for (const name of ['create', 'duplicate', 'change', 'remove', 'preview', 'history', 'image', 'set-image', 'remove-image'])
      expect(stdout).toMatch(new RegExp(`^${name}\t`, 'm'));
  },
  PATIENCE,
);
