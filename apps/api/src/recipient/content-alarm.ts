import { Inject, Injectable } from '@nestjs/common';
import type { Link } from '@signet/db/link';
import { VaultError } from '@signet/vault/vault-error';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import { Metrics } from '../metrics.ts';
import { LOGGER } from '../settings.ts';

/** Content that is not what was stored: somebody has to look. Storage or keys that are away for now are not among it. */
const damage = new Set(['context_mismatch', 'decryption_failed', 'layout_invalid', 'blob_truncated', 'blob_overlong', 'blob_not_found']);

/** Sounds the alarm about content that cannot be read, and counts what recipients' requests come to. */
@Injectable()
export class ContentAlarm {
  readonly #damaged: Counter;
  readonly #cut: Counter<'reason'>;
  readonly #unknownLinks: Counter;
  readonly #logger: Logger;

  constructor(@Inject(LOGGER) logger: Logger, metrics: Metrics) {
    this.#logger = logger;
    const { registry } = metrics;
    this.#damaged = counterOf(registry, 'signet_content_damaged_total', 'Reads of content that was not what had been stored');
    this.#cut = counterOf(registry, 'signet_streams_cut_total', 'Streams of content cut because the reader may not have it any more', [
      'reason',
    ]);
    this.#unknownLinks = counterOf(registry, 'signet_unknown_links_total', 'Requests with a link token that names nobody');
  }

  /** @returns whether the content is damaged, and not merely out of reach for now. */
  raise(error: unknown, link: Link, part: string): boolean {
    const damaged = error instanceof VaultError && damage.has(error.code);
    const where = { organizationId: link.organizationId, messageUid: link.message.messageUid, part };
    const cause = error instanceof VaultError ? { code: error.code, detail: error.message } : { err: error };
    this.#logger.error({ ...where, ...cause, alarm: damaged }, damaged ? 'stored content is damaged' : 'content could not be read');
    if (damaged) this.#damaged.inc();
    return damaged;
  }

  countCut(reason: string): void {
    this.#cut.inc({ reason });
  }

  countUnknownLink(): void {
    this.#unknownLinks.inc();
  }
}

function counterOf<Label extends string>(registry: Registry, name: string, help: string, labelNames: Label[] = []): Counter<Label> {
  const known = registry.getSingleMetric(name);
  return known instanceof Counter ? known : new Counter({ name, help, labelNames, registers: [registry] });
}
