import { request } from 'node:http';
import type { ProfileRequest } from '../packages/domain/src/testing/touch-profiles.ts';

/** Asks for a page with these headers and no others, as a program does that is no browser. @returns the status, and the cookies that were set. */
export function visit(
  link: string,
  { method, headers }: ProfileRequest,
): Promise<{ status: number | undefined; cookies: readonly string[] }> {
  return new Promise((done, fail) => {
    const asked = request(link, { method, headers }, (response) => {
      response.on('error', fail);
      response.on('end', () => done({ status: response.statusCode, cookies: response.headers['set-cookie'] ?? [] }));
      response.resume();
    });
    asked.on('error', fail);
    asked.end();
  });
}
