import { Controller, Res } from '@nestjs/common';
import { brandingTemplateRoutes } from '@signet/api-contract/branding-templates';
import type { AnswerOf } from '@signet/api-contract/route';
import { findOriginalImage, findShownLogo } from '@signet/db/branding-image';
import { findBrandingTemplate } from '@signet/db/branding-template';
import { Database } from '@signet/db/database';
import type { FastifyReply } from 'fastify';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { invalid, notFound, ProblemError } from '../http/problem-error.ts';
import { BrandingTemplateService } from './branding-template.service.ts';
import { readImage } from './read-image.ts';

const { getBrandingImage: get, putBrandingImage: put, removeBrandingImage: remove } = brandingTemplateRoutes;

@Controller()
export class BrandingImageController {
  constructor(
    private readonly database: Database,
    private readonly templates: BrandingTemplateService,
  ) {}

  @Endpoint(get)
  async get(
    @ByAdministrator() { organizationId }: Administrator,
    @Input(get) { params, query }: InputOf<typeof get>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const scope = this.database.forOrganization(organizationId);
    const sha256 = (await findBrandingTemplate(scope, params.name))?.content.imageSha256 ?? null;
    if (query.form === 'shown') {
      const shown = await findShownLogo(scope, organizationId, sha256);
      if (!shown) throw notFound();
      await reply.type('image/png').send(shown.png);
      return;
    }
    const original = await findOriginalImage(scope, sha256);
    if (!original) throw notFound();
    await reply.type(original.contentType).header('content-disposition', 'attachment').send(original.bytes);
  }

  @Endpoint(put)
  async put(
    @ByAdministrator() caller: Administrator,
    @Input(put) { params, headers, raw }: InputOf<typeof put>,
  ): Promise<AnswerOf<typeof put>> {
    // Before the picture is worked on.
    const template = await this.templates.get(caller, params.name);
    if (raw === undefined) throw new ProblemError('unsupported_media_type', { detail: 'Send the picture’s bytes as the body' });
    if (raw.length === 0) throw invalid([{ pointer: '/image', detail: 'There is no picture in the body' }]);
    return this.templates.putImage(caller, template.name, headers['if-match'], await readImage(raw));
  }

  @Endpoint(remove)
  remove(
    @ByAdministrator() caller: Administrator,
    @Input(remove) { params, headers }: InputOf<typeof remove>,
  ): Promise<AnswerOf<typeof remove>> {
    return this.templates.change(caller, params.name, headers['if-match'], { imageSha256: null });
  }
}
