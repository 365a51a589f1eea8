import { Controller } from '@nestjs/common';
import type { AnswerOf } from '@signet/api-contract/route';
import { syslogDestinationRoutes } from '@signet/api-contract/syslog-destinations';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { SyslogDestinationService } from './syslog-destination.service.ts';

const { listSyslogDestinations: list, createSyslogDestination: create, changeSyslogDestination: change } = syslogDestinationRoutes;
const { removeSyslogDestination: remove, testSyslogDestination: test, replaySyslogDestination: replay } = syslogDestinationRoutes;

@Controller()
export class SyslogDestinationController {
  constructor(private readonly destinations: SyslogDestinationService) {}

  @Endpoint(list)
  async list(@ByAdministrator() caller: Administrator, @Input(list) _input: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    return { items: await this.destinations.list(caller) };
  }

  @Endpoint(create)
  create(@ByAdministrator() caller: Administrator, @Input(create) { body }: InputOf<typeof create>): Promise<AnswerOf<typeof create>> {
    return this.destinations.create(caller, body);
  }

  @Endpoint(change)
  change(
    @ByAdministrator() caller: Administrator,
    @Input(change) { params, body }: InputOf<typeof change>,
  ): Promise<AnswerOf<typeof change>> {
    return this.destinations.change(caller, params.id, body);
  }

  @Endpoint(remove)
  remove(@ByAdministrator() caller: Administrator, @Input(remove) { params }: InputOf<typeof remove>): Promise<void> {
    return this.destinations.remove(caller, params.id);
  }

  @Endpoint(test)
  test(@ByAdministrator() caller: Administrator, @Input(test) { params }: InputOf<typeof test>): Promise<AnswerOf<typeof test>> {
    return this.destinations.test(caller, params.id);
  }

  @Endpoint(replay)
  replay(
    @ByAdministrator() caller: Administrator,
    @Input(replay) { params, body }: InputOf<typeof replay>,
  ): Promise<AnswerOf<typeof replay>> {
    return this.destinations.replay(caller, params.id, body);
  }
}
