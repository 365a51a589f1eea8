import { defineConfig } from 'prisma/config';

// The CLI would download an engine even to generate the client, which needs none: any program stands in for it.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({ schema: 'prisma/schema.prisma' });
