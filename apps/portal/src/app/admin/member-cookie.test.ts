import { expect, test, vi } from 'vitest';
import { keepMember, keepSignInStep, readSignInStep } from './member-cookie.ts';

/** A browser's cookies with the attributes that they were set with. */
function jar() {
  const kept = new Map<string, { value: string; options: Record<string, unknown> }>();
  return {
    kept,
    get: (name: string) => kept.get(name),
    set: (name: string, value: string, options: object) => kept.set(name, { value, options: { ...options } }),
  };
}

function settings(publicUrl: string): void {
  vi.stubEnv('API_URL', 'http://127.0.0.1:3001');
  vi.stubEnv('PORTAL_SECRET', 'x'.repeat(32));
  vi.stubEnv('PUBLIC_URL', publicUrl);
}

const step = { challenge: 'abc', expiresAt: '2026-11-24T18:00:00.000Z', methods: ['totp' as const, 'recovery_code' as const] };

test('a session is kept where no script, no other site and no recipient’s page gets at it, over https alone', () => {
  settings('https://portal.example');
  const cookies = jar();
  keepMember(cookies, 'token');
  const [[name, { options }] = ['', { options: {} }]] = [...cookies.kept];
  expect(name).toBe('__Secure-signet-member');
  expect(options).toMatchObject({ httpOnly: true, secure: true, sameSite: 'strict', path: '/admin' });
});

test('a sign-in between its steps is kept until the api forgets it, and read back as it was', () => {
  settings('https://portal.example');
  const cookies = jar();
  keepSignInStep(cookies, step);
  expect(readSignInStep(cookies)).toEqual(step);
  const [[, { options }] = ['', { options: {} }]] = [...cookies.kept];
  expect(options).toMatchObject({ httpOnly: true, sameSite: 'strict', path: '/admin', expires: new Date(step.expiresAt) });
});

test.each(['', '{', '{}', '[]', JSON.stringify({ ...step, methods: [] }), JSON.stringify({ ...step, methods: ['sms'] })])(
  'a cookie that somebody wrote by hand is no sign-in: %s',
  (value) => {
    settings('https://portal.example');
    expect(readSignInStep({ get: () => ({ value }) })).toBeNull();
  },
);
