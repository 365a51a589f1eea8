import { expect, test } from 'vitest';
import { securityHeaders } from './security-headers.ts';

const place = { path: '/', nonce: 'abc', development: false, https: false };

test('our pages run only scripts with this response’s nonce, and nobody frames them', () => {
  const policy = securityHeaders(place)['Content-Security-Policy'];
  expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe-eval');
});

test.each(['body', 'inline/0', 'attachments/3', 'original'])(
  'a message’s %s runs no script and loads nothing remote, in its frame and out of it',
  (part) => {
    const policy = securityHeaders({ ...place, path: `/m/token/${part}` })['Content-Security-Policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'none'");
    expect(policy).toContain("frame-ancestors 'self'");
    expect(policy).toContain('sandbox allow-same-origin allow-popups');
    expect(policy).not.toMatch(/allow-scripts|https?:|\*/);
  },
);

test.each(['/admin/messages/x/exposure', '/sent/messages/x/exposure'])(
  'the report at %s runs nothing, asks for nothing and is framed by nobody',
  (path) => {
    const policy = securityHeaders({ ...place, path })['Content-Security-Policy'];
    for (const directive of ["default-src 'none'", "script-src 'none'", "form-action 'none'", "frame-ancestors 'none'"]) {
      expect(policy).toContain(directive);
    }
    expect(policy).not.toMatch(/nonce|https?:|\*/);
  },
);

test('files are not repacked on their way', () => {
  expect(securityHeaders({ ...place, path: '/m/token/attachments/0' })['Cache-Control']).toBe('no-store, no-transform');
});

test.each(['/m/token', '/m/token/body', '/admin', '/admin/messages', '/sent', '/sent/messages/x/exposure'])(
  'nothing under %s is stored',
  (path) => {
    expect(securityHeaders({ ...place, path })['Cache-Control']).toMatch(/^no-store\b/);
  },
);

test('browsers stay on https exactly where people come by https', () => {
  expect(securityHeaders({ ...place, https: true })['Strict-Transport-Security']).toMatch(/^max-age=\d{8}/);
  expect(securityHeaders(place)).not.toHaveProperty('Strict-Transport-Security');
});
