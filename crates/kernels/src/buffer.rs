//! Working memory on cache-line boundaries, reused from call to call.

/// One cache line; a buffer of them starts on a cache line.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
struct Line([f32; 16]);

/// Values that grow to the largest size asked for and stay.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    lines: Vec<Line>,
}

impl Buffer {
    /// A pointer to at least `len` values on a cache-line boundary. What they hold is what the last use left (zero at first).
    /// It is valid until the next call.
    pub(crate) fn reserve(&mut self, len: usize) -> *mut f32 {
        let lines = len.div_ceil(16);
        if self.lines.len() < lines {
            self.lines.resize(lines, Line([0.0; 16]));
        }
        self.lines.as_mut_ptr().cast()
    }

    /// The values, for reading, as the last [`Buffer::reserve`] laid them out.
    pub(crate) fn as_ptr(&self) -> *const f32 {
        self.lines.as_ptr().cast()
    }
}

#[cfg(test)]
mod tests {
    use super::Buffer;

    #[test]
    fn it_grows_to_the_largest_size_and_stays() {
        let mut buffer = Buffer::default();
        let first = buffer.reserve(100);
        assert_eq!((first as usize % 64, buffer.lines.len()), (0, 7));
        assert_eq!(buffer.reserve(30), first);
        assert_eq!((buffer.reserve(101), buffer.lines.len()), (first, 7));
        buffer.reserve(113);
        assert_eq!(buffer.lines.len(), 8);
    }
}
