import type { FittedFeature } from '../../features/fitted-recipe.ts';
import type { BoostingModel } from '../../models/boosting/boosting-model.ts';
import {
  defaultLeftBit,
  missingMask,
  missingNaN,
  missingZero,
  thresholdInEffect,
} from '../../models/boosting/decision.ts';
import type { LogisticModel } from '../../models/logistic/logistic-model.ts';
import type { Calibrator } from '../../evaluation/calibration/calibrator.ts';
import { foldedNetworks } from '../../models/neural/score-neural.ts';
import type { NeuralModel } from '../../models/neural/neural-model.ts';
import { StudioError } from '../../shared/errors.ts';
import type { Bundle } from '../bundle.ts';
import { linearTerms } from './linear-terms.ts';
import { OnnxBuilder, type OnnxGraph, onnxTypes } from './onnx-graph.ts';
import { categorySets, treeInputs } from './tree-inputs.ts';

/**
 * A bundle's model from features to scores: inputs are the recipe's features by name, N × 1, numbers as double (NaN is
 * missing) and categories as text ("" is missing); outputs `propensity_score` and `conversion_probability`, N × 1.
 */
export function onnxModel(bundle: Bundle): OnnxGraph {
  const { model, recipe, manifest, cutoffs, centre = 0 } = bundle;
  const builder = new OnnxBuilder();
  const features = new Map(recipe.features.map((feature) => [feature.name, feature]));
  const inputs = new FeatureInputs(builder, features);
  const raw =
    model.kind === 'boosting'
      ? boostedScore(builder, model, bundle, inputs)
      : model.kind === 'logistic'
        ? linearScore(builder, model, bundle, inputs)
        : networkScore(builder, model, inputs);
  const propensity = builder.node('Sigmoid', [builder.node('Add', [raw, builder.number(centre)])]);
  const logOdds = calibratedScore(builder, bundle.calibrator, raw);
  const bounded = builder.node('Clip', [
    logOdds,
    builder.constant(Float64Array.of(-36), []),
    builder.constant(Float64Array.of(36), []),
  ]);
  return {
    name: 'propensity',
    outputs: [
      builder.output('propensity_score', propensity),
      builder.output('conversion_probability', builder.node('Sigmoid', [bounded])),
    ],
    inputs: builder.inputs,
    nodes: builder.nodes,
    initializers: builder.initializers,
    metadata: {
      model_version: manifest.modelVersion,
      created_from: manifest.createdFrom,
      cut: String(cutoffs.cut),
      band_high: String(cutoffs.high),
      band_medium: String(cutoffs.medium),
    },
  };
}

/** The graph's inputs, each made when a model first reads it. */
class FeatureInputs {
  private readonly made = new Map<string, string>();

  constructor(
    private readonly builder: OnnxBuilder,
    private readonly features: ReadonlyMap<string, FittedFeature>,
  ) {}

  number(name: string): string {
    return this.once(name, 'double', (input) => input);
  }

  /** Place in a table: 0 missing, 1 … the recipe's levels, and behind them what no level is. */
  level(name: string): string {
    return this.once(name, 'string', (input) => {
      const { levels = [] } = this.feature(name);
      return this.builder.mlNode('LabelEncoder', [input], {
        keys_strings: ['', ...levels],
        values_int64s: Int32Array.from({ length: levels.length + 1 }, (_, place) => place),
        default_int64: levels.length + 1,
      });
    });
  }

  feature(name: string): FittedFeature {
    const feature = this.features.get(name);
    if (!feature) throw new StudioError('data.missing-column', `The recipe makes no feature "${name}".`);
    return feature;
  }

  private once(name: string, type: 'double' | 'string', read: (input: string) => string): string {
    const known = this.made.get(name);
    if (known !== undefined) return known;
    const value = read(this.builder.input(name, type));
    this.made.set(name, value);
    return value;
  }
}

function boostedScore(builder: OnnxBuilder, model: BoostingModel, { recipe }: Bundle, inputs: FeatureInputs): string {
  const columns = treeInputs(model, recipe).map(({ name, numbers }) => {
    if (!numbers) return inputs.number(name);
    // Unseen levels count as missing. What is in no set cannot be NaN here: -1 is in none either.
    const table = Float64Array.of(...numbers, numbers[0] as number).map((each) => (Number.isNaN(each) ? -1 : each));
    return builder.node('Gather', [builder.constant(table), inputs.level(name)]);
  });
  const joined = builder.node('Concat', columns, { axis: 1 });
  const sum = builder.mlNode('TreeEnsembleRegressor', [joined], ensembleAttributes(model));
  const scale = (model.objective?.sigmoid ?? 1) / (model.averageOutput ? model.trees.length : 1);
  return builder.node('Mul', [builder.node('Cast', [sum], { to: onnxTypes.double }), builder.number(scale)]);
}

