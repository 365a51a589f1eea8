import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblem, type Client } from '@signet/api-contract/client';
import { logRoutes } from '@signet/api-contract/logs';
import { logStreams, readCheckpoint, type Checkpoint, type LogStream } from '@signet/domain/log/checkpoint';
import { readVerifierKey, type NoteKey } from '@signet/domain/log/signed-note';
import { firstWrongLeaf, rootOfTiles, TILE_WIDTH, widthOf } from '@signet/domain/log/tile';
import { unanswered } from './no-answer.ts';

/** Pause between two looks at a checkpoint, in milliseconds: shorter than the time from one to the next. */
const PAUSE = 250;
/** Tiles that are asked for at once. */
const CONNECTIONS = 8;

const routesOf = {
  audit: { checkpoint: logRoutes.getAuditCheckpoint, tile: logRoutes.getAuditTile },
  admin: { checkpoint: logRoutes.getAdminCheckpoint, tile: logRoutes.getAdminTile },
} as const;

/** A log's tiles, by their path's first part. */
type Tiles = ReadonlyMap<string, Uint8Array>;

/** A witness: keeps every checkpoint of an organization's logs that is ever served, and compares all of them with the log at its end. */
export class ServedCheckpoints {
  readonly faults: string[] = [];
  readonly #api: Client;
  readonly #organizationId: string;
  readonly #keys = new Map<LogStream, NoteKey>();
  readonly #served: Record<LogStream, Checkpoint[]> = { audit: [], admin: [] };
  #isOver = false;
  readonly #running: Promise<unknown>;

  constructor(api: Client, organizationId: string) {
    this.#api = api;
    this.#organizationId = organizationId;
    this.#running = Promise.all(logStreams.map((stream) => this.#watch(stream)));
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#running;
  }

  count(stream: LogStream): number {
    return this.#served[stream].length;
  }

  /** The one that was served last; null before the first one. */
  last(stream: LogStream): Checkpoint | null {
    return this.#served[stream].at(-1) ?? null;
  }

  /**
   * Gets the tiles of a log as the last checkpoint has it, and looks whether each checkpoint that was ever served is of a beginning of
   * just this log: then any two of them are consistent (RFC 6962, 2.1.2).
   * @returns what is wrong.
   */
  async compare(stream: LogStream): Promise<string[]> {
    const size = this.last(stream)?.size ?? 0;
    if (size === 0) return [`The ${stream} log has no checkpoint`];
    const tiles = await this.#tilesOf(stream, size);
    const tileAt = ({ level, number }: { level: number; number: number }) => tiles.get(`${level}/${number}`);
    const faults = this.#served[stream].flatMap((checkpoint) => {
      const isBeginning = Buffer.from(checkpoint.root).equals(rootOfTiles(checkpoint.size, tileAt));
      return isBeginning ? [] : [`The ${stream} log of ${size} entries does not begin as the checkpoint of size ${checkpoint.size} says`];
    });
    const wrong = [...tiles.keys()].flatMap((name) => {
      const [level = 0, number = 0] = name.split('/').map(Number);
      const leaf = level === 0 ? null : firstWrongLeaf({ level, number }, widthOf({ level, number }, size), tileAt);
      return leaf === null ? [] : [`Tile ${name} of the ${stream} log is wrong from leaf ${leaf} on`];
    });
    return [...this.faults, ...faults, ...wrong];
  }

  async #watch(stream: LogStream): Promise<void> {
    while (!this.#isOver) {
      try {
        await this.#look(stream);
        await sleep(PAUSE);
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404 && this.last(stream) === null) await sleep(PAUSE);
        else await this.#pauseAfter(stream, error);
      }
    }
  }

  async #pauseAfter(stream: LogStream, error: unknown): Promise<void> {
    try {
      const { pause } = unanswered(error);
      // Who waits as long as an answer says would miss what is served meanwhile.
      await sleep(Math.min(pause, PAUSE));
    } catch (unexpected) {
      this.faults.push(`The checkpoint of the ${stream} log: ${String(unexpected)}`);
      await sleep(1_000);
    }
  }

  async #look(stream: LogStream): Promise<void> {
    const params = { organizationId: this.#organizationId };
    const signal = AbortSignal.timeout(10_000);
    const note = await (await this.#api.call(routesOf[stream].checkpoint, { params }, { signal })).text();
    const checkpoint = readCheckpoint(note, await this.#keyOf(stream));
    const before = this.last(stream);
    if (before && checkpoint.size < before.size) {
      this.faults.push(`The ${stream} log had ${before.size} entries, and ${checkpoint.size} afterwards`);
    }
    const isKnown = before?.size === checkpoint.size && Buffer.from(before.root).equals(checkpoint.root);
    if (!isKnown) this.#served[stream].push(checkpoint);
  }

  async #keyOf(stream: LogStream): Promise<NoteKey> {
    const known = this.#keys.get(stream);
    if (known) return known;
    const { items } = await this.#api.call(logRoutes.listLogs);
    const key = readVerifierKey(items.find((log) => log.stream === stream)?.keys[0]?.verifierKey ?? '');
    this.#keys.set(stream, key);
    return key;
  }

  async #tilesOf(stream: LogStream, size: number): Promise<Tiles> {
    const wanted: { name: string; path: string }[] = [];
    for (let level = 0; size >= TILE_WIDTH ** level; level += 1) {
      for (let number = 0, width = widthOf({ level, number }, size); width > 0; number += 1, width = widthOf({ level, number }, size)) {
        wanted.push({ name: `${level}/${number}`, path: tilePath(level, number, width) });
      }
    }
    const tiles = new Map<string, Uint8Array>();
    const get = async () => {
      for (let each = wanted.shift(); each; each = wanted.shift()) {
        tiles.set(each.name, await this.#tile(stream, each.path));
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, get));
    return tiles;
  }

  /** One tile. A log of millions has more of them than may be asked for in a minute: the witness comes again when it is told to. */
  async #tile(stream: LogStream, tile: string): Promise<Uint8Array> {
    const params = { organizationId: this.#organizationId, tile };
    for (;;) {
      try {
        const answer = await this.#api.call(routesOf[stream].tile, { params });
        return new Uint8Array(await answer.arrayBuffer());
      } catch (error) {
        await sleep(unanswered(error).pause);
      }
    }
  }
}

/** What a tile is called (C2SP tlog-tiles). */
function tilePath(level: number, number: number, width: number): string {
  const digits = String(number).padStart(Math.ceil(String(number).length / 3) * 3, '0');
  const groups = digits.match(/\d{3}/g) ?? [];
  const path = groups.map((group, index) => (index < groups.length - 1 ? `x${group}` : group)).join('/');
  return `${level}/${path}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}
