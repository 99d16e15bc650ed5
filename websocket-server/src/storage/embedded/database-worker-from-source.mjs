// Node runs no TypeScript by itself, and a thread does not inherit the loader of the thread that started it.
import { register } from 'tsx/esm/api';

register();
await import('./database-worker.ts');
