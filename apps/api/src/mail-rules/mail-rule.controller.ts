import { Controller } from '@nestjs/common';
import { mailRuleRoutes } from '@signet/api-contract/mail-rules';
import type { AnswerOf } from '@signet/api-contract/route';
import { Database } from '@signet/db/database';
import { listMailRules } from '@signet/db/mail-rule';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';

const { listMailRules: list } = mailRuleRoutes;

@Controller()
export class MailRuleController {
  constructor(private readonly database: Database) {}

  @Endpoint(list)
  async list(@ByAdministrator() caller: Administrator, @Input(list) _input: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    return { items: await listMailRules(this.database.forOrganization(caller.organizationId)) };
  }
}
