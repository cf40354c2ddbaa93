import { byPlace } from '../boosting/feature-rules.ts';
import type { ParameterValue, Parameters } from '../parameters.ts';
import { type Lines, quote, refuse } from './lightgbm-text-fields.ts';

const parameterLine = /^\[([a-z][a-z0-9_]{0,60}): (.*)\]$/;
const featureRules = new Set(['monotone_constraints', 'interaction_constraints']);
const mostParameters = 1000;
const categoriesKey = 'pandas_categorical:';

export interface Sections {
  /** As LightGBM names them; only those with a value. */
  readonly parameters: Parameters;
  /** The JSON behind `pandas_categorical:`; absent where the file has no such line. */
  readonly pandasCategorical: { readonly text: string; readonly row: number } | undefined;
}

/** What follows the trees: importances (told by the trees already, so passed over), parameters, pandas categories. */
export function readSections(lines: Lines): Sections {
  let parameters: Parameters = {};
  let last = '';
  let row = lines.row;
  for (let line = lines.read(); line !== undefined; line = lines.read()) {
    if (line === '') continue;
    if (line === 'parameters:') parameters = readParameters(lines);
    last = line;
    row = lines.row;
  }
  if (!last.startsWith(categoriesKey)) return { parameters, pandasCategorical: undefined };
  return { parameters, pandasCategorical: { text: last.slice(categoriesKey.length), row } };
}

function readParameters(lines: Lines): Parameters {
  const values = new Map<string, ParameterValue>();
  for (let line = lines.read(); line !== 'end of parameters'; line = lines.read()) {
    if (line === undefined) throw refuse('the parameters do not end: the file is cut off', lines.row);
    if (line === '') continue;
    const [, name, text] = parameterLine.exec(line) ?? [];
    if (name === undefined || text === undefined) throw refuse(`${quote(line)} is no [parameter: value]`, lines.row);
    if (values.has(name)) throw refuse(`the parameter ${name} stands twice`, lines.row, name);
    if (values.size >= mostParameters) throw refuse(`there are more than ${mostParameters} parameters`, lines.row);
    if (text === '') continue;
    if (featureRules.has(name) && !byPlace.test(text)) {
      throw refuse(`${name} holds ${quote(text)}, not features by place`, lines.row, name);
    }
    const value = Number(text);
    values.set(name, String(value) === text && Number.isFinite(value) ? value : text);
  }
  return Object.fromEntries(values);
}
