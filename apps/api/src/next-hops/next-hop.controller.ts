import { Controller } from '@nestjs/common';
import { nextHopRoutes } from '@signet/api-contract/next-hops';
import type { AnswerOf } from '@signet/api-contract/route';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { NextHopService } from './next-hop.service.ts';

const { listNextHops: list, createNextHop: create, changeNextHop: change, removeNextHop: remove } = nextHopRoutes;

@Controller()
export class NextHopController {
  constructor(private readonly nextHops: NextHopService) {}

  @Endpoint(list)
  async list(@ByAdministrator() caller: Administrator, @Input(list) _input: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    return { items: await this.nextHops.list(caller) };
  }

  @Endpoint(create)
  create(@ByAdministrator() caller: Administrator, @Input(create) { body }: InputOf<typeof create>): Promise<AnswerOf<typeof create>> {
    return this.nextHops.create(caller, body);
  }

  @Endpoint(change)
  change(
    @ByAdministrator() caller: Administrator,
    @Input(change) { params, body }: InputOf<typeof change>,
  ): Promise<AnswerOf<typeof change>> {
    return this.nextHops.change(caller, params.id, body);
  }

  @Endpoint(remove)
  remove(@ByAdministrator() caller: Administrator, @Input(remove) { params }: InputOf<typeof remove>): Promise<void> {
    return this.nextHops.remove(caller, params.id);
  }
}
