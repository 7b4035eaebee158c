//! Which instruction set the kernels use: found once, and a lower one on request. It decides the speed, never a bit.

use std::cell::Cell;
use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

/// The environment variable that forces a lower instruction set.
pub const ISA_VARIABLE: &str = "RECURRA_ISA";

/// An instruction set that the kernels are compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Isa {
    /// Plain Rust, on every processor; slow where it must compute the multiply-add in software.
    Portable,
    /// NEON (aarch64).
    Neon,
    /// AVX2 with FMA (x86-64).
    Avx2,
    /// AVX-512F (x86-64).
    Avx512,
}

/// Why [`ISA_VARIABLE`] cannot be obeyed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum IsaError {
    /// It names no instruction set.
    Unknown(String),
    /// This processor does not have it.
    Unavailable(Isa),
}

impl fmt::Display for IsaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => {
                write!(
                    f,
                    "{ISA_VARIABLE}: unknown instruction set `{name}`; use portable, neon, avx2 or avx512"
                )
            }
            Self::Unavailable(isa) => {
                write!(f, "{ISA_VARIABLE}: this processor has no {isa}; it has ")?;
                for (i, isa) in Isa::available().enumerate() {
                    write!(f, "{}{isa}", if i == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for IsaError {}

impl fmt::Display for Isa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Portable => "portable",
            Self::Neon => "neon",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        })
    }
}

impl FromStr for Isa {
    type Err = IsaError;

    fn from_str(name: &str) -> Result<Self, IsaError> {
        let all = [Self::Portable, Self::Neon, Self::Avx2, Self::Avx512];
        all.into_iter()
            .find(|isa| isa.to_string() == name)
            .ok_or_else(|| IsaError::Unknown(name.to_owned()))
    }
}

thread_local! {
    static OVERRIDE: Cell<Option<Isa>> = const { Cell::new(None) };
}

impl Isa {
    /// Whether this processor has it.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            Self::Portable => true,
            Self::Neon => cfg!(target_arch = "aarch64"),
            // Miri runs no vendor intrinsics of this width.
            #[cfg(all(target_arch = "x86_64", not(miri)))]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(all(target_arch = "x86_64", not(miri)))]
            Self::Avx512 => is_x86_feature_detected!("avx512f") && Self::Avx2.is_available(),
            #[cfg(not(all(target_arch = "x86_64", not(miri))))]
            Self::Avx2 | Self::Avx512 => false,
        }
    }

    /// Those that this processor has, the slowest first.
    pub fn available() -> impl Iterator<Item = Self> {
        [Self::Portable, Self::Neon, Self::Avx2, Self::Avx512]
            .into_iter()
            .filter(|isa| isa.is_available())
    }

    /// The fastest that this processor has.
    #[must_use]
    pub fn best() -> Self {
        Self::available().last().unwrap_or(Self::Portable)
    }

    /// What [`ISA_VARIABLE`] asks for, or the best where it is not set.
    ///
    /// # Errors
    /// If it names no instruction set, or one that this processor does not have. The kernels themselves then use the
    /// best; a program should say so and stop.
    pub fn from_env() -> Result<Self, IsaError> {
        match std::env::var_os(ISA_VARIABLE) {
            Some(name) if !name.is_empty() => {
                let isa: Self = name.to_string_lossy().parse()?;
                if isa.is_available() {
                    Ok(isa)
                } else {
                    Err(IsaError::Unavailable(isa))
                }
            }
            _ => Ok(Self::best()),
        }
    }

    /// The one that the kernels use on this thread.
    #[must_use]
    pub fn active() -> Self {
        static DEFAULT: OnceLock<Isa> = OnceLock::new();
        OVERRIDE
            .get()
            .unwrap_or_else(|| *DEFAULT.get_or_init(|| Self::from_env().unwrap_or_else(|_| Self::best())))
    }

    /// Runs `work` with this instruction set on this thread (and on the threads that the kernels start for it).
    ///
    /// # Errors
    /// If the processor does not have it.
    pub fn with<T>(self, work: impl FnOnce() -> T) -> Result<T, IsaError> {
        if !self.is_available() {
            return Err(IsaError::Unavailable(self));
        }
        let _restore = Restore(OVERRIDE.replace(Some(self)));
        Ok(work())
    }
}

/// Puts the override back, also when the work panics.
struct Restore(Option<Isa>);

impl Drop for Restore {
    fn drop(&mut self) {
        OVERRIDE.set(self.0);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Isa, IsaError};

    #[test]
    fn names_are_read_back_and_others_refused() {
        for isa in [Isa::Portable, Isa::Neon, Isa::Avx2, Isa::Avx512] {
            assert_eq!(isa.to_string().parse(), Ok(isa));
        }
        assert_eq!("sse".parse::<Isa>(), Err(IsaError::Unknown("sse".into())));
    }

    #[test]
    fn an_override_ends_with_its_work() {
        let before = Isa::active();
        assert_eq!(Isa::Portable.with(Isa::active).unwrap(), Isa::Portable);
        assert_eq!(Isa::active(), before);
        let missing = if cfg!(target_arch = "aarch64") {
            Isa::Avx2
        } else {
            Isa::Neon
        };
        assert_eq!(missing.with(|| ()), Err(IsaError::Unavailable(missing)));
    }
}
