import { type CategoryColumn, createFrame, type Frame, formatDay, type NumberColumn } from '../data/frame.ts';
import { calibrateOne } from '../evaluation/calibration/calibrator.ts';
import type { FittedRecipe } from '../features/fitted-recipe.ts';
import { compileRecipe } from '../features/row-program.ts';
import { rawScores } from '../models/catalogue.ts';
import { sigmoid } from '../shared/exact-math.ts';
import type { Bundle } from './bundle.ts';
import { confidenceOf } from './confidence.ts';
import { bandNames, bandOf } from './cutoffs.ts';
import { decileOf } from './decile.ts';
import { rawFrame } from './raw-frame.ts';
import { intervalOf } from './probability-interval.ts';
import type { RecordFinding } from './record-finding.ts';
import { createRecordReader } from './record-reader.ts';
import type { CustomerScore, Scorer } from './scorer.ts';

/** Scores customers as sent, one or many, with everything made once per bundle that can be. The bits are scoreFrame's. */
export function createRecordScorer(bundle: Bundle, needed: ReadonlySet<string>): Scorer['scoreCustomers'] {
  const { recipe, model, calibrator, centre = 0, cutoffs, confidence, intervals, decileEdges, manifest } = bundle;
  const reader = createRecordReader(bundle.schema, needed);
  const program = compileRecipe(recipe, reader.columns);
  // Most requests bring one customer: its frame is made once, and read before the next is written.
  const single = featureFrame(recipe, 1);
  const dayText = lastDay();

  const scoreOf = (raw: number, id: string | null, day: number): CustomerScore => {
    const propensity = sigmoid(raw + centre);
    const bounds = intervals && intervalOf(intervals, calibrator, raw);
    return {
      customer_id: id,
      propensity_score: propensity,
      risk_category: bandNames[bandOf(propensity, cutoffs)],
      confidence: confidenceOf(confidence, propensity),
      conversion_probability: calibrateOne(calibrator, raw),
      conversion_probability_low: bounds ? bounds.low : null,
      conversion_probability_high: bounds ? bounds.high : null,
      decile: decileOf(decileEdges, propensity),
      model_version: manifest.modelVersion,
      as_of: dayText(day),
    };
  };

  return (records, { asOf = bundle.asOf, use } = {}) => {
    const findings: RecordFinding[] = [];
    const features = records.length === 1 ? single : featureFrame(recipe, records.length);
    const values = use && new Float64Array(records.length * reader.columns.length).fill(Number.NaN);
    const known = records.map((record, row) => {
      const read = reader.read(record, row, asOf, program.raw, findings);
      if (read) writeRow(features, row, program.run(read.asOf));
      if (read) values?.set(program.raw, row * reader.columns.length);
      return read;
    });
    const raw = rawScores(model, features);
    const results = known.map((read, row) => read && scoreOf(raw[row] as number, read.id, read.asOf));
    if (use && values) {
      const days = Float64Array.from(known, (read) => read?.asOf ?? Number.NaN);
      let frame: Frame | undefined;
      use({
        // Not everybody who is given the features wants what they were made of.
        get frame() {
          return (frame ??= rawFrame(reader.columns, values, records.length));
        },
        features,
        asOf: days,
      });
    }
    return { results, findings };
  };
}

/** Rows that nothing is written to hold zeros: customers who were refused, whose scores nobody reads. */
function featureFrame({ features }: FittedRecipe, rowCount: number): Frame {
  const columns = features.map(({ kind, name, levels }) =>
    kind === 'number'
      ? { kind, name, values: new Float64Array(rowCount) }
      : { kind, name, codes: new Int32Array(rowCount), levels: levels ?? [] },
  );
  return createFrame(columns, rowCount);
}

function writeRow(frame: Frame, row: number, values: Float64Array): void {
  const { columns } = frame as { readonly columns: readonly (NumberColumn | CategoryColumn)[] };
  for (let place = 0; place < columns.length; place++) {
    const column = columns[place] as NumberColumn | CategoryColumn;
    if (column.kind === 'number') column.values[row] = values[place] as number;
    else column.codes[row] = values[place] as number;
  }
}

/** A day as text; null for NaN. Remembers the last one, because customers in a row have the same. */
function lastDay(): (day: number) => string | null {
  let last = Number.NaN;
  let text = '';
  return (day) => {
    if (Number.isNaN(day)) return null;
    if (day !== last) {
      last = day;
      text = formatDay(day);
    }
    return text;
  };
}
