import { createPrivateKey } from 'node:crypto';
import { domainToASCII } from 'node:url';
import type { Database } from '@signet/db/database';
import { findSigningKey } from '@signet/db/domain';
import type { Vault } from '@signet/vault/vault';
import { handOver } from './mail-lanes.ts';
import type { DkimSigner, NextHop } from './next-hop.ts';

/** A key that was activated signs within so many milliseconds; one that was removed signs no longer than that. */
const KNOWN_FOR = 30_000;
/** Domains whose keys are held at once. */
const HELD = 1_000;

/**
 * A next hop whose mails are signed with the key of their sender's domain (DKIM, RFC 6376), where it has an active one. While the key
 * cannot be had, a mail waits: unsigned it would look forged. What passes through is not signed: it keeps its own signature.
 */
export function signingNextHop(nextHop: NextHop, { database, vault }: { database: Database; vault: Vault }): NextHop {
  const held = new Map<string, { readonly until: number; readonly signer: Promise<DkimSigner | null> }>();
  const signerOf = (domain: string): Promise<DkimSigner | null> => {
    const known = held.get(domain);
    if (known && known.until > Date.now()) return known.signer;
    held.delete(domain);
    const signer = findSigner(domain, database, vault);
    signer.catch(() => held.delete(domain));
    for (const oldest of held.keys()) {
      if (held.size < HELD) break;
      held.delete(oldest);
    }
    held.set(domain, { until: Date.now() + KNOWN_FOR, signer });
    return signer;
  };
  return {
    ...nextHop,
    send: (mail) =>
      handOver(
        async () => ({ ...mail, dkim: await signerOf(domainOf(mail.from)) }),
        (signed) => nextHop.send(signed),
      ),
  };
}

async function findSigner(domain: string, database: Database, vault: Vault): Promise<DkimSigner | null> {
  const key = await findSigningKey(database.system, domain);
  if (!key) return null;
  const { organizationId, id, selector, organizationKey, sealedPrivateKey } = key;
  const der = Buffer.from(await vault.openSecret(organizationKey, { organizationId, purpose: 'dkim-key', id }, sealedPrivateKey));
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' });
  return { domain: domainToASCII(domain), selector, privateKey: String(privateKey) };
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
