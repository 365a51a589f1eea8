import { Controller, Res } from '@nestjs/common';
import { systemRoutes } from '@signet/api-contract/system';
import type { FastifyReply } from 'fastify';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { ReadinessCheck, type Readiness } from './readiness.ts';

@Controller()
export class HealthController {
  constructor(private readonly readiness: ReadinessCheck) {}

  @Endpoint(systemRoutes.getLiveness)
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Endpoint(systemRoutes.getReadiness)
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const found = await this.readiness.check();
    void reply.status(found.status === 'ok' ? 200 : 503);
    return found;
  }
}
