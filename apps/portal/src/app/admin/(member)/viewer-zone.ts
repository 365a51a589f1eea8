import { isTimeZone } from '@signet/domain/statistics';
import { cookies } from 'next/headers';
import { ZONE_COOKIE } from './zone-cookie.ts';

/** The member's time zone, as their browser said it; UTC until it has. Days and hours on their pages are those of this zone. */
export async function viewerZone(): Promise<string> {
  const said = (await cookies()).get(ZONE_COOKIE)?.value ?? '';
  const zone = decodeURIComponent(said);
  return isTimeZone(zone) ? zone : 'UTC';
}
