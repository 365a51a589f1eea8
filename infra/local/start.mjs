// `npm start`: plain JavaScript for any Node ≥ 20, since nothing is installed yet.
import { handOver } from './hand-over.mjs';

await handOver('infra/local/start.ts');
