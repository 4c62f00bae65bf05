// @ts-nocheck AssemblyScript has types of its own.

/** The difference of numbers to themselves: all bits 0 if they are finite, NaN if not. */
function rest<T>(address: usize): v128 {
  const numbers = v128.load(address);
  return sizeof<T>() == 4 ? f32x4.sub(numbers, numbers) : f64x2.sub(numbers, numbers);
}

function allFinite<T>(address: usize, blocks: i32): bool {
  let rests = i32x4.splat(0);
  for (; blocks > 0; blocks--) {
    const low = v128.or(rest<T>(address), rest<T>(address + 16));
    const high = v128.or(rest<T>(address + 32), rest<T>(address + 48));
    rests = v128.or(rests, v128.or(low, high));
    address += 64;
  }
  return !v128.any_true(rests);
}

/** Whether `blocks` times 16 float32 numbers are finite. */
export function allFinite32(address: usize, blocks: i32): bool {
  return allFinite<f32>(address, blocks);
}

/** Whether `blocks` times 8 float64 numbers are finite. */
export function allFinite64(address: usize, blocks: i32): bool {
  return allFinite<f64>(address, blocks);
}
