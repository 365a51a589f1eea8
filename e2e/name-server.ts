import { once } from 'node:events';
import { createServer, Packet } from 'dns2';

/** A DNS server of our own: it knows the TXT records that a test puts into it, and no others. */
export interface NameServer {
  /** As `DNS_SERVERS` has it. */
  readonly address: string;
  /** The text of each name. */
  readonly records: Map<string, string>;
  readonly stop: () => Promise<void>;
}

export async function startNameServer(): Promise<NameServer> {
  const records = new Map<string, string>();
  const server = createServer({
    udp: true,
    handle: (request, send) => {
      const response = Packet.createResponseFromRequest(request);
      const [question] = request.questions;
      const text = records.get(question?.name ?? '');
      if (question === undefined || text === undefined) response.header.rcode = Packet.RCODE.NXDOMAIN;
      else response.answers.push(Packet.createResourceFromQuestion(question, { ttl: 1, data: stringsOf(text) }));
      void send(response);
    },
  });
  void server.listen({ udp: { port: 0, address: '127.0.0.1' } });
  await once(server, 'listening');
  return { address: `127.0.0.1:${server.addresses().udp?.port}`, records, stop: () => server.close() };
}

/** A TXT record is made of strings of at most 255 octets (RFC 1035, 3.3.14). */
function stringsOf(text: string): string[] {
  return text.match(/.{1,255}/g) ?? [];
}
