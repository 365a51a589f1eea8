import type { KeyObject } from 'node:crypto';
import type { Database } from '@signet/db/database';
import { ParserPool } from '@signet/intake/parser-pool';
import type { Vault } from '@signet/vault/vault';
import type { Logger } from 'pino';
import { Admission } from './admission.ts';
import { FailureThrottle } from './failure-throttle.ts';
import { GatewayMetrics } from './gateway-metrics.ts';
import { portOf } from './port-of.ts';
import { readinessOf, startStatusServer } from './status-server.ts';
import { SubmissionServer } from './submission-server.ts';
import type { TlsCertificate } from './submission-server.ts';

const SHUTDOWN_MILLISECONDS = 30_000;

export interface GatewayOptions {
  readonly database: Database;
  readonly vault: Vault;
  readonly log: Logger;
  /** How the gateway calls itself in its greeting. */
  readonly name: string;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly metricsPort: number;
  /** Where health and metrics are served; to this machine only where absent. */
  readonly metricsHost?: string;
  /** PEM; null: no STARTTLS, for a gateway that listens to this machine only. */
  readonly tls: TlsCertificate | null;
  readonly loopKeys: readonly KeyObject[];
  readonly maxMessageBytes: number;
  readonly admission?: Admission;
  readonly shutdownMilliseconds?: number;
  readonly signInMilliseconds?: number;
  readonly strangersPerNetwork?: number;
  /** How long one message may take to arrive as a whole. */
  readonly dataMilliseconds?: number;
}

export interface Gateway {
  readonly port: number;
  readonly metricsPort: number;
  /** Stops accepting, finishes messages in hand, and ends. Database and vault stay the caller's. */
  stop(): Promise<void>;
}

/** Starts the SMTP gateway and its status port. @throws when a port is taken. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const metrics = new GatewayMetrics();
  const parser = new ParserPool();
  parser.start();
  const submission = new SubmissionServer({
    ...options,
    admission: options.admission ?? new Admission(),
    shutdownMilliseconds: options.shutdownMilliseconds ?? SHUTDOWN_MILLISECONDS,
    throttle: new FailureThrottle(),
    parser,
    metrics,
  });
  let isEnding = false;
  const status = await startStatusServer({
    host: options.metricsHost ?? '127.0.0.1',
    port: options.metricsPort,
    registry: metrics.registry,
    readiness: () => readinessOf(options, isEnding),
  });
  try {
    await listen(submission, options);
  } catch (error) {
    await status.close();
    throw error;
  }
  return {
    port: portOf(submission.server),
    metricsPort: status.port,
    stop: async () => {
      isEnding = true;
      await submission.shutDown();
      await parser.close();
      await status.close();
    },
  };
}

function listen(submission: SubmissionServer, { port, host }: GatewayOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    submission.server.once('error', reject);
    submission.listen(port, host, () => {
      submission.server.off('error', reject);
      resolve();
    });
  });
}
