import { ActionIcon, NativeSelect, NumberInput, Switch, TextInput } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useState } from 'react';
import type { ListParameter, ParameterSchema, ParameterValue } from '../../../core/models/parameters.ts';

/** One parameter: what it does, its range and default in a line; marked when changed, and put back by a click. */
export function ParameterField({
  schema,
  value,
  onChange,
}: {
  schema: ParameterSchema;
  value: ParameterValue | undefined;
  onChange: (value: ParameterValue | undefined) => void;
}) {
  const change = (next: ParameterValue) => onChange(sameValue(next, schema.default) ? undefined : next);
  return (
    <div className={value === undefined ? 'parameter' : 'parameter changed'}>
      <span className="name mono">{schema.name}</span>
      {value === undefined ? (
        <span />
      ) : (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Put ${schema.name} back to ${shown(schema.default)}`}
          onClick={() => onChange(undefined)}
        >
          <IconArrowBackUp size={16} />
        </ActionIcon>
      )}
      <Control schema={schema} value={value ?? schema.default} onChange={change} />
      <span className="help">
        {schema.help} {rangeWords(schema)}
      </span>
    </div>
  );
}

function Control({
  schema,
  value,
  onChange,
}: {
  schema: ParameterSchema;
  value: ParameterValue;
  onChange: (value: ParameterValue) => void;
}) {
  const common = { size: 'xs', 'aria-label': schema.name } as const;
  switch (schema.type) {
    case 'number':
    case 'integer':
      return (
        <NumberInput
          {...common}
          min={schema.min}
          max={schema.max}
          allowDecimal={schema.type === 'number'}
          step={schema.type === 'integer' ? 1 : stepOf(schema.default)}
          value={value as number}
          onChange={(next) => typeof next === 'number' && next >= schema.min && next <= schema.max && onChange(next)}
        />
      );
    case 'choice':
      return (
        <NativeSelect
          {...common}
          data={[...schema.choices]}
          value={value as string}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'boolean':
      return (
        <Switch {...common} checked={value as boolean} onChange={(event) => onChange(event.currentTarget.checked)} />
      );
    case 'text':
      return (
        <TextInput
          {...common}
          maxLength={schema.maxLength}
          value={value as string}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'list':
      return <ListControl schema={schema} value={value as readonly number[]} onChange={onChange} />;
  }
}

function ListControl({
  schema,
  value,
  onChange,
}: {
  schema: ListParameter;
  value: readonly number[];
  onChange: (value: readonly number[]) => void;
}) {
  const [text, setText] = useState<string | null>(null);
  const read = (from: string) =>
    from
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(Number);
  const isValid = (list: readonly number[]) =>
    list.length > 0 &&
    list.length <= schema.maxLength &&
    list.every((each) => Number.isInteger(each) && each >= schema.min && each <= schema.max);
  const list = text === null ? value : read(text);
  return (
    <TextInput
      size="xs"
      aria-label={schema.name}
      value={text ?? value.join(', ')}
      error={!isValid(list)}
      onChange={(event) => {
        setText(event.currentTarget.value);
        const next = read(event.currentTarget.value);
        if (isValid(next)) onChange(next);
      }}
      onBlur={() => setText(null)}
    />
  );
}

function rangeWords(schema: ParameterSchema): string {
  switch (schema.type) {
    case 'number':
    case 'integer':
      return `${schema.min} to ${schema.max}; default ${schema.default}.`;
    case 'list':
      return `Up to ${schema.maxLength} whole numbers from ${schema.min} to ${schema.max}; default ${shown(schema.default)}.`;
    case 'text':
      return 'Empty by default.';
    case 'choice':
    case 'boolean':
      return `Default ${shown(schema.default)}.`;
  }
}

function shown(value: ParameterValue): string {
  return Array.isArray(value) ? value.join(', ') : value === true ? 'on' : value === false ? 'off' : String(value);
}

function sameValue(a: ParameterValue, b: ParameterValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A tenth of the default's size: 0.05 goes in steps of 0.01, 30 in steps of 1. */
function stepOf(value: number): number {
  return value === 0 ? 0.1 : 10 ** Math.floor(Math.log10(Math.abs(value)));
}