/** ai.onnx.ml 3: thresholds and leaves as doubles, sets as chains of equalities that share their left branch. */
function ensembleAttributes({ trees }: BoostingModel) {
  const nodes = { tree: [] as number[], node: [] as number[], feature: [] as number[], yes: [] as number[] };
  const more = { no: [] as number[], missingYes: [] as number[], values: [] as number[], modes: [] as string[] };
  const leaves = { tree: [] as number[], node: [] as number[], weight: [] as number[] };
  trees.forEach((tree, t) => {
    let count = 0;
    const add = (mode: string, feature: number, value: number, missingYes: boolean): number => {
      nodes.tree.push(t);
      nodes.node.push(count);
      nodes.feature.push(feature);
      nodes.yes.push(0);
      more.no.push(0);
      more.values.push(value);
      more.modes.push(mode);
      more.missingYes.push(missingYes ? 1 : 0);
      return count++;
    };
    const base = nodes.tree.length;
    const link = (node: number, yes: number, no: number): void => {
      nodes.yes[base + node] = yes;
      more.no[base + node] = no;
    };
    const sets = categorySets(tree);
    const place = (child: number): number => {
      if (child < 0) {
        const node = add('LEAF', 0, 0, false);
        leaves.tree.push(t);
        leaves.node.push(node);
        leaves.weight.push(tree.leafValue[~child] as number);
        return node;
      }
      const type = tree.decisionType[child] as number;
      const feature = tree.splitFeature[child] as number;
      const threshold = tree.threshold[child] as number;
      const [left, right] = [tree.leftChild[child] as number, tree.rightChild[child] as number];
      if (type & 1) {
        const members = sets[threshold] ?? [];
        const chain = members.map((member) => add('BRANCH_EQ', feature, member, false));
        const [yes, no] = [place(left), place(right)];
        chain.forEach((node, i) => link(node, yes, chain[i + 1] ?? no));
        return chain[0] ?? no;
      }
      const missing = type & missingMask;
      if (missing === missingZero)
        throw new StudioError('model.format', 'ONNX has no word for trees that take zero as missing.', {
          fix: 'Train without zero_as_missing, or export model.txt.',
        });
      const effective = thresholdInEffect(threshold);
      const node = add(
        'BRANCH_LEQ',
        feature,
        effective,
        missing === missingNaN ? (type & defaultLeftBit) !== 0 : 0 <= effective,
      );
      link(node, place(left), place(right));
      return node;
    };
    place(tree.leafCount > 1 ? 0 : -1);
  });
  const doubles = (name: string, values: readonly number[]) => ({
    name,
    dims: [values.length],
    values: Float64Array.from(values),
  });
  return {
    n_targets: 1,
    post_transform: 'NONE',
    aggregate_function: 'SUM',
    nodes_treeids: Int32Array.from(nodes.tree),
    nodes_nodeids: Int32Array.from(nodes.node),
    nodes_featureids: Int32Array.from(nodes.feature),
    nodes_truenodeids: Int32Array.from(nodes.yes),
    nodes_falsenodeids: Int32Array.from(more.no),
    nodes_missing_value_tracks_true: Int32Array.from(more.missingYes),
    nodes_modes: more.modes,
    nodes_values_as_tensor: doubles('nodes_values', more.values),
    target_treeids: Int32Array.from(leaves.tree),
    target_nodeids: Int32Array.from(leaves.node),
    target_ids: new Int32Array(leaves.tree.length),
    target_weights_as_tensor: doubles('target_weights', leaves.weight),
  };
}

/** The model's own order of operations, in doubles. */
function linearScore(builder: OnnxBuilder, model: LogisticModel, { recipe }: Bundle, inputs: FeatureInputs): string {
  let sum = builder.number(model.intercept);
  for (const term of linearTerms(model, recipe)) {
    if ('byCode' in term) {
      const table = Float64Array.of(0, ...term.byCode, 0);
      sum = builder.node('Add', [sum, builder.node('Gather', [builder.constant(table), inputs.level(term.name)])]);
      continue;
    }
    const x = inputs.number(term.name);
    const standard = standardised(builder, x, term);
    const added = builder.node('Mul', [standard, builder.number(term.coefficient)]);
    const isMissing = builder.node('IsNaN', [x]);
    sum = builder.node('Add', [sum, builder.node('Where', [isMissing, builder.number(term.missing), added])]);
  }
  return sum;
}

function standardised(builder: OnnxBuilder, x: string, { mean, scale }: { mean: number; scale: number }): string {
  return builder.node('Div', [builder.node('Sub', [x, builder.number(mean)]), builder.number(scale)]);
}

