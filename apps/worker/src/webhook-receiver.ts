import { lookup } from 'node:dns';
import { request as requestInClear } from 'node:http';
import { request as requestEncrypted } from 'node:https';
import { isIP } from 'node:net';
import { recordTextOf } from '@signet/domain/audit/record-text';
import { openLookup } from '@signet/domain/open-network';
import { closedReceiver, mayBeReceiver } from '@signet/domain/webhook';

/** For all of a request, its name's lookup and the answer included, in milliseconds. */
const ANSWER_TIMEOUT = 15_000;
/** Of an answer no more is read than this, in bytes, and of that as many characters are kept where it is a refusal. */
const ANSWER_BYTES = 4_096;
const CUT = 120;

export interface ReceiverAnswer {
  readonly status: number;
  /** The beginning of what it said, printable. */
  readonly cut: string;
}

export interface ReceiverOptions {
  /** Where receivers may be besides the internet, in clear too. */
  readonly networks: readonly string[];
  /** Less in tests; in milliseconds. */
  readonly answerTimeout?: number;
}

/**
 * Posts to a receiver, on a connection of its own, to an address where one may be: what a name leads to is looked at in the lookup that the
 * connection uses. A redirect is an answer like others.
 * @throws when nobody answers in time, or none may be there.
 */
export async function postToReceiver(
  url: string,
  { body, headers }: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
  { networks, answerTimeout = ANSWER_TIMEOUT }: ReceiverOptions,
  stopping: AbortSignal,
): Promise<ReceiverAnswer> {
  const { protocol, hostname } = new URL(url);
  const isEncrypted = protocol === 'https:';
  const mayReach = (address: string) => mayBeReceiver(address, networks, isEncrypted);
  const host = hostname.replaceAll(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !mayReach(host)) throw new Error(closedReceiver(host, host));
  const signal = AbortSignal.any([AbortSignal.timeout(answerTimeout), stopping]);
  const { promise, resolve, reject } = Promise.withResolvers<ReceiverAnswer>();
  const options = {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    // A connection for each request: none is kept that was opened when the name led elsewhere.
    agent: false as const,
    autoSelectFamily: true,
    lookup: openLookup(lookup, mayReach, closedReceiver),
    maxHeaderSize: 16_384,
    signal,
  };
  const request = (isEncrypted ? requestEncrypted : requestInClear)(url, options, (answer) => {
    const status = answer.statusCode ?? 0;
    let read = Buffer.alloc(0);
    const done = () => {
      resolve({ status, cut: recordTextOf(read.subarray(0, ANSWER_BYTES).toString('utf8'), CUT) });
      request.destroy();
    };
    answer.on('data', (piece: Buffer) => {
      read = Buffer.concat([read, piece]);
      if (read.length >= ANSWER_BYTES) done();
    });
    answer.on('end', done).on('error', reject);
  });
  // Node tells neither of an answer nor of an error where somebody switches protocols, or hangs up at the wrong moment.
  const hangUp = () => reject(new Error('The receiver hung up without an answer'));
  request.on('error', reject).on('close', hangUp).end(body);
  request.on('upgrade', (answer, socket) => {
    socket.destroy();
    reject(new Error(`The receiver answered ${answer.statusCode}, and wants to speak another protocol`));
  });
  signal.addEventListener('abort', hangUp, { once: true });
  try {
    return await promise;
  } catch (error) {
    if (signal.aborted && !stopping.aborted) throw new Error(`No answer within ${answerTimeout / 1000} s`, { cause: error });
    throw error;
  } finally {
    request.destroy();
  }
}
