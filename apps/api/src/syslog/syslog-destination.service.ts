import { isIP } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import type { FieldError } from '@signet/api-contract/problem';
import type { BodyOf } from '@signet/api-contract/route';
import type { SyslogDestination, syslogDestinationRoutes } from '@signet/api-contract/syslog-destinations';
import { appendAdminRecord, type AdminAct } from '@signet/db/admin-record';
import { auditLogSize } from '@signet/db/audit-walk';
import { Database, newId, type OrganizationTransaction } from '@signet/db/database';
import { findActiveKey } from '@signet/db/organization-key';
import {
  addSyslogDestination,
  askForSyslogTest,
  changeSyslogDestination,
  listSyslogDestinations,
  lockSyslogDestinations,
  removeSyslogDestination,
  replaySyslog,
  type SealedClientKey,
  type StoredSyslogDestination,
  type SyslogFacts,
} from '@signet/db/syslog-destination';
import { placeOfTime } from '@signet/db/webhook';
import type { AdminAction } from '@signet/domain/audit/admin-record';
import { hostOf } from '@signet/domain/next-hop';
import { closedSyslog, mayBeSyslog, SYSLOG_LIMIT } from '@signet/domain/syslog';
import { Vault } from '@signet/vault/vault';
import type { Administrator } from '../authentication/caller.ts';
import { actBy } from '../authentication/record-act.ts';
import { limitTries } from '../authentication/try-limit.ts';
import type { Settings } from '../env.ts';
import { invalid, notFound, ProblemError } from '../http/problem-error.ts';
import { SETTINGS } from '../settings.ts';
import { faultsOfCertificates, fingerprintsIn } from './client-certificate.ts';

/** Where the audit log is sent to as syslog. */
@Injectable()
export class SyslogDestinationService {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async list(caller: Administrator): Promise<SyslogDestination[]> {
    return (await listSyslogDestinations(this.#scope(caller))).map(shown);
  }

  async create(
    caller: Administrator,
    { clientKey, ...given }: BodyOf<typeof syslogDestinationRoutes.createSyslogDestination>,
  ): Promise<SyslogDestination> {
    const facts = { ...given, id: newId(), host: hostOf(given.host) ?? given.host };
    this.#refuse(facts, clientKey, given.clientCertificate !== null);
    const key = await this.#seal(caller, facts.id, clientKey);
    return this.#scope(caller).transaction(async (tx) => {
      if ((await lockSyslogDestinations(tx)).length >= SYSLOG_LIMIT)
        throw new ProblemError('too_many', { detail: `An organization has at most ${SYSLOG_LIMIT} syslog destinations` });
      await addSyslogDestination(tx, facts, key ?? null);
      await record(tx, caller, 'SyslogDestinationCreate', facts.id, null, recorded(facts));
      return shown(await find(tx, facts.id));
    });
  }