/** Inputs encoded as floats and cut to the clip, then dense layers; of an ensemble the mean. */
function networkScore(builder: OnnxBuilder, model: NeuralModel, inputs: FeatureInputs): string {
  const columns = model.encoding.columns.flatMap((column) => {
    if (column.kind === 'category') {
      const { levels = [] } = inputs.feature(column.name);
      const width = column.levels.length;
      const rows = new Float32Array((levels.length + 2) * width);
      levels.forEach((level, code) => {
        const place = column.levels.indexOf(level);
        if (place >= 0) rows[(code + 1) * width + place] = 1;
      });
      if (width === 0) return [];
      const picked = builder.node('Gather', [
        builder.constant(rows, [levels.length + 2, width]),
        inputs.level(column.name),
      ]);
      return [builder.node('Reshape', [picked, builder.constant(BigInt64Array.of(-1n, BigInt(width)))])];
    }
    if (column.knots)
      throw new StudioError('model.format', 'A network over quantile-scaled inputs is not written as ONNX.', {
        fix: 'Train it with scaling: standard.',
      });
    const x = inputs.number(column.name);
    const isMissing = builder.node('IsNaN', [x]);
    const value = builder.node('Where', [isMissing, builder.number(0), standardised(builder, x, column)]);
    const parts = [builder.node('Cast', [value], { to: onnxTypes.float })];
    if (column.missingIndicator) parts.push(builder.node('Cast', [isMissing], { to: onnxTypes.float }));
    return parts;
  });
  const joined = builder.node('Concat', columns, { axis: 1 });
  const limit = model.clip > 0 ? model.clip : 1e6;
  const bound = (value: number): string => builder.constant(Float32Array.of(value), []);
  const encoded = builder.node('Clip', [joined, bound(-limit), bound(limit)]);
  const networks = foldedNetworks(model);
  const outputs = networks.map(({ layers, activation }) => {
    let values = encoded;
    layers.forEach(({ inputs: rows, units, weights, biases }, index) => {
      values = builder.node('Gemm', [values, builder.constant(weights, [rows, units]), builder.constant(biases)]);
      if (index < layers.length - 1) values = activated(builder, activation, values);
    });
    return builder.node('Cast', [values], { to: onnxTypes.double });
  });
  const sum = outputs.reduce((a, b) => builder.node('Add', [a, b]));
  return builder.node('Div', [sum, builder.number(networks.length)]);
}

function activated(builder: OnnxBuilder, activation: 'relu' | 'gelu' | 'silu', x: string): string {
  const number = (value: number): string => builder.constant(Float32Array.of(value), [1]);
  switch (activation) {
    case 'relu':
      return builder.node('Relu', [x]);
    case 'silu':
      return builder.node('Mul', [x, builder.node('Sigmoid', [x])]);
    case 'gelu': {
      // x · (1 + erf(x / √2)) / 2
      const erf = builder.node('Erf', [builder.node('Mul', [x, number(Math.SQRT1_2)])]);
      return builder.node('Mul', [x, builder.node('Mul', [builder.node('Add', [erf, number(1)]), number(0.5)])]);
    }
  }
}

function calibratedScore(builder: OnnxBuilder, calibrator: Calibrator, raw: string): string {
  const { node, number } = { node: builder.node.bind(builder), number: builder.number.bind(builder) };
  switch (calibrator.kind) {
    case 'platt':
      return node('Add', [node('Mul', [raw, number(calibrator.slope)]), number(calibrator.intercept)]);
    case 'beta': {
      // softplus(x) = max(x, 0) + ln(1 + e^−|x|)
      const small = node('Log', [node('Add', [node('Exp', [node('Neg', [node('Abs', [raw])])]), number(1)])]);
      const softplus = (x: string): string => node('Add', [node('Max', [x, number(0)]), small]);
      const up = node('Mul', [softplus(raw), number(calibrator.b)]);
      const down = node('Mul', [softplus(node('Neg', [raw])), number(calibrator.a)]);
      return node('Add', [number(calibrator.c), node('Sub', [up, down])]);
    }
    case 'isotonic': {
      const { raw: x, logOdds: y, tailSlope } = calibrator;
      // Piece k lies between knots k − 1 and k; the outer two go on with the tail's slope.
      const from = [x[0] as number, ...x];
      const low = [y[0] as number, ...y];
      const inner = x.slice(1);
      const run = [1, ...inner.map((knot, i) => knot - (x[i] as number)), 1];
      const rise = [tailSlope, ...inner.map((_, i) => (y[i + 1] as number) - (y[i] as number)), tailSlope];
      const passed = node(
        'Cast',
        [node('GreaterOrEqual', [raw, builder.constant(Float64Array.from(x), [1, x.length])])],
        {
          to: onnxTypes.int64,
        },
      );
      const piece = node('ReduceSum', [passed, builder.constant(BigInt64Array.of(1n))], { keepdims: 1 });
      const pick = (values: readonly number[]): string =>
        node('Gather', [builder.constant(Float64Array.from(values)), piece]);
      const part = node('Div', [node('Sub', [raw, pick(from)]), pick(run)]);
      return node('Add', [pick(low), node('Mul', [part, pick(rise)])]);
    }
  }
}
