import { Controller } from '@nestjs/common';
import type { AnswerOf } from '@signet/api-contract/route';
import { webhookRoutes } from '@signet/api-contract/webhooks';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { WebhookService } from './webhook.service.ts';

const { listWebhooks: list, createWebhook: create, changeWebhook: change, removeWebhook: remove } = webhookRoutes;
const { rotateWebhookSecret: rotate, testWebhook: test, replayWebhook: replay, listWebhookDeliveries: deliveries } = webhookRoutes;

@Controller()
export class WebhookController {
  constructor(private readonly webhooks: WebhookService) {}

  @Endpoint(list)
  async list(@ByAdministrator() caller: Administrator, @Input(list) _input: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    return { items: await this.webhooks.list(caller) };
  }

  @Endpoint(create)
  create(@ByAdministrator() caller: Administrator, @Input(create) { body }: InputOf<typeof create>): Promise<AnswerOf<typeof create>> {
    return this.webhooks.create(caller, body);
  }

  @Endpoint(change)
  change(
    @ByAdministrator() caller: Administrator,
    @Input(change) { params, body }: InputOf<typeof change>,
  ): Promise<AnswerOf<typeof change>> {
    return this.webhooks.change(caller, params.id, body);
  }

  @Endpoint(remove)
  remove(@ByAdministrator() caller: Administrator, @Input(remove) { params }: InputOf<typeof remove>): Promise<void> {
    return this.webhooks.remove(caller, params.id);
  }

  @Endpoint(rotate)
  rotate(@ByAdministrator() caller: Administrator, @Input(rotate) { params }: InputOf<typeof rotate>): Promise<AnswerOf<typeof rotate>> {
    return this.webhooks.rotateSecret(caller, params.id);
  }

  @Endpoint(test)
  test(@ByAdministrator() caller: Administrator, @Input(test) { params }: InputOf<typeof test>): Promise<AnswerOf<typeof test>> {
    return this.webhooks.test(caller, params.id);
  }

  @Endpoint(replay)
  replay(
    @ByAdministrator() caller: Administrator,
    @Input(replay) { params, body }: InputOf<typeof replay>,
  ): Promise<AnswerOf<typeof replay>> {
    return this.webhooks.replay(caller, params.id, body);
  }

  @Endpoint(deliveries)
  async deliveries(
    @ByAdministrator() caller: Administrator,
    @Input(deliveries) { params }: InputOf<typeof deliveries>,
  ): Promise<AnswerOf<typeof deliveries>> {
    return { items: await this.webhooks.deliveries(caller, params.id) };
  }
}
