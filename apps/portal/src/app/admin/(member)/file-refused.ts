import { ApiProblem } from '@signet/api-contract/client';
import { createTranslator } from 'next-intl';
import { messagesOf } from '../../../i18n/messages.ts';
import { signInPathFor } from '../next-path.ts';

/** The answer in the place of a file that the api did not give. Who is not signed in is sent to sign in, and from there to `page`. */
export function fileRefused(failure: unknown, page: string): Response {
  const problem = failure instanceof ApiProblem ? failure.problem : undefined;
  // Relative: where people reach the portal only their browser knows for sure.
  if (problem?.code === 'unauthenticated') return new Response(null, { status: 303, headers: { Location: signInPathFor(page) } });
  const t = createTranslator({ locale: 'en', messages: messagesOf.en, namespace: 'common' });
  const isMissing = problem?.code === 'not_found' || problem?.code === 'validation_failed';
  const status = isMissing ? 404 : (problem?.status ?? 503);
  const text = isMissing ? t('notFound.text') : (problem?.detail ?? t('error.text'));
  return new Response(`${text}\n`, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
}
