import protobuf from 'protobufjs/minimal.js';
import {
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
  onnxTypes,
} from '../../../core/scoring/exports/onnx-graph.ts';

type Writer = protobuf.Writer;
const bytesField = 2;
const varintField = 0;

/** The graph as an ONNX file: IR version 8, opset 17, ai.onnx.ml 3; field numbers of onnx.proto. */
export function writeOnnx(graph: OnnxGraph, producer = 'Propensity Studio'): Uint8Array<ArrayBuffer> {
  const model = protobuf.Writer.create();
  whole(model, 1, 8);
  text(model, 2, producer);
  message(model, 7, (into) => writeGraph(into, graph));
  for (const [domain, version] of [
    ['', 17],
    ['ai.onnx.ml', 3],
  ] as const)
    message(model, 8, (into) => {
      text(into, 1, domain);
      whole(into, 2, version);
    });
  for (const [key, value] of Object.entries(graph.metadata))
    message(model, 14, (into) => {
      text(into, 1, key);
      text(into, 2, value);
    });
  return new Uint8Array(model.finish());
}

function writeGraph(into: Writer, { nodes, name, initializers, inputs, outputs }: OnnxGraph): void {
  for (const node of nodes) message(into, 1, (each) => writeNode(each, node));
  text(into, 2, name);
  for (const tensor of initializers) message(into, 5, (each) => writeTensor(each, tensor));
  for (const value of inputs) message(into, 11, (each) => writeValue(each, value));
  for (const value of outputs) message(into, 12, (each) => writeValue(each, value));
}

function writeNode(into: Writer, { inputs, output, op, attributes, isMl }: OnnxNode): void {
  for (const input of inputs) text(into, 1, input);
  text(into, 2, output);
  text(into, 3, output);
  text(into, 4, op);
  for (const [name, value] of Object.entries(attributes)) message(into, 5, (each) => writeAttribute(each, name, value));
  if (isMl) text(into, 7, 'ai.onnx.ml');
}

/** AttributeProto.type: 2 INT, 3 STRING, 4 TENSOR, 7 INTS, 8 STRINGS. */
function writeAttribute(into: Writer, name: string, value: OnnxAttribute): void {
  text(into, 1, name);
  const kind = (type: number): void => whole(into, 20, type);
  if (typeof value === 'number') {
    whole(into, 3, value);
    kind(2);
  } else if (typeof value === 'string') {
    text(into, 4, value);
    kind(3);
  } else if (value instanceof Int32Array) {
    for (const each of value) whole(into, 8, each);
    kind(7);
  } else if ('dims' in value) {
    message(into, 5, (each) => writeTensor(each, value));
    kind(4);
  } else {
    for (const each of value) text(into, 9, each);
    kind(8);
  }
}

function writeTensor(into: Writer, { dims, values, name }: OnnxTensor): void {
  for (const dim of dims) whole(into, 1, dim);
  const type = values instanceof Float64Array ? 'double' : values instanceof Float32Array ? 'float' : 'int64';
  whole(into, 2, onnxTypes[type]);
  text(into, 8, name);
  // Little-endian, as every host that runs this is.
  into.uint32((9 << 3) | bytesField).bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

function writeValue(into: Writer, { name, type }: OnnxValue): void {
  text(into, 1, name);
  message(into, 2, (typeProto) =>
    message(typeProto, 1, (tensorType) => {
      whole(tensorType, 1, onnxTypes[type]);
      message(tensorType, 2, (shape) => {
        message(shape, 1, (rows) => text(rows, 2, 'N'));
        message(shape, 1, (columns) => whole(columns, 1, 1));
      });
    }),
  );
}

function message(into: Writer, field: number, write: (into: Writer) => void): void {
  into.uint32((field << 3) | bytesField).fork();
  write(into);
  into.ldelim();
}

function text(into: Writer, field: number, value: string): void {
  into.uint32((field << 3) | bytesField).string(value);
}

function whole(into: Writer, field: number, value: number): void {
  into.uint32((field << 3) | varintField).int64(value);
}
