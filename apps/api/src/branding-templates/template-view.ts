import type { StoredTemplate as TemplateAnswer } from '@signet/api-contract/branding-templates';
import type { StoredTemplate } from '@signet/db/branding-template';
import type { BrandingTemplate } from '@signet/domain/branding-template';
import { rulesUsing } from '@signet/domain/mail-rule';
import { contrastWarnings } from '@signet/domain/contrast';
import type { MailRule } from '@signet/domain/mail-rule';

/** A template as the api answers it. */
export function templateView(
  { content, revisionId, createdAt, updatedAt, image }: StoredTemplate,
  rules: readonly (MailRule & { readonly id: string })[],
): TemplateAnswer {
  const { imageSha256, ...fields } = content;
  return {
    ...fields,
    image:
      image === null || imageSha256 === null
        ? null
        : {
            sha256: imageSha256,
            contentType: image.contentType,
            size: image.size,
            width: image.shownWidth,
            height: image.shownHeight,
          },
    revision: revisionId,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    usedByRules: rulesUsing(rules, content.name).map(({ id, name }) => ({ id, name })),
    warnings: warningsOf(content),
  };
}

/** What a template's look cannot reach. */
export function warningsOf({ backgroundColor }: Pick<BrandingTemplate, 'backgroundColor'>): TemplateAnswer['warnings'] {
  return contrastWarnings(backgroundColor).map((warning) => ({ pointer: '/backgroundColor', ...warning }));
}
