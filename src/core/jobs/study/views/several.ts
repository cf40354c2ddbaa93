import type { Explanation } from '../../../explanation/explain.ts';
import { decisionFigure, differenceFigure, heatmapFigure } from '../../../reports/figures/several-customers.ts';
import { StudioError } from '../../../shared/errors.ts';
import type { Several } from '../../explanation-contract.ts';
import type { JobRun } from '../../job.ts';
import type { ModelId } from '../../model-id.ts';
import { idReader } from '../explain.ts';
import { explainerOf } from '../explainers.ts';
import { bestModel, getModel, getPrepared, type StudyHost, type StudyState } from '../state.ts';
import { attributionsOf, valuesOf } from './attributions.ts';

/** Customers of a heatmap, besides those chosen. */
const mostRows = 60;

export function severalJobs(state: StudyState, host: StudyHost) {
  return {
    async several(
      { model: id = bestModel(state), rows }: { readonly model?: ModelId; readonly rows: readonly number[] },
      run: JobRun,
    ): Promise<Several> {
      const scored = getModel(state, id);
      const { features } = getPrepared(state);
      if (rows.length === 0) {
        throw new StudioError('request.invalid', 'No customer is chosen.', { fix: 'Choose at least one.' });
      }
      const idOf = idReader(state);
      const explained: { name: string; explanation: Explanation }[] = [];
      for (const [i, row] of rows.entries()) {
        await run.checkpoint({ fraction: i / rows.length, stage: 'Explaining customers' });
        explained.push({
          name: idOf(row),
          explanation: explainerOf(state, scored)(features, row),
        });
      }
      const [one, other] = explained;
      const attributions = await attributionsOf(state, host, id, run.checkpoint);
      return {
        decision: decisionFigure(explained),
        heatmap: heatmapFigure(
          heatmapPositions(attributions.rows, scored.raw).map((position) => ({
            name: idOf(attributions.rows[position]!),
            values: attributions.names.map((_, feature) => valuesOf(attributions, feature)[position]!),
          })),
          attributions.names,
          attributions.rows.length,
        ),
        ...(one && other && explained.length === 2 ? { difference: differenceFigure(one, other) } : {}),
      };
    },
  };
}

/** Evenly spaced from the highest score to the lowest. */
function heatmapPositions(rows: Uint32Array, raw: Float64Array): number[] {
  const order = Array.from(rows, (_, position) => position).sort((a, b) => raw[rows[b]!]! - raw[rows[a]!]!);
  const count = Math.min(mostRows, order.length);
  return Array.from({ length: count }, (_, i) => order[Math.round((i * (order.length - 1)) / Math.max(1, count - 1))]!);
}
