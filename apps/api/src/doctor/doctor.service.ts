import { Inject, Injectable } from '@nestjs/common';
import type { healthReportRoutes } from '@signet/api-contract/health-report';
import { healthCheckNames, type HealthCheckName } from '@signet/api-contract/health-report';
import type { AnswerOf } from '@signet/api-contract/route';
import { Database } from '@signet/db/database';
import { listOrganizationDomains } from '@signet/db/domain';
import { listNextHops } from '@signet/db/next-hop';
import { Vault } from '@signet/vault/vault';
import { limitTries } from '../authentication/try-limit.ts';
import { NameService } from '../domains/name-service.ts';
import type { Settings } from '../env.ts';
import { SETTINGS } from '../settings.ts';
import { domainChecks } from './domain-checks.ts';
import { find, worstOf, type Check } from './finding.ts';
import { foundationChecks } from './foundations.ts';
import { gatewayCheck, nextHopCheck, portalCheck } from './mail-server-checks.ts';
import { organizationNextHopsCheck } from './organization-next-hops-check.ts';

/** Looks at everything that Signet needs, all at once. */
@Injectable()
export class DoctorService {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly names: NameService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async examine(organizationId: string): Promise<AnswerOf<typeof healthReportRoutes.getHealthReport>> {
    // Each look opens connections to other machines.
    await limitTries(this.database.system, 'health-report:organization', organizationId);
    const { database, vault, settings } = this;
    const scope = database.forOrganization(organizationId);
    const wanted: Record<HealthCheckName, Check> = {
      ...foundationChecks({ database, vault, organizationId, blobUrl: settings.BLOB_URL }),
      gateway: gatewayCheck(settings.API_GATEWAY_URL),
      nextHop: nextHopCheck(settings.SMTP_URL),
      organizationNextHops: organizationNextHopsCheck(() => listNextHops(scope), settings.NEXT_HOP_NETWORKS ?? []),
      portal: portalCheck(settings.PUBLIC_URL),
      ...domainChecks(this.names, () => listOrganizationDomains(scope), settings.SMTP_URL),
    };
    const checks = await Promise.all(healthCheckNames.map(async (name) => ({ name, ...(await find(wanted[name])) })));
    return { status: worstOf(checks), checks };
  }
}
