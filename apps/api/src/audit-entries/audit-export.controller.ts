import { Controller, Res } from '@nestjs/common';
import { auditEntryRoutes } from '@signet/api-contract/audit-entries';
import type { FastifyReply } from 'fastify';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { AuditExportService } from './audit-export.service.ts';

const { exportAuditEntries } = auditEntryRoutes;

@Controller()
export class AuditExportController {
  constructor(private readonly exports: AuditExportService) {}

  @Endpoint(exportAuditEntries)
  async export(
    @ByAdministrator() caller: Administrator,
    @Input(exportAuditEntries) { query }: InputOf<typeof exportAuditEntries>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.exports.send(caller, query, reply);
  }
}
