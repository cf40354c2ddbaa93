import { expect, test } from 'vitest';
import { fakeHost, until } from '../testing/fake-host.ts';
import { fakeStudy, fakeTraining } from '../testing/fake-study.ts';
import { cutScore, lacksLabel, stepState } from './study-state.ts';
import { createStudy } from './study-store.ts';

test('running everything goes from nothing to three compared models and a decision', async () => {
  const { host, marks } = fakeHost();
  const { store, actions, timings } = createStudy(host);
  expect(await actions.runEverything()).toBe(true);
  const state = store.getState();
  expect(Object.keys(state.models).sort()).toEqual(['boosting', 'logistic', 'neural']);
  expect(state.evaluation?.models).toHaveLength(3);
  expect(state.decision?.cutScore).toBe(0.7);
  expect(marks).toEqual(['run-everything-start', 'last-model-trained']);
  expect(timings.stages.map((stage) => stage.name)).toEqual([
    'customers',
    'features',
    'train',
    'evaluate',
    'decide',
    'confidence',
  ]);
  expect(timings.complete).toBe(true);
  for (const stage of ['data', 'features', 'train', 'evaluate', 'decide'] as const)
    expect(stepState(state, stage)).toBe('done');
});

test('on fewer than four cores models train one after another', async () => {
  let atOnce = 0;
  let most = 0;
  const { host } = fakeHost({
    cores: 2,
    training: (kind) => {
      const trainer = fakeTraining(kind);
      return {
        ...trainer,
        train: async (input, options) => {
          most = Math.max(most, ++atOnce);
          const result = await trainer.train(input, options);
          atOnce -= 1;
          return result;
        },
      };
    },
  });
  await createStudy(host).actions.runEverything();
  expect(most).toBe(1);
});

test('building features anew takes what was learned from the old ones off the page, as the worker does', async () => {
  const { store, actions } = createStudy(fakeHost().host);
  await actions.runEverything();
  await actions.buildFeatures();
  const state = store.getState();
  expect(stepState(state, 'features')).toBe('done');
  for (const stage of ['train', 'evaluate', 'decide'] as const) expect(stepState(state, stage)).toBe('nothing');
  expect(state.unsaved).toBe(false);
});

test('another table takes everything made from the old one off the page', async () => {
  const { store, actions } = createStudy(fakeHost().host);
  await actions.runEverything();
  await actions.crossValidate();
  expect(store.getState().crossValidation).toBeDefined();
  await actions.openTable(new Blob(['a,b']), 'mine.csv');
  const state = store.getState();
  for (const stage of ['features', 'train', 'evaluate', 'decide'] as const)
    expect(stepState(state, stage)).toBe('nothing');
  expect(state.crossValidation).toBeUndefined();
});

test('an exclusion by a column that the next table lacks is forgotten', async () => {
  const { store, actions } = createStudy(fakeHost().host);
  await actions.makeCustomers();
  const column = store.getState().dataset?.columns[0]?.name as string;
  const range = { min: 0, max: 1 };
  actions.changeDecision({
    exclusions: [
      { column, ...range },
      { column: 'consent_of_old', ...range },
    ] as never,
  });
  await actions.openTable(new Blob(['a,b']), 'mine.csv');
  expect(store.getState().spec.decision.exclusions.map((each) => each.column)).toEqual([column]);
});

test('sample customers made anew keep the roles a person chose; those of another scenario start afresh', async () => {
  const given: unknown[] = [];
  const study = fakeStudy();
  const { host } = fakeHost({
    study: { ...study, assignRoles: (choice, run) => (given.push(choice.roles), study.assignRoles(choice, run)) },
  });
  const { actions } = createStudy(host);
  await actions.makeCustomers();
  await actions.assignRoles({ roles: { age: 'ignore' } });
  actions.changeSpec({ seed: 8 });
  await actions.makeCustomers();
  expect(given).toEqual([{ age: 'ignore' }, { age: 'ignore' }]);
  actions.changeSpec({ scenario: 'saas-upgrade' });
  await actions.makeCustomers();
  expect(given).toHaveLength(2);
});

test('running everything on a table without a label does nothing yet, and the page knows why', async () => {
  const study = fakeStudy();
  const { host } = fakeHost({
    study: {
      ...study,
      openTable: async (input, run) => ({ ...(await study.openTable(input, run)), label: undefined }) as never,
    },
  });
  const { store, actions } = createStudy(host);
  await actions.openTable(new Blob(['a,b']), 'mine.csv');
  expect(lacksLabel(store.getState())).toBe(true);
  expect(await actions.runEverything()).toBe(false);
});

test('a table that cannot be read leaves the open study open and says why', async () => {
  const { store, actions } = createStudy(fakeHost().host);
  await actions.makeCustomers();
  expect(await actions.openTable(new Blob(['']), 'empty.csv')).toBe(false);
  const state = store.getState();
  expect(state.dataset?.rowCount).toBe(50_000);
  expect(state.tasks.data).toMatchObject({ state: 'failed', error: { code: 'data.empty' } });
});

test('stopping answers at once, is no failure, and lets a later run begin', async () => {
  const { store, actions } = createStudy(fakeHost({ training: (kind) => fakeTraining(kind, 20) }).host);
  const run = actions.runEverything();
  await until(() => store.getState().tasks.boosting?.state === 'running');
  for (const kind of ['logistic', 'boosting', 'neural'] as const) actions.stop(kind);
  expect(await run).toBe(false);
  expect(stepState(store.getState(), 'train')).toBe('nothing');
  expect(store.getState().runningEverything).toBe(false);
  expect(store.getState().tasks.logistic).toMatchObject({ state: 'stopped' });
  expect(await actions.makeCustomers()).toBe(true);
  expect(store.getState().tasks.logistic).toBeUndefined();
});

test('a newer task of the same kind replaces the older and only the newer answers', async () => {
  const { store, actions } = createStudy(fakeHost({ study: fakeStudy(2) }).host);
  actions.changeSpec({ customers: 1000 });
  const older = actions.makeCustomers();
  actions.changeSpec({ customers: 2000 });
  expect(await actions.makeCustomers()).toBe(true);
  expect(await older).toBe(false);
  expect(store.getState().dataset?.rowCount).toBe(2000);
});

test('the cut of a decision drives the evaluation', async () => {
  const { store, actions } = createStudy(fakeHost().host);
  await actions.runEverything();
  actions.setCut({ by: 'suggested' });
  await until(() => store.getState().evaluation?.cut === 0.58);
  expect(cutScore(store.getState())).toBe(0.58);
});

test('the spec is saved and comes back, and nonsense saved by others does not', async () => {
  const { host } = fakeHost();
  createStudy(host).actions.changeSpec({ seed: 42, scenario: 'saas-upgrade' });
  expect(createStudy(host).store.getState().spec).toMatchObject({ seed: 42, scenario: 'saas-upgrade' });
  host.storage.setItem('propensity-studio.spec', '{"version":1}');
  expect(createStudy(host).store.getState().spec.seed).toBe(7);
});

test('trained models count as unsaved until a bundle is saved', async () => {
  const { host, files } = fakeHost();
  const { store, actions } = createStudy(host);
  await actions.runEverything();
  expect(store.getState().unsaved).toBe(true);
  await actions.saveBundle();
  expect(files).toEqual(['boosting.zip']);
  expect(store.getState().unsaved).toBe(false);
});
