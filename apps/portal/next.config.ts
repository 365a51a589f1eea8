import path from 'node:path';
import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';

const repositoryRoot = path.resolve(import.meta.dirname, '../..');

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: repositoryRoot,
  turbopack: {
    root: repositoryRoot,
    // Our packages run from their sources, as everywhere else: no build before, and no stale one.
    resolveAlias: {
      '@signet/domain/*': './../../packages/domain/src/*.ts',
      '@signet/api-contract/*': './../../packages/api-contract/src/*.ts',
    },
  },
  transpilePackages: ['@signet/domain', '@signet/api-contract'],
  // Types are checked by `typecheck`, tests included; checking them again would only make the first start slower.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  // No page has images to be made smaller: without this anybody could have the server fetch its own addresses and compute.
  images: { unoptimized: true },
  reactStrictMode: true,
  headers: () =>
    Promise.resolve([
      {
        source: '/:path*',
        headers: [
          { key: 'X-Content-Type-Options', value: 'nosniff' },
          { key: 'Referrer-Policy', value: 'no-referrer' },
          { key: 'Permissions-Policy', value: 'camera=(), geolocation=(), microphone=(), payment=(), usb=()' },
          { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
        ],
      },
    ]),
};

export default createNextIntlPlugin('./src/i18n/request.ts')(config);
