// npm run propensity -- COMMAND: the studio at the terminal. Results go to --output, words to the terminal's second channel.
// Exit codes: 0 done, 1 broken, 2 asked wrongly, 3 the input or the model was refused, 4 an alert fires, 130 stopped.
import { StudioError, toPlainError } from '../src/core/shared/errors.ts';
import { type Command, UsageError } from './propensity/command.ts';

const commands: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  score: () => import('./propensity/score.ts'),
  export: () => import('./propensity/export.ts'),
  monitor: () => import('./propensity/monitor.ts'),
};

const [name = '', ...args] = process.argv.slice(2);
const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
let usage = `npm run propensity -- ${Object.keys(commands).join(' | ')} [--help]`;
const stop = new AbortController();
process.on('SIGINT', () => stop.abort());
process.on('SIGTERM', () => stop.abort());
try {
  if (!load) throw new UsageError(name === '' ? 'Which command?' : `There is no command "${name}".`);
  const { command } = await load();
  usage = command.usage;
  if (args.includes('--help')) console.log(usage);
  else await command.run(args, stop.signal);
  process.exit(process.exitCode ?? 0);
} catch (error) {
  const { code, message, fix } = toPlainError(error);
  const asked = error instanceof UsageError || (error instanceof TypeError && 'code' in error);
  console.error(asked ? `${message}\n\n${usage}` : fix ? `${message}\n${fix}` : message);
  process.exit(code === 'job.cancelled' ? 130 : asked ? 2 : error instanceof StudioError ? 3 : 1);
}
