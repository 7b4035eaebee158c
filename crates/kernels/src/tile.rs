//! Register tiles: the inner loop of every matrix product.
//!
//! A tile is R rows of up to four vectors of sums, all in registers. For each k it loads the vectors of B once, spreads one value of
//! A per row over all lanes, and adds the products. So each output element is one chain of multiply-adds in the order of k,
//! whatever the tile's size, and the lanes lie along outputs, never along k.
//!
//! How many rows fit depends on the registers ([`Lanes::ROWS`]). Rows are shared out evenly ([`split`]), because a small last tile would
//! have too few independent chains to hide the latency of a multiply-add (4 cycles at two per cycle: 8 chains at the least).

use crate::lanes::Lanes;

/// The sums of R rows; a tile of fewer vectors leaves the rest unused.
pub(crate) type Sums<V, const R: usize> = [[V; 4]; R];

/// Which vector of B feeds which vector of the sums: pairs (from, to).
pub(crate) type Feeds = &'static [(usize, usize)];

/// Vector v of B to vector v of the sums, for one to four vectors.
pub(crate) const STRAIGHT: [Feeds; 5] = [
    &[],
    &[(0, 0)],
    &[(0, 0), (1, 1)],
    &[(0, 0), (1, 1), (2, 2)],
    &[(0, 0), (1, 1), (2, 2), (3, 3)],
];

/// Adds `Σ_k A[row, k]·B[k, vector]` to the sums. A's value is at `a + row·a_row + k·a_k`, B's vector at
/// `b + k·b_k + b_vector[from]`.
///
/// # Safety
/// The addresses must be readable, and the processor must have the instruction set.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "two operands, each a pointer and its strides")]
pub(crate) unsafe fn accumulate<L: Lanes, const R: usize>(
    sums: &mut Sums<L::V, R>,
    feeds: Feeds,
    mut a: *const f32,
    a_row: usize,
    a_k: usize,
    mut b: *const f32,
    b_k: usize,
    b_vector: [usize; 4],
    k: usize,
) {
    for _ in 0..k {
        // SAFETY: as the caller promises.
        unsafe {
            let mut vectors = [L::splat(0.0); 4];
            for &(from, _) in feeds {
                vectors[from] = L::load(b.add(b_vector[from]));
            }
            for (r, sums) in sums.iter_mut().enumerate() {
                let value = L::splat(*a.add(r * a_row));
                for &(from, to) in feeds {
                    sums[to] = L::fma(value, vectors[from], sums[to]);
                }
            }
        }
        a = a.wrapping_add(a_k);
        b = b.wrapping_add(b_k);
    }
}

/// Cuts `rows` into the fewest tiles of at most `most` rows and as even as possible: (first row, rows).
pub(crate) fn split(rows: usize, most: usize) -> impl Iterator<Item = (usize, usize)> {
    let tiles = rows.div_ceil(most).max(1);
    let (base, longer) = (rows / tiles, rows % tiles);
    (0..tiles).filter_map(move |tile| {
        let rows = base + usize::from(tile >= tiles - longer);
        (rows > 0).then_some((tile * base + (tile + longer).saturating_sub(tiles), rows))
    })
}

/// Calls `$call` with `$R` a constant equal to `$rows`, which the instruction set's tiles of `$vectors` vectors allow.
macro_rules! with_rows {
    ($lanes:ty, $vectors:expr, $rows:expr, $R:ident => $call:expr) => {
        with_rows!(@arms $lanes, $vectors, $rows, $R => $call, 1 2 3 4 5 6 7 8)
    };
    (@arms $lanes:ty, $vectors:expr, $rows:expr, $R:ident => $call:expr, $($n:literal)*) => {
        match $rows {
            $($n => {
                const $R: usize = $n;
                // A condition known when compiling: tiles that this instruction set never uses are not compiled.
                if const { $n <= <$lanes>::ROWS[$vectors - 1] } {
                    $call
                }
            })*
            _ => {}
        }
    };
}
pub(crate) use with_rows;

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn rows_are_shared_out_evenly_and_completely() {
        assert_eq!(
            split(32, 6).map(|(_, rows)| rows).collect::<Vec<_>>(),
            [5, 5, 5, 5, 6, 6]
        );
        assert_eq!(split(0, 6).count(), 0);
        for rows in 1..100 {
            for most in 1..9 {
                let mut next = 0;
                for (first, count) in split(rows, most) {
                    assert_eq!(first, next);
                    assert!(count <= most && count > 0);
                    next += count;
                }
                assert_eq!(next, rows);
            }
        }
    }
}
