import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { createFixture, mailWith } from '../recipient/testing/recipient-fixture.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization } from '../testing/test-organization.ts';
import { sampleBmp } from './testing/sample-bmp.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const key = acme.apiKey;
const image = '/v1/branding-templates/Acme/image';

async function put(bytes: Buffer, contentType = 'application/octet-stream', headers: Record<string, string> = {}) {
  const response = await fetch(`${api.url}${image}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${key}`, 'content-type': contentType, ...headers },
    body: Uint8Array.from(bytes),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function bytesOf(path: string, headers: Record<string, string> = { authorization: `Bearer ${key}` }) {
  const response = await fetch(`${api.url}${path}`, { headers });
  return { status: response.status, type: response.headers.get('content-type'), bytes: Buffer.from(await response.arrayBuffer()) };
}

/** A picture of one colour, with metadata that must not be shown. */
const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#c02040' } }).withExif({ IFD0: { Copyright: 'canary-metadata' } });

describe('a picture is told by its content, kept byte for byte, and shown as a small PNG without metadata', () => {
  test.each<[string, () => Promise<Buffer>]>([
    ['image/png', () => picture(800, 300).png().toBuffer()],
    ['image/jpeg', () => picture(800, 300).jpeg().toBuffer()],
    ['image/gif', () => picture(800, 300).gif().toBuffer()],
    ['image/webp', () => picture(800, 300).webp().toBuffer()],
    ['image/tiff', () => picture(800, 300).tiff().toBuffer()],
    ['image/bmp', async () => sampleBmp({ width: 801, height: 300, depth: 24, color: [0xc0, 0x20, 0x40] })],
    ['image/bmp', async () => sampleBmp({ width: 800, height: 300, depth: 8, color: [0xc0, 0x20, 0x40] })],
    ['image/bmp', async () => sampleBmp({ width: 800, height: 300, depth: 32, color: [0xc0, 0x20, 0x40] })],
  ])('%s', async (contentType, make) => {
    const upload = await make();
    // What the request calls it counts for nothing.
    const answer = await put(upload, 'image/x-anything');
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    const sha256 = createHash('sha256').update(upload).digest('hex');
    expect(answer.body['image']).toEqual({ sha256, contentType, size: upload.length, width: 170, height: 64 });
    const original = await bytesOf(image);
    expect([original.status, original.type, original.bytes.equals(upload)]).toEqual([200, contentType, true]);
    const shown = await bytesOf(`${image}?form=shown`);
    const { format, width, height, exif, icc, xmp } = await sharp(shown.bytes).metadata();
    expect({ type: shown.type, format, width, exif, icc, xmp }).toEqual({ type: 'image/png', format: 'png', width: 340 });
    expect(height).toBeLessThanOrEqual(140);
    expect(shown.bytes.includes('canary-metadata')).toBe(false);
    const { channels } = await sharp(shown.bytes).stats();
    for (const [index, value] of [0xc0, 0x20, 0x40].entries()) expect(Math.abs((channels[index]?.mean ?? 0) - value)).toBeLessThan(6);
    // Opaque, as the upload.
    expect(channels[3]?.min ?? 255).toBe(255);
  });

  test('a small one is shown at its size, and one of the size that administrators know, too', async () => {
    for (const [width, height] of [
      [40, 20],
      [170, 70],
    ] as const) {
      expect((await put(await picture(width, height).png().toBuffer())).body['image']).toMatchObject({ width, height });
    }
  });
});

describe('what is no picture that is taken is refused with the reason', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  const png = await picture(50, 50).png().toBuffer();
  test.each<[string, Buffer, number, RegExp]>([
    ['SVG', Buffer.from(svg), 415, /SVG is refused, since it can hold scripts/],
    ['SVG with a head', Buffer.from(`<?xml version="1.0"?>\n<!DOCTYPE svg>\n${svg}`), 415, /SVG is refused/],
    ['HTML', Buffer.from('<!doctype html><p>x'), 415, /refused/],
    ['PDF', Buffer.from('%PDF-1.7\n'), 415, /no picture that is taken/],
    ['text', Buffer.from('hello'), 415, /no picture that is taken/],
    ['half a PNG', png.subarray(0, png.length / 2), 400, /cannot be read/],
    ['a PNG’s beginning alone', png.subarray(0, 8), 400, /cannot be read/],
    ['SVG that begins like a BMP', Buffer.from(`BM${svg}${' '.repeat(100)}`), 400, /./],
    ['a JPEG’s beginning before SVG', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from(svg)]), 400, /cannot be read/],
    ['a BMP that claims more than there is', sampleBmp({ width: 3000, height: 2000, depth: 24, rows: 1 }), 400, /cannot be read/],
    ['a BMP that claims 100 million pixels', sampleBmp({ width: 10_000, height: 10_000, depth: 24, rows: 0 }), 400, /too many pixels/],
  ])('%s', async (_, bytes, status, why) => {
    const before = (await ask(api, 'GET /v1/branding-templates/Acme', { key })).body;
    // Whatever the request calls it.
    const answer = await put(bytes, 'image/png');
    expect([answer.status, answer.body['errors']]).toEqual([
      status,
      [{ pointer: '/image', detail: expect.stringMatching(why) as unknown }],
    ]);
    expect((await ask(api, 'GET /v1/branding-templates/Acme', { key })).body).toEqual(before);
  });

  test('a picture with more pixels than any logo has, small as its file is', async () => {
    const bomb = await sharp({ create: { width: 9000, height: 9000, channels: 3, background: 'red' } })
      .png({ compressionLevel: 9 })
      .toBuffer();
    expect(bomb.length).toBeLessThan(1024 * 1024);
    expect((await put(bomb)).status).toBe(400);
  });

  test('a body of another kind, or none at all', async () => {
    expect((await put(png, 'text/plain')).status).toBe(415);
    expect((await put(Buffer.from('{}'), 'application/json')).status).toBe(415);
    expect((await ask(api, `PUT ${image}`, { key })).status).toBe(415);
    expect((await put(Buffer.alloc(0))).status).toBe(400);
  });

  test('pictures sent to where none are taken', async () => {
    const response = await fetch(`${api.url}/v1/branding-templates`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'image/png' },
      body: Uint8Array.from(png),
    });
    expect(response.status).toBe(415);
  });
});

