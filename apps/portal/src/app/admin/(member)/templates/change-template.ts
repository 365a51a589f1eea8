'use server';

import { ApiProblem } from '@signet/api-contract/client';
import type { FieldError } from '@signet/api-contract/problem';
import { routes } from '@signet/api-contract/routes';
import type { AnswerOf } from '@signet/api-contract/route';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { isProblem } from '../../../../api/is-problem.ts';
import { memberApi } from '../../member-session.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';
import type { TemplateFields } from './draft.ts';

/** Why a template is not as it was wanted, in a word of `templates.refused`. */
export type TemplateRefusal = ActRefusal | 'invalid' | 'nameTaken' | 'changedMeanwhile' | 'tooMany';

export type Saved =
  | { readonly name: string; readonly revision: string; readonly refusal?: never }
  | { readonly refusal: TemplateRefusal; readonly errors: readonly FieldError[] };

export type Drawn =
  AnswerOf<typeof routes.previewBrandingTemplate> | { readonly refusal: TemplateRefusal; readonly errors: readonly FieldError[] };

const name = z.string().min(1).max(64);

/** Makes a template. The fields are the api's to check: it names each wrong one. */
export async function createTemplate(wanted: string, copyOf: string | undefined, fields: TemplateFields): Promise<Saved> {
  const given = { name: z.string().parse(wanted), ...(copyOf === undefined ? {} : { copyOf: name.parse(copyOf) }) };
  return saved(async () => (await memberApi()).call(routes.createBrandingTemplate, { body: { ...fields, ...given } }));
}

/** Changes a template, as long as it is in the state that was seen; without one, whatever its state. */
export async function changeTemplate(given: string, revision: string | null, fields: TemplateFields): Promise<Saved> {
  const headers = revision === null ? {} : { 'if-match': z.string().max(200).parse(revision) };
  return saved(async () =>
    (await memberApi()).call(routes.changeBrandingTemplate, { params: { name: name.parse(given) }, headers, body: fields }),
  );
}

/** Takes a template's picture away. */
export async function removeImage(given: string): Promise<Saved> {
  return saved(async () => (await memberApi()).call(routes.removeBrandingImage, { params: { name: name.parse(given) } }));
}

async function saved(act: () => Promise<{ readonly name: string; readonly revision: string }>): Promise<Saved> {
  try {
    const template = await act();
    revalidatePath('/admin/templates', 'layout');
    return { name: template.name, revision: template.revision };
  } catch (error) {
    return { refusal: refusalOf(error), errors: errorsOf(error) };
  }
}

/** Removes a template; done when this returns null. */
export async function removeTemplate(given: string): Promise<ActRefusal | 'inUse' | null> {
  try {
    await (await memberApi()).call(routes.removeBrandingTemplate, { params: { name: name.parse(given) } });
  } catch (error) {
    return isProblem(error, 'template_in_use') ? 'inUse' : actRefusalOf(error);
  }
  revalidatePath('/admin/templates', 'layout');
  return null;
}

/** Draws what is typed. Nothing is saved. */
export async function drawTemplate(given: string, language: string | null, fields: TemplateFields): Promise<Drawn> {
  try {
    const body = { ...fields, language };
    return await (await memberApi()).call(routes.previewBrandingTemplate, { params: { name: name.parse(given) }, body });
  } catch (error) {
    return { refusal: refusalOf(error), errors: errorsOf(error) };
  }
}

/** Has a sample sent to the member. @returns to which address. */
export async function sendSample(given: string): Promise<{ readonly to: string } | { readonly refusal: TemplateRefusal }> {
  try {
    return await (await memberApi()).call(routes.testBrandingTemplate, { params: { name: name.parse(given) } });
  } catch (error) {
    return { refusal: refusalOf(error) };
  }
}

function refusalOf(error: unknown): TemplateRefusal {
  if (isProblem(error, 'validation_failed')) return 'invalid';
  if (isProblem(error, 'name_taken')) return 'nameTaken';
  if (isProblem(error, 'changed_meanwhile')) return 'changedMeanwhile';
  if (isProblem(error, 'too_many_requests')) return 'tooMany';
  return actRefusalOf(error);
}

function errorsOf(error: unknown): readonly FieldError[] {
  if (isProblem(error, 'name_taken')) return [{ pointer: '/name', detail: error.problem.title }];
  return error instanceof ApiProblem ? error.errors : [];
}
