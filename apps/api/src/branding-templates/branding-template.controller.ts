import { Controller } from '@nestjs/common';
import { brandingTemplateRoutes } from '@signet/api-contract/branding-templates';
import type { AnswerOf } from '@signet/api-contract/route';
import { listBrandingTemplates } from '@signet/db/branding-template';
import { Database } from '@signet/db/database';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { notFound } from '../http/problem-error.ts';

const { listBrandingTemplates: list, getBrandingTemplate: get } = brandingTemplateRoutes;

@Controller()
export class BrandingTemplateController {
  constructor(private readonly database: Database) {}

  @Endpoint(list)
  async list(@ByAdministrator() caller: Administrator, @Input(list) _input: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    return { items: await listBrandingTemplates(this.database.forOrganization(caller.organizationId)) };
  }

  @Endpoint(get)
  async get(@ByAdministrator() caller: Administrator, @Input(get) { params }: InputOf<typeof get>): Promise<AnswerOf<typeof get>> {
    const templates = await listBrandingTemplates(this.database.forOrganization(caller.organizationId));
    const wanted = params.name.toLowerCase();
    const template = templates.find(({ name }) => name.toLowerCase() === wanted);
    if (!template) throw notFound();
    return template;
  }
}
