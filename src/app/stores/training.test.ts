import { expect, test } from 'vitest';
import type { TrainingRequest } from '../../core/jobs/training-contract.ts';
import type { BoostingState } from '../../core/models/boosting/training-state.ts';
import type { Round } from '../../core/models/model.ts';
import { StudioError } from '../../core/shared/errors.ts';
import { fakeHost, until } from '../testing/fake-host.ts';
import { fakeTraining } from '../testing/fake-study.ts';
import { createStudy } from './study-store.ts';

const round = (number: number): Round => ({ round: number, of: 100, train: {}, validation: { auc: number / 100 } });
const lost = () => new StudioError('job.worker-lost', 'A worker was ended from outside.');
const state = (rounds: readonly number[]): BoostingState => ({
  kind: 'boosting',
  trees: rounds.map(() => ({}) as BoostingState['trees'][number]),
  rounds: rounds.map(round),
});

/** Boosting whose worker is lost as often as there are parts: each tells its rounds and saved states before. */
function losing(parts: readonly { readonly rounds: readonly number[]; readonly saved?: readonly number[] }[]) {
  const requests: TrainingRequest[] = [];
  const { host } = fakeHost({
    training: (kind) => {
      const trainer = fakeTraining(kind);
      if (kind !== 'boosting') return trainer;
      return {
        ...trainer,
        async train(request, options) {
          requests.push(request);
          const part = parts[requests.length - 1];
          if (!part) return trainer.train(request, options);
          for (const each of part.rounds) options?.onEvent?.({ kind: 'round', round: round(each) });
          if (part.saved) options?.onEvent?.({ kind: 'saved', state: state(part.saved) });
          throw lost();
        },
      };
    },
  });
  return { study: createStudy(host), requests };
}

test('a training whose worker is lost goes on from the last saved state, and the person is told', async () => {
  const { study, requests } = losing([
    { rounds: [1, 2, 3], saved: [1, 2] },
    { rounds: [3, 4], saved: [3, 4] },
  ]);
  await study.actions.makeCustomers();
  await study.actions.buildFeatures();
  expect(await study.actions.train(['boosting'])).toBe(true);
  expect(requests.map(({ resumeFrom }) => resumeFrom?.rounds.map((each) => each.round))).toEqual([
    undefined,
    [1, 2],
    [1, 2, 3, 4],
  ]);
  expect(requests[2]?.resumeFrom).toMatchObject({ trees: { length: 4 } });
  expect(study.store.getState().recoveries.boosting).toContain('went on from round 4');
  expect(study.store.getState().tasks.boosting).toMatchObject({ state: 'done' });
});

test('a worker that is lost every time is an error, with its words', async () => {
  const { study, requests } = losing(Array.from({ length: 9 }, () => ({ rounds: [1] })));
  await study.actions.makeCustomers();
  await study.actions.buildFeatures();
  expect(await study.actions.train(['boosting'])).toBe(false);
  expect(requests).toHaveLength(4);
  expect(study.store.getState().tasks.boosting).toMatchObject({ state: 'failed', error: { code: 'job.worker-lost' } });
});

test('rounds run again after a loss stand once on the live curve', async () => {
  let time = 0;
  const { host } = fakeHost({
    now: () => (time += 300),
    training: (kind) => ({
      ...fakeTraining(kind),
      async train(_, options) {
        for (const each of [1, 2, 3, 2, 3, 4]) options?.onEvent?.({ kind: 'round', round: round(each) });
        await new Promise(() => {});
        throw lost();
      },
    }),
  });
  const { actions, store } = createStudy(host);
  void actions.train(['boosting']);
  await until(() => store.getState().rounds.boosting?.at(-1)?.round === 4);
  expect(store.getState().rounds.boosting?.map((each) => each.round)).toEqual([1, 2, 3, 4]);
  expect(store.getState().pace.boosting).toBeGreaterThan(0);
});

test('a training told to finish keeps what it has, and the run goes on with it', async () => {
  const { host } = fakeHost({
    training: (kind) => {
      const trainer = fakeTraining(kind);
      return {
        ...trainer,
        train: (request, options) =>
          new Promise((resolve) => {
            const finish = () => resolve(trainer.train(request));
            if (options?.finish?.aborted) finish();
            else options?.finish?.addEventListener('abort', finish);
          }),
      };
    },
  });
  const { actions, store } = createStudy(host);
  const trained = actions.train(['boosting']);
  await until(() => store.getState().tasks.boosting?.state === 'running');
  expect(store.getState().tasks.boosting).toMatchObject({ keeps: 'the best trees so far' });
  actions.finish('boosting');
  expect(store.getState().tasks.boosting).toMatchObject({ finishing: true });
  expect(await trained).toBe(true);
  expect(store.getState().models.boosting).toBeDefined();
});
