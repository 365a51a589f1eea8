import { Controller, Res } from '@nestjs/common';
import { adminRecordRoutes } from '@signet/api-contract/admin-records';
import type { FastifyReply } from 'fastify';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { AdminRecordExportService } from './admin-record-export.service.ts';

const { exportAdminRecords, readAdminRecordFeed } = adminRecordRoutes;

@Controller()
export class AdminRecordExportController {
  constructor(private readonly exports: AdminRecordExportService) {}

  @Endpoint(exportAdminRecords)
  async export(
    @ByAdministrator() caller: Administrator,
    @Input(exportAdminRecords) { query }: InputOf<typeof exportAdminRecords>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.exports.send(caller, query, reply);
  }

  @Endpoint(readAdminRecordFeed)
  async follow(
    @ByAdministrator() caller: Administrator,
    @Input(readAdminRecordFeed) { query }: InputOf<typeof readAdminRecordFeed>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.exports.follow(caller, query, reply);
  }
}
