import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TreeScoring } from '../../src/core/kernels/tree-scoring.ts';
import { createRandom } from '../../src/core/shared/random.ts';
import { mutateModel } from '../../src/testing/model-mutations.ts';
import { tryModel } from '../../src/testing/try-model.ts';

interface Spoiled {
  readonly failed: readonly string[];
  readonly longestMs: number;
  /** How many, and what became of them. */
  readonly told: string;
}

/**
 * Model files spoiled by seeded mutation, about `count` times in all and long ones more rarely; those that fail are written
 * to the folder.
 */
export function spoilModels(texts: readonly string[], count: number, folder: string, scoring?: TreeScoring): Spoiled {
  const shares = texts.map((text) => 1 / Math.max(20_000, text.length));
  const all = shares.reduce((sum, share) => sum + share, 0);
  const outcomes = { refused: 0, accepted: 0 };
  const failed: string[] = [];
  let longestMs = 0;
  texts.forEach((text, index) => {
    const random = createRandom(2026, index);
    const mutants = Math.max(100, Math.ceil((count * (shares[index] as number)) / all));
    for (let mutant = 0; mutant < mutants; mutant++) {
      const bytes = mutateModel(text, texts[random.integer(texts.length)] as string, random);
      const started = performance.now();
      try {
        outcomes[tryModel(bytes, scoring)]++;
      } catch (error) {
        failed.push(`file ${index}, mutant ${mutant}: ${String(error)}`);
        writeFileSync(join(folder, `failed-${failed.length}.txt`), bytes);
      }
      longestMs = Math.max(longestMs, performance.now() - started);
    }
  });
  const { refused, accepted } = outcomes;
  const told = `${refused + accepted} mutants of ${texts.length} files: ${refused} refused, ${accepted} accepted; ${failed.slice(0, 3).join('; ')}`;
  return { failed, longestMs, told };
}
