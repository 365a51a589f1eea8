'use server';

import { ApiProblem } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { permissions } from '@signet/domain/role';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { memberApi } from '../../member-session.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';

const PATH = '/admin/access';
const creation = z.strictObject({ kind: z.enum(['apiKey', 'smtp']), name: z.string(), scopes: z.array(z.enum(permissions)) });

/** What was made, with the secret that nobody can read again. */
export interface MadeCredential {
  readonly name: string;
  /** An SMTP credential's; null for an API key. */
  readonly username: string | null;
  readonly secret: string;
}

/** Why nothing was made: what is wrong at which field, in the api's words, or what else. */
export interface CreationRefusal {
  readonly refusal: ActRefusal | 'fields';
  readonly fields: Readonly<Partial<Record<'name' | 'scopes', string>>>;
}

/** Makes a credential. Its secret goes to the page of whoever made it, and nowhere else. */
export async function createCredential(given: z.infer<typeof creation>): Promise<MadeCredential | CreationRefusal> {
  const asked = creation.parse(given);
  const { name } = asked;
  const api = await memberApi();
  try {
    const made =
      asked.kind === 'apiKey'
        ? await api.call(routes.createApiKey, { body: { name, scopes: asked.scopes } }).then(({ secret }) => ({ username: null, secret }))
        : await api
            .call(routes.createSmtpCredential, { body: { name } })
            .then(({ username, password }) => ({ username, secret: password }));
    revalidatePath(PATH);
    return { name: name.trim(), ...made };
  } catch (error) {
    if (!(error instanceof ApiProblem) || !['validation_failed', 'name_taken'].includes(error.code))
      return { refusal: actRefusalOf(error), fields: {} };
    const detailOf = (field: string) =>
      error.errors.find(({ pointer }) => pointer === `/${field}` || pointer.startsWith(`/${field}/`))?.detail;
    const [wrongName, wrongScopes] = [detailOf('name'), detailOf('scopes')];
    return {
      refusal: 'fields',
      fields: { ...(wrongName === undefined ? {} : { name: wrongName }), ...(wrongScopes === undefined ? {} : { scopes: wrongScopes }) },
    };
  }
}

const revocation = z.strictObject({ kind: z.enum(['apiKey', 'smtp', 'trust']), id: z.uuid() });

/** Revokes a credential for good, in force when this returns null. */
export async function revokeCredential(given: z.infer<typeof revocation>): Promise<ActRefusal | null> {
  const asked = revocation.parse(given);
  try {
    const api = await memberApi();
    const params = { id: asked.id };
    const route = { apiKey: routes.revokeApiKey, smtp: routes.revokeSmtpCredential, trust: routes.revokeSubmissionTrust }[asked.kind];
    await api.call(route, { params });
  } catch (error) {
    return actRefusalOf(error);
  }
  revalidatePath(PATH);
  return null;
}
