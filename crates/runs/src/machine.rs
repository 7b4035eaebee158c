//! The machine that computes, in words.

use serde::Serialize;
use std::{env::consts, thread};

/// The machine that computes, in words. Never part of `results.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Machine {
    /// The processor's name, or its architecture where the system does not tell.
    pub processor: String,
    /// Threads that run at once.
    pub threads: usize,
    /// The operating system.
    pub system: String,
    /// The architecture that this program was built for.
    pub architecture: String,
}

impl Machine {
    /// This machine.
    #[must_use]
    pub fn this() -> Self {
        Self {
            processor: processor().unwrap_or_else(|| consts::ARCH.to_string()),
            threads: thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get),
            system: consts::OS.to_string(),
            architecture: consts::ARCH.to_string(),
        }
    }

    /// One line, such as `Intel Xeon (2 threads, linux, x86_64)`.
    #[must_use]
    pub fn line(&self) -> String {
        let threads = if self.threads == 1 {
            "1 thread".to_string()
        } else {
            format!("{} threads", self.threads)
        };
        format!("{} ({threads}, {}, {})", self.processor, self.system, self.architecture)
    }
}

/// What Linux calls the processor.
fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_string())
}
