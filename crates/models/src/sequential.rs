//! A dfdx stack as a [`Network`].

use std::sync::{Mutex, MutexGuard, PoisonError};

use dfdx::tensor::{
    Cache, Cpu, CpuError, Gradients, NoneTape, OwnedTape, PutTape, SplitTape, Tape, Tensor, ZerosTensor,
};
use dfdx::tensor_ops::Backward;

use crate::carried::Carried;
use crate::error::ModelError;
use crate::forecasting_stack::{ForecastingStack, Forecasts, check_rates, check_sizes};
use crate::generator::Generator;
use crate::inference::Plan;
use crate::layer::{Names, StepKey};
use crate::network::{NamedLayer, Network};
use crate::parameter::{ParameterView, ParameterViewMut};
use crate::tensors::NamedTensors;

/// How many different batch sizes dfdx's cache may hold memory for before it is emptied.
const CACHED_BATCH_SIZES: usize = 6;

/// A stack of layers as a [`Network`], with its device.
///
/// dfdx keeps freed tensors for reuse (its cache), which saves the page faults of large temporaries. The cache knows
/// memory by its size alone, so every new batch size adds to it; it is emptied when many sizes have come by.
#[derive(Debug)]
pub struct Sequential<S> {
    device: Cpu,
    stack: S,
    columns: usize,
    outputs: usize,
    batch_sizes: Mutex<Vec<(usize, usize)>>,
    /// What forecasting has packed and allocated, for the next call; as many as calls run at once.
    plans: Mutex<Vec<Plan>>,
}

impl<S: ForecastingStack> Sequential<S> {
    /// The network of the stack that `stack` makes on this network's device, with Keras' initial values for `seed`.
    ///
    /// # Errors
    /// If `columns` or `outputs` is zero or not the layers' own, a dropout's rate is not at least 0 and below 1, or the device is out of memory.
    pub fn new(
        columns: usize,
        outputs: usize,
        seed: u64,
        stack: impl FnOnce(&Cpu) -> Result<S, ModelError>,
    ) -> Result<Self, ModelError> {
        let mut network = Self::without_initial_values(columns, outputs, stack)?;
        let mut generator = Generator::for_purpose(seed, "initialisation");
        network
            .stack
            .visit_layers_mut(&mut |layer| layer.initialise(&mut generator));
        Ok(network)
    }

    /// The network of [`Sequential::new`] with the weights that `stack` gives it, zeros as a rule: for weights that are set
    /// afterwards. Drawing initial values takes a wide network half a second.
    ///
    /// # Errors
    /// As [`Sequential::new`].
    pub fn without_initial_values(
        columns: usize,
        outputs: usize,
        stack: impl FnOnce(&Cpu) -> Result<S, ModelError>,
    ) -> Result<Self, ModelError> {
        for (size, what) in [(columns, "the number of columns"), (outputs, "the number of outputs")] {
            if size == 0 {
                return Err(ModelError::Zero { what });
            }
        }
        let device = Cpu::default();
        device.try_enable_cache()?;
        let stack = stack(&device)?;
        check_sizes(&stack, columns, outputs)?;
        check_rates(&stack)?;
        Ok(Self {
            device,
            stack,
            columns,
            outputs,
            batch_sizes: Mutex::default(),
            plans: Mutex::default(),
        })
    }

    /// The layers with their compile-time shapes.
    pub fn stack(&self) -> &S {
        &self.stack
    }

    fn forward(&self, inputs: &[f32], steps: usize) -> Result<Forecasts<OwnedTape<f32, Cpu>>, ModelError> {
        let batch = inputs.len() / (steps * self.columns);
        self.note_batch_size(batch, steps)?;
        let mut x = self.device.try_zeros_like(&(batch, steps, self.columns))?;
        x.copy_from(inputs);
        Ok(self.stack.try_forward(x.put_tape(OwnedTape::default()))?)
    }

