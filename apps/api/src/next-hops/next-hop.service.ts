import { isIP } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import type { NextHop, nextHopRoutes } from '@signet/api-contract/next-hops';
import type { FieldError } from '@signet/api-contract/problem';
import type { BodyOf } from '@signet/api-contract/route';
import { appendAdminRecord } from '@signet/db/admin-record';
import { Database, newId } from '@signet/db/database';
import { listNextHops, lockNextHops, putNextHop, removeNextHop, type SealedPassword, type StoredNextHop } from '@signet/db/next-hop';
import { findActiveKey } from '@signet/db/organization-key';
import { hostOf, mayBeNextHop, NEXT_HOP_LIMIT } from '@signet/domain/next-hop';
import { isLoopbackHost } from '@signet/domain/public-url';
import { Vault } from '@signet/vault/vault';
import type { Administrator } from '../authentication/caller.ts';
import { actBy } from '../authentication/record-act.ts';
import type { Settings } from '../env.ts';
import { invalid, notFound, ProblemError } from '../http/problem-error.ts';
import { SETTINGS } from '../settings.ts';

/** The mail servers that an organization's mail goes to. */
@Injectable()
export class NextHopService {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  list(caller: Administrator): Promise<NextHop[]> {
    return listNextHops(this.#scope(caller));
  }

  async create(caller: Administrator, { password, ...given }: BodyOf<typeof nextHopRoutes.createNextHop>): Promise<NextHop> {
    const hop = { ...given, id: newId(), host: hostOf(given.host) ?? given.host };
    this.#refuse(hop, password, null);
    const sealed = await this.#seal(caller, hop.id, password);
    return this.#scope(caller).transaction(async (tx) => {
      const known = await lockNextHops(tx);
      if (known.length >= NEXT_HOP_LIMIT)
        throw new ProblemError('too_many', { detail: `An organization has at most ${NEXT_HOP_LIMIT} next hops` });
      refuseTwin(hop, known);
      await putNextHop(tx, hop, sealed ?? null);
      await appendAdminRecord(tx, { ...actBy(caller), action: 'NextHopCreate', target: targetOf(hop), after: recorded(hop) });
      return hop;
    });
  }

  /** What is so already is no change. */
  async change(caller: Administrator, id: string, { password, ...given }: BodyOf<typeof nextHopRoutes.changeNextHop>): Promise<NextHop> {
    const sealed = await this.#seal(caller, id, password);
    return this.#scope(caller).transaction(async (tx) => {
      const known = await lockNextHops(tx);
      const before = known.find((hop) => hop.id === id);
      if (!before) throw notFound();
      const { domain = before.domain, host = before.host, port = before.port, tls = before.tls, username = before.username } = given;
      const after = { id, domain, host: hostOf(host) ?? host, port, tls, username };
      this.#refuse(after, password, before);
      refuseTwin(
        after,
        known.filter((hop) => hop !== before),
      );
      if (sealed === undefined && JSON.stringify(after) === JSON.stringify(before)) return before;
      await putNextHop(tx, after, username === null ? null : sealed);
      await appendAdminRecord(tx, {
        ...actBy(caller),
        action: 'NextHopChange',
        target: targetOf(after),
        before: recorded(before),
        after: { ...recorded(after), ...(sealed === undefined ? {} : { newPassword: true }) },
      });
      return after;
    });
  }

  async remove(caller: Administrator, id: string): Promise<void> {
    await this.#scope(caller).transaction(async (tx) => {
      const hop = (await lockNextHops(tx)).find((each) => each.id === id);
      if (!hop) throw notFound();
      await removeNextHop(tx, id);
      await appendAdminRecord(tx, { ...actBy(caller), action: 'NextHopRemove', target: targetOf(hop), before: recorded(hop) });
    });
  }

  #scope(caller: Administrator) {
    return this.database.forOrganization(caller.organizationId);
  }

  async #seal(caller: Administrator, id: string, password: string | undefined): Promise<SealedPassword | undefined> {
    if (password === undefined) return undefined;
    const organizationKey = await findActiveKey(this.#scope(caller));
    const context = { organizationId: caller.organizationId, purpose: 'next-hop-password', id } as const;
    return {
      sealed: await this.vault.sealSecret(organizationKey, context, Buffer.from(password)),
      organizationKeyId: organizationKey.keyId,
    };
  }

  /** @throws {ProblemError} 400 that names each field that is wrong. @param before null where the next hop is new. */
  #refuse(hop: StoredNextHop, password: string | undefined, before: StoredNextHop | null): void {
    const faults: FieldError[] = [];
    const wrong = (field: string, detail: string) => faults.push({ pointer: `/${field}`, detail });
    const { host, tls, username } = hop;
    if (hostOf(host) === null) wrong('host', 'must be a host name as smtp.example.net (xn--… beyond ASCII), or an IP address');
    // What a name leads to is looked at whenever somebody connects.
    else if (isIP(host) !== 0 && !mayBeNextHop(host, this.settings.NEXT_HOP_NETWORKS ?? []))
      wrong('host', 'is in no network where a next hop may be: whoever runs Signet names more of them in NEXT_HOP_NETWORKS');
    if (username === null && password !== undefined) wrong('username', 'is needed with a password');
    if (username !== null && tls === 'opportunistic' && !isLoopbackHost(host))
      wrong('tls', 'must be implicit or required where somebody signs in: else the password could cross the network in clear');
    if (username !== null && password === undefined) {
      if (before === null || before.username === null) wrong('password', 'is needed with a user name');
      // Else whoever may change the host could have the password sent to one of their own.
      else if (host !== before.host || hop.port !== before.port || username !== before.username)
        wrong('password', 'is needed again where host, port or user name change');
    }
    if (faults.length > 0) throw invalid(faults);
  }
}

/** @throws {ProblemError} where another one is for the same domain. */
function refuseTwin({ domain }: StoredNextHop, others: readonly StoredNextHop[]): void {
  if (!others.some((other) => other.domain === domain)) return;
  throw new ProblemError('name_taken', { detail: `There is a next hop for ${domain ?? 'all other domains'} already: change that one` });
}

function targetOf({ id }: StoredNextHop) {
  return { kind: 'next-hop', id };
}

/** What a record says of a next hop: all but the password. */
function recorded({ domain, host, port, tls, username }: StoredNextHop) {
  return { domain, host, port, tls, username };
}
