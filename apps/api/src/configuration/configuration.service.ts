import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Configuration, configurationRoutes } from '@signet/api-contract/configuration';
import type { BodyOf } from '@signet/api-contract/route';
import { changeConfiguration, ForeignDomainError } from '@signet/db/configuration';
import { Database, newId, type OrganizationScope } from '@signet/db/database';
import { findActiveKey } from '@signet/db/organization-key';
import type { SealedRecordingKey } from '@signet/db/recording';
import { Vault } from '@signet/vault/vault';
import type { Administrator } from '../authentication/caller.ts';
import { actBy } from '../authentication/record-act.ts';
import type { Settings } from '../env.ts';
import { invalid } from '../http/problem-error.ts';
import { SETTINGS } from '../settings.ts';

/** Bytes of the key of an organization's hashes, as many as a hash has. */
const KEY_BYTES = 32;

@Injectable()
export class ConfigurationService {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async change(caller: Administrator, change: BodyOf<typeof configurationRoutes.changeConfiguration>): Promise<Configuration> {
    const most = this.settings.MAX_MESSAGE_BYTES;
    if (change.maxMessageBytes != null && change.maxMessageBytes > most) {
      throw invalid([{ pointer: '/maxMessageBytes', detail: `must be ${most} at most: the installation takes no larger message` }]);
    }
    const scope = this.database.forOrganization(caller.organizationId);
    const hashes = [change.recordedClientIp, change.recordedUserAgent, change.recordedSubject].includes('hash');
    const recordingKey = hashes ? await this.#newRecordingKey(scope) : undefined;
    return changeConfiguration(scope, change, actBy(caller), recordingKey).catch((error: unknown) => {
      if (!(error instanceof ForeignDomainError)) throw error;
      throw invalid([{ pointer: '/bounceDomain', detail: 'must be a domain of the organization, or one below it' }]);
    });
  }

  /** Kept only where the organization has none yet. It is never shown, and never leaves the vault but to make hashes. */
  async #newRecordingKey(scope: OrganizationScope): Promise<SealedRecordingKey> {
    const organizationKey = await findActiveKey(scope);
    const id = newId();
    const key = randomBytes(KEY_BYTES);
    const context = { organizationId: scope.organizationId, purpose: 'recording-key', id } as const;
    const sealedKey = await this.vault.sealSecret(organizationKey, context, key);
    key.fill(0);
    return { id, organizationKeyId: organizationKey.keyId, sealedKey };
  }
}
