import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { brandingTemplateRoutes, type StoredTemplate } from '@signet/api-contract/branding-templates';
import type { Client } from '@signet/api-contract/client';
import { names } from '@signet/domain/mail-rule';
import { templateFaults } from '@signet/domain/branding-template';
import { z } from 'zod';
import { changeTemplate, createTemplate, templateChange } from '../cmdlets/ome-parameters.ts';
import type { Image, TemplateChange } from '../cmdlets/ome-parameters.ts';
import { faultsOf, restOf, unwrapped } from './read-export.ts';
import type { Entry } from './read-export.ts';
import { Refused } from './report.ts';
import type { Plan } from './report.ts';

const text = z
  .string()
  .nullable()
  .transform((given) => given || null)
  .optional();
const flag = z
  .boolean()
  .nullish()
  .transform((given) => given ?? undefined);
const BYTES = 'must be the bytes of a picture, as numbers or in base64';

/** An interval as PowerShell writes one, as object or as text, in whole days. */
const interval = z
  .union(
    [
      z.looseObject({ TotalDays: z.number() }).transform(({ TotalDays }) => TotalDays),
      z
        .string()
        .regex(/^(?:\d{1,5}\.)?00:00:00$/)
        .transform((written) => (written.includes('.') ? Number.parseInt(written, 10) : 0)),
    ],
    { error: 'must be whole days' },
  )
  .pipe(z.int({ error: 'must be whole days' }));

/** Bytes: as an array, in base64, or as the text that an array becomes where ConvertTo-Json is told to go less deep. */
const image = z
  .preprocess(unwrapped, z.union([z.array(z.int().min(0).max(255)), z.string(), z.null()], { error: BYTES }))
  .transform((given, context): Image => {
    if (given === null || given.length === 0) return null;
    if (Array.isArray(given)) return new Uint8Array(given);
    if (/^\d{1,3}(?: \d{1,3})+$/.test(given)) return new Uint8Array(given.split(' ').map(Number));
    const bytes = new Uint8Array(Buffer.from(given, 'base64'));
    if (Buffer.from(bytes).toString('base64') !== given) context.addIssue(BYTES);
    return bytes;
  });

const omeConfiguration = z.looseObject({
  Identity: z.string().min(1),
  BackgroundColor: text,
  IntroductionText: text,
  ReadButtonText: text,
  EmailText: text,
  DisclaimerText: text,
  PortalText: text,
  PrivacyStatementUrl: text,
  OTPEnabled: flag,
  SocialIdSignIn: flag,
  ExternalMailExpiryInterval: interval.nullish(),
  ExternalMailExpiryInDays: z.int().nullish(),
  Image: image.optional(),
});

/** What a template from Exchange says, in Signet's fields. @throws {Refused} */
export function readTemplate(entry: Entry): { name: string; change: TemplateChange; image: Image; notTaken: string[] } {
  const read = omeConfiguration.safeParse(entry);
  if (!read.success) throw new Refused(faultsOf(read.error));
  const { ExternalMailExpiryInterval: days, ...given } = read.data;
  return {
    name: given.Identity,
    change: templateChange({ ...given, ExternalMailExpiryInDays: days ?? given.ExternalMailExpiryInDays ?? undefined }),
    image: given.Image,
    notTaken: restOf(entry, [...Object.keys(omeConfiguration.shape), 'TemplateName']),
  };
}

/** Plans what an object of Get-OMEConfiguration becomes. @throws {Refused} */
export async function planTemplate(client: Client, entry: Entry): Promise<Plan> {
  const { name, change: wanted, image: given, notTaken } = readTemplate(entry);
  const { items } = await client.call(brandingTemplateRoutes.listBrandingTemplates);
  const before = items.find((template) => names([template.name], name));
  const change = differing(wanted, before);
  const picture = before === undefined ? (given ?? undefined) : differingImage(given, before);
  const changed = [...Object.keys(change), ...(picture === undefined ? [] : ['image'])];
  return {
    outcome: before === undefined ? 'taken' : changed.length === 0 ? 'unchanged' : 'changed',
    changed,
    notTaken,
    notes: [],
    faults: () => {
      const body = brandingTemplateRoutes.createBrandingTemplate.body.safeParse({ ...change, name });
      if (!body.success) return faultsOf(body.error);
      return templateFaults(before ?? { isDefault: false }, change, true).map(({ field, detail }) => `${field}: ${detail}`);
    },
    carryOut: async () => {
      await (before === undefined ? createTemplate(client, name, change, picture) : changeTemplate(client, before.name, change, picture));
    },
  };
}

/** The fields that are other than they are, or other than in a new template. */
function differing(wanted: TemplateChange, before: StoredTemplate | undefined): TemplateChange {
  const now = new Map<string, unknown>(Object.entries(before ?? { otpEnabled: true, socialIdSignIn: true, externalMailExpiryInDays: 0 }));
  return Object.fromEntries(Object.entries(wanted).filter(([field, value]) => !isDeepStrictEqual(value, now.get(field) ?? null)));
}

function differingImage(wanted: Image, { image: before }: StoredTemplate): Image {
  if (wanted === undefined || wanted === null) return before === null ? undefined : wanted;
  return createHash('sha256').update(wanted).digest('hex') === before?.sha256 ? undefined : wanted;
}
