import { describe, expect, it } from 'vitest';
import { lacksSecondFactor, memberSessionPolicy, reauthenticationMethodsOf, secondFactorsOf } from './member-authentication.ts';

const none = { totp: false, passkeys: 0, recoveryCodes: 0 };

describe('a member', () => {
  it('is asked for no second factor without one, and recovery codes alone are none', () => {
    expect(secondFactorsOf(none)).toEqual([]);
    expect(secondFactorsOf({ ...none, recoveryCodes: 10 })).toEqual([]);
  });

  it('may take any of their own second factors, and a recovery code in their place', () => {
    expect(secondFactorsOf({ totp: true, passkeys: 2, recoveryCodes: 1 })).toEqual(['totp', 'passkey', 'recovery_code']);
    expect(secondFactorsOf({ ...none, passkeys: 1 })).toEqual(['passkey']);
  });

  it('confirms as fully as they signed in: never by the password alone once there is more', () => {
    expect(reauthenticationMethodsOf(none)).toEqual(['password']);
    expect(reauthenticationMethodsOf({ totp: true, passkeys: 0 })).toEqual(['password_and_code']);
    expect(reauthenticationMethodsOf({ totp: true, passkeys: 1 })).toEqual(['passkey', 'password_and_code']);
    expect(reauthenticationMethodsOf({ totp: false, passkeys: 1 })).toEqual(['passkey']);
  });

  it('lacks a second factor where the organization asks for one and there is none', () => {
    expect(lacksSecondFactor({ ...none, requireSecondFactor: true })).toBe(true);
    expect(lacksSecondFactor({ ...none, requireSecondFactor: false })).toBe(false);
    expect(lacksSecondFactor({ ...none, passkeys: 1, requireSecondFactor: true })).toBe(false);
  });
});

it('sessions end within what NIST SP 800-63B-4 allows for AAL2: an hour without use, a day in all', () => {
  expect(memberSessionPolicy.idleSeconds).toBeLessThanOrEqual(3600);
  expect(memberSessionPolicy.absoluteSeconds).toBeLessThanOrEqual(86_400);
});
