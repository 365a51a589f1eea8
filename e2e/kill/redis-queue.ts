import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { environment } from '../env.ts';
import { freePorts } from '../signet.ts';

/** The queue's Redis, which keeps nothing on disk: killed and started again it is as empty as after FLUSHALL. */
export class RedisQueue {
  readonly url: string;
  readonly #port: number;
  #server: ChildProcess;

  private constructor(port: number) {
    this.#port = port;
    this.url = `redis://127.0.0.1:${port}`;
    this.#server = this.#spawn();
  }

  static async start(): Promise<RedisQueue> {
    const [port] = await freePorts(1);
    if (port === undefined) throw new Error('There is no free port');
    const queue = new RedisQueue(port);
    await queue.#untilItAnswers();
    return queue;
  }

  /** Forgets everything. */
  async flush(): Promise<void> {
    await this.#ask('FLUSHALL');
  }

  async kill(): Promise<void> {
    const gone = once(this.#server, 'exit');
    this.#server.kill('SIGKILL');
    await gone;
  }

  async startAgain(): Promise<void> {
    this.#server = this.#spawn();
    await this.#untilItAnswers();
  }

  #spawn(): ChildProcess {
    const settings = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
    return spawn(environment.REDIS_SERVER_BIN, ['--port', String(this.#port), '--bind', '127.0.0.1', ...settings], { stdio: 'ignore' });
  }

  async #untilItAnswers(): Promise<void> {
    for (const end = Date.now() + 10_000; ;) {
      try {
        await this.#ask('PING');
        return;
      } catch (error) {
        if (Date.now() > end) throw new Error(`${environment.REDIS_SERVER_BIN} does not answer`, { cause: error });
        await sleep(20);
      }
    }
  }

  async #ask(command: string): Promise<void> {
    const socket = connect(this.#port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      socket.write(`${command}\r\n`);
      const [answer] = await once(socket, 'data');
      if (!String(answer).startsWith('+')) throw new Error(`Redis answered ${String(answer)}`);
    } finally {
      socket.destroy();
    }
  }
}
