import { Controller } from '@nestjs/common';
import { mailRuleRoutes } from '@signet/api-contract/mail-rules';
import type { AnswerOf } from '@signet/api-contract/route';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { SubmissionService } from '../messages/submission.service.ts';
import { MailRuleService } from './mail-rule.service.ts';

const {
  listMailRules: list,
  createMailRule: create,
  getMailRule: get,
  changeMailRule: change,
  removeMailRule: remove,
  explainMailRules: explain,
} = mailRuleRoutes;

@Controller()
export class MailRuleController {
  constructor(
    private readonly rules: MailRuleService,
    private readonly submissions: SubmissionService,
  ) {}

  @Endpoint(list)
  async list(@ByAdministrator() caller: Administrator, @Input(list) _input: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    return { items: await this.rules.list(caller) };
  }

  @Endpoint(create)
  create(@ByAdministrator() caller: Administrator, @Input(create) { body }: InputOf<typeof create>): Promise<AnswerOf<typeof create>> {
    return this.rules.create(caller, body);
  }

  @Endpoint(get)
  get(@ByAdministrator() caller: Administrator, @Input(get) { params }: InputOf<typeof get>): Promise<AnswerOf<typeof get>> {
    return this.rules.read(caller, params.id);
  }

  @Endpoint(change)
  change(
    @ByAdministrator() caller: Administrator,
    @Input(change) { params, body }: InputOf<typeof change>,
  ): Promise<AnswerOf<typeof change>> {
    return this.rules.change(caller, params.id, body);
  }

  @Endpoint(remove)
  remove(@ByAdministrator() caller: Administrator, @Input(remove) { params }: InputOf<typeof remove>): Promise<void> {
    return this.rules.remove(caller, params.id);
  }

  @Endpoint(explain)
  explain(@ByAdministrator() caller: Administrator, @Input(explain) input: InputOf<typeof explain>): Promise<AnswerOf<typeof explain>> {
    return this.submissions.explain(caller, input);
  }
}
