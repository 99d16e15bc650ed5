/** Zero crossings of the filter on each side: 12 keep what folds back some 70 dB down. */
const crossings = 12;
/** Entries of the filter's table between two zero crossings. */
const fineness = 128;
/** Share of the narrower side's bandwidth that is kept. */
const kept = 0.9;

/** A windowed sinc (Blackman), by its distance from the middle in zero crossings. */
const shape = Float64Array.from({ length: crossings * fineness + 2 }, (_, index) => {
  const x = index / fineness;
  if (x >= crossings) return 0;
  const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
  const phase = (Math.PI * x) / crossings;
  return sinc * (0.42 + 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase));
});

/** Changes the sample rate of a stream of audio that comes in pieces of any size. */
export class Resampler {
  readonly #step: number;
  /** Zero crossings per input sample; also the filter's gain. */
  readonly #scale: number;
  /** Input samples that count, on each side of an output sample. */
  readonly #reach: number;
  /** Input that later output still needs. */
  #tail: Float32Array;
  /** Where in it the next output sample lies. */
  #position: number;

  constructor(fromHz: number, toHz: number) {
    this.#step = fromHz / toHz;
    this.#scale = kept * Math.min(1, toHz / fromHz);
    this.#reach = Math.ceil(crossings / this.#scale);
    this.#tail = new Float32Array(this.#reach);
    this.#position = this.#reach;
  }

  /** @returns as many samples as the input so far is good for; some 1.5 ms stay behind */
  process(input: Float32Array): Float32Array {
    const all = new Float32Array(this.#tail.length + input.length);
    all.set(this.#tail);
    all.set(input, this.#tail.length);
    const last = all.length - 1 - this.#reach;
    const count = Math.max(0, Math.floor((last - this.#position) / this.#step) + 1);
    const output = new Float32Array(count);
    for (let i = 0; i < count; i++) output[i] = this.#sampleAt(all, this.#position + i * this.#step);
    const next = this.#position + count * this.#step;
    const spent = Math.min(all.length, Math.max(0, Math.floor(next) - this.#reach));
    this.#tail = all.slice(spent);
    this.#position = next - spent;
    return output;
  }

  #sampleAt(input: Float32Array, position: number): number {
    const first = Math.ceil(position - this.#reach);
    const last = Math.floor(position + this.#reach);
    let sum = 0;
    for (let i = Math.max(0, first); i <= last; i++) {
      const at = Math.abs(position - i) * this.#scale * fineness;
      const index = Math.floor(at);
      const low = shape[index] ?? 0;
      sum += (input[i] ?? 0) * (low + ((shape[index + 1] ?? 0) - low) * (at - index));
    }
    return sum * this.#scale;
  }
}
