//! Damage by the number of its seed.

/// A linear congruential generator: the same damage on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end.max(1)
    }
}

/// `whole` with one to four pieces of damage: bits, ends, large numbers, pieces twice, pieces gone.
pub(crate) fn damaged(whole: &[u8], seed: u64) -> Vec<u8> {
    let mut numbers = Numbers(seed);
    let mut bytes = whole.to_vec();
    for _ in 0..=numbers.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = numbers.below(bytes.len());
        match numbers.below(7) {
            0 => bytes[at] ^= 1 << numbers.below(8),
            1 => bytes[at] = [0x00, 0xff, 0x7f, b'9', b'"', b',', b'\n', b'-'][numbers.below(8)],
            2 => bytes.truncate(at),
            3 => {
                // A length or a number of elements, as large as it can be.
                let end = (at + [1, 2, 4, 8][numbers.below(4)]).min(bytes.len());
                let byte = [0xff, 0x7f, b'9'][numbers.below(3)];
                bytes[at..end].fill(byte);
            }
            4 => {
                let end = (at + numbers.below(64)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                let to = numbers.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            5 => {
                let end = (at + numbers.below(64)).min(bytes.len());
                bytes.drain(at..end);
            }
            // One digit more: a hundred becomes a thousand.
            _ => {
                let digits = bytes.iter().enumerate().filter(|(_, byte)| byte.is_ascii_digit());
                let digits: Vec<usize> = digits.map(|(at, _)| at).collect();
                if !digits.is_empty() {
                    let at = digits[numbers.below(digits.len())];
                    bytes.splice(at..at, *b"99999");
                }
            }
        }
    }
    bytes
}
