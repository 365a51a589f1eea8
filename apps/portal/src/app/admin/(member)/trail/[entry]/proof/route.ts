import { routes } from '@signet/api-contract/routes';
import type { NextRequest } from 'next/server';
import { apiFor } from '../../../../../../api/api-client.ts';
import { memberToken } from '../../../../member-cookie.ts';
import { fileRefused } from '../../../file-refused.ts';
import { entryPath } from '../../entry-path.ts';

/** The proof of an entry as a file, as the api gives it. */
export async function GET(request: NextRequest, { params }: { readonly params: Promise<{ entry: string }> }): Promise<Response> {
  const { entry } = await params;
  const api = apiFor(request.headers, { bearer: memberToken(request.cookies) });
  try {
    const proof = await api.call(routes.proveAuditEntry, { params: { id: entry } });
    return new Response(`${JSON.stringify(proof, null, 2)}\n`, {
      headers: {
        'Content-Type': 'application/json',
        'Content-Disposition': `attachment; filename="audit-entry-${proof.logIndex}.proof.json"`,
      },
    });
  } catch (failure) {
    return fileRefused(failure, entryPath(entry));
  }
}
