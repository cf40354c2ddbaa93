import { exp, log1p } from '../../shared/exact-math.ts';
import type { LogisticFunctions } from '../logistic.ts';
import { blockRows } from '../logistic.ts';

/**
 * The twin of src/wasm/logistic.ts on plain memory: the same sums in the same order, rows taken in pairs as the two
 * lanes of its vectors. Addresses are in bytes, as there.
 */
export function createReferenceLogistic(memory: Float64Array): LogisticFunctions {
  return {
    scoreRows(_member, _count, blocks, coefficients, labels, weights, residual, curvature, losses, width, blockCount) {
      for (let block = 0; block < blockCount; block++) {
        const at = block * blockRows;
        const scores = residual / 8 + at;
        addColumns(memory, blocks / 8 + at * width, coefficients / 8, scores, width);
        let total = 0;
        for (let i = 0; i < blockRows; i++) {
          const score = memory[scores + i] as number;
          const weight = memory[weights / 8 + at + i] as number;
          const e = exp(-Math.abs(score));
          const larger = 1 / (1 + e);
          const smaller = e * larger;
          const positive = (memory[labels / 8 + at + i] as number) > 0;
          const agrees = positive === score >= 0;
          const wrong = agrees ? smaller : larger;
          memory[scores + i] = positive ? -(weight * wrong) : weight * wrong;
          memory[curvature / 8 + at + i] = weight * (smaller * larger);
          total += weight * (agrees ? log1p(e) : log1p(e) + Math.abs(score));
        }
        memory[losses / 8 + block] = total;
      }
    },

    addGradient(_member, _count, blocks, residual, gradient, width, blockCount) {
      for (let block = 0; block < blockCount; block++) {
        const rows = residual / 8 + block * blockRows;
        for (let j = 0; j < width; j++) {
          const column = blocks / 8 + (block * width + j) * blockRows;
          let even = 0;
          let odd = 0;
          for (let i = 0; i < blockRows; i += 2) {
            even += (memory[rows + i] as number) * (memory[column + i] as number);
            odd += (memory[rows + i + 1] as number) * (memory[column + i + 1] as number);
          }
          const out = gradient / 8 + j;
          memory[out] = (memory[out] as number) + (even + odd);
        }
      }
    },

    addHessian(_member, _count, blocks, curvature, hessian, _scratch, width, blockCount) {
      const scaled = new Float64Array(blockRows);
      for (let block = 0; block < blockCount; block++) {
        const rows = curvature / 8 + block * blockRows;
        const first = blocks / 8 + block * width * blockRows;
        for (let j = 0; j < width; j++) {
          const left = first + j * blockRows;
          for (let i = 0; i < blockRows; i++) scaled[i] = (memory[rows + i] as number) * (memory[left + i] as number);
          // As far as the vector kernel's tiles reach.
          const end = ((j | 1) & ~3) + 4;
          for (let k = 0; k < end; k++) {
            const right = first + k * blockRows;
            let even = 0;
            let odd = 0;
            for (let i = 0; i < blockRows; i += 2) {
              even += (scaled[i] as number) * (memory[right + i] as number);
              odd += (scaled[i + 1] as number) * (memory[right + i + 1] as number);
            }
            const out = hessian / 8 + j * width + k;
            memory[out] = (memory[out] as number) + (even + odd);
          }
        }
      }
    },
  };
}

function addColumns(memory: Float64Array, block: number, coefficients: number, out: number, width: number): void {
  memory.fill(0, out, out + blockRows);
  for (let j = 0; j < width; j++) {
    const coefficient = memory[coefficients + j] as number;
    const column = block + j * blockRows;
    for (let i = 0; i < blockRows; i++) {
      memory[out + i] = (memory[out + i] as number) + coefficient * (memory[column + i] as number);
    }
  }
}
