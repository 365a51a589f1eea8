import type { FastifyReply } from 'fastify';
import type { ApiRequest } from './api-request.ts';

/** An answer that is to be had as a page for people as well: which one, the request says. */
export class WithPage<T> {
  readonly json: T;
  readonly page: () => string;

  constructor(json: T, page: () => string) {
    this.json = json;
    this.page = page;
  }
}

/** What a page of the api's own may do: show itself in its own style. It runs no script and asks for nothing. */
const PAGE_CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Sets the headers of a page. @returns its HTML. */
export function sendPage(reply: FastifyReply, html: string): string {
  void reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', PAGE_CSP)
    .header('referrer-policy', 'no-referrer');
  return html;
}

/**
 * Whether a caller wants a page rather than JSON (RFC 9110, 12.5.1): it names HTML, and does not want JSON more. Whoever
 * says nothing, or that anything will do, is a program.
 */
export function wantsPage({ headers: { accept = '' } }: Pick<ApiRequest, 'headers'>): boolean {
  const wanted = new Map(
    accept.split(',').map((part) => {
      const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
      const weight = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
      return [type, Number.isFinite(weight) ? weight : 0];
    }),
  );
  const html = wanted.get('text/html') ?? 0;
  return html > 0 && html >= (wanted.get('application/json') ?? 0);
}
