import { Controller, Res } from '@nestjs/common';
import { logRoutes } from '@signet/api-contract/logs';
import type { AnswerOf } from '@signet/api-contract/route';
import type { FastifyReply } from 'fastify';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { LogService } from './log.service.ts';

const {
  listLogs: list,
  rotateLogKey: rotate,
  getAuditCheckpoint: auditCheckpoint,
  getAuditTile: auditTile,
  getAdminCheckpoint: adminCheckpoint,
  getAdminTile: adminTile,
  proveAuditEntry: proveEntry,
  proveAdminRecord: proveRecord,
} = logRoutes;

/** Kept by who asked, and by nobody in between: a tile never changes, a checkpoint does within seconds. */
const caching = { tile: 'private, max-age=31536000, immutable', checkpoint: 'private, no-cache' } as const;

@Controller()
export class LogController {
  constructor(private readonly logs: LogService) {}

  @Endpoint(list)
  async list(@ByAdministrator() caller: Administrator, @Input(list) _input: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    return { items: await this.logs.list(caller) };
  }

  @Endpoint(rotate)
  async rotate(@ByAdministrator() caller: Administrator, @Input(rotate) _input: InputOf<typeof rotate>): Promise<AnswerOf<typeof rotate>> {
    return { items: await this.logs.rotateKey(caller) };
  }

  @Endpoint(auditCheckpoint)
  async auditCheckpoint(
    @ByAdministrator() caller: Administrator,
    @Input(auditCheckpoint) { params }: InputOf<typeof auditCheckpoint>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendCheckpoint(reply, await this.logs.checkpoint(caller, params.organizationId, 'audit'));
  }

  @Endpoint(adminCheckpoint)
  async adminCheckpoint(
    @ByAdministrator() caller: Administrator,
    @Input(adminCheckpoint) { params }: InputOf<typeof adminCheckpoint>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendCheckpoint(reply, await this.logs.checkpoint(caller, params.organizationId, 'admin'));
  }

  @Endpoint(auditTile)
  async auditTile(
    @ByAdministrator() caller: Administrator,
    @Input(auditTile) { params }: InputOf<typeof auditTile>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendTile(reply, await this.logs.tile(caller, params.organizationId, 'audit', params.tile));
  }

  @Endpoint(adminTile)
  async adminTile(
    @ByAdministrator() caller: Administrator,
    @Input(adminTile) { params }: InputOf<typeof adminTile>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendTile(reply, await this.logs.tile(caller, params.organizationId, 'admin', params.tile));
  }

  @Endpoint(proveEntry)
  proveEntry(
    @ByAdministrator() caller: Administrator,
    @Input(proveEntry) { params }: InputOf<typeof proveEntry>,
  ): Promise<AnswerOf<typeof proveEntry>> {
    return this.logs.proveEntry(caller, params.id);
  }

  @Endpoint(proveRecord)
  proveRecord(
    @ByAdministrator() caller: Administrator,
    @Input(proveRecord) { params }: InputOf<typeof proveRecord>,
  ): Promise<AnswerOf<typeof proveRecord>> {
    return this.logs.proveRecord(caller, params.id);
  }
}

async function sendCheckpoint(reply: FastifyReply, note: string): Promise<void> {
  await reply.type('text/plain; charset=utf-8').header('cache-control', caching.checkpoint).send(note);
}

async function sendTile(reply: FastifyReply, hashes: Buffer): Promise<void> {
  await reply.type('application/octet-stream').header('cache-control', caching.tile).send(hashes);
}
