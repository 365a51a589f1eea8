import { Controller } from '@nestjs/common';
import { configurationRoutes, type Configuration, type StorageForecast } from '@signet/api-contract/configuration';
import { readConfiguration } from '@signet/db/configuration';
import { Database } from '@signet/db/database';
import { forecastStorage } from '@signet/db/storage-forecast';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { notFound } from '../http/problem-error.ts';
import { ConfigurationService } from './configuration.service.ts';

const { getConfiguration, getStorageForecast, changeConfiguration: patch } = configurationRoutes;

@Controller()
export class ConfigurationController {
  constructor(
    private readonly configuration: ConfigurationService,
    private readonly database: Database,
  ) {}

  @Endpoint(getConfiguration)
  async read(
    @ByAdministrator() caller: Administrator,
    @Input(getConfiguration) _input: InputOf<typeof getConfiguration>,
  ): Promise<Configuration> {
    const configuration = await readConfiguration(this.database.forOrganization(caller.organizationId));
    if (!configuration) throw notFound();
    return configuration;
  }

  @Endpoint(getStorageForecast)
  forecast(
    @ByAdministrator() caller: Administrator,
    @Input(getStorageForecast) { query }: InputOf<typeof getStorageForecast>,
  ): Promise<StorageForecast> {
    return forecastStorage(this.database.forOrganization(caller.organizationId), query.eraseAfterDays);
  }

  @Endpoint(patch)
  change(@ByAdministrator() caller: Administrator, @Input(patch) { body }: InputOf<typeof patch>): Promise<Configuration> {
    return this.configuration.change(caller, body);
  }
}
