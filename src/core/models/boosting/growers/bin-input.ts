import type { Crew } from '../../../kernels/crew.ts';
import type { TrainingContext, TrainingInput } from '../../model.ts';
import { type BinnedTable, binFeatures } from '../binned-data.ts';
import { zeroThreshold } from '../decision.ts';
import { numberCategories, withStatistics } from '../target-statistics.ts';
import { type GrowPolicy, growers } from './catalogue.ts';

interface BinParameters {
  readonly grow_policy: GrowPolicy;
  readonly max_bin: number;
  readonly min_data_in_bin: number;
  readonly max_cat_to_onehot: number;
  readonly zero_as_missing: boolean;
}

/** Bins of `rows` (training rows first) as the grower reads them: categories of many levels may become numbers first. */
export async function binInput(
  input: TrainingInput,
  { grow_policy, max_bin, min_data_in_bin, max_cat_to_onehot, zero_as_missing }: BinParameters,
  rows: Uint32Array,
  crew: Crew,
  context: Pick<TrainingContext, 'kernels' | 'checkpoint'>,
): Promise<BinnedTable> {
  const limits = {
    maxBin: max_bin,
    minDataInBin: min_data_in_bin,
    zero: zeroThreshold,
    zeroIsMissing: zero_as_missing,
  };
  if (!growers[grow_policy].readsTargetStatistics) {
    return binFeatures(input.features, input.train, rows, limits, crew, context);
  }
  const { features, statistics } = numberCategories(input, max_cat_to_onehot);
  const { data, bins } = await binFeatures(features, input.train, rows, limits, crew, context);
  return { data: { ...data, features: withStatistics(data.features, input.features, statistics) }, bins };
}
