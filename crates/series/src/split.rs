//! A series cut in two.

use crate::{Series, SeriesError, SplitPoint, Time};

/// A stretch of a series, borrowed from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeriesPart<'a> {
    times: &'a [Time],
    values: &'a [f64],
}

impl<'a> SeriesPart<'a> {
    /// The times of the stretch.
    #[must_use]
    pub fn times(&self) -> &'a [Time] {
        self.times
    }

    /// The values of the stretch.
    #[must_use]
    pub fn values(&self) -> &'a [f64] {
        self.values
    }
}

impl Series {
    /// Cuts the series in two: what comes before the point, and the rest. Nothing is copied.
    ///
    /// # Errors
    /// If a part has no point, or the point is a time of another kind.
    pub fn split(&self, at: SplitPoint) -> Result<(SeriesPart<'_>, SeriesPart<'_>), SeriesError> {
        let first = self.split_index(at)?;
        Ok((
            SeriesPart {
                times: &self.times()[..first],
                values: &self.values()[..first],
            },
            SeriesPart {
                times: &self.times()[first..],
                values: &self.values()[first..],
            },
        ))
    }

    /// How many points come before a split.
    ///
    /// # Errors
    /// As [`Series::split`].
    pub fn split_index(&self, at: SplitPoint) -> Result<usize, SeriesError> {
        let points = self.len();
        let first = match at {
            SplitPoint::Index(index) => index,
            SplitPoint::LastFraction(fraction) => points - ((points as f64 * fraction).round() as usize).min(points),
            SplitPoint::Time(time) => {
                if let Some(first) = self.times().first().filter(|first| first.partial_cmp(&&time).is_none()) {
                    return Err(SeriesError::SplitKind { at, time: *first });
                }
                self.times().partition_point(|earlier| *earlier < time)
            }
        };
        if first == 0 || first >= points {
            return Err(SeriesError::EmptyPart {
                at,
                first: first.min(points),
                points,
            });
        }
        Ok(first)
    }
}
