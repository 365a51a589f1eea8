import commonPasswords from 'fxa-common-password-list';
import { expect, test } from 'vitest';
import { faultOf, hashNewPassword } from './new-password.ts';
import { isPassword } from './password.ts';

const alice = { email: 'alice.archer@acme.example', organizationName: 'Acme Legal' };
const good = 'Tangerine-Umbrella-42-Gravel';

test.each([
  ['short', 'too few'],
  ['nine chars', 'Tq7#mZ2!x'],
  ['signs that are one character each and two units', '🦊🐻🐼🦁🐯🐸🐵🐔🐧'],
])('a password of fewer than ten characters is refused: %s', (_, password) => {
  expect(faultOf(password, alice)).toBe('must have at least 10 characters');
});

test.each([
  'correct horse battery',
  'alllowercaseletters',
  '4839201657483920',
  '          a b c d e f',
  'пароль-из-букв',
  'Ω≈ç√∫˜µ≤≥÷åß',
  `${good}\t`,
])('any characters will do, in any composition: %j', (password) => {
  expect(faultOf(password, alice)).toBeNull();
});

test('64 characters and many more are taken, and every one of them counts', async () => {
  const long = 'Gravel umbrella tangerine 42 '.repeat(8);
  const stored = await hashNewPassword(long, 'password', alice);
  expect(await isPassword(long, stored)).toBe(true);
  expect(await isPassword(`${long.slice(0, -1)}x`, stored)).toBe(false);
});

test('a password is compared exactly as it was typed: nothing is cut, trimmed, changed in case or form', async () => {
  const stored = await hashNewPassword(` ${good} é`, 'password', alice);
  expect(await isPassword(` ${good} é`, stored)).toBe(true);
  for (const other of [`${good} é`, ` ${good} é `, ` ${good.toLowerCase()} é`, ` ${good} e\u0301`])
    expect(await isPassword(other, stored), other).toBe(false);
});

test.each(['1234567890', 'qwertyuiop', '1qaz2wsx3edc', 'football123', 'Football!2026', 'PASSWORD123', '!!superman!!'])(
  'a password of the list of common and breached ones is refused, with what many put around it: %s',
  (password) => {
    expect(faultOf(password, alice)).not.toBeNull();
  },
);

test('the list knows what people choose', () => {
  for (const password of ['1234567890', 'qwertyuiop', 'qwerty12345', 'iloveyou', 'football'])
    expect(commonPasswords.test(password), password).toBe(true);
  expect(commonPasswords.test(good.toLowerCase())).toBe(false);
});

test.each(['acme-legal-2026', 'Alice.Archer.99', 'Signet-Admin-1', 'auditor@acme!', 'Welcome-to-Acme', 'acmeacmeacmeacme'])(
  'a password that is mostly made of the documented words is refused: %s',
  (password) => {
    expect(faultOf(password, alice)).toMatch(/mostly made of words/);
  },
);

test('a password of one character over and over is refused, and the refusal never repeats it', async () => {
  expect(faultOf('abababababababab', alice)).not.toBeNull();
  const failure: unknown = await hashNewPassword('acme-legal-2026', 'newPassword', alice).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'validation_failed', details: { errors: [{ pointer: '/newPassword' }] } });
  expect(JSON.stringify(failure)).not.toContain('acme-legal-2026');
});