    fn note_batch_size(&self, batch: usize, steps: usize) -> Result<(), ModelError> {
        let mut seen = self.batch_sizes.lock().unwrap_or_else(PoisonError::into_inner);
        if !seen.contains(&(batch, steps)) {
            if seen.len() == CACHED_BATCH_SIZES {
                self.device.try_empty_cache()?;
                seen.clear();
            }
            seen.push((batch, steps));
        }
        Ok(())
    }

    fn check(&self, inputs: &[f32], steps: usize) -> Result<(), ModelError> {
        if steps == 0 {
            return Err(ModelError::Zero {
                what: "the number of steps",
            });
        }
        if inputs.len().is_multiple_of(steps * self.columns) {
            Ok(())
        } else {
            Err(ModelError::InputLength {
                len: inputs.len(),
                steps,
                columns: self.columns,
            })
        }
    }
}

impl<S: ForecastingStack + Send + Sync> Network for Sequential<S> {
    fn columns(&self) -> usize {
        self.columns
    }

    fn outputs(&self) -> usize {
        self.outputs
    }

    fn layers(&self) -> Vec<NamedLayer> {
        let mut names = Names::default();
        let mut layers = Vec::new();
        self.stack.visit_layers(&mut |layer| {
            let description = layer.description();
            let mut parameters = 0;
            layer.visit("", &mut |view| parameters += view.values.len());
            layers.push(NamedLayer {
                name: names.next(&description),
                description,
                parameters,
            });
        });
        layers
    }