test('5 MiB are taken, and one byte more is not', async () => {
  // What follows the end of a PNG is nothing to its readers, and is kept with it.
  const png = await picture(100, 100).png().toBuffer();
  const full = Buffer.concat([png, Buffer.alloc(5 * 1024 * 1024 - png.length)]);
  const taken = await put(full);
  expect([taken.status, taken.body['image']]).toMatchObject([200, { size: 5 * 1024 * 1024 }]);
  expect((await bytesOf(image)).bytes.equals(full)).toBe(true);
  const refused = await put(Buffer.concat([full, Buffer.alloc(1)]));
  expect([refused.status, refused.body['code']]).toEqual([413, 'body_too_large']);
});

test('a picture is a change like any other: a state of its own, a record, and refused on a state that is not there any more', async () => {
  const { revision } = (await ask(api, 'GET /v1/branding-templates/Acme', { key })).body;
  const changed = await put(await picture(60, 60).png().toBuffer(), 'image/png', { 'if-match': String(revision) });
  expect(changed.body['revision']).not.toBe(revision);
  expect((await put(await picture(61, 60).png().toBuffer(), 'image/png', { 'if-match': String(revision) })).status).toBe(412);
  const again = await put(await picture(60, 60).png().toBuffer());
  expect(again.body['revision']).toBe(changed.body['revision']);
  const { body } = await ask(api, 'GET /v1/branding-templates/Acme/history', { key });
  const { sha256 } = changed.body['image'] as { sha256: string };
  expect((body['items'] as object[])[0]).toMatchObject({ after: { imageSha256: sha256 } });
  for (const status of [200, 200]) expect((await ask(api, `DELETE ${image}`, { key })).status).toBe(status);
  expect((await bytesOf(image)).status).toBe(404);
  expect((await bytesOf(`${image}?form=shown`)).status).toBe(404);
});

test('a message keeps the logo that it was sent with; its link shows it before sign-in, after revocation too, and no other link does', async () => {
  const readers = await createFixture(api, { domain: 'readers.example' });
  const [plain] = await readers.storeMail(mailWith());
  const png = await picture(340, 140).png().toBuffer();
  const template = (await readers.scope.query<{ name: string }>('select name from branding_template where not is_default'))[0]?.name;
  await readers.scope.query(
    `insert into branding_image (organization_id, sha256, content_type, original, shown, shown_width, shown_height)
     values ($1, repeat('a', 64), 'image/png', $2, $2, 170, 70)`,
    [readers.scope.organizationId, png],
  );
  // The fixture has no key of the api: its template changes as the api would change it.
  await readers.scope.query(
    `with revision as (
       insert into branding_template_revision (organization_id, id, name, content)
       select organization_id, gen_random_uuid(), name, content || jsonb_build_object('imageSha256', repeat('a', 64))
       from branding_template_revision where organization_id = $1 and name = $2 returning id)
     update branding_template set revision_id = (select id from revision) where organization_id = $1 and name = $2`,
    [readers.scope.organizationId, template],
  );
  const [branded] = await readers.storeMail(mailWith(), ['bob@example.net']);
  const portal = api.portalHeaders();
  const logoOf = (token: string) => bytesOf(`/v1/links/${token}/logo`, portal);
  const linkOf = async (token: string) => (await ask(api, `GET /v1/links/${token}`, { headers: portal })).body['branding'];
  expect(await logoOf(String(branded?.token))).toMatchObject({ status: 200, type: 'image/png', bytes: png });
  expect(await linkOf(String(branded?.token))).toMatchObject({ logo: { width: 170, height: 70 } });
  expect((await logoOf(String(plain?.token))).status).toBe(404);
  expect(await linkOf(String(plain?.token))).toMatchObject({ logo: null });
  await readers.scope.query('update recipient set revoked_at = now() where organization_id = $1', [readers.scope.organizationId]);
  expect((await logoOf(String(branded?.token))).status).toBe(200);
  expect((await logoOf('A'.repeat(32))).status).toBe(404);
  expect((await bytesOf(`/v1/links/${branded?.token}/logo`, {})).status).toBe(401);
  // Looking at a logo is no touch of the link.
  const touches = await readers.scope.query<{ count: number }>('select coalesce(sum(count), 0)::int as count from link_touch');
  expect(touches[0]?.count).toBe(2);
  await readers.close();
});
