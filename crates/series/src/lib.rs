#![doc = include_str!("../README.md")]

mod autocorrelation;
mod batches;
mod calendar;
mod centred;
#[cfg(feature = "tables")]
pub mod datasets;
mod difference;
mod fill;
mod frequency;
mod frequency_infer;
mod frequency_text;
mod gappy;
mod joined;
#[cfg(feature = "tables")]
mod nearest_name;
mod panel;
mod random_state;
pub mod reference;
mod remainder;
mod samples;
mod scalers;
mod season;
mod season_peak;
mod season_vote;
mod series;
mod series_error;
mod shuffle;
mod sliding;
mod split;
mod split_point;
mod system_reason;
#[cfg(feature = "tables")]
mod table;
mod time;
mod time_pieces;
#[cfg_attr(
    not(feature = "tables"),
    expect(dead_code, reason = "the forms of times matter in tables alone")
)]
mod time_text;
mod window_columns;
mod windows;
mod write_beside;

pub use autocorrelation::{autocorrelation, autocorrelations};
pub use batches::batches;
pub use calendar::{CalendarError, calendar};
pub use centred::{Centre, CentredWindows};
pub use difference::{difference, integrate};
pub use fill::{Fill, FillParseError};
pub use frequency::Frequency;
pub use frequency_infer::FrequencyError;
pub use frequency_text::FrequencyParseError;
pub use gappy::{FillError, GappyCovariate, GappySeries};
pub use joined::{JoinError, JoinedSamples};
#[cfg(feature = "tables")]
pub use nearest_name::nearest_name;
pub use panel::{GappyPanel, Panel};
pub use random_state::RandomState;
pub use remainder::Remainder;
pub use samples::Samples;
pub use scalers::{LogScaler, MinMaxScaler, ScaleError, StandardScaler};
pub use season::season_length;
pub use season_vote::common_season_length;
pub use series::{Covariate, Series};
pub use series_error::SeriesError;
pub use shuffle::ShuffleBuffer;
pub use sliding::sliding;
pub use split::SeriesPart;
pub use split_point::SplitPoint;
pub use system_reason::system_reason;
#[cfg(feature = "tables")]
pub use table::{
    ColumnNames, CsvOptions, DataError, DataErrorKind, Decimal, Gap, OutputColumn, OutputTable, PanelOptions, Source,
    Table,
};
pub use time::{Time, TimeKind};
pub use time_text::TimeParseError;
pub use window_columns::WindowColumns;
pub use windows::{WindowError, WindowOptions, Windows};
pub use write_beside::{check_writable, remove_unfinished, write_beside};