  /** What is so already is no change. */
  async change(
    caller: Administrator,
    id: string,
    { clientKey, ...given }: BodyOf<typeof syslogDestinationRoutes.changeSyslogDestination>,
  ): Promise<SyslogDestination> {
    const key = await this.#seal(caller, id, clientKey);
    return this.#scope(caller).transaction(async (tx) => {
      const before = await find(tx, id);
      const { name = before.name, host = before.host, port = before.port, enabled = before.enabled } = given;
      const { maxMessageBytes = before.maxMessageBytes } = given;
      const certificateAuthority = given.certificateAuthority === undefined ? before.certificateAuthority : given.certificateAuthority;
      const clientCertificate = given.clientCertificate === undefined ? before.clientCertificate : given.clientCertificate;
      const facts = { id, name, host: hostOf(host) ?? host, port, maxMessageBytes, certificateAuthority, clientCertificate, enabled };
      const isNewCertificate = clientCertificate !== null && clientCertificate !== before.clientCertificate;
      this.#refuse(facts, clientKey, isNewCertificate);
      const isSame = JSON.stringify(recorded(facts)) === JSON.stringify(recorded(before));
      if (isSame && key === undefined) return shown(before);
      await changeSyslogDestination(tx, facts, clientCertificate === null ? null : key);
      const after = { ...recorded(facts), ...(key === undefined ? {} : { newClientKey: true }) };
      await record(tx, caller, 'SyslogDestinationChange', id, recorded(before), after);
      return shown(await find(tx, id));
    });
  }

  async remove(caller: Administrator, id: string): Promise<void> {
    await this.#scope(caller).transaction(async (tx) => {
      const before = await find(tx, id);
      await removeSyslogDestination(tx, id);
      await record(tx, caller, 'SyslogDestinationRemove', id, recorded(before), null);
    });
  }

  async test(caller: Administrator, id: string): Promise<{ testId: string }> {
    await limitTries(this.database.system, 'syslog-test:organization', caller.organizationId);
    return this.#scope(caller).transaction(async (tx) => {
      if (!(await find(tx, id)).enabled) throw new ProblemError('syslog_disabled');
      const testId = newId();
      await askForSyslogTest(tx, id, testId);
      await record(tx, caller, 'SyslogDestinationTest', id, null, { testId });
      return { testId };
    });
  }

  async replay(
    caller: Administrator,
    id: string,
    { index, from }: BodyOf<typeof syslogDestinationRoutes.replaySyslogDestination>,
  ): Promise<SyslogDestination> {
    const scope = this.#scope(caller);
    const size = await auditLogSize(scope);
    return scope.transaction(async (tx) => {
      const before = await find(tx, id);
      if (index !== undefined && index > size)
        throw invalid([{ pointer: '/index', detail: `must lie in the log, which has ${size} places, or be its size` }]);
      const place = index ?? (from === undefined ? size : ((await placeOfTime(tx, new Date(from))) ?? size));
      await replaySyslog(tx, id, place);
      await record(tx, caller, 'SyslogDestinationReplay', id, { nextIndex: before.nextIndex }, { nextIndex: place });
      return shown(await find(tx, id));
    });
  }

  #scope(caller: Administrator) {
    return this.database.forOrganization(caller.organizationId);
  }

  async #seal(caller: Administrator, id: string, clientKey: string | undefined): Promise<SealedClientKey | undefined> {
    if (clientKey === undefined) return undefined;
    const organizationKey = await findActiveKey(this.#scope(caller));
    const context = { organizationId: caller.organizationId, purpose: 'syslog-client-key', id } as const;
    return {
      sealed: await this.vault.sealSecret(organizationKey, context, Buffer.from(clientKey)),
      organizationKeyId: organizationKey.keyId,
    };
  }

  /** @throws {ProblemError} 400 that names each field that is wrong. @param needsKey the client certificate is new. */
  #refuse(facts: SyslogFacts, clientKey: string | undefined, needsKey: boolean): void {
    const faults: FieldError[] = [...faultsOfCertificates(facts, clientKey, needsKey)];
    const { host } = facts;
    if (hostOf(host) === null)
      faults.push({ pointer: '/host', detail: 'must be a host name as siem.example.net (xn--… beyond ASCII), or an IP address' });
    // What a name leads to is looked at whenever somebody connects.
    else if (isIP(host) !== 0 && !mayBeSyslog(host, this.settings.SYSLOG_NETWORKS ?? []))
      faults.push({ pointer: '/host', detail: closedSyslog(host, host) });
    if (faults.length > 0) throw invalid(faults);
  }
}

/** A destination, held with the others. @throws {ProblemError} 404 where the organization has none of this id. */
async function find(tx: OrganizationTransaction, id: string): Promise<StoredSyslogDestination> {
  const found = (await lockSyslogDestinations(tx)).find((destination) => destination.id === id);
  if (!found) throw notFound();
  return found;
}

type Facts = NonNullable<AdminAct['before']> | null;

function record(
  tx: OrganizationTransaction,
  caller: Administrator,
  action: AdminAction,
  id: string,
  before: Facts,
  after: Facts,
): Promise<void> {
  return appendAdminRecord(tx, { ...actBy(caller), action, target: { kind: 'syslog-destination', id }, before, after });
}

/** What a record says of a destination: certificates by their fingerprints, and no key. */
function recorded({ name, host, port, maxMessageBytes, certificateAuthority, clientCertificate, enabled }: SyslogFacts) {
  const certificates = { certificateAuthority: fingerprintsIn(certificateAuthority), clientCertificate: fingerprintsIn(clientCertificate) };
  return { name, host, port, maxMessageBytes, ...certificates, enabled };
}

function shown(stored: StoredSyslogDestination): SyslogDestination {
  const { attempts, nextAttemptAt, lastSentAt, lastError, lastErrorAt, testedId, testedAt, testError, createdAt, ...destination } = stored;
  return {
    ...destination,
    failedAttempts: attempts,
    nextAttemptAt: attempts > 0 && stored.enabled ? nextAttemptAt.toISOString() : null,
    lastSentAt: lastSentAt?.toISOString() ?? null,
    lastError: lastError !== null && lastErrorAt ? { at: lastErrorAt.toISOString(), error: lastError } : null,
    lastTest: testedId !== null && testedAt ? { testId: testedId, at: testedAt.toISOString(), error: testError } : null,
    createdAt: createdAt.toISOString(),
  };
}
