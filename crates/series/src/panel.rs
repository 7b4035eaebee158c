//! Many series of one frequency.

use crate::{Fill, FillError, Frequency, GappySeries, Series};

/// One series or many, all of one frequency, in the order in which they first appear in their table.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// The series.
    pub series: Vec<Series>,
    /// The frequency of their times; nothing if none has two points and none was given.
    pub frequency: Option<Frequency>,
}

impl Panel {
    /// The one series of a panel that has just one.
    #[must_use]
    pub fn single(&self) -> Option<&Series> {
        if let [series] = &self.series[..] {
            Some(series)
        } else {
            None
        }
    }

    /// The series of a name. It looks through the series one by one: for many names make a map of [`Panel::series`].
    #[must_use]
    pub fn get(&self, unique_id: &str) -> Option<&Series> {
        self.series.iter().find(|series| series.unique_id() == Some(unique_id))
    }

    /// The number of points of all series together.
    #[must_use]
    pub fn points(&self) -> usize {
        self.series.iter().map(Series::len).sum()
    }
}

/// One series or many on their regular grids, with missing values.
#[derive(Clone, Debug, PartialEq)]
pub struct GappyPanel {
    /// The series.
    pub series: Vec<GappySeries>,
    /// The frequency of their times; nothing if none has two points and none was given.
    pub frequency: Option<Frequency>,
}

impl GappyPanel {
    /// Fills every series as a whole; see [`GappySeries::fill`].
    ///
    /// # Errors
    /// If a column of a series has no value at all.
    pub fn fill(&self, fill: Fill, season: usize) -> Result<Panel, FillError> {
        let series = self.series.iter().map(|series| series.fill(fill, season));
        Ok(Panel {
            series: series.collect::<Result<_, _>>()?,
            frequency: self.frequency,
        })
    }

    /// How many values are missing in all series together.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.series.iter().map(GappySeries::missing).sum()
    }
}
