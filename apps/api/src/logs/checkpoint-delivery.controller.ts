import { Controller } from '@nestjs/common';
import { checkpointDeliveryRoutes } from '@signet/api-contract/checkpoint-delivery';
import type { AnswerOf } from '@signet/api-contract/route';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { CheckpointDeliveryService } from './checkpoint-delivery.service.ts';

const { getCheckpointDelivery: get, setCheckpointDelivery: set } = checkpointDeliveryRoutes;

@Controller()
export class CheckpointDeliveryController {
  constructor(private readonly delivery: CheckpointDeliveryService) {}

  @Endpoint(get)
  get(@ByAdministrator() caller: Administrator, @Input(get) _input: InputOf<typeof get>): Promise<AnswerOf<typeof get>> {
    return this.delivery.get(caller);
  }

  @Endpoint(set)
  set(@ByAdministrator() caller: Administrator, @Input(set) { body }: InputOf<typeof set>): Promise<AnswerOf<typeof set>> {
    return this.delivery.set(caller, body);
  }
}
