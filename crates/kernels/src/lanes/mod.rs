//! Vectors of f32 with the handful of operations that the kernels are written in, one implementation per instruction set.
//!
//! A kernel is written once, generic over [`Lanes`], as a [`Kernel`] whose `run` is `#[inline(always)]`. It is entered through
//! [`Lanes::enter`], a function compiled with the instruction set's `#[target_feature]`; everything inlined into it is compiled for
//! that set. (Closures would lose the target feature, so kernels are structs.)

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;

#[cfg(target_arch = "x86_64")]
pub(crate) use avx2::Avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) use avx512::Avx512;
#[cfg(target_arch = "aarch64")]
pub(crate) use neon::Neon;
pub(crate) use portable::Portable;

/// Code that runs with one instruction set enabled.
pub(crate) trait Kernel {
    /// # Safety
    /// The processor must have the instruction set of `L`, and the kernel's own pointers must be valid.
    unsafe fn run<L: Lanes>(self);
}

/// One vector of f32 and its operations, each lane by itself and rounded as IEEE 754 says.
///
/// # Safety
/// All methods need a processor with the instruction set. Loads and stores need valid memory for the lanes they touch; there is no
/// alignment to keep.
pub(crate) trait Lanes: Copy + Send + Sync + 'static {
    /// Lanes of a vector.
    const N: usize;
    /// Rows that a register tile of 1, 2, 3 and 4 vectors a row may have (index: vectors minus one).
    const ROWS: [usize; 4];
    /// The vector.
    type V: Copy;

    /// Runs a kernel with the instruction set enabled, as a function of its own.
    unsafe fn enter<K: Kernel>(kernel: K);
    /// All lanes `value`.
    unsafe fn splat(value: f32) -> Self::V;
    /// N values from memory.
    unsafe fn load(from: *const f32) -> Self::V;
    /// N values to memory.
    unsafe fn store(to: *mut f32, v: Self::V);
    /// The first `count` (at most N) values from memory, zero in the other lanes.
    unsafe fn load_part(from: *const f32, count: usize) -> Self::V;
    /// The first `count` (at most N) lanes to memory.
    unsafe fn store_part(to: *mut f32, count: usize, v: Self::V);
    /// `a·b + c`, rounded once.
    unsafe fn fma(a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// `-a·b + c`, rounded once.
    unsafe fn negated_fma(a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// `a + b`.
    unsafe fn add(a: Self::V, b: Self::V) -> Self::V;
    /// `a - b`.
    unsafe fn sub(a: Self::V, b: Self::V) -> Self::V;
    /// `a·b`.
    unsafe fn mul(a: Self::V, b: Self::V) -> Self::V;
    /// `a/b`.
    unsafe fn div(a: Self::V, b: Self::V) -> Self::V;
    /// The smaller; `value` where it is NaN or equal.
    unsafe fn at_most(limit: Self::V, value: Self::V) -> Self::V;
    /// The greater; `value` where it is NaN or equal.
    unsafe fn at_least(limit: Self::V, value: Self::V) -> Self::V;

    /// [`Lanes::load`] where all lanes are asked for, else [`Lanes::load_part`].
    #[inline(always)]
    unsafe fn load_first(from: *const f32, count: usize) -> Self::V {
        // SAFETY: as the caller promises for `count` lanes.
        unsafe {
            if count >= Self::N {
                Self::load(from)
            } else {
                Self::load_part(from, count)
            }
        }
    }

    /// [`Lanes::store`] where all lanes are asked for, else [`Lanes::store_part`].
    #[inline(always)]
    unsafe fn store_first(to: *mut f32, count: usize, v: Self::V) {
        // SAFETY: as the caller promises for `count` lanes.
        unsafe {
            if count >= Self::N {
                Self::store(to, v)
            } else {
                Self::store_part(to, count, v)
            }
        }
    }
}

/// Evaluates `$call` with `$L` the vectors of the active instruction set.
macro_rules! with_lanes {
    ($L:ident => $call:expr) => {
        match $crate::isa::Isa::active() {
            #[cfg(target_arch = "x86_64")]
            $crate::isa::Isa::Avx512 => {
                type $L = $crate::lanes::Avx512;
                $call
            }
            #[cfg(target_arch = "x86_64")]
            $crate::isa::Isa::Avx2 => {
                type $L = $crate::lanes::Avx2;
                $call
            }
            #[cfg(target_arch = "aarch64")]
            $crate::isa::Isa::Neon => {
                type $L = $crate::lanes::Neon;
                $call
            }
            _ => {
                type $L = $crate::lanes::Portable;
                $call
            }
        }
    };
}
pub(crate) use with_lanes;
