import { createHash } from 'node:crypto';
import { recordTextOf } from '@signet/domain/audit/record-text';
import { recordedClientIp, recordedUserAgent } from '@signet/domain/recorded-value';
import type { OrganizationScope } from './database.ts';
import { readRecording } from './recording.ts';

/** More agents and networks than this on one link in one minute are counted together, so that a storm writes few rows. */
const SIGNATURES_PER_MINUTE = 20;

/** Who touched a link, as far as a request tells. */
export interface Touch {
  /** `touch`: without a session. `access`: a refused opening by a signed-in recipient. */
  readonly kind: 'touch' | 'access';
  readonly method: string;
  /** Why the link is refused, null where it is open. */
  readonly reason: string | null;
  readonly clientIp: string | null;
  readonly userAgent: string | null;
  /** How the session signed in, null without one. */
  readonly authentication: string | null;
}

function wholeValue(text: string | null, maximum: number) {
  return { value: text === null ? null : recordTextOf(text, maximum), form: 'full' as const };
}

/**
 * Counts a touch of a link in its minute, on a tracked message, by as much of address and agent as the privacy policy lets be recorded:
 * agents and networks that are one by it are counted as one. One statement, no lock but that of the counter. The worker makes one event of each counter when its minute is over.
 */
export async function countTouch(scope: OrganizationScope, recipientId: string, touch: Touch): Promise<void> {
  const recording = await readRecording(scope);
  const clientIp = recordedClientIp(wholeValue(touch.clientIp, 64), recording);
  const userAgent = recordedUserAgent(wholeValue(touch.userAgent, 1024), recording);
  const signature = createHash('sha256')
    .update(JSON.stringify([touch.method, touch.reason, clientIp, userAgent]))
    .digest();
  // What stands for the many: one row for each way of being refused, so that no refusal is counted as another.
  const manySignature = createHash('sha256')
    .update(JSON.stringify([touch.method, touch.reason]))
    .digest();
  await scope.query(
    `with clock as materialized (select clock_timestamp() as now),
     many as materialized (
       select count(*) >= $10 and not bool_or(signature = $4) as many from link_touch, clock
       where organization_id = $1 and recipient_id = $2 and minute = date_trunc('minute', clock.now) and kind = $3
     )
     insert into link_touch (organization_id, recipient_id, minute, kind, signature, method, reason, client_ip, user_agent,
       client_ip_recorded, user_agent_recorded, authentication, first_seen, last_seen)
     select r.organization_id, r.id, date_trunc('minute', clock.now), $3, case when many.many then $11 else $4 end, $5, $6,
       case when many.many then null else $7 end, case when many.many then null else $8 end,
       case when many.many then 'full' else $12 end, case when many.many then 'full' else $13 end, $9, clock.now, clock.now
     from clock, many, recipient r
     join message m on m.organization_id = r.organization_id and m.id = r.message_uid
     join organization o on o.id = r.organization_id
     where r.organization_id = $1 and r.id = $2 and o.enable_portal_tracking_logs and not m.uses_default_template
     on conflict (organization_id, recipient_id, minute, kind, signature) do update
       set count = link_touch.count + 1, last_seen = greatest(link_touch.last_seen, excluded.last_seen)`,
    [
      scope.organizationId,
      recipientId,
      touch.kind,
      signature,
      touch.method,
      touch.reason,
      clientIp.value,
      userAgent.value,
      touch.authentication,
      SIGNATURES_PER_MINUTE,
      manySignature,
      clientIp.form,
      userAgent.form,
    ],
  );
}
