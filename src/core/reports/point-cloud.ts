/** Points of all customers, drawn as pixels: point i is of row i % `rowCount`. */
export interface PointCloud {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** 0 (low) to 254 (high) along the colour scale; 255 has no place on it. */
  readonly colour: Uint8Array;
  readonly rowCount: number;
}

/** The part of the plane that the picture shows; `y` may run downwards. */
export interface CloudArea {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly width: number;
  readonly height: number;
}

export type Rgb = readonly [number, number, number];

/** Colours of the lowest, the middle and the highest value, of those without a place, and of those not selected. */
export interface CloudColours {
  readonly low: Rgb;
  readonly middle: Rgb;
  readonly high: Rgb;
  readonly none: Rgb;
  readonly faint: Rgb;
}

/**
 * The points as RGBA pixels, `radius` around each, later over earlier, those not selected under all others. Transparent
 * where there is none.
 * @param selected 1 for each row that is; all unless given
 */
export function drawCloud(
  cloud: PointCloud,
  area: CloudArea,
  colours: CloudColours,
  { radius = 1, selected }: { readonly radius?: number; readonly selected?: Uint8Array } = {},
): Uint8ClampedArray<ArrayBuffer> {
  const { width, height } = area;
  const pixels = new Uint32Array(width * height);
  const palette = paletteOf(colours);
  const faint = packed(colours.faint);
  const { scaleX, scaleY } = scalesOf(area);
  const [fromX, fromY] = [area.x[0], area.y[0]];
  const { x, y, colour, rowCount } = cloud;
  // Which pixels around a point are its own: told once, not for each of a million points.
  const reach: number[] = [];
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      if (radius < 2 || dx * dx + dy * dy <= radius * radius + 1) reach.push(dx, dy);
    }
  }
  const paint = (wanted: number): void => {
    for (let start = 0; start < x.length; start += rowCount) {
      for (let row = 0; row < rowCount; row++) {
        if (selected && selected[row] !== wanted) continue;
        const point = start + row;
        const left = Math.round((x[point]! - fromX) * scaleX);
        const top = Math.round(height - 1 - (y[point]! - fromY) * scaleY);
        const own = wanted === 1 ? palette[colour[point]!]! : faint;
        if (left >= radius && left < width - radius && top >= radius && top < height - radius) {
          const at = top * width + left;
          for (let i = 0; i < reach.length; i += 2) pixels[at + reach[i]! + reach[i + 1]! * width] = own;
        } else {
          for (let i = 0; i < reach.length; i += 2) {
            const [px, py] = [left + reach[i]!, top + reach[i + 1]!];
            if (px >= 0 && px < width && py >= 0 && py < height) pixels[py * width + px] = own;
          }
        }
      }
    }
  };
  if (selected) paint(0);
  paint(1);
  return new Uint8ClampedArray(pixels.buffer);
}

/** The point nearest to a place in the picture, in pixels; undefined where none is within `reach`. */
export function nearestPoint(
  cloud: PointCloud,
  area: CloudArea,
  at: { readonly x: number; readonly y: number },
  { reach = 12, selected }: { readonly reach?: number; readonly selected?: Uint8Array } = {},
): number | undefined {
  let best: number | undefined;
  let least = reach * reach;
  const { scaleX, scaleY } = scalesOf(area);
  for (let point = 0; point < cloud.x.length; point++) {
    const dy = area.height - 1 - (cloud.y[point]! - area.y[0]) * scaleY - at.y;
    if (dy > reach || dy < -reach) continue;
    if (selected && selected[point % cloud.rowCount] !== 1) continue;
    const dx = (cloud.x[point]! - area.x[0]) * scaleX - at.x;
    const distance = dx * dx + dy * dy;
    if (distance <= least) {
      least = distance;
      best = point;
    }
  }
  return best;
}

/** Pixels per unit. */
function scalesOf({ x, y, width, height }: CloudArea): { readonly scaleX: number; readonly scaleY: number } {
  return { scaleX: (width - 1) / (x[1] - x[0]), scaleY: (height - 1) / (y[1] - y[0]) };
}

function paletteOf({ low, middle, high, none }: CloudColours): Uint32Array {
  const between = (a: Rgb, b: Rgb, share: number): Rgb => [
    a[0] + (b[0] - a[0]) * share,
    a[1] + (b[1] - a[1]) * share,
    a[2] + (b[2] - a[2]) * share,
  ];
  return Uint32Array.from({ length: 256 }, (_, i) => {
    if (i === 255) return packed(none);
    return packed(i < 127 ? between(low, middle, i / 127) : between(middle, high, (i - 127) / 127));
  });
}

/** Opaque, in the byte order of image data on every machine there is a browser for. */
function packed([red, green, blue]: Rgb): number {
  return ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
}

const bins = 100;

/**
 * How far each value of a swarm stands from its middle line, −0.4 to 0.4: values that fall together spread to both sides,
 * the most crowded place takes the whole height (as in shap's beeswarm).
 */
export function swarmOffsets(values: Float32Array): Float32Array {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const scale = high > low ? (bins - 1) / (high - low) : 0;
  const layer = new Uint32Array(values.length);
  const counts = new Uint32Array(bins);
  let most = 1;
  values.forEach((value, i) => {
    const bin = Math.floor((value - low) * scale);
    layer[i] = counts[bin]!++;
    most = Math.max(most, counts[bin]!);
  });
  // Up and down in turn: 0, 1, −1, 2, −2 …
  return Float32Array.from(layer, (place) => (0.8 * (place % 2 === 1 ? (place + 1) / 2 : 0 - place / 2)) / most);
}
