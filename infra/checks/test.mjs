// `npm test`: plain JavaScript for any Node ≥ 20, since nothing is installed yet.
import { handOver } from '../local/hand-over.mjs';

await handOver('infra/checks/run.ts');
