import { createHash } from 'node:crypto';
import { recordTextOf } from '@signet/domain/audit/record-text';
import { touchSignals, type RequestSignals } from '@signet/domain/audit/touch-signals';
import { recordedClientIp, recordedUserAgent, type Recording } from '@signet/domain/recorded-value';
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
  /** What the request said beside; absent where nobody looked. */
  readonly signals?: RequestSignals;
}

/** The visitor behind a touch, as much of them as the policy lets be recorded. */
function recordedVisitor({ clientIp, userAgent }: Pick<Touch, 'clientIp' | 'userAgent'>, recording: Recording) {
  return {
    clientIp: recordedClientIp(wholeValue(clientIp, 64), recording),
    userAgent: recordedUserAgent(wholeValue(userAgent, 1024), recording),
  };
}

function wholeValue(text: string | null, maximum: number) {
  return { value: text === null ? null : recordTextOf(text, maximum), form: 'full' as const };
}

/**
 * Counts a touch of a link in its minute, on a tracked message, by as much of address and agent as the privacy policy lets be recorded:
 * agents and networks that are one by it are counted as one, unless their requests said different things. One statement, no lock but that
 * of the counter. The worker makes one event of each counter when its minute is over.
 */
export async function countTouch(scope: OrganizationScope, recipientId: string, touch: Touch): Promise<void> {
  const recording = await readRecording(scope);
  const { clientIp, userAgent } = recordedVisitor(touch, recording);
  const signals = touch.signals ? touchSignals(touch.userAgent, touch.signals) : {};
  const signature = createHash('sha256')
    .update(JSON.stringify([touch.reason, clientIp, userAgent, signals]))
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
       client_ip_recorded, user_agent_recorded, authentication, signals, first_seen, last_seen)
     select r.organization_id, r.id, date_trunc('minute', clock.now), $3, case when many.many then $11 else $4 end, $5, $6,
       case when many.many then null else $7 end, case when many.many then null else $8 end,
       case when many.many then 'full' else $12 end, case when many.many then 'full' else $13 end, $9,
       case when many.many then '{}' else $14::jsonb end, clock.now, clock.now
     from clock, many, recipient r
     join message m on m.organization_id = r.organization_id and m.id = r.message_uid
     join organization o on o.id = r.organization_id
     where r.organization_id = $1 and r.id = $2 and o.enable_portal_tracking_logs and not m.uses_default_template
     on conflict (organization_id, recipient_id, minute, kind, signature) do update
       set count = link_touch.count + 1, last_seen = greatest(link_touch.last_seen, excluded.last_seen),
         method = case when excluded.method = any(string_to_array(link_touch.method, ', ')) then link_touch.method
           else link_touch.method || ', ' || excluded.method end`,
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
      JSON.stringify(signals),
    ],
  );
}

/**
 * Notes on the touch by which the same agent in the same network came to a page that a button was pressed there, and says how many
 * milliseconds after it: null where there is no such touch any more (it became an event when its minute was over), where the message is
 * not tracked, or where nothing that tells visitors apart is recorded. The first press counts.
 */
export async function notePress(
  scope: OrganizationScope,
  recipientId: string,
  visitor: Pick<Touch, 'clientIp' | 'userAgent'>,
  press: string | null,
): Promise<number | null> {
  const { clientIp, userAgent } = recordedVisitor(visitor, await readRecording(scope));
  if (clientIp.value === null && userAgent.value === null) return null;
  const [pressed] = await scope.query<{ after: number }>(
    `with last as (
       select organization_id, recipient_id, minute, kind, signature,
         greatest(0, extract(epoch from clock_timestamp() - last_seen) * 1000)::int as after
       from link_touch
       where organization_id = $1 and recipient_id = $2 and kind = 'touch'
         and client_ip is not distinct from $3 and user_agent is not distinct from $4
       order by last_seen desc limit 1
     )
     update link_touch t
     set signals = jsonb_build_object('PressedAfter', last.after) || $5::jsonb || t.signals
     from last
     where t.organization_id = last.organization_id and t.recipient_id = last.recipient_id and t.minute = last.minute
       and t.kind = last.kind and t.signature = last.signature
     returning last.after`,
    [scope.organizationId, recipientId, clientIp.value, userAgent.value, JSON.stringify(press === null ? {} : { Press: press })],
  );
  return pressed?.after ?? null;
}
