import { Controller } from '@nestjs/common';
import { auditImportRoutes } from '@signet/api-contract/audit-imports';
import type { AnswerOf } from '@signet/api-contract/route';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { AuditImportService } from './audit-import.service.ts';

const { importAuditRecords: take, listAuditImports: list, getAuditImport: get } = auditImportRoutes;

@Controller()
export class AuditImportController {
  constructor(private readonly imports: AuditImportService) {}

  @Endpoint(take)
  take(@ByAdministrator() caller: Administrator, @Input(take) { raw, query }: InputOf<typeof take>): Promise<AnswerOf<typeof take>> {
    return this.imports.take(caller, raw, query.lineOffset);
  }

  @Endpoint(list)
  list(@ByAdministrator() caller: Administrator, @Input(list) { query }: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    return this.imports.list(caller, query);
  }

  @Endpoint(get)
  get(@ByAdministrator() caller: Administrator, @Input(get) { params }: InputOf<typeof get>): Promise<AnswerOf<typeof get>> {
    return this.imports.find(caller, params.id);
  }
}
