/** A model's parameter, declared once: form, YAML, flags, API check and docs follow from it. Names are the field's own. */
export type ParameterSchema = NumberParameter | ChoiceParameter | BooleanParameter | ListParameter | TextParameter;

interface ParameterBase {
  readonly name: string;
  /** One line: what it does. */
  readonly help: string;
  /** Shown without unfolding: the few that matter. */
  readonly open?: boolean;
  /** Defaults that come with the value of another parameter of choice, in place of `default`. */
  readonly defaultBy?: {
    readonly parameter: string;
    readonly values: Readonly<Record<string, ParameterValue>>;
  };
}

export interface NumberParameter extends ParameterBase {
  readonly type: 'number' | 'integer';
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

export interface ChoiceParameter extends ParameterBase {
  readonly type: 'choice';
  readonly choices: readonly string[];
  readonly default: string;
}

export interface BooleanParameter extends ParameterBase {
  readonly type: 'boolean';
  readonly default: boolean;
}

/** Whole numbers in a row, such as layer widths. */
export interface ListParameter extends ParameterBase {
  readonly type: 'list';
  readonly min: number;
  readonly max: number;
  readonly maxLength: number;
  readonly default: readonly number[];
}

/** Words that the model itself reads, such as rules on named features; empty is none. */
export interface TextParameter extends ParameterBase {
  readonly type: 'text';
  readonly maxLength: number;
  readonly default: string;
}

export type ParameterValue = number | string | boolean | readonly number[];

/** Chosen values by name. */
export type Parameters = Readonly<Record<string, ParameterValue>>;
