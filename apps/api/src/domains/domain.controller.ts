import { Controller } from '@nestjs/common';
import { domainRoutes } from '@signet/api-contract/domains';
import type { AnswerOf } from '@signet/api-contract/route';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { DomainService } from './domain.service.ts';

const {
  listDomains: list,
  claimDomain: claim,
  verifyDomain: verify,
  removeDomain: remove,
  createDkimKey: createKey,
  activateDkimKey: activateKey,
  removeDkimKey: removeKey,
} = domainRoutes;

@Controller()
export class DomainController {
  constructor(private readonly domains: DomainService) {}

  @Endpoint(list)
  async list(@ByAdministrator() caller: Administrator, @Input(list) _input: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    return { items: await this.domains.list(caller) };
  }

  @Endpoint(claim)
  claim(@ByAdministrator() caller: Administrator, @Input(claim) { body }: InputOf<typeof claim>): Promise<AnswerOf<typeof claim>> {
    return this.domains.claim(caller, body.domain);
  }

  @Endpoint(verify)
  verify(@ByAdministrator() caller: Administrator, @Input(verify) { params }: InputOf<typeof verify>): Promise<AnswerOf<typeof verify>> {
    return this.domains.verify(caller, params.domain);
  }

  @Endpoint(remove)
  remove(@ByAdministrator() caller: Administrator, @Input(remove) { params }: InputOf<typeof remove>): Promise<void> {
    return this.domains.remove(caller, params.domain);
  }

  @Endpoint(createKey)
  createKey(
    @ByAdministrator() caller: Administrator,
    @Input(createKey) { params }: InputOf<typeof createKey>,
  ): Promise<AnswerOf<typeof createKey>> {
    return this.domains.createKey(caller, params.domain);
  }

  @Endpoint(activateKey)
  activateKey(
    @ByAdministrator() caller: Administrator,
    @Input(activateKey) { params }: InputOf<typeof activateKey>,
  ): Promise<AnswerOf<typeof activateKey>> {
    return this.domains.activateKey(caller, params.domain, params.id);
  }

  @Endpoint(removeKey)
  removeKey(@ByAdministrator() caller: Administrator, @Input(removeKey) { params }: InputOf<typeof removeKey>): Promise<void> {
    return this.domains.removeKey(caller, params.domain, params.id);
  }
}
