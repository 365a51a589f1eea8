import { Resolver } from 'node:dns/promises';
import { ProblemError } from '../http/problem-error.ts';

/** Seconds of silence after which a server is asked again, and how often. */
const PATIENCE = { timeout: 3_000, tries: 2 } as const;

/** What answers mean that there is no such record. */
const ABSENT = new Set(['ENOTFOUND', 'ENODATA']);

/** Port to the DNS. */
export class NameService {
  readonly #resolver = new Resolver(PATIENCE);

  /** @param servers addresses, with a port where it is not 53; the system's own where none are given. */
  constructor(servers?: readonly string[]) {
    if (servers !== undefined) this.#resolver.setServers(servers);
  }

  /**
   * The TXT records of a name, each whole; none where there is no such name.
   * @throws {ProblemError} `unavailable` while nobody can say.
   */
  async textsOf(name: string): Promise<string[]> {
    return (await this.#ask(name, () => this.#resolver.resolveTxt(name))).map((pieces) => pieces.join(''));
  }

  /** The addresses of a name, of both kinds; none where there is no such name. @throws as `textsOf`. */
  async addressesOf(name: string): Promise<string[]> {
    const found = [this.#ask(name, () => this.#resolver.resolve4(name)), this.#ask(name, () => this.#resolver.resolve6(name))];
    return (await Promise.all(found)).flat();
  }

  /** The names of an address, by its PTR records; none where it has none. @throws as `textsOf`. */
  namesOf(address: string): Promise<string[]> {
    return this.#ask(address, () => this.#resolver.reverse(address));
  }

  async #ask<T>(name: string, asking: () => Promise<T[]>): Promise<T[]> {
    try {
      return await asking();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (ABSENT.has(code)) return [];
      throw new ProblemError('unavailable', { detail: `The DNS does not answer for ${name} now (${code || 'no reason given'})` });
    }
  }
}
