import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { secretsOf } from './database.ts';
import { wholeEnvironment } from './env.ts';
import { freePorts, type Signet } from './signet.ts';

/** One more portal of a running Signet, with a gate on its way to the api. */
export interface GatedPortal {
  readonly url: string;
  /** From now on nobody listens where the portal looks for the api, as when the api is stopped; what is under way is torn. */
  readonly shut: () => Promise<void>;
  /** The api is back where it was. */
  readonly open: () => Promise<void>;
  /** Keeps requests for a path waiting. @returns what lets them through. */
  readonly hold: (path: string) => () => void;
  readonly stop: () => Promise<void>;
}

/** Starts one, from the same build, and waits until it is ready. */
export async function startGatedPortal(signet: Signet): Promise<GatedPortal> {
  const [portalPort = 0, gatePort = 0] = await freePorts(2);
  let held: string | undefined;
  let waiting: (() => void)[] = [];
  const gate = createServer((incoming, outgoing) => {
    const passOn = () => {
      const { method, headers } = incoming;
      const onward = request(new URL(incoming.url ?? '/', signet.apiUrl), { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.once('error', () => outgoing.destroy());
      incoming.pipe(onward);
    };
    if (new URL(incoming.url ?? '/', signet.apiUrl).pathname === held) waiting.push(passOn);
    else passOn();
  });
  const open = async () => {
    gate.listen(gatePort, '127.0.0.1');
    await once(gate, 'listening');
  };
  const shut = async () => {
    const closed = once(gate, 'close');
    gate.close();
    gate.closeAllConnections();
    await closed;
  };
  await open();
  const url = `http://127.0.0.1:${portalPort}`;
  const server = resolve(import.meta.dirname, '../apps/portal/.next/standalone/apps/portal/server.js');
  const portal = spawn(process.execPath, [server], {
    stdio: 'ignore',
    env: {
      ...wholeEnvironment,
      NODE_ENV: 'production',
      PORT: String(portalPort),
      HOSTNAME: '127.0.0.1',
      API_URL: `http://127.0.0.1:${gatePort}`,
      PORTAL_SECRET: secretsOf(signet).portalSecret,
      PUBLIC_URL: url,
    },
  });
  const ended = once(portal, 'exit');
  for (const end = Date.now() + 30_000; !(await isLive(url)); await sleep(100)) {
    if (portal.exitCode !== null || Date.now() > end) throw new Error('The portal does not become ready');
  }
  return {
    url,
    shut,
    open,
    hold: (path) => {
      held = path;
      return () => {
        held = undefined;
        for (const passOn of waiting) passOn();
        waiting = [];
      };
    },
    stop: async () => {
      portal.kill();
      await ended;
      if (gate.listening) await shut();
    },
  };
}

function isLive(url: string): Promise<boolean> {
  return fetch(`${url}/health/live`).then(
    ({ ok }) => ok,
    () => false,
  );
}
