import { routes } from '@signet/api-contract/routes';
import type { NextRequest } from 'next/server';
import { apiFor } from '../../../../../../api/api-client.ts';
import { memberToken } from '../../../../member-cookie.ts';
import { fileRefused } from '../../../file-refused.ts';
import { checkpointOf } from '../../checkpoint-of.ts';

/** The last checkpoint of a log as a file, to the byte: its signatures are over just this text. */
export async function GET(request: NextRequest, { params }: { readonly params: Promise<{ stream: string }> }): Promise<Response> {
  const { stream } = await params;
  const api = apiFor(request.headers, { bearer: memberToken(request.cookies) });
  try {
    const { items } = await api.call(routes.listLogs);
    const log = items.find((each) => each.stream === stream);
    if (log === undefined) return new Response(null, { status: 404 });
    const note = await checkpointOf(api, log);
    const name = `${log.stream}-${(log.checkpointAt ?? '').slice(0, 19).replaceAll(':', '')}Z.checkpoint`;
    return new Response(note.body, {
      headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Disposition': `attachment; filename="${name}"` },
    });
  } catch (failure) {
    return fileRefused(failure, '/admin/log');
  }
}
