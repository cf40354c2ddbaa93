import { expect, test } from 'vitest';
import { fakeStudy } from '../../testing/fake-study.ts';
import { choiceOf } from './role-choice.ts';

const dataset = await fakeStudy().makeCustomers({ scenario: 'ecommerce', customers: 100, seed: 1 });

test('a column made the label takes over from the one before', () => {
  const choice = choiceOf(dataset, { channel: 'label' });
  expect(choice.label).toEqual({ column: 'channel', positive: '1' });
  expect(choice.roles).toMatchObject({ channel: 'label', converted: 'ignore' });
});

test('other roles leave the label and the day as they are', () => {
  expect(choiceOf(dataset, { income: 'ignore' })).toMatchObject({
    label: { column: 'converted', positive: 'yes' },
    asOf: '2026-06-30',
    roles: { income: 'ignore', age: 'feature' },
  });
});

test('taking the label away leaves a table without one', () => {
  expect(choiceOf(dataset, { converted: 'feature' }).label).toBeUndefined();
});
