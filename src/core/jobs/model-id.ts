import { type ModelKind, modelKinds } from '../models/model.ts';

/** The models of a study by name: one of each kind that it trains, and one read from a file. */
export const modelIds = [...modelKinds, 'imported'] as const;
export type ModelId = (typeof modelIds)[number];

export function isTrainedHere(id: ModelId): id is ModelKind {
  return id !== 'imported';
}

/** Whether its model is made of trees, which can be looked at and whose splits can be counted. */
export function hasTrees(id: ModelId): boolean {
  return id === 'boosting' || id === 'imported';
}
