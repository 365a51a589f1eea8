import { Injectable } from '@nestjs/common';
import type { brandingTemplateRoutes, StoredTemplate as TemplateAnswer } from '@signet/api-contract/branding-templates';
import type { AnswerOf, BodyOf } from '@signet/api-contract/route';
import { appendAdminRecord, type AdminAct } from '@signet/db/admin-record';
import { storeBrandingImage, type BrandingImage } from '@signet/db/branding-image';
import {
  changeBrandingTemplate,
  createBrandingTemplate,
  findBrandingTemplate,
  listBrandingTemplates,
  listTemplateRevisions,
  lockTemplates,
  removeBrandingTemplate,
  type StoredTemplate,
} from '@signet/db/branding-template';
import { Database, type OrganizationScope, type OrganizationTransaction } from '@signet/db/database';
import { listMailRules } from '@signet/db/mail-rule';
import { blankTemplate, templateChanges, templateFaults, type BrandingTemplate } from '@signet/domain/branding-template';
import { rulesUsing } from '@signet/domain/mail-rule';
import type { ProblemCode } from '@signet/domain/error-code';
import { z } from 'zod';
import { doerOf, type Administrator } from '../authentication/caller.ts';
import { actBy, asked, recordAct } from '../authentication/record-act.ts';
import { meetsIfMatch } from '../http/if-match.ts';
import { invalid, notFound, ProblemError } from '../http/problem-error.ts';
import { templateView } from './template-view.ts';

/** Whether recipients can sign in otherwise than by passcode. Nothing else can be configured yet. */
const OTHER_SIGN_IN = false;

/** How many states a template's history tells of. */
const HISTORY_LENGTH = 200;

/** Refusals that are decided here, rather than by a field's own limits: whoever tried is on record. */
const recordedRefusals: ReadonlySet<ProblemCode> = new Set([
  'validation_failed',
  'name_taken',
  'template_in_use',
  'default_template',
  'changed_meanwhile',
]);

type Wanted = { readonly [field in keyof BrandingTemplate]?: BrandingTemplate[field] | undefined };
type ChangeAction = 'BrandingTemplateCreate' | 'BrandingTemplateChange' | 'BrandingTemplateRemove';

const jsonFields = z.record(z.string(), z.json());

/** What administrators do with branding templates. Each change is another revision, and commits together with its record. */
@Injectable()
export class BrandingTemplateService {
  constructor(private readonly database: Database) {}

  async list(caller: Administrator): Promise<TemplateAnswer[]> {
    const scope = this.#scopeOf(caller);
    const rules = await listMailRules(scope);
    return (await listBrandingTemplates(scope)).map((template) => templateView(template, rules));
  }

  async get(caller: Administrator, name: string): Promise<TemplateAnswer> {
    const scope = this.#scopeOf(caller);
    return templateView(await found(scope, name), await listMailRules(scope));
  }

