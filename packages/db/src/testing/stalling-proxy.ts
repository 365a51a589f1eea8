import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that can fail as networks and servers do. */
export interface StallingProxy {
  /** The given address, through the proxy. */
  readonly url: string;
  /** From now on nothing passes, and connections stay open: a server that hangs, or a network that swallows. */
  stall(): void;
  /** From now on connections are ended, and new ones too: a server that was stopped. */
  refuse(): void;
  /** From now on each new connection is answered with these bytes and ended: a server that does not want to, yet. */
  answer(bytes: Uint8Array): void;
  /** From now on each new connection ends with these bytes, in one packet with the so-manieth answer that has this mark in it. */
  part(mark: Buffer, answers: number, bytes: Uint8Array): void;
  /** All is well again. */
  recover(): void;
  close(): Promise<void>;
}

/** Lets the server's answers through up to the one after which it parts. */
function partFrom([inside, outside]: readonly [Socket, Socket], parting: { mark: Buffer; answers: number; bytes: Uint8Array }): void {
  let left = parting.answers;
  outside.prependListener('data', (chunk: Buffer) => {
    if (!chunk.includes(parting.mark) || --left > 0) return;
    outside.removeAllListeners('data');
    inside.end(Buffer.concat([chunk, parting.bytes]));
  });
}

/** Starts a proxy in front of a server that is given as a URL with host and port. */
export async function startStallingProxy(target: string): Promise<StallingProxy> {
  const server = new URL(target);
  let state: 'well' | 'stalled' | 'refusing' | 'answering' = 'well';
  let said: Uint8Array = new Uint8Array();
  let parting: { readonly mark: Buffer; readonly answers: number; readonly bytes: Uint8Array } | null = null;
  const pairs = new Set<readonly [Socket, Socket]>();
  const end = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  const proxy = createServer((inside) => {
    inside.on('error', () => undefined);
    if (state === 'refusing') {
      inside.destroy();
      return;
    }
    if (state === 'answering') {
      inside.once('data', () => inside.end(said));
      return;
    }
    const outside = connect(Number(server.port), server.hostname);
    outside.on('error', () => undefined);
    const pair = [inside, outside] as const;
    pairs.add(pair);
    if (parting) partFrom(pair, parting);
    for (const [from, to] of [pair, [outside, inside]] as const) {
      from.on('data', (chunk: Buffer) => state === 'well' && to.write(chunk));
      from.on('close', () => {
        pairs.delete(pair);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy listens on no port');
  const url = new URL(target);
  url.host = `127.0.0.1:${address.port}`;
  return {
    url: url.href,
    stall: () => (state = 'stalled'),
    refuse: () => {
      state = 'refusing';
      end();
    },
    answer: (bytes) => {
      [state, said] = ['answering', bytes];
      end();
    },
    part: (mark, answers, bytes) => (parting = { mark, answers, bytes }),
    recover: () => {
      parting = null;
      // What was swallowed does not come again: such connections are lost, as after a real outage.
      if (state === 'stalled') end();
      state = 'well';
    },
    close: async () => {
      end();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
