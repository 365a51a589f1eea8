import { ApiProblem, type Client } from '@signet/api-contract/client';
import { IMAGE_LIMIT } from '@signet/api-contract/branding-templates';
import { routes } from '@signet/api-contract/routes';
import type { NextRequest } from 'next/server';
import { apiFor } from '../../../../../../api/api-client.ts';
import { memberToken } from '../../../../member-cookie.ts';

interface Place {
  readonly params: Promise<{ readonly name: string }>;
}

/** The picture as mails and pages show it. */
export async function GET(request: NextRequest, place: Place): Promise<Response> {
  return answered(request, place, async (api, name) => {
    const answer = await api.call(routes.getBrandingImage, { params: { name }, query: { form: 'shown' } });
    return new Response(answer.body, { headers: { 'Content-Type': 'image/png' } });
  });
}

/** Another picture, as the bytes that it is. No other site can have a browser send a PUT here. */
export async function PUT(request: NextRequest, place: Place): Promise<Response> {
  if (Number(request.headers.get('content-length') ?? 0) > IMAGE_LIMIT) return Response.json({ code: 'body_too_large' }, { status: 413 });
  return answered(request, place, async (api, name) => {
    const { revision } = await api.call(routes.putBrandingImage, {
      params: { name },
      rawBody: new Uint8Array(await request.arrayBuffer()),
    });
    return Response.json({ revision });
  });
}

async function answered(request: NextRequest, { params }: Place, ask: (api: Client, name: string) => Promise<Response>): Promise<Response> {
  try {
    return await ask(apiFor(request.headers, { bearer: memberToken(request.cookies) }), (await params).name);
  } catch (error) {
    if (!(error instanceof ApiProblem)) return Response.json({ code: 'unavailable' }, { status: 503 });
    return Response.json({ code: error.code }, { status: error.status });
  }
}