  async create(
    caller: Administrator,
    { name, copyOf, ...wanted }: BodyOf<typeof brandingTemplateRoutes.createBrandingTemplate>,
  ): Promise<TemplateAnswer> {
    await this.#commit(caller, 'BrandingTemplateCreate', name, wanted, async (tx) => {
      if (await findBrandingTemplate(tx, name)) throw new ProblemError('name_taken');
      const original = copyOf === undefined ? null : await findBrandingTemplate(tx, copyOf);
      if (copyOf !== undefined && !original) throw invalid([{ pointer: '/copyOf', detail: 'is no template of yours' }]);
      const content = merged({ ...(original?.content ?? blankTemplate(name)), name, isDefault: false }, wanted);
      await createBrandingTemplate(tx, content, doerOf(caller));
      return { before: null, after: asked(content) };
    });
    return this.get(caller, name);
  }

  async change(caller: Administrator, name: string, ifMatch: string | undefined, wanted: Wanted): Promise<TemplateAnswer> {
    await this.#change(caller, name, ifMatch, wanted, async () => undefined);
    return this.get(caller, name);
  }

  async putImage(caller: Administrator, name: string, ifMatch: string | undefined, image: BrandingImage): Promise<TemplateAnswer> {
    await this.#change(caller, name, ifMatch, { imageSha256: image.sha256 }, (tx) => storeBrandingImage(tx, image));
    return this.get(caller, name);
  }

  async remove(caller: Administrator, name: string): Promise<void> {
    await this.#commit(caller, 'BrandingTemplateRemove', name, {}, async (tx) => {
      const { content } = await found(tx, name);
      if (content.isDefault) throw new ProblemError('default_template');
      const rules = rulesUsing(await listMailRules(tx), content.name);
      if (rules.length > 0) {
        const names = rules.map((rule) => `“${rule.name}”`).join(', ');
        throw new ProblemError('template_in_use', { detail: `Mail rules apply this template: ${names}. Change or remove them first.` });
      }
      await removeBrandingTemplate(tx, content.name);
      return { before: asked(content), after: null };
    });
  }

  async history(caller: Administrator, name: string): Promise<AnswerOf<typeof brandingTemplateRoutes.getBrandingHistory>> {
    const scope = this.#scopeOf(caller);
    const revisions = await listTemplateRevisions(scope, await found(scope, name), HISTORY_LENGTH + 1);
    const items = revisions.slice(0, HISTORY_LENGTH).map(({ id, at, by, isFirst, content }, index) => {
      const previous = revisions[index + 1];
      const changes = previous && !isFirst ? templateChanges(previous.content, content) : null;
      return {
        revision: id,
        at: at.toISOString(),
        by,
        kind: changes ? ('changed' as const) : ('created' as const),
        before: changes && jsonFields.parse(asked(changes.before)),
        after: jsonFields.parse(asked(changes?.after ?? content)),
      };
    });
    return { items };
  }

  #change(
    caller: Administrator,
    name: string,
    ifMatch: string | undefined,
    wanted: Wanted,
    besides: (tx: OrganizationTransaction) => Promise<void>,
  ): Promise<void> {
    return this.#commit(caller, 'BrandingTemplateChange', name, wanted, async (tx) => {
      const { content, revisionId } = await found(tx, name);
      requireState(revisionId, ifMatch);
      const after = merged(content, wanted);
      const changes = templateChanges(content, after);
      // What is so already is no change, and leaves no record.
      if (Object.keys(changes.after).length === 0) return null;
      await besides(tx);
      await changeBrandingTemplate(tx, after, doerOf(caller));
      return { before: asked(changes.before), after: asked(changes.after) };
    });
  }

  /** Does something to a template and records it in the same transaction; what it refuses is recorded by itself. */
  async #commit(
    caller: Administrator,
    action: ChangeAction,
    name: string,
    wanted: Wanted,
    work: (tx: OrganizationTransaction) => Promise<Pick<AdminAct, 'before' | 'after'> | null>,
  ): Promise<void> {
    const scope = this.#scopeOf(caller);
    const target = { kind: 'branding-template', id: name };
    try {
      await scope.transaction(async (tx) => {
        await lockTemplates(tx);
        const change = await work(tx);
        if (change) await appendAdminRecord(tx, { ...actBy(caller), action, target, ...change });
      });
    } catch (error) {
      if (error instanceof ProblemError && recordedRefusals.has(error.code)) {
        await recordAct(scope, caller, {
          action,
          target,
          status: 'Failure',
          reason: error.details.detail ?? error.code,
          after: asked(wanted),
        });
      }
      throw error;
    }
  }

  #scopeOf({ organizationId }: Administrator): OrganizationScope {
    return this.database.forOrganization(organizationId);
  }
}

async function found(scope: Parameters<typeof findBrandingTemplate>[0], name: string): Promise<StoredTemplate> {
  const template = await findBrandingTemplate(scope, name);
  if (!template) throw notFound();
  return template;
}

/** The template with what is wanted of it. @throws naming the fields that cannot be so. */
function merged(template: BrandingTemplate, wanted: Wanted): BrandingTemplate {
  const faults = templateFaults(template, wanted, OTHER_SIGN_IN);
  if (faults.length > 0) throw invalid(faults.map(({ field, detail }) => ({ pointer: `/${field}`, detail })));
  const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  return { ...template, ...given };
}

/** @throws where somebody else has changed the template since the state that the caller saw. */
function requireState(revisionId: string, ifMatch: string | undefined): void {
  if (meetsIfMatch(ifMatch, revisionId)) return;
  throw new ProblemError('changed_meanwhile', {
    detail: 'Nothing was changed. Read the template again, look at its history, and repeat your change on what is there now.',
  });
}
