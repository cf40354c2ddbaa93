// Node starts a thread from a file that it can read without a compiler: this one brings the compiler.
import { register } from 'tsx/esm/api';

register();
await import('./score-thread.ts');
