//! Weight gradients: `gradient[k, column] += Σ_(step, row) a[step, row, k]·delta[step, row, column]`, steps from last to first.
//!
//! The deltas lie in memory just as a tile reads its B operand, so nothing is packed. The sums are taken up to [`DEPTH`] rows at a time,
//! which keeps both operands in the first-level cache; in between they wait, exactly, in the gradient itself.

use crate::lanes::{Kernel, Lanes};
use crate::tile::{STRAIGHT, Sums, accumulate, split, with_rows};

/// Rows (of all steps) summed between two visits to the gradient.
pub(crate) const DEPTH: usize = 128;

/// One product into the gradient of one weight matrix.
///
/// # Safety
/// The pointers must be valid at their strides for all steps and rows.
#[derive(Debug, Clone)]
pub(crate) struct WeightProduct {
    /// The first operand at the first step to be taken, `[row][inputs]`, and the way to the next one.
    pub(crate) a: *const f32,
    pub(crate) a_step: isize,
    pub(crate) inputs: usize,
    /// The deltas at the first step to be taken, block 0, `[row][stored][N]`, and the way to the next one.
    pub(crate) deltas: *const f32,
    pub(crate) deltas_step: isize,
    pub(crate) deltas_block: usize,
    pub(crate) stored: usize,
    /// The stored vectors that belong to columns `gate·hidden + unit`, gate by gate.
    pub(crate) gates: &'static [usize],
    /// The first gate's number among the gradient's columns.
    pub(crate) first_gate: usize,
    pub(crate) hidden: usize,
    pub(crate) rows: usize,
    pub(crate) steps: usize,
    /// The gradient, `[inputs, columns]`.
    pub(crate) gradient: *mut f32,
    pub(crate) columns: usize,
}

/// Some vectors of columns: where their deltas lie and where their sums go.
#[derive(Debug, Clone, Copy, Default)]
struct Columns {
    count: usize,
    deltas: [usize; 4],
    gradient: [usize; 4],
    units: [usize; 4],
}

struct WeightTile<'a, const V: usize, const R: usize> {
    product: &'a WeightProduct,
    columns: &'a Columns,
    input: usize,
    /// The slice of the sum: steps, and rows within them.
    steps: (usize, usize),
    rows: (usize, usize),
}

impl<const V: usize, const R: usize> Kernel for WeightTile<'_, V, R> {
    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        let Self {
            product,
            columns,
            input,
            steps,
            rows,
        } = self;
        let width = product.stored * L::N;
        // SAFETY: the product's pointers are valid for these inputs, columns, steps and rows.
        unsafe {
            let mut sums: Sums<L::V, R> = [[L::splat(0.0); 4]; R];
            let gradient = product.gradient.add(input * product.columns);
            for (r, sums) in sums.iter_mut().enumerate() {
                for (v, sum) in sums.iter_mut().enumerate().take(V) {
                    let place = r * product.columns + columns.gradient[v];
                    *sum = L::load_first(gradient.add(place), columns.units[v]);
                }
            }
            for step in steps.0..steps.0 + steps.1 {
                let a = product
                    .a
                    .offset(step as isize * product.a_step)
                    .add(rows.0 * product.inputs + input);
                let b = product
                    .deltas
                    .offset(step as isize * product.deltas_step)
                    .add(rows.0 * width);
                accumulate::<L, R>(
                    &mut sums,
                    STRAIGHT[V],
                    a,
                    1,
                    product.inputs,
                    b,
                    width,
                    columns.deltas,
                    rows.1,
                );
            }
            for (r, sums) in sums.into_iter().enumerate() {
                for (v, sum) in sums.into_iter().enumerate().take(V) {
                    let place = r * product.columns + columns.gradient[v];
                    L::store_first(gradient.add(place), columns.units[v], sum);
                }
            }
        }
    }
}

/// Runs one product.
///
/// # Safety
/// That of [`WeightProduct`], and the processor must have the instruction set.
pub(crate) unsafe fn weight_product<L: Lanes>(product: &WeightProduct) {
    let blocks = product.hidden.div_ceil(L::N);
    // All vectors of the gradient's columns, block by block, up to four at a time.
    let per_block = product.gates.len();
    let groups = (blocks * per_block).div_ceil(4);
    let at_once = (DEPTH / product.rows.max(1)).max(1);
    for first in (0..product.steps).step_by(at_once) {
        let steps = (first, at_once.min(product.steps - first));
        for rows in split(product.rows, DEPTH) {
            for group in 0..groups {
                let mut columns = Columns::default();
                for vector in group * 4..((group + 1) * 4).min(blocks * per_block) {
                    let (block, gate) = (vector / per_block, vector % per_block);
                    let v = columns.count;
                    columns.deltas[v] = block * product.deltas_block + product.gates[gate] * L::N;
                    columns.gradient[v] = (product.first_gate + gate) * product.hidden + block * L::N;
                    columns.units[v] = (product.hidden - block * L::N).min(L::N);
                    columns.count += 1;
                }
                // SAFETY: as the caller promises.
                unsafe {
                    match columns.count {
                        1 => inputs::<L, 1>(product, &columns, steps, rows),
                        2 => inputs::<L, 2>(product, &columns, steps, rows),
                        3 => inputs::<L, 3>(product, &columns, steps, rows),
                        _ => inputs::<L, 4>(product, &columns, steps, rows),
                    }
                }
            }
        }
    }
}

unsafe fn inputs<L: Lanes, const V: usize>(
    product: &WeightProduct,
    columns: &Columns,
    steps: (usize, usize),
    rows: (usize, usize),
) {
    for (input, count) in split(product.inputs, const { L::ROWS[V - 1] }) {
        // SAFETY: as the caller promises.
        with_rows!(L, V, count, R => unsafe {
            L::enter(WeightTile::<V, R> { product, columns, input, steps, rows });
        });
    }
}
