import protobuf from 'protobufjs/minimal.js';
import { expect, test } from 'vitest';
import { onnxModel } from '../../../core/scoring/exports/onnx-model.ts';
import { tinyBundle } from '../../../testing/golden/bundle-fixture.ts';
import { writeOnnx } from './onnx.ts';

test('the file holds the graph by the field numbers of onnx.proto', () => {
  const graph = onnxModel(tinyBundle('neural'));
  const model = fieldsOf(writeOnnx(graph));
  expect(model.get(1)).toEqual([8]);
  expect(model.get(8)?.length).toBe(2);
  const written = fieldsOf(model.get(7)?.[0] as Uint8Array);
  expect(written.get(1)?.length).toBe(graph.nodes.length);
  expect(written.get(5)?.length).toBe(graph.initializers.length);
  const weights = graph.initializers.findIndex(({ values }) => values instanceof Float32Array && values.length > 4);
  const tensor = fieldsOf(written.get(5)?.[weights] as Uint8Array);
  expect(tensor.get(1)).toEqual(graph.initializers[weights]?.dims);
  expect(tensor.get(2)).toEqual([1]);
  const [bytes] = tensor.get(9) as Uint8Array[];
  expect(new Float32Array(bytes!.slice().buffer)).toEqual(graph.initializers[weights]?.values);
});

/** A message's fields by number: whole numbers, or the bytes of texts and messages. */
function fieldsOf(bytes: Uint8Array): Map<number, (number | Uint8Array)[]> {
  const fields = new Map<number, (number | Uint8Array)[]>();
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const value = (tag & 7) === 0 ? Number(reader.int64()) : new Uint8Array(reader.bytes());
    fields.set(tag >>> 3, [...(fields.get(tag >>> 3) ?? []), value]);
  }
  return fields;
}
