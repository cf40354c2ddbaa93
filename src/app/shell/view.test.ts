import { expect, test } from 'vitest';
import { choiceOf, formatView, parseView } from './view.ts';

test('an address keeps page, tab and cut', () => {
  const view = { page: 'evaluate', params: { tab: 'gains', cut: '0.7' } } as const;
  expect(parseView(formatView(view))).toEqual(view);
});

test('an unknown address opens the first page', () => {
  expect(parseView('#/nowhere')).toEqual({ page: 'data', params: {} });
  expect(parseView('')).toEqual({ page: 'data', params: {} });
});

test('a tab of another page, or none, opens the one that stands first', () => {
  const { params } = parseView('#/evaluate?tab=coefficients');
  const tabs = ['roc', 'gains', 'confusion'] as const;
  expect(choiceOf(params['tab'] ?? '', tabs, 'roc')).toBe('roc');
  expect(choiceOf('', tabs, 'gains')).toBe('gains');
  expect(choiceOf('constructor', tabs, 'roc')).toBe('roc');
  expect(choiceOf('confusion', tabs, 'roc')).toBe('confusion');
});

test('a customer id with reserved characters survives the address', () => {
  const view = { page: 'explain', params: { customer: 'a&b=c?#é' } } as const;
  expect(parseView(formatView(view))).toEqual(view);
});
