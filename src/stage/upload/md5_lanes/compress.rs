//! MD5 of one block of each lane at a time, with the widest registers of the processor (RFC 1321, section 3.4).

use std::array::from_fn;
use std::num::Wrapping;
use std::ops::{Add, BitAnd, BitOr, BitXor, Not};

use wide::u32x8;

pub const LANES: usize = 16;
pub const BLOCK: usize = 64;
/// The number of parallel lanes without special registers.
const HALF: usize = LANES / 2;

/// Four words of each lane.
pub type State = [[u32; LANES]; 4];

/// RFC 1321, section 3.3.
pub const START: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];

/// Processes this many blocks of each lane.
pub fn compress(state: &mut State, parts: [&[u8]; LANES], blocks: usize) {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl") {
            // SAFETY: the processor has the features that the function is compiled for.
            return unsafe { by_avx512(state, parts, blocks) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the same.
            return unsafe { by_avx2(state, parts, blocks) };
        }
    }
    by_halves(state, parts, blocks);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl")]
fn by_avx512(state: &mut State, parts: [&[u8]; LANES], blocks: usize) {
    at_once(state, parts, blocks);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn by_avx2(state: &mut State, parts: [&[u8]; LANES], blocks: usize) {
    at_once(state, parts, blocks);
}

/// All lanes in plain loops, compiled into vectors as wide as the caller's.
#[inline(always)]
fn at_once(state: &mut State, parts: [&[u8]; LANES], blocks: usize) {
    for at in 0..blocks {
        let block = parts.map(|part| &part[at * BLOCK..][..BLOCK]);
        let mut words = [[0; LANES]; 16];
        for (lane, block) in block.iter().enumerate() {
            for (word, bytes) in words.iter_mut().zip(block.as_chunks().0) {
                word[lane] = u32::from_le_bytes(*bytes);
            }
        }
        let mut next = *state;
        round_at_once::<0>(&mut next, &words);
        round_at_once::<1>(&mut next, &words);
        round_at_once::<2>(&mut next, &words);
        round_at_once::<3>(&mut next, &words);
        for (words, next) in state.iter_mut().zip(next) {
            words.iter_mut().zip(next).for_each(|(word, next)| *word = word.wrapping_add(next));
        }
    }
}

#[inline(always)]
fn round_at_once<const ROUND: usize>(state: &mut State, words: &[[u32; LANES]; 16]) {
    for at in 0..16 {
        let [a, b, c, d] = *state;
        let (word, mut next) = (&words[place::<ROUND>(at)], [0; LANES]);
        for lane in 0..LANES {
            let state = [a[lane], b[lane], c[lane], d[lane]].map(Wrapping);
            next[lane] = step::<ROUND, _>(at, state, Wrapping(word[lane])).0;
        }
        *state = [d, next, b, c];
    }
}

/// Eight lanes, then the other eight: eight fit into the registers that every processor has.
fn by_halves(state: &mut State, parts: [&[u8]; LANES], blocks: usize) {
    for first in [0, HALF] {
        let half =
            |words: &[u32; LANES]| u32x8::from(from_fn::<u32, HALF, _>(|at| words[first + at]));
        let mut own = state.each_ref().map(half);
        half_of(&mut own, from_fn(|at| parts[first + at]), blocks);
        for (words, own) in state.iter_mut().zip(own) {
            words[first..first + HALF].copy_from_slice(own.as_array());
        }
    }
}

/// Not inlined, so that it has all registers for itself.
#[inline(never)]
fn half_of(state: &mut [u32x8; 4], parts: [&[u8]; HALF], blocks: usize) {
    for at in 0..blocks {
        let block = parts.map(|part| &part[at * BLOCK..][..BLOCK]);
        let words: [u32x8; 16] = from_fn(|word| {
            let of = |lane: usize| {
                let bytes = &block[lane][word * 4..][..4];
                u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
            };
            u32x8::from(from_fn::<u32, HALF, _>(of))
        });
        let mut next = *state;
        round_of_half::<0>(&mut next, &words);
        round_of_half::<1>(&mut next, &words);
        round_of_half::<2>(&mut next, &words);
        round_of_half::<3>(&mut next, &words);
        state.iter_mut().zip(next).for_each(|(word, next)| *word += next);
    }
}

#[inline(always)]
fn round_of_half<const ROUND: usize>(state: &mut [u32x8; 4], words: &[u32x8; 16]) {
    for at in 0..16 {
        let next = step::<ROUND, _>(at, *state, words[place::<ROUND>(at)]);
        let [_, b, c, d] = *state;
        *state = [d, next, b, c];
    }
}

/// A word of one lane, or of several.
trait Word:
    Copy
    + Add<Output = Self>
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + BitXor<Output = Self>
    + Not<Output = Self>
{
    fn of(number: u32) -> Self;
    fn rotated(self, by: u32) -> Self;
}

impl Word for Wrapping<u32> {
    #[inline(always)]
    fn of(number: u32) -> Self {
        Wrapping(number)
    }

    #[inline(always)]
    fn rotated(self, by: u32) -> Self {
        Wrapping(self.0.rotate_left(by))
    }
}

impl Word for u32x8 {
    #[inline(always)]
    fn of(number: u32) -> Self {
        u32x8::splat(number)
    }

    #[inline(always)]
    fn rotated(self, by: u32) -> Self {
        (self << by) | (self >> (32 - by))
    }
}

/// The index of the block's word that a step uses.
#[inline(always)]
fn place<const ROUND: usize>(at: usize) -> usize {
    match ROUND {
        0 => at,
        1 => (5 * at + 1) % 16,
        2 => (3 * at + 5) % 16,
        _ => 7 * at % 16,
    }
}

#[inline(always)]
fn step<const ROUND: usize, W: Word>(at: usize, [a, b, c, d]: [W; 4], word: W) -> W {
    let mixed = match ROUND {
        0 => d ^ (b & (c ^ d)),
        1 => c ^ (d & (b ^ c)),
        2 => b ^ c ^ d,
        _ => c ^ (b | !d),
    };
    let sum = a + mixed + word + W::of(T[ROUND * 16 + at]);
    b + sum.rotated(SHIFTS[ROUND][at % 4])
}

/// The constants of the steps, and the rotation of each.
#[rustfmt::skip]
const T: [u32; 64] = [
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
];
const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

#[cfg(test)]
mod tests;
