import { expect, test } from 'vitest';
import { CONTENT_POLICY, securityHeaders } from './security-headers.ts';

const place = { path: '/', nonce: 'abc', development: false, https: false };

test('our pages run only scripts with this response’s nonce, and nobody frames them', () => {
  const policy = securityHeaders(place)['Content-Security-Policy'];
  expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe-eval');
});

test('a message’s content runs no script and loads nothing remote, in its frame and out of it', () => {
  expect(CONTENT_POLICY).toContain("default-src 'none'");
  expect(CONTENT_POLICY).toContain("script-src 'none'");
  expect(CONTENT_POLICY).not.toContain('allow-scripts');
  expect(CONTENT_POLICY).not.toMatch(/https?:|\*/);
});

test.each(['/m/token', '/m/token/body', '/admin', '/admin/messages'])('nothing under %s is stored', (path) => {
  expect(securityHeaders({ ...place, path })['Cache-Control']).toBe('no-store');
});

test('browsers stay on https exactly where people come by https', () => {
  expect(securityHeaders({ ...place, https: true })['Strict-Transport-Security']).toMatch(/^max-age=\d{8}/);
  expect(securityHeaders(place)).not.toHaveProperty('Strict-Transport-Security');
});
