import { Controller } from '@nestjs/common';
import { brandingTemplateRoutes } from '@signet/api-contract/branding-templates';
import type { AnswerOf } from '@signet/api-contract/route';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { BrandingPreviewService } from './branding-preview.service.ts';
import { BrandingTemplateService } from './branding-template.service.ts';

const {
  listBrandingTemplates: list,
  createBrandingTemplate: create,
  getBrandingTemplate: get,
  changeBrandingTemplate: change,
  removeBrandingTemplate: remove,
  getBrandingHistory: history,
  testBrandingTemplate: test,
  previewBrandingTemplate: preview,
} = brandingTemplateRoutes;

@Controller()
export class BrandingTemplateController {
  constructor(
    private readonly templates: BrandingTemplateService,
    private readonly previews: BrandingPreviewService,
  ) {}

  @Endpoint(list)
  async list(@ByAdministrator() caller: Administrator, @Input(list) _input: InputOf<typeof list>): Promise<AnswerOf<typeof list>> {
    return { items: await this.templates.list(caller) };
  }

  @Endpoint(create)
  create(@ByAdministrator() caller: Administrator, @Input(create) { body }: InputOf<typeof create>): Promise<AnswerOf<typeof create>> {
    return this.templates.create(caller, body);
  }

  @Endpoint(get)
  get(@ByAdministrator() caller: Administrator, @Input(get) { params }: InputOf<typeof get>): Promise<AnswerOf<typeof get>> {
    return this.templates.get(caller, params.name);
  }

  @Endpoint(change)
  change(
    @ByAdministrator() caller: Administrator,
    @Input(change) { params, headers, body }: InputOf<typeof change>,
  ): Promise<AnswerOf<typeof change>> {
    return this.templates.change(caller, params.name, headers['if-match'], body);
  }

  @Endpoint(remove)
  async remove(@ByAdministrator() caller: Administrator, @Input(remove) { params }: InputOf<typeof remove>): Promise<void> {
    await this.templates.remove(caller, params.name);
  }

  @Endpoint(history)
  history(
    @ByAdministrator() caller: Administrator,
    @Input(history) { params }: InputOf<typeof history>,
  ): Promise<AnswerOf<typeof history>> {
    return this.templates.history(caller, params.name);
  }

  @Endpoint(test)
  test(@ByAdministrator() caller: Administrator, @Input(test) { params }: InputOf<typeof test>): Promise<AnswerOf<typeof test>> {
    return this.previews.sendTest(caller, params.name);
  }

  @Endpoint(preview)
  preview(
    @ByAdministrator() caller: Administrator,
    @Input(preview) { params, body }: InputOf<typeof preview>,
  ): Promise<AnswerOf<typeof preview>> {
    return this.previews.draw(caller, params.name, body);
  }
}
