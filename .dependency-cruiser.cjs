/** Which way imports may point: from a folder to the folders it may import. Change the architecture here and nowhere else. */
const mayImport = {
  'packages/domain': [],
  'packages/api-contract': ['packages/domain'],
  'packages/db': ['packages/domain'],
  'packages/vault': ['packages/domain'],
  'packages/mail-templates': ['packages/domain'],
  'packages/intake': ['packages/domain', 'packages/vault'],
  'apps/gateway': ['packages/domain', 'packages/db', 'packages/vault', 'packages/intake'],
  'apps/api': ['packages/domain', 'packages/api-contract', 'packages/db', 'packages/vault', 'packages/intake', 'packages/mail-templates'],
  'apps/worker': ['packages/domain', 'packages/db', 'packages/vault', 'packages/mail-templates'],
  'apps/portal': ['packages/domain', 'packages/api-contract'],
  'apps/cli': ['packages/domain', 'packages/api-contract'],
  e2e: ['packages/domain', 'packages/api-contract'],
  infra: [],
};

const arrows = Object.entries(mayImport).map(([from, allowed]) => ({
  name: `${from} may import ${allowed.join(', ') || 'nothing of ours'}`,
  severity: 'error',
  from: { path: `^${from}/` },
  to: { path: '^(apps|packages|infra|e2e)/', pathNot: [from, ...allowed].map((folder) => `^${folder}/`) },
}));

module.exports = {
  forbidden: [
    ...arrows,
    {
      name: 'every folder has its arrows',
      comment: 'A new app or package must be entered in the table above.',
      severity: 'error',
      from: { path: '^(apps|packages)/', pathNot: Object.keys(mayImport).map((folder) => `^${folder}/`) },
      to: {},
    },
    { name: 'no cycles', severity: 'error', from: { pathNot: '^packages/db/src/generated/' }, to: { circular: true } },
    { name: 'every import resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'only packages/db knows Prisma',
      severity: 'error',
      from: { pathNot: '^packages/db/' },
      to: { path: ['node_modules/@?prisma/', '^packages/db/src/generated/'] },
    },
    {
      name: 'only apps/worker depends on bullmq',
      severity: 'error',
      from: { pathNot: '^apps/worker/' },
      to: { path: 'node_modules/bullmq/' },
    },
    {
      name: 'domain is pure: zod, RFC 8785, colours, user agents, IP addresses, node:crypto',
      severity: 'error',
      from: { path: '^packages/domain/src/', pathNot: ['\\.test\\.ts$', '/src/testing/'] },
      to: {
        dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-peer'],
        pathNot: ['/zod/', '/canonicalize/', '/colord/', '/bowser/', '/isbot/', '/ipaddr\\.js/', '^(node:)?crypto$'],
      },
    },
    {
      name: 'what ships does not import tests',
      severity: 'error',
      from: { pathNot: ['\\.test\\.tsx?$', '/testing/', '^e2e/'] },
      to: { path: ['\\.test\\.tsx?$', '/src/testing/'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/dist/', '/\\.next/', '/test-data/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@signet/source', 'types', 'import', 'default'],
    },
  },
};
