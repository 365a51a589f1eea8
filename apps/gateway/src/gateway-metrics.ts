import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What became of a message whose DATA began. `rejected`: by a mail rule. `aborted`: the client went away before its end. */
export type MessageOutcome = 'accepted' | 'duplicate' | 'refused' | 'rejected' | 'unavailable' | 'failed' | 'aborted';

export type SignInOutcome = 'accepted' | 'wrong' | 'throttled' | 'unavailable';

/** What the gateway counts. Labels are of a few fixed values, never an address or an organization. */
export class GatewayMetrics {
  readonly registry = new Registry();
  readonly messages = new Counter({
    name: 'signet_gateway_messages_total',
    help: 'Messages whose DATA began, by what became of them',
    labelNames: ['outcome'] as const,
    registers: [this.registry],
  });
  readonly bytes = new Counter({
    name: 'signet_gateway_message_bytes_total',
    help: 'Bytes of messages received',
    registers: [this.registry],
  });
  readonly signIns = new Counter({
    name: 'signet_gateway_sign_ins_total',
    help: 'Sign-ins by their outcome',
    labelNames: ['outcome'] as const,
    registers: [this.registry],
  });
  readonly bounces = new Counter({
    name: 'signet_gateway_bounces_total',
    help: 'Mails that came back to a bounce address, by what became of them',
    labelNames: ['outcome'] as const,
    registers: [this.registry],
  });
  readonly inHand = new Gauge({
    name: 'signet_gateway_messages_in_hand',
    help: 'Messages being received or stored now',
    registers: [this.registry],
  });
  readonly duration = new Histogram({
    name: 'signet_gateway_message_seconds',
    help: 'Time from DATA to its answer',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }
}
