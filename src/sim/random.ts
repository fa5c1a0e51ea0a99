/**
 * Numbers that depend only on what they are asked for, never on the order of asking: the same seed gives the same
 * company whichever page is read first.
 */

/** 32 well mixed bits of four numbers (the finalizer of MurmurHash3, after Appleby, public domain). */
export function mix(seed: number, a: number, b = 0, c = 0): number {
  let hash = (seed | 0) ^ Math.imul(a | 0, 0xcc9e2d51);
  hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  hash ^= Math.imul(b | 0, 0x1b873593);
  hash = Math.imul((hash << 15) | (hash >>> 17), 5) + 0x52dce729;
  hash ^= Math.imul(c | 0, 0x85ebca6b);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A number in [0, 1). */
export function fraction(seed: number, a: number, b = 0, c = 0): number {
  return mix(seed, a, b, c) / 4_294_967_296;
}

export function pick<Value>(values: readonly Value[], seed: number, a: number, b = 0): Value {
  const value = values[mix(seed, a, b) % values.length];
  if (value === undefined) throw new Error("Nothing to pick from.");
  return value;
}

/** A stable UUID (version 4 in form). */
export function uuid(seed: number, a: number, b = 0): string {
  let text = "";
  for (let part = 0; part < 4; part++)
    text += mix(seed, a, b, part + 1)
      .toString(16)
      .padStart(8, "0");
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-a${text.slice(17, 20)}-${text.slice(20, 32)}`;
}

/** `count` hexadecimal digits. */
export function hex(seed: number, a: number, b: number, count: number): string {
  let text = "";
  for (let part = 0; text.length < count; part++)
    text += mix(seed, a, b, part + 9)
      .toString(16)
      .padStart(8, "0");
  return text.slice(0, count);
}
