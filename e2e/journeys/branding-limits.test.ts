import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { ApiProblem } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { expectFault, withoutLimits } from '../bad-input.ts';
import { signetCommand } from '../command-line.ts';
import { typePassword } from '../member.ts';
import { expectScreen } from '../screen.ts';
import { test, type Signet } from '../signet.ts';

// Each command is a process of its own, on a machine that others share.
test.describe.configure({ timeout: 600_000 });

const x = (length: number) => 'x'.repeat(length);
const address = (length: number) => `https://acme.example/${x(length - 'https://acme.example/'.length)}`;

/** What the fields of `New-OMEConfiguration` take at their limits, and what lies one beyond: as typed, the same three ways. */
const fields = [
  { field: 'introductionText', label: 'Introduction', edges: [x(1024)], beyond: [x(1025)] },
  { field: 'readButtonText', label: 'Button', edges: [x(1024)], beyond: [x(1025)] },
  { field: 'emailText', label: 'Text by the instructions', edges: [x(1024)], beyond: [x(1025)] },
  { field: 'disclaimerText', label: 'Disclaimer', edges: [x(1024)], beyond: [x(1025)] },
  { field: 'portalText', label: 'Text at the top of the pages', edges: [x(128)], beyond: [x(129)] },
  { field: 'backgroundColor', label: 'Brand colour', edges: ['#0F4C5C', 'RebeccaPurple'], beyond: ['#0F4C5', '#0F4C5C0', 'nocolour'] },
  {
    field: 'privacyStatementUrl',
    label: 'Address of the privacy statement',
    edges: [address(2048), 'http://acme.example'],
    beyond: [address(2049), 'acme.example', 'javascript:alert(1)'],
  },
  { field: 'externalMailExpiryInDays', label: 'Days until a message expires', edges: ['0', '1', '730'], beyond: ['-1', '731', '1.5'] },
] as const;
type Typed = readonly (readonly [(typeof fields)[number], string])[];

/** All fields at one of their values each, as often as the field with the most of them has values. */
function rounds(side: 'edges' | 'beyond'): Typed[] {
  const values = fields.map((one) => one[side]);
  return Array.from({ length: Math.max(...values.map(({ length }) => length)) }, (_, round) =>
    fields.map((one) => [one, one[side][round % one[side].length] ?? ''] as const),
  );
}

const bodyOf = (typed: Typed) =>
  Object.fromEntries(typed.map(([{ field }, value]) => [field, field === 'externalMailExpiryInDays' ? Number(value) : value]));

const wordsOf = (typed: Typed) => typed.map(([{ field }, value]) => `-${field}:${value}`);

/** A PNG of one pixel, made as large as wanted by what comes after its end. */
const picture = (size: number) => {
  const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64');
  return Buffer.concat([pixel, Buffer.alloc(size - pixel.length)]);
};
const LARGEST = 5 * 1024 * 1024;
const pictures = [
  { name: 'largest.png', bytes: picture(LARGEST), refused: null },
  { name: 'too-large.png', bytes: picture(LARGEST + 1), refused: { api: 'body_too_large', screen: /larger than 5 MB/ } },
  {
    name: 'script.png',
    bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    refused: { api: 'unsupported_media_type', screen: /SVG is refused, since it can hold scripts/ },
  },
];

/** The fields that the api's answer names, each once. */
async function namedBy(call: Promise<unknown>): Promise<string[]> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiProblem)) throw new Error(`The api took it, or failed otherwise: ${String(error)}`);
  return [...new Set(error.errors.map(({ pointer }) => pointer))].toSorted();
}

const everyField = fields.map(({ field }) => `/${field}`).toSorted();

async function freshTemplate(signet: Signet): Promise<string> {
  const name = `Limits ${randomBytes(3).toString('hex')}`;
  await signet.api.call(routes.createBrandingTemplate, { body: { name } });
  return name;
}
const templateOf = (signet: Signet, name: string) => signet.api.call(routes.getBrandingTemplate, { params: { name } });
const remove = (signet: Signet, name: string) => signet.api.call(routes.removeBrandingTemplate, { params: { name } });

