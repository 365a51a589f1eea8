import { Controller } from '@nestjs/common';
import { setupRoutes, type SetUp } from '@signet/api-contract/setup';
import { ByAnybody } from '../authentication/caller.decorator.ts';
import type { AnonymousCaller } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { SetupService } from './setup.service.ts';

const { setUp } = setupRoutes;

@Controller()
export class SetupController {
  constructor(private readonly setup: SetupService) {}

  @Endpoint(setUp)
  setUp(@ByAnybody() { visitor }: AnonymousCaller, @Input(setUp) { body }: InputOf<typeof setUp>): Promise<SetUp> {
    return this.setup.setUp(visitor, body);
  }
}
