/** An ONNX graph as plain data (onnx.proto, IR version 8): what is needed of it, to be written by an adapter. */
export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** A column of N rows. */
export interface OnnxValue {
  readonly name: string;
  readonly type: 'double' | 'string';
}

export interface OnnxNode {
  readonly op: string;
  /** The machine-learning operators, rather than ONNX's own. */
  readonly isMl: boolean;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** A whole number, text, or lists; numbers with a fraction travel in tensors. */
export type OnnxAttribute = number | string | readonly string[] | Int32Array | OnnxTensor;

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float64Array | Float32Array | BigInt64Array;
}

/** Codes of TensorProto.DataType. */
export const onnxTypes = { float: 1, int64: 7, string: 8, double: 11 } as const;

/** Collects nodes; each call gives the name of its result. */
export class OnnxBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  readonly inputs: OnnxValue[] = [];

  input(name: string, type: OnnxValue['type']): string {
    this.inputs.push({ name, type });
    return name;
  }

  node(op: string, inputs: readonly string[], attributes: Readonly<Record<string, OnnxAttribute>> = {}): string {
    return this.add(op, false, inputs, attributes);
  }

  mlNode(op: string, inputs: readonly string[], attributes: Readonly<Record<string, OnnxAttribute>>): string {
    return this.add(op, true, inputs, attributes);
  }

  constant(values: OnnxTensor['values'], dims: readonly number[] = [values.length]): string {
    const name = `constant_${this.initializers.length}`;
    this.initializers.push({ name, dims, values });
    return name;
  }

  /** One double. */
  number(value: number): string {
    return this.constant(Float64Array.of(value), [1]);
  }

  /** Gives a value the name that the caller will read. */
  output(name: string, value: string): OnnxValue {
    this.nodes.push({ op: 'Identity', isMl: false, inputs: [value], output: name, attributes: {} });
    return { name, type: 'double' };
  }

  private add(
    op: string,
    isMl: boolean,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>>,
  ): string {
    const output = `${op}_${this.nodes.length}`;
    this.nodes.push({ op, isMl, inputs, output, attributes });
    return output;
  }
}
