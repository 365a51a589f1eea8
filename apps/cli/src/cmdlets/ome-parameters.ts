import { readFileSync } from 'node:fs';
import { brandingTemplateRoutes, type StoredTemplate } from '@signet/api-contract/branding-templates';
import type { Client } from '@signet/api-contract/client';
import type { BodyOf } from '@signet/api-contract/route';
import { UsageError } from '../failure.ts';
import { note } from '../output.ts';
import type { ValuesOf } from './cmdlet.ts';

/** What a change of a branding template says. */
export type TemplateChange = BodyOf<typeof brandingTemplateRoutes.changeBrandingTemplate>;

const text = { type: 'String', nullable: true } as const;

/** The parameters that set a field of a branding template. The API knows the limits. */
export const omeParameters = {
  BackgroundColor: text,
  IntroductionText: text,
  ReadButtonText: text,
  EmailText: text,
  DisclaimerText: text,
  PortalText: text,
  PrivacyStatementUrl: text,
  OTPEnabled: { type: 'Boolean' },
  SocialIdSignIn: { type: 'Boolean' },
  ExternalMailExpiryInDays: { type: 'Int32' },
} as const;

export const imageParameter = { Image: { type: 'Byte[]', nullable: true } } as const;

/** The fields that were given; what is left out is not to be changed. */
export function templateChange(given: Partial<ValuesOf<typeof omeParameters>>): TemplateChange {
  const change: TemplateChange = {
    backgroundColor: given.BackgroundColor,
    introductionText: given.IntroductionText,
    readButtonText: given.ReadButtonText,
    emailText: given.EmailText,
    disclaimerText: given.DisclaimerText,
    portalText: given.PortalText,
    privacyStatementUrl: given.PrivacyStatementUrl,
    otpEnabled: given.OTPEnabled,
    socialIdSignIn: given.SocialIdSignIn,
    externalMailExpiryInDays: given.ExternalMailExpiryInDays,
  };
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

/** A picture's bytes; null takes the picture away, undefined leaves it. */
export type Image = Uint8Array<ArrayBuffer> | null | undefined;

/** Reads the file that `-Image` names. */
export function readImage(path: string | null | undefined): Image {
  if (path === null || path === undefined) return path;
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw new UsageError(`-Image takes a file: ${String(error)}`, { cause: error });
  }
}

/** Makes a template with its picture, or none: one whose picture is refused does not stay. */
export async function createTemplate(client: Client, name: string, change: TemplateChange, image: Image): Promise<StoredTemplate> {
  const made = await client.call(brandingTemplateRoutes.createBrandingTemplate, { body: { ...change, name } });
  try {
    return (await saveImage(client, made.name, image)) ?? made;
  } catch (error) {
    await client.call(brandingTemplateRoutes.removeBrandingTemplate, { params: { name: made.name } });
    throw error;
  }
}

/** Changes fields and picture of a template. They are two requests: where the second is refused, it is said that the first was not. */
export async function changeTemplate(
  client: Client,
  name: string,
  change: TemplateChange,
  image: Image,
): Promise<StoredTemplate | undefined> {
  const params = { name };
  const fields = Object.keys(change);
  const changed =
    fields.length === 0 ? undefined : await client.call(brandingTemplateRoutes.changeBrandingTemplate, { params, body: change });
  try {
    return (await saveImage(client, name, image)) ?? changed;
  } catch (error) {
    if (changed !== undefined) note(`Of “${name}” the picture alone is as it was; changed are: ${fields.join(', ')}.`);
    throw error;
  }
}

async function saveImage(client: Client, name: string, image: Image): Promise<StoredTemplate | undefined> {
  const params = { name };
  if (image === undefined) return undefined;
  if (image === null) return client.call(brandingTemplateRoutes.removeBrandingImage, { params });
  return client.call(brandingTemplateRoutes.putBrandingImage, { params, rawBody: image });
}
