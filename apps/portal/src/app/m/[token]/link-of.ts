import type { Link } from '@signet/api-contract/recipient';
import { routes } from '@signet/api-contract/routes';
import { cookies, headers } from 'next/headers';
import { cache } from 'react';
import { apiFor } from '../../../api/api-client.ts';
import { unpackLink } from '../link-handover.ts';
import { recipientCredentials } from '../recipient-cookies.ts';

/**
 * The link's state: what proxy.ts was told when the page was asked for. After a form was sent, the page is drawn once
 * more and asks by itself, under the method of that request: it is no visit of its own.
 */
export const linkOf = cache(async (token: string): Promise<Link> => {
  const incoming = await headers();
  const known = unpackLink(incoming);
  if (known !== null) return known;
  const api = apiFor(incoming, { ...recipientCredentials(await cookies()), method: 'POST' });
  return api.call(routes.getLink, { params: { token } });
});
