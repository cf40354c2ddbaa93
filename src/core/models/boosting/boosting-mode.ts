import { type BoostingMode, type BoostingWork, firstBias, setScores } from './boosting-work.ts';
import { createDart } from './dart.ts';

/** The kind of `boosting` chosen. */
export function createMode(work: BoostingWork): BoostingMode {
  const { boosting } = work.chosen;
  return boosting === 'rf' ? createForest(work) : boosting === 'dart' ? createDart(work) : createGbdt(work);
}

function createGbdt(work: BoostingWork): BoostingMode {
  setScores(work);
  return {
    begin: () => work.chosen.learning_rate,
    biasOf: (round) => firstBias(work, round),
    end() {},
    restore({ trees }) {
      // The first tree holds the start.
      if (typeof work.start === 'number') work.engine.setScores(0);
      for (const tree of trees) work.replay(tree);
    },
    save: () => ({}),
  };
}

/** Random forest: every tree learns from the start alone, and scores are the mean over the trees so far. */
function createForest({ engine, replay, start }: BoostingWork): BoostingMode {
  const bias = typeof start === 'number' ? start : 0;
  const scores = engine.scores();
  const sums = new Float64Array(scores.length);
  return {
    begin() {
      scores.fill(bias);
      return 1;
    },
    biasOf: () => bias,
    end(round) {
      for (let row = 0; row < sums.length; row++) {
        sums[row] = (sums[row] as number) + (scores[row] as number);
        scores[row] = (sums[row] as number) / round;
      }
    },
    restore({ trees }) {
      scores.fill(0);
      for (const tree of trees) replay(tree);
      sums.set(scores);
    },
    save: () => ({}),
  };
}
