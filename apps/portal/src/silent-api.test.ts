import { expect, test } from 'vitest';
import { spawnPortal } from './testing/spawned-portal.ts';

test('where the api takes requests and never answers, readiness says so at once, and every kind of page at its limit', async () => {
  const asked: string[] = [];
  const { url, output } = await spawnPortal((request) => void asked.push(new URL(request.url ?? '/', 'http://api').pathname));
  const ready = await fetch(`${url}/health/ready`);
  expect([ready.status, await ready.json()]).toEqual([503, { status: 'unavailable', checks: { api: 'unavailable' } }]);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);

  const signedIn = { headers: { cookie: 'signet-member=a-session; signet-sender=a-session' } };
  const show = async (path: string) => {
    const answer = await fetch(`${url}${path}`, signedIn);
    return { path, status: answer.status, text: await answer.text() };
  };
  const [link, file, report, ...pages] = await Promise.all(
    ['/m/token', '/m/token/attachments/0', '/admin/messages/x/exposure', '/admin/dashboard', '/sent'].map(show),
  );
  for (const refused of [link, file]) {
    expect([refused?.path, refused?.status]).toEqual([refused?.path, 503]);
    expect(refused?.text).toContain('<title>Try again soon</title>');
  }
  expect(report?.status).toBeGreaterThanOrEqual(500);
  // These the browser draws: at the mark of an error it says that Signet does not answer.
  for (const { path, text } of pages) expect([path, text.includes('digest')]).toEqual([path, true]);
  expect(output()).toContain('"error":"TimeoutError","message":"GET /v1/links/{token} was not answered in time"');
  expect(new Set(asked)).toContain('/v1/sessions/current');
}, 180_000);
