import { describe, expect, it } from 'vitest';
import { problemCodes, problems } from './error-code.ts';

describe('problems', () => {
  it('have codes in snake case, an error status and a title that names nothing particular', () => {
    for (const code of problemCodes) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(problems[code].status).toBeGreaterThanOrEqual(400);
      expect(problems[code].status).toBeLessThan(600);
      expect(problems[code].title).toMatch(/^[A-Z][^.]*$/);
    }
  });

  it('keep the statuses that programs rely on', () => {
    const statuses = Object.fromEntries(problemCodes.map((code) => [code, problems[code].status]));
    expect(statuses).toMatchObject({
      validation_failed: 400,
      unauthenticated: 401,
      forbidden: 403,
      not_found: 404,
      message_id_ambiguous: 409,
      event_id_conflict: 409,
      idempotency_conflict: 409,
      name_taken: 409,
      not_revocable: 409,
      revoked_by_organization: 409,
      message_revoked: 410,
      message_expired: 410,
      body_too_large: 413,
      unsupported_media_type: 415,
      too_many_requests: 429,
      unavailable: 503,
    });
  });
});
