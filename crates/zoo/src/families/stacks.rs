//! The stacks that all families share: recurrent layers, a dense head and a constant scale.

use recurra_models::{
    Bidirectional, Const, Cpu, FirstLayer, ForecastingStack, Head, InnerLayer, LastState, ModelError, Network,
    Recurrent, RecurrentCell, Scale, Sequences, Sequential,
};

use crate::entry::{BuildOptions, InitialWeights};

type Built = Result<Box<dyn Network>, ModelError>;

fn network<S: ForecastingStack + Send + Sync + 'static>(
    options: &BuildOptions,
    stack: impl FnOnce(&Cpu, Scale) -> Result<S, ModelError>,
) -> Built {
    let scale = Scale::new(options.output_scale);
    let stack = |device: &Cpu| stack(device, scale);
    let BuildOptions {
        columns, outputs, seed, ..
    } = *options;
    Ok(Box::new(match options.weights {
        InitialWeights::Drawn => Sequential::new(columns, outputs, seed, stack)?,
        InitialWeights::Any => Sequential::without_initial_values(columns, outputs, stack)?,
    }))
}

type First<C, const H: usize, R> = Recurrent<C, usize, H, R>;
type Inner<C, const H: usize, R> = Recurrent<C, Const<H>, H, R>;

pub(super) fn one_way_1<C: RecurrentCell, const H: usize>(options: &BuildOptions) -> Built {
    network(options, |device, scale| {
        Ok((
            First::<C, H, LastState>::first(device, options.columns)?,
            Head::<H>::zeros(device, options.outputs)?,
            scale,
        ))
    })
}

pub(super) fn one_way_2<C: RecurrentCell, const H: usize>(options: &BuildOptions) -> Built {
    network(options, |device, scale| {
        Ok((
            First::<C, H, Sequences>::first(device, options.columns)?,
            Inner::<C, H, LastState>::inner(device)?,
            Head::<H>::zeros(device, options.outputs)?,
            scale,
        ))
    })
}

pub(super) fn one_way_3<C: RecurrentCell, const H: usize>(options: &BuildOptions) -> Built {
    network(options, |device, scale| {
        Ok((
            First::<C, H, Sequences>::first(device, options.columns)?,
            Inner::<C, H, Sequences>::inner(device)?,
            Inner::<C, H, LastState>::inner(device)?,
            Head::<H>::zeros(device, options.outputs)?,
            scale,
        ))
    })
}

type BidirectionalFirst<C, const H: usize, const O: usize, R> = Bidirectional<C, usize, H, O, R>;
type BidirectionalInner<C, const H: usize, const O: usize, R> = Bidirectional<C, Const<O>, H, O, R>;

pub(super) fn bidirectional_1<C: RecurrentCell, const H: usize, const O: usize>(options: &BuildOptions) -> Built {
    network(options, |device, scale| {
        Ok((
            BidirectionalFirst::<C, H, O, LastState>::first(device, options.columns)?,
            Head::<O>::zeros(device, options.outputs)?,
            scale,
        ))
    })
}

pub(super) fn bidirectional_2<C: RecurrentCell, const H: usize, const O: usize>(options: &BuildOptions) -> Built {
    network(options, |device, scale| {
        Ok((
            BidirectionalFirst::<C, H, O, Sequences>::first(device, options.columns)?,
            BidirectionalInner::<C, H, O, LastState>::inner(device)?,
            Head::<O>::zeros(device, options.outputs)?,
            scale,
        ))
    })
}

pub(super) fn bidirectional_3<C: RecurrentCell, const H: usize, const O: usize>(options: &BuildOptions) -> Built {
    network(options, |device, scale| {
        Ok((
            BidirectionalFirst::<C, H, O, Sequences>::first(device, options.columns)?,
            BidirectionalInner::<C, H, O, Sequences>::inner(device)?,
            BidirectionalInner::<C, H, O, LastState>::inner(device)?,
            Head::<O>::zeros(device, options.outputs)?,
            scale,
        ))
    })
}
