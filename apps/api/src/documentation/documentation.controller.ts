import { Controller, Inject } from '@nestjs/common';
import { systemRoutes } from '@signet/api-contract/system';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { API_DESCRIPTION, type ApiDescription } from './documentation.ts';

@Controller()
export class DocumentationController {
  constructor(@Inject(API_DESCRIPTION) private readonly description: ApiDescription) {}

  @Endpoint(systemRoutes.getOpenApi)
  openApi(): ApiDescription {
    return this.description;
  }
}
