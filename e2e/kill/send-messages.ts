import { setTimeout as sleep } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import type { Account } from '../signet.ts';
import type { SentMessage } from './round-ledger.ts';

/** Messages on their way at once. */
const SENDERS = 8;

/** Pause before a message is sent again, in milliseconds; mail systems wait longer. */
const PAUSE = 200;

/** Hands all messages to the gateway as a mail system does: what got no 250 is sent again, byte by byte the same. */
export async function sendMessages({ smtp }: Account, messages: readonly SentMessage[], deadline: number): Promise<void> {
  const waiting = [...messages];
  const transport = createTransport({
    pool: true,
    host: smtp.host,
    port: smtp.port,
    ignoreTLS: true,
    auth: { user: smtp.username, pass: smtp.password },
    maxConnections: SENDERS,
    maxMessages: 20,
    socketTimeout: 30_000,
  });
  const send = async () => {
    for (let message = waiting.shift(); message; message = waiting.shift()) {
      while (message.answer === null) {
        message.times += 1;
        try {
          const envelope = { from: 'alice@acme.example', to: [...message.recipients] };
          const { response } = await transport.sendMail({ envelope, raw: message.raw });
          if (response.startsWith('250')) message.answer = response;
        } catch (error) {
          const isFinal = error instanceof Error && 'responseCode' in error && Number(error.responseCode) >= 500;
          if (isFinal || Date.now() > deadline) throw new Error(`${message.messageId} is not taken`, { cause: error });
          await sleep(PAUSE);
        }
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: SENDERS }, send));
  } finally {
    transport.close();
  }
}
