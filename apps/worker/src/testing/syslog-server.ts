import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { addSyslogDestination, listSyslogDestinations, type StoredSyslogDestination } from '@signet/db/syslog-destination';
import { newId } from '@signet/db/database';
import { findActiveKey } from '@signet/db/organization-key';
import { generate } from 'selfsigned';
import { onTestFinished } from 'vitest';
import type { TestWorker } from './test-worker.ts';

export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate that vouches for itself. */
export async function certificateFor(name: string): Promise<TestCertificate> {
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 86_400_000),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
  });
  return { cert: made.cert, key: made.private };
}

/** The messages in a stream of frames (RFC 5425, 4.3), whole ones alone. */
function messagesIn(stream: Buffer): string[] {
  const messages: string[] = [];
  for (let at = 0; ;) {
    const space = stream.indexOf(' ', at);
    if (space === -1) return messages;
    const length = Number(stream.subarray(at, space).toString('latin1'));
    if (!/^[1-9]\d*$/.test(stream.subarray(at, space).toString('latin1'))) throw new Error('A frame without its length');
    if (stream.length < space + 1 + length) return messages;
    messages.push(stream.subarray(space + 1, space + 1 + length).toString('utf8'));
    at = space + 1 + length;
  }
}

/**
 * A receiver of syslog over TLS. It stores what it reads, and is told what to do with the nth connection instead.
 * @param clientAuthority who vouches for clients; nobody has to show a certificate where it is not given.
 */
export async function startSyslogServer(certificate: TestCertificate, clientAuthority?: string) {
  const stored: Buffer[][] = [];
  const behaviour: { connected: (socket: TLSSocket, count: number) => 'read' | 'else' } = { connected: () => 'read' };
  const sockets = new Set<TLSSocket>();
  const names: string[] = [];
  const carriers = new Map<number | undefined, Socket>();
  const server = createServer(
    {
      ...certificate,
      // Asked only where a client says whom it means.
      SNICallback: (name, answer) => {
        names.push(name);
        answer(null);
      },
      ...(clientAuthority === undefined ? {} : { requestCert: true, rejectUnauthorized: true, ca: clientAuthority }),
    },
    (socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
      const read: Buffer[] = [];
      stored.push(read);
      if (behaviour.connected(socket, stored.length) === 'read') socket.on('data', (piece: Buffer) => void read.push(piece));
    },
  );
  server.on('connection', (socket: Socket) => void carriers.set(socket.remotePort, socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port,
    behaviour,
    connections: () => stored.length,
    /** Whom clients said that they mean. */
    names: () => names,
    /** What was read on each connection. */
    messages: () => stored.flatMap((read) => messagesIn(Buffer.concat(read))),
    /** Ends a connection as a process does that is killed with bytes unread. */
    reset: (socket: TLSSocket) => void carriers.get(socket.remotePort)?.resetAndDestroy(),
  };
}

/** Adds a destination as the api does. */
export async function nameSyslog(
  { database, vault, organization }: TestWorker,
  {
    client,
    ...changes
  }: Partial<StoredSyslogDestination> & Pick<StoredSyslogDestination, 'port'> & { readonly client?: TestCertificate | undefined },
): Promise<string> {
  const id = newId();
  const scope = database.forOrganization(organization.id);
  const organizationKey = await findActiveKey(scope);
  const context = { organizationId: organization.id, purpose: 'syslog-client-key', id } as const;
  const key = client && {
    sealed: await vault.sealSecret(organizationKey, context, Buffer.from(client.key)),
    organizationKeyId: organizationKey.keyId,
  };
  const facts = { id, name: 'SIEM', host: 'localhost', maxMessageBytes: 8_192, certificateAuthority: null, enabled: true, ...changes };
  await scope.transaction((tx) => addSyslogDestination(tx, { ...facts, clientCertificate: client?.cert ?? null }, key ?? null));
  return id;
}

export async function syslogOf({ database, organization }: TestWorker, id: string): Promise<StoredSyslogDestination> {
  const found = (await listSyslogDestinations(database.forOrganization(organization.id))).find((each) => each.id === id);
  if (!found) throw new Error('The destination is gone');
  return found;
}

/** Makes what waits due, and what a killed process had in hand free, as time would: a moment ago, since what is kept of a time may be rounded up. */
export async function passSyslogTime({ system }: TestWorker): Promise<void> {
  await system.query(
    "update syslog_destination set next_attempt_at = clock_timestamp() - interval '1 ms', lease_id = null, leased_until = null",
  );
}
