import { instant } from '@signet/domain/audit/entry';
import { recordText } from '@signet/domain/audit/record-text';
import { brandingTemplate, languageTag, templateFields, templateLimits, templateName } from '@signet/domain/branding-template';
import { z } from 'zod';
import { branding } from './recipient.ts';
import { defineRoute } from './route.ts';

const tags = ['Branding templates'] as const;

const warning = z.strictObject({
  pointer: z.string(),
  code: z.enum(['faint_on_light', 'faint_on_dark']),
  detail: z.string(),
});
const warnings = z
  .array(warning)
  .meta({ description: 'What a brand cannot reach, and what is drawn in its place. Nothing is refused for it.' });

/** A template with what is known of it besides. */
export const storedTemplate = brandingTemplate
  .omit({ imageSha256: true })
  .extend({
    image: z
      .strictObject({
        sha256: z.string(),
        contentType: z.string(),
        size: z.int().nonnegative(),
        width: z.int().positive().meta({ description: 'Of what is shown, in CSS pixels.' }),
        height: z.int().positive(),
      })
      .nullable(),
    revision: z.uuid().meta({ description: 'Names this state of the template; for `If-Match`.' }),
    createdAt: instant,
    updatedAt: instant,
    usedByRules: z.array(z.strictObject({ id: z.uuid(), name: z.string() })),
    warnings,
  })
  .meta({ id: 'BrandingTemplate' });
export type StoredTemplate = z.infer<typeof storedTemplate>;

/** What may be set, each field by itself. */
const changes = templateFields.partial();

const params = z.strictObject({ name: recordText(templateLimits.name).min(1) });
const ifMatch = z.object({
  'if-match': z.string().max(100).optional().meta({ description: 'The `revision` that the change is made to.' }),
});

/** Bytes of an uploaded picture at most. */
export const IMAGE_LIMIT = 5 * 1024 * 1024;

const write = { security: { apiKey: ['configuration:write'] }, tags } as const;
const read = { security: { apiKey: ['configuration:read'] }, tags } as const;

export const brandingTemplateRoutes = {
  listBrandingTemplates: defineRoute({
    ...read,
    method: 'GET',
    path: '/v1/branding-templates',
    summary: 'List the branding templates',
    responses: { 200: z.strictObject({ items: z.array(storedTemplate) }) },
    problems: [],
  }),
  createBrandingTemplate: defineRoute({
    ...write,
    method: 'POST',
    path: '/v1/branding-templates',
    summary: 'Make a branding template',
    description:
      'What is left out is as in a new template, or as in the one named by `copyOf`, its picture included. The name stays for good and is unique, however it is written.',
    body: changes.extend({ name: templateName, copyOf: params.shape.name.optional() }),
    responses: { 201: storedTemplate },
    problems: ['name_taken'],
  }),
  getBrandingTemplate: defineRoute({
    ...read,
    method: 'GET',
    path: '/v1/branding-templates/{name}',
    summary: 'Read a branding template',
    params,
    responses: { 200: storedTemplate },
    problems: ['not_found'],
  }),
  changeBrandingTemplate: defineRoute({
    ...write,
    method: 'PATCH',
    path: '/v1/branding-templates/{name}',
    summary: 'Change a branding template',
    description:
      'Fields left out stay as they are, null takes the default wording; `translations` is replaced as a whole. Messages sent before keep the look and the expiry they were sent with. With `If-Match`, a template that somebody else has changed in the meantime stays as it is: 412.',
    params,
    headers: ifMatch,
    body: changes,
    responses: { 200: storedTemplate },
    problems: ['not_found', 'changed_meanwhile'],
  }),
  removeBrandingTemplate: defineRoute({
    ...write,
    method: 'DELETE',
    path: '/v1/branding-templates/{name}',
    summary: 'Remove a branding template',
    description: 'Not the default one, and none that a mail rule applies. Messages sent with it keep their look and their expiry.',
    recentAuthentication: true,
    params,
    responses: { 204: 'empty' },
    problems: ['not_found', 'template_in_use', 'default_template'],
  }),
  getBrandingImage: defineRoute({
    ...read,
    method: 'GET',
    path: '/v1/branding-templates/{name}/image',
    summary: 'Get a template’s picture',
    description: 'As it was uploaded, byte for byte; with `form=shown` the PNG that mails and pages show.',
    params,
    query: z.strictObject({ form: z.enum(['original', 'shown']).default('original') }),
    responses: { 200: 'stream' },
    problems: ['not_found'],
  }),
  putBrandingImage: defineRoute({
    ...write,
    method: 'PUT',
    path: '/v1/branding-templates/{name}/image',
    summary: 'Give a template a picture',
    description:
      'PNG, JPEG, BMP, TIFF, GIF or WebP, told by its content, of at most 5 MiB. It is kept byte for byte; what is shown is a PNG of at most 340×140 pixels without metadata, at half that size.',
    params,
    headers: ifMatch,
    rawBody: 'application/octet-stream',
    responses: { 200: storedTemplate },
    problems: ['not_found', 'changed_meanwhile'],
  }),
  removeBrandingImage: defineRoute({
    ...write,
    method: 'DELETE',
    path: '/v1/branding-templates/{name}/image',
    summary: 'Take a template’s picture away',
    description: 'The organization’s name stands in its place. Fine to repeat.',
    params,
    headers: ifMatch,
    responses: { 200: storedTemplate },
    problems: ['not_found', 'changed_meanwhile'],
  }),
  getBrandingHistory: defineRoute({
    ...read,
    method: 'GET',
    path: '/v1/branding-templates/{name}/history',
    summary: 'Read what has become of a template',
    description: 'The newest 200 states, each with who made it, when, and the fields that it changed.',
    params,
    responses: {
      200: z.strictObject({
        items: z.array(
          z.strictObject({
            revision: z.uuid(),
            at: instant,
            by: z.string().nullable().meta({ description: 'Null: Signet itself.' }),
            kind: z.enum(['created', 'changed']),
            before: z.record(z.string(), z.json()).nullable(),
            after: z.record(z.string(), z.json()),
          }),
        ),
      }),
    },
    problems: ['not_found'],
  }),
  testBrandingTemplate: defineRoute({
    ...write,
    method: 'POST',
    path: '/v1/branding-templates/{name}/test',
    summary: 'Send the signed-in member a mail as the template makes it',
    description: 'With sample data, to the member’s own address. An API key has no address: 403.',
    params,
    responses: { 202: z.strictObject({ to: z.string() }) },
    problems: ['not_found'],
  }),
  previewBrandingTemplate: defineRoute({
    ...read,
    method: 'POST',
    path: '/v1/branding-templates/{name}/preview',
    summary: 'Draw a template that need not be saved',
    description:
      'The wrapper mail with sample data, and what the recipient’s pages show. What is left out is as in the template of this name, or as in a new one.',
    params,
    body: changes.extend({
      language: languageTag.nullable().default(null).meta({ description: 'The reader’s; null: of nobody in particular.' }),
    }),
    responses: {
      200: z.strictObject({
        mail: z.strictObject({ subject: z.string(), html: z.string(), text: z.string() }),
        portal: branding,
        warnings,
      }),
    },
    problems: [],
  }),
} as const;
