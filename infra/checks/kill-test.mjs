// `npm run kill-test`, `npm run crash-test`: plain JavaScript for any Node ≥ 20, since nothing is installed yet.
import { handOver } from '../local/hand-over.mjs';

await handOver('infra/checks/kill-test.ts');
