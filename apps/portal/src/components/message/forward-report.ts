import { ApiProblem } from '@signet/api-contract/client';
import type { Client } from '@signet/api-contract/client';
import { createTranslator } from 'next-intl';
import { messagesOf } from '../../i18n/messages.ts';

interface ReportRequest {
  readonly nextUrl: { readonly pathname: string; readonly searchParams: URLSearchParams };
}

/**
 * Answers with the exposure report as the api wrote it: one document for whoever asks. Its policy stands in
 * security-headers.ts. A zone that is none is left out; who is not signed in is sent to sign in, and back here.
 * @param signInPath address of the sign-in page that leads back to a path.
 */
export async function forwardReport(
  request: ReportRequest,
  ask: (query: { zone?: string }) => ReturnType<Client['page']>,
  signInPath: (path: string) => string,
): Promise<Response> {
  const zone = request.nextUrl.searchParams.get('zone');
  try {
    const answer = await ask(zone === null || zone === '' ? {} : { zone });
    return new Response(answer.body, { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
  } catch (failure) {
    const problem = failure instanceof ApiProblem ? failure.problem : undefined;
    // Relative: where people reach the portal only their browser knows for sure.
    if (problem?.code === 'unauthenticated') {
      return new Response(null, { status: 303, headers: { Location: signInPath(request.nextUrl.pathname) } });
    }
    const missing = problem?.code === 'not_found' || problem?.code === 'message_id_ambiguous' || problem?.code === 'validation_failed';
    const t = createTranslator({ locale: 'en', messages: messagesOf.en, namespace: 'common' });
    const text = missing ? t('notFound.text') : t('error.text');
    return new Response(`${text}\n`, {
      status: missing ? 404 : problem?.code === 'forbidden' ? 403 : 503,
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    });
  }
}
