import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { OrganizationDomain } from '@signet/api-contract/domains';
import { appendAdminRecord, type AdminAct } from '@signet/db/admin-record';
import { Database, newId, type AdministrationTransaction } from '@signet/db/database';
import {
  activateDkimKey,
  addDkimKey,
  claimDomain,
  DKIM_KEY_LIMIT,
  DOMAIN_LIMIT,
  findOrganizationDomain,
  listOrganizationDomains,
  proveDomain,
  removeDkimKey,
  removeDomain,
  type DkimKey,
  type OrganizationDomain as StoredDomain,
} from '@signet/db/domain';
import { findActiveKey } from '@signet/db/organization-key';
import { Vault } from '@signet/vault/vault';
import type { Administrator } from '../authentication/caller.ts';
import { actBy, recordAct } from '../authentication/record-act.ts';
import { notFound, ProblemError } from '../http/problem-error.ts';
import { dkimRecordName, publicKeyIn } from './dkim-record.ts';
import { NameService } from './name-service.ts';

/** As RFC 8301 asks for at least; longer ones do not fit into one string of a TXT record. */
const RSA_BITS = 2048;
/** Characters of a record that are said back where it is another one than wanted. */
const SHOWN = 120;

const newKeyPair = promisify(generateKeyPair);

/** The organization's domains: proved by the DNS, their mails signed. */
@Injectable()
export class DomainService {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly names: NameService,
  ) {}

  async list(caller: Administrator): Promise<OrganizationDomain[]> {
    return (await listOrganizationDomains(this.#scope(caller))).map(domainView);
  }

  async claim(caller: Administrator, domain: string): Promise<OrganizationDomain> {
    const challenge = randomBytes(20).toString('base64url');
    await this.#administer(caller, { action: 'DomainClaim', domain }, async (tx) => {
      const outcome = await claimDomain(tx, { domain, challenge });
      if (outcome === 'known') throw new ProblemError('name_taken', { detail: `${domain} is among the organization’s domains already` });
      if (outcome === 'too_many') throw new ProblemError('too_many', { detail: `An organization has at most ${DOMAIN_LIMIT} domains` });
    });
    return this.#read(caller, domain);
  }

  /** Looks into the DNS for the record that proves a domain. One that is proved already stays so, whatever the DNS says now. */
  async verify(caller: Administrator, domain: string): Promise<OrganizationDomain> {
    const known = await this.#find(caller, domain);
    if (known.challenge === null) return domainView(known);
    const wanted = challengeRecord(domain, known.challenge);
    const found = await this.names.textsOf(wanted.name);
    await this.#administer(caller, { action: 'DomainVerify', domain }, async (tx) => {
      if (!found.includes(wanted.value)) throw new ProblemError('domain_not_proved', { detail: missing(wanted.name, found) });
      const outcome = await proveDomain(tx, domain);
      if (outcome === 'gone') throw notFound();
      if (outcome === 'taken') throw new ProblemError('domain_taken');
    });
    return this.#read(caller, domain);
  }

  async remove(caller: Administrator, domain: string): Promise<void> {
    await this.#administer(caller, { action: 'DomainRemove', domain }, async (tx) => {
      const outcome = await removeDomain(tx, domain);
      if (outcome === 'not_found') throw notFound();
      if (outcome === 'last') throw new ProblemError('domain_needed', { detail: 'It is the only domain: nobody could send any more' });
      if (outcome === 'bounces')
        throw new ProblemError('domain_needed', { detail: 'Bounces come back to it: set another bounce domain first' });
    });
  }

  async createKey(caller: Administrator, domain: string): Promise<OrganizationDomain['dkimKeys'][number]> {
    if ((await this.#find(caller, domain)).verifiedAt === null) throw notFound();
    const pair = await newKeyPair('rsa', {
      modulusLength: RSA_BITS,
      publicKeyEncoding: { type: 'spki', format: 'der' },
      privateKeyEncoding: { type: 'pkcs8', format: 'der' },
    });
    const id = newId();
    const organizationKey = await findActiveKey(this.#scope(caller));
    const context = { organizationId: caller.organizationId, purpose: 'dkim-key', id } as const;
    const sealedPrivateKey = await this.vault.sealSecret(organizationKey, context, pair.privateKey);
    pair.privateKey.fill(0);
    const key = { id, domain, selector: `signet-${randomBytes(4).toString('hex')}`, publicKey: pair.publicKey.toString('base64') };
    await this.#administer(caller, { action: 'DkimKeyCreate', domain, after: { selector: key.selector } }, async (tx) => {
      const outcome = await addDkimKey(tx, { ...key, sealedPrivateKey, organizationKeyId: organizationKey.keyId });
      if (outcome === 'not_found') throw notFound();
      if (outcome === 'too_many') throw new ProblemError('too_many', { detail: `A domain has at most ${DKIM_KEY_LIMIT} keys: remove one` });
    });
    const made = (await this.#find(caller, domain)).dkimKeys.find((each) => each.id === id);
    if (!made) throw notFound();
    return keyView(domain, made);
  }

  /** Lets a key sign once the DNS has its record: a signature that nobody can check is worse than none. */
  async activateKey(caller: Administrator, domain: string, id: string): Promise<OrganizationDomain> {
    const key = (await this.#find(caller, domain)).dkimKeys.find((each) => each.id === id);
    if (!key) throw notFound();
    const { name } = keyView(domain, key).record;
    const found = await this.names.textsOf(name);
    const isPublished = found.some((text) => publicKeyIn(text) === key.publicKey);
    await this.#administer(caller, { action: 'DkimKeyActivate', domain, after: { selector: key.selector } }, async (tx) => {
      if (!isPublished) throw new ProblemError('dkim_not_published', { detail: missing(name, found) });
      if (!(await activateDkimKey(tx, domain, id))) throw notFound();
    });
    return this.#read(caller, domain);
  }

  async removeKey(caller: Administrator, domain: string, id: string): Promise<void> {
    await this.#scope(caller).administer(async (tx) => {
      const key = await removeDkimKey(tx, domain, id);
      if (!key) throw notFound();
      await appendAdminRecord(tx, {
        ...actBy(caller),
        action: 'DkimKeyRemove',
        target: { kind: 'domain', id: domain },
        before: { ...key },
      });
    });
  }

  #scope(caller: Administrator) {
    return this.database.forOrganization(caller.organizationId);
  }

  async #find(caller: Administrator, domain: string): Promise<StoredDomain> {
    const found = await findOrganizationDomain(this.#scope(caller), domain);
    if (!found) throw notFound();
    return found;
  }

  async #read(caller: Administrator, domain: string): Promise<OrganizationDomain> {
    return domainView(await this.#find(caller, domain));
  }

  /** Changes something and records it together. What is refused changes nothing, and is recorded too; what is not there is not looked at. */
  async #administer(
    caller: Administrator,
    { action, domain, after = null }: { action: AdminAct['action']; domain: string; after?: AdminAct['after'] },
    change: (tx: AdministrationTransaction) => Promise<void>,
  ): Promise<void> {
    const act = { ...actBy(caller), action, target: { kind: 'domain', id: domain }, after } as const;
    try {
      await this.#scope(caller).administer(async (tx) => {
        await change(tx);
        await appendAdminRecord(tx, act);
      });
    } catch (error) {
      const isRefused = error instanceof ProblemError && error.code !== 'not_found';
      if (isRefused) await recordAct(this.#scope(caller), caller, { ...act, status: 'Failure', reason: error.code });
      throw error;
    }
  }
}

function domainView({ domain, verifiedAt, challenge, dkimKeys }: StoredDomain): OrganizationDomain {
  return {
    domain,
    verifiedAt: verifiedAt?.toISOString() ?? null,
    challenge: challenge === null ? null : challengeRecord(domain, challenge),
    dkimKeys: dkimKeys.map((key) => keyView(domain, key)),
  };
}

function challengeRecord(domain: string, challenge: string) {
  return { type: 'TXT', name: `_signet.${domain}`, value: `signet-verification=${challenge}` } as const;
}

/** RFC 6376, 3.6.1. */
function keyView(domain: string, { id, selector, publicKey, createdAt, active }: DkimKey): OrganizationDomain['dkimKeys'][number] {
  const record = { type: 'TXT', name: dkimRecordName(domain, selector), value: `v=DKIM1; k=rsa; p=${publicKey}` } as const;
  return { id, selector, createdAt: createdAt.toISOString(), active, record };
}

function missing(name: string, found: readonly string[]): string {
  const [first] = found;
  if (first === undefined) return `${name} has no TXT record. A new one can take hours to be seen`;
  return `${name} has no such TXT record; it says ${JSON.stringify(first.slice(0, SHOWN))}`;
}