    fn visit_parameters(&self, visitor: &mut dyn FnMut(ParameterView<'_>)) {
        let mut names = Names::default();
        self.stack.visit_layers(&mut |layer| {
            let prefix = names.next(&layer.description()) + "/";
            layer.visit(&prefix, visitor);
        });
    }

    fn visit_parameters_mut(&mut self, visitor: &mut dyn FnMut(ParameterViewMut<'_>)) {
        let plans = self.plans.get_mut().unwrap_or_else(PoisonError::into_inner);
        plans.iter_mut().for_each(Plan::invalidate);
        let mut names = Names::default();
        self.stack.visit_layers_mut(&mut |layer| {
            let prefix = names.next(&layer.description()) + "/";
            layer.visit_mut(&prefix, visitor);
        });
    }

    fn predict_into(&self, inputs: &[f32], steps: usize, forecasts: &mut [f32]) -> Result<(), ModelError> {
        self.check(inputs, steps)?;
        let (len, expected) = (forecasts.len(), inputs.len() / (steps * self.columns) * self.outputs);
        if len != expected {
            return Err(ModelError::ForecastLength { len, expected });
        }
        let mut plan = self.lock_plans().pop().unwrap_or_default();
        plan.run(&self.stack, (steps, self.columns), inputs, self.outputs, forecasts);
        self.lock_plans().push(plan);
        Ok(())
    }

    fn is_stateful(&self) -> bool {
        let mut found = false;
        self.stack.visit_layers(&mut |layer| found |= layer.carried().is_some());
        found
    }

    fn predict_next(&mut self, inputs: &[f32], steps: usize) -> Result<Vec<f32>, ModelError> {
        if !self.is_stateful() {
            return self.predict(inputs, steps);
        }
        self.check(inputs, steps)?;
        self.check_state_batch(inputs.len() / (steps * self.columns))?;
        let mut forecasts = vec![0.0; inputs.len() / (steps * self.columns) * self.outputs];
        let mut plan = self.lock_plans().pop().unwrap_or_default();
        plan.run_next(&self.stack, (steps, self.columns), inputs, &mut forecasts);
        self.lock_plans().push(plan);
        Ok(forecasts)
    }

    fn states(&self) -> NamedTensors {
        let mut states = NamedTensors::new();
        self.visit_carried(&mut |name, carried| carried.copy_to(&format!("{name}/"), &mut states));
        states
    }

    fn set_states(&mut self, mut states: NamedTensors) -> Result<(), ModelError> {
        let mut read = Vec::new();
        self.visit_carried(&mut |name, carried| read.push(carried.take_from(&format!("{name}/"), &mut states)));
        let mut read = read.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter();
        if let Some(name) = states.into_keys().next() {
            return Err(ModelError::UnknownState { name });
        }
        self.visit_carried(&mut |_, carried| carried.set(read.next().flatten()));
        Ok(())
    }

    fn reset_state(&mut self) {
        self.visit_carried(&mut |_, carried| carried.set(None));
    }

    fn begin_step(&mut self, seed: u64, step: u64) {
        let mut layer_index = 0;
        self.stack.visit_layers_mut(&mut |layer| {
            layer.begin_step(StepKey {
                seed,
                step,
                layer: layer_index,
            });
            layer_index += 1;
        });
    }

    fn gradients(
        &mut self,
        inputs: &[f32],
        steps: usize,
        loss: &mut dyn FnMut(&[f32], &mut [f32]) -> f64,
        gradients: &mut [f32],
    ) -> Result<f64, ModelError> {
        self.check(inputs, steps)?;
        self.check_state_batch(inputs.len() / (steps * self.columns))?;
        let forecasts = self.forward(inputs, steps)?;
        let (forecasts, tape) = forecasts.split_tape();
        let mut values = vec![0.0; inputs.len() / (steps * self.columns) * self.outputs];
        let mut d_values = vec![0.0; values.len()];
        forecasts.copy_into(&mut values);
        let loss = loss(&values, &mut d_values);
        let mut taped = backward_from(forecasts, tape, d_values)?;
        self.read_gradients(&mut taped, gradients)?;
        Ok(loss)
    }
}

/// Runs the tape backward from a given gradient of `forecasts`: a scalar on the tape whose own gradient is dfdx's one.
fn backward_from(
    forecasts: Forecasts<NoneTape>,
    mut tape: OwnedTape<f32, Cpu>,
    d_forecasts: Vec<f32>,
) -> Result<Gradients<f32, Cpu>, CpuError> {
    let scalar: Tensor<(), f32, Cpu> = dfdx::tensor::TensorFrom::try_tensor(&Cpu::default(), 0.0_f32)?;
    let ghost = forecasts.ghost();
    tape.add_backward_op(move |gradients| {
        gradients.get_or_alloc_mut(&ghost)?.copy_from_slice(&d_forecasts);
        Ok(())
    });
    scalar.put_tape(tape).try_backward()
}

impl<S: ForecastingStack + Send + Sync> Sequential<S> {
    fn lock_plans(&self) -> MutexGuard<'_, Vec<Plan>> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows what the stateful layers carry, under the names of the layers.
    fn visit_carried(&self, visitor: &mut dyn FnMut(&str, &Carried)) {
        let mut names = Names::default();
        self.stack.visit_layers(&mut |layer| {
            let name = names.next(&layer.description());
            if let Some(carried) = layer.carried() {
                visitor(&name, carried);
            }
        });
    }

    fn check_state_batch(&self, found: usize) -> Result<(), ModelError> {
        // Called for every batch: most networks carry nothing, and need no names.
        if !self.is_stateful() {
            return Ok(());
        }
        let mut problem = None;
        self.visit_carried(&mut |name, carried| {
            if let Some(carried) = carried.batch().filter(|&carried| carried != found) {
                let layer = name.to_owned();
                problem.get_or_insert(ModelError::StateBatch { layer, carried, found });
            }
        });
        problem.map_or(Ok(()), Err)
    }

    fn read_gradients(&self, taped: &mut Gradients<f32, Cpu>, into: &mut [f32]) -> Result<(), CpuError> {
        let mut start = 0;
        let mut outcome = Ok(());
        self.stack.visit_layers(&mut |layer| {
            layer.visit_slots(&mut |slot| match slot.gradient(taped) {
                Ok(gradient) => {
                    into[start..start + gradient.len()].copy_from_slice(gradient);
                    start += gradient.len();
                }
                Err(error) => outcome = Err(error),
            });
        });
        outcome
    }
}
