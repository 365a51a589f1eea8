import { auditImport, IMPORT_LIMIT } from '@signet/api-contract/audit-imports';
import { ApiProblem } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import type { NextRequest } from 'next/server';
import { apiFor } from '../../../../../../api/api-client.ts';
import { memberToken } from '../../../../member-cookie.ts';

/** Imports a piece of a file, of which the query says where it begins. @returns the api's report, or its code. No other site can have a browser send a PUT here. */
export async function PUT(request: NextRequest): Promise<Response> {
  if (Number(request.headers.get('content-length') ?? 0) > IMPORT_LIMIT) return Response.json({ code: 'body_too_large' }, { status: 413 });
  try {
    const api = apiFor(request.headers, { bearer: memberToken(request.cookies) });
    const report = await api.call(routes.importAuditRecords, {
      rawBody: new Uint8Array(await request.arrayBuffer()),
      query: { lineOffset: Number(request.nextUrl.searchParams.get('lineOffset') ?? 0) },
    });
    return Response.json(auditImport.parse(report));
  } catch (error) {
    if (!(error instanceof ApiProblem)) return Response.json({ code: 'unavailable' }, { status: 503 });
    return Response.json({ code: error.code }, { status: error.status });
  }
}
