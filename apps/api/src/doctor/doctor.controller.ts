import { Controller } from '@nestjs/common';
import { healthReportRoutes } from '@signet/api-contract/health-report';
import type { AnswerOf } from '@signet/api-contract/route';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { DoctorService } from './doctor.service.ts';

const { getHealthReport } = healthReportRoutes;

@Controller()
export class DoctorController {
  constructor(private readonly doctor: DoctorService) {}

  @Endpoint(getHealthReport)
  examine(
    @ByAdministrator() { organizationId }: Administrator,
    @Input(getHealthReport) _input: InputOf<typeof getHealthReport>,
  ): Promise<AnswerOf<typeof getHealthReport>> {
    return this.doctor.examine(organizationId);
  }
}