test('the api takes every field of a template at its limit, and names each that lies one beyond', async ({ signet }) => {
  const name = await freshTemplate(signet);
  const change = (template: string, body: object) => signet.api.call(routes.changeBrandingTemplate, { params: { name: template }, body });
  for (const typed of rounds('edges')) expect(await change(name, bodyOf(typed))).toMatchObject(bodyOf(typed));
  const before = await templateOf(signet, name);
  for (const typed of rounds('beyond')) expect(await namedBy(change(name, bodyOf(typed)))).toEqual(everyField);
  expect(await namedBy(change(name, { otpEnabled: false }))).toEqual(['/otpEnabled']);
  expect(await namedBy(change('OME Configuration', { externalMailExpiryInDays: 1 }))).toEqual(['/externalMailExpiryInDays']);
  expect(await templateOf(signet, name)).toEqual(before);
  const make = (wanted: string) => signet.api.call(routes.createBrandingTemplate, { body: { name: wanted } });
  expect(await namedBy(make(x(65)))).toEqual(['/name']);
  await expect(make(name.toUpperCase())).rejects.toThrow('name_taken');
  await make(x(64));
  await remove(signet, x(64));
  for (const { name: file, bytes, refused } of pictures) {
    const response = await fetch(`${signet.apiUrl}/v1/branding-templates/${encodeURIComponent(name)}/image`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${signet.apiKey}`, 'content-type': 'application/octet-stream' },
      body: bytes,
    });
    expect(await response.json(), file).toMatchObject(refused === null ? { image: { size: LARGEST } } : { code: refused.api });
  }
  await remove(signet, name);
});

test('the cmdlets take every parameter of a template at its limit, and name each that lies one beyond', async ({ signet }) => {
  const name = await freshTemplate(signet);
  const set = (template: string, ...words: string[]) => signetCommand(signet, ['Set-OMEConfiguration', template, ...words]);
  for (const typed of rounds('edges')) {
    expect(await set(name, ...wordsOf(typed))).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await templateOf(signet, name)).toMatchObject(bodyOf(typed));
  }
  const before = await templateOf(signet, name);
  for (const typed of rounds('beyond')) {
    // What is no whole number is none of this parameter's, so that the api is not asked at all.
    const [isWhole, days] = [/^-?\d+$/, typed.find(([{ field }]) => field === 'externalMailExpiryInDays')?.[1] ?? ''];
    const asked = isWhole.test(days) ? typed : typed.filter(([{ field }]) => field !== 'externalMailExpiryInDays');
    const refused = await set(name, ...wordsOf(asked));
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    for (const [{ field }] of asked) expect(refused.stderr).toContain(`/${field}: `);
    if (asked !== typed) {
      expect(await set(name, `-ExternalMailExpiryInDays:${days}`)).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining('-ExternalMailExpiryInDays'),
      });
    }
  }
  for (const [template, words, named] of [
    [name, ['-OTPEnabled', '$false'], '/otpEnabled: Nobody could open such a message'],
    ['OME Configuration', ['-ExternalMailExpiryInDays', '1'], '/externalMailExpiryInDays: '],
  ] as const) {
    expect(await set(template, ...words)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(named) });
  }
  expect(await templateOf(signet, name)).toEqual(before);

  const make = (wanted: string) => signetCommand(signet, ['New-OMEConfiguration', wanted]);
  expect(await make(x(65))).toMatchObject({ code: 1, stderr: expect.stringContaining('/name: ') });
  expect(await make(name.toUpperCase())).toMatchObject({ code: 1, stderr: expect.stringContaining('(name_taken)') });
  expect(await make(x(64))).toMatchObject({ code: 0 });
  await remove(signet, x(64));
  for (const { name: file, bytes, refused } of pictures) {
    const path = join(signet.home, file);
    writeFileSync(path, bytes);
    const said = refused === null ? { code: 0, stderr: '' } : { code: 1, stderr: expect.stringContaining(refused.api) };
    expect(await set(name, '-Image', path), file).toMatchObject(said);
  }
  expect(await templateOf(signet, name)).toMatchObject({ image: { size: LARGEST } });

  const resets = fields.filter(({ field }) => field !== 'externalMailExpiryInDays').map(({ field }) => `-${field}:$null`);
  expect(await set(name, ...resets, '-Image', '$null')).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(await templateOf(signet, name)).toMatchObject({ introductionText: null, portalText: null, backgroundColor: null, image: null });
  await remove(signet, name);
});

test('the screen takes every field of a template at its limit, and says at each box what lies one beyond', async ({ signet, page }) => {
  const name = await freshTemplate(signet);
  const templates = `${signet.portalUrl}/admin/templates`;
  await page.goto(`${templates}/new`);
  await typePassword(page, signet.admin);
  const make = page.getByRole('button', { name: 'Make the template' });
  const nameBox = page.getByLabel('Name', { exact: true });
  for (const [wanted, fault] of [
    [x(65), /at most 64 characters/],
    [name.toUpperCase(), /that no other template has/],
  ] as const) {
    await withoutLimits(page);
    await nameBox.fill(wanted);
    await make.click();
    await expectFault(nameBox, wanted, fault);
  }
  await nameBox.fill(x(64));
  await make.click();
  await expect(page.getByRole('heading', { level: 1, name: x(64) })).toBeVisible();
  await remove(signet, x(64));

  await page.goto(`${templates}/${encodeURIComponent(name)}`);
  await withoutLimits(page);
  const save = page.getByRole('button', { name: 'Save', exact: true });
  const said = page.getByText('Saved. Messages sent from now on');
  for (const typed of rounds('edges')) {
    await fill(page, typed);
    await save.click();
    await expect(said).toBeVisible();
    expect(await templateOf(signet, name)).toMatchObject(bodyOf(typed));
  }
  const before = await templateOf(signet, name);
  for (const typed of rounds('beyond')) {
    await fill(page, typed);
    await save.click();
    await expect(page.getByText('Nothing was saved yet: some fields cannot be as they are.')).toBeVisible();
    for (const [{ label }, value] of typed) await expectFault(boxOf(page, label), value, /Write|At most/);
  }
  expect(await templateOf(signet, name)).toEqual(before);

  for (const { label, field } of fields) if (field !== 'externalMailExpiryInDays') await boxOf(page, label).fill('');
  await boxOf(page, 'Days until a message expires').fill('0');
  const passcode = page.getByRole('switch', { name: 'Sign-in with a one-time passcode' });
  await passcode.click();
  await save.click();
  await expect(passcode).toHaveAccessibleDescription(/Nobody could open such a message/);
  await expectScreen(page, 'admin-template-passcode-refused');
  await passcode.click();
  await page.getByRole('switch', { name: 'Recipients may forward' }).click();
  await page.getByRole('switch', { name: 'Sign-in with Google, Yahoo or Microsoft' }).click();
  await save.click();
  await expect(said).toBeVisible();
  const switched = { otpEnabled: true, socialIdSignIn: false, forwardingAllowed: false };
  expect(await templateOf(signet, name)).toMatchObject({ introductionText: null, portalText: null, backgroundColor: null, ...switched });

  for (const { name: file, bytes, refused } of pictures) {
    await page.getByLabel('Logo').setInputFiles({ name: file, mimeType: 'image/png', buffer: bytes });
    await expect(page.getByText(refused?.screen ?? 'The picture is saved.')).toBeVisible();
  }
  expect(await templateOf(signet, name)).toMatchObject({ image: { size: LARGEST } });
  await page.goto(`${templates}/OME%20Configuration`);
  await expect(page.getByRole('heading', { level: 1, name: 'OME Configuration' })).toBeVisible();
  await expect(boxOf(page, 'Days until a message expires')).toHaveCount(0);
  await remove(signet, name);
});

/** The colour has a picker beside its box, of another role. */
function boxOf(page: Page, label: string): Locator {
  return page.getByRole('textbox', { name: label, exact: true });
}

async function fill(page: Page, typed: Typed): Promise<void> {
  for (const [{ label }, value] of typed) await boxOf(page, label).fill(value);
}
