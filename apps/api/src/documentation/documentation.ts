import { fastifySwaggerUi, type FastifySwaggerUiOptions } from '@fastify/swagger-ui';
import { openApiDocument } from '@signet/api-contract/openapi';
import type { FastifyInstance } from 'fastify';

/** Token under which the API's OpenAPI document is injected. */
export const API_DESCRIPTION = Symbol('api description');

/** The API as an OpenAPI document, made from the contract. */
export type ApiDescription = ReturnType<typeof openApiDocument>;

/** @returns the document; relative, so that it is right behind any proxy. */
export function apiDescription(): ApiDescription {
  return openApiDocument({ serverUrl: '/' });
}

/** Serves `/docs`: the description as a page, with all it needs from here and nothing from elsewhere. */
export async function registerDocumentation(server: FastifyInstance, description: ApiDescription): Promise<void> {
  // The page asks this function for the document; everything else of the plugin that usually has it is not needed.
  server.decorate('swagger', () => description);
  const options = {
    routePrefix: '/docs',
    staticCSP: true,
    theme: { title: 'Signet API' },
    uiConfig: { deepLinking: true, persistAuthorization: false },
  } satisfies FastifySwaggerUiOptions;
  // Called rather than registered: registering asks for that other plugin by name.
  await server.register(async (instance) => fastifySwaggerUi(instance, options, () => undefined));
}
