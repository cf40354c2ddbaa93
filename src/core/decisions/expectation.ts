import { type Banded, bandOfResamples } from '../evaluation/banded.ts';
import type { Confusion } from '../evaluation/confusion.ts';
import { resampleConfusion } from '../evaluation/multinomial.ts';
import { createRandom } from '../shared/random.ts';
import type { Cut } from './cut.ts';
import { type Economics, profitOf } from './economics.ts';

/** What contacting a list is expected to bring, each with a 95 % band. */
export interface Expectation {
  /** The value is the list's own count; its band is what another list of this size would give. */
  readonly contacts: Banded;
  readonly conversions: Banded;
  readonly profit: Banded;
  /** Share of all buyers, the excluded ones included, who are contacted. */
  readonly reach: Banded;
}

/** Labelled test customers: what a cut would have done. */
export interface TestCustomers {
  readonly labels: Int8Array;
  readonly propensity: Float64Array;
  /** 1 where the customer may be contacted. */
  readonly eligible: Uint8Array;
}

const resampleCount = 500;
const none: Banded = { value: 0, low: 0, high: 0 };

/**
 * Reads a cut on test customers and scales it to the list: per test customer contacted, so many list contacts. Bands
 * are bootstrap bands of the test sample. Where the cut takes no test customer, conversions can be anything from none
 * to all contacts.
 */
export function expectationOf(test: TestCustomers, cut: Cut, economics: Economics, seed: number): Expectation {
  if (cut.contacts === 0) return { contacts: none, conversions: none, profit: none, reach: none };
  const counts = testConfusion(test, cut);
  const taken = counts.truePositive + counts.falsePositive;
  if (taken === 0) return unknownExpectation(cut, economics);
  const scale = cut.contacts / taken;
  const random = createRandom(seed, 3);
  const resamples = Array.from({ length: resampleCount }, () => resampleConfusion(counts, random));
  const banded = (of: (confusion: Confusion) => number): Banded =>
    bandOfResamples(of(counts), Float64Array.from(resamples, of));
  const contactsOf = (each: Confusion): number => scale * (each.truePositive + each.falsePositive);
  const conversionsOf = (each: Confusion): number => scale * each.truePositive;
  return {
    contacts: { ...banded(contactsOf), value: cut.contacts },
    conversions: banded(conversionsOf),
    profit: banded((each) => profitOf(economics, conversionsOf(each), contactsOf(each))),
    reach: banded((each) => each.truePositive / (each.truePositive + each.falseNegative)),
  };
}

/** Of test customers who score exactly at the cut, the same share is contacted as on the list: the counts may be broken. */
function testConfusion({ labels, propensity, eligible }: TestCustomers, { score, tiedShare }: Cut): Confusion {
  let truePositive = 0;
  let falsePositive = 0;
  let falseNegative = 0;
  for (let row = 0; row < labels.length; row++) {
    const own = propensity[row] as number;
    const contacted = eligible[row] !== 1 || own < score ? 0 : own === score ? tiedShare : 1;
    if (labels[row] === 1) {
      truePositive += contacted;
      falseNegative += 1 - contacted;
    } else falsePositive += contacted;
  }
  return {
    truePositive,
    falsePositive,
    falseNegative,
    trueNegative: labels.length - truePositive - falsePositive - falseNegative,
  };
}

function unknownExpectation({ contacts }: Cut, economics: Economics): Expectation {
  return {
    contacts: { value: contacts, low: contacts, high: contacts },
    conversions: { value: 0, low: 0, high: contacts },
    profit: {
      value: profitOf(economics, 0, contacts),
      low: profitOf(economics, 0, contacts),
      high: profitOf(economics, contacts, contacts),
    },
    reach: { value: 0, low: 0, high: 1 },
  };
}
