import { Controller } from '@nestjs/common';
import {
  auditErasureRoutes,
  type AuditEntryErasure,
  type AuditErasure,
  type AuditErasurePreview,
} from '@signet/api-contract/audit-erasures';
import type { AnswerOf } from '@signet/api-contract/route';
import { findEntryErasure, findErasure, listErasures, type StoredErasure } from '@signet/db/audit-erasure';
import { Database } from '@signet/db/database';
import { z } from 'zod';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Cursors } from '../http/cursor.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { notFound } from '../http/problem-error.ts';
import { AuditErasureService } from './audit-erasure.service.ts';

const {
  previewAuditErasure: preview,
  createAuditErasure: create,
  listAuditErasures: list,
  getAuditErasure: get,
  getAuditEntryErasure: getOfEntry,
} = auditErasureRoutes;

@Controller()
export class AuditErasureController {
  constructor(
    private readonly database: Database,
    private readonly erasures: AuditErasureService,
  ) {}

  @Endpoint(preview)
  preview(@ByAdministrator() caller: Administrator, @Input(preview) { body }: InputOf<typeof preview>): Promise<AuditErasurePreview> {
    return this.erasures.preview(caller, body);
  }

  @Endpoint(create)
  async create(@ByAdministrator() caller: Administrator, @Input(create) { body }: InputOf<typeof create>): Promise<AuditErasure> {
    return shown(await this.erasures.create(caller, body));
  }

  @Endpoint(list)
  async list(
    @ByAdministrator() { organizationId }: Administrator,
    @Input(list) { query: { limit, cursor } }: InputOf<typeof list>,
  ): Promise<AnswerOf<typeof list>> {
    const cursors = new Cursors({ of: 'audit-erasures', organization: organizationId }, z.uuid());
    const { items, next } = await listErasures(this.database.forOrganization(organizationId), { limit, below: cursors.read(cursor) });
    return { items: items.map(shown), nextCursor: cursors.write(next) };
  }

  @Endpoint(get)
  async read(@ByAdministrator() caller: Administrator, @Input(get) { params }: InputOf<typeof get>): Promise<AuditErasure> {
    const found = await findErasure(this.database.forOrganization(caller.organizationId), params.id);
    if (!found) throw notFound();
    return shown(found);
  }

  @Endpoint(getOfEntry)
  async readOfEntry(
    @ByAdministrator() caller: Administrator,
    @Input(getOfEntry) { params }: InputOf<typeof getOfEntry>,
  ): Promise<AuditEntryErasure> {
    const found = await findEntryErasure(this.database.forOrganization(caller.organizationId), params.id);
    if (!found) throw notFound();
    const { erasure, hash, removedAt, ...rest } = found;
    return {
      ...rest,
      id: params.id,
      hash: hash.toString('hex'),
      removedAt: removedAt?.toISOString() ?? null,
      erasure: shown(erasure),
    };
  }
}

function shown({ createdAt, endedAt, ...erasure }: StoredErasure): AuditErasure {
  return { ...erasure, createdAt: createdAt.toISOString(), endedAt: endedAt?.toISOString() ?? null };
}
