//! Counts by place in a text whose length is not known beforehand.

/// How many bins there are at most: far more than a terminal has columns.
const MOST: usize = 1 << 14;

/// Counts of places. Bins double their width as the text turns out to be
/// longer, so memory is constant.
#[derive(Debug, Default)]
pub(super) struct Bins {
    /// Bytes in a bin, as a power of two.
    shift: u32,
    counts: Vec<u64>,
}

impl Bins {
    /// Counts one at `offset`.
    pub(super) fn add(&mut self, offset: usize) {
        while offset >> self.shift >= MOST {
            self.widen();
        }
        let bin = offset >> self.shift;
        if bin >= self.counts.len() {
            self.counts.resize(bin + 1, 0);
        }
        self.counts[bin] += 1;
    }

    fn widen(&mut self) {
        self.shift += 1;
        for i in 0..self.counts.len().div_ceil(2) {
            let second = self.counts.get(2 * i + 1).copied();
            self.counts[i] = self.counts[2 * i] + second.unwrap_or(0);
        }
        self.counts.truncate(self.counts.len().div_ceil(2));
    }

    /// The counts in so many cells of a text of `len` bytes.
    pub(super) fn cells(&self, cells: usize, len: usize) -> Vec<u64> {
        let mut all = vec![0; cells];
        for (bin, count) in self.counts.iter().enumerate() {
            let offset = (bin as u128) << self.shift;
            let cell = offset * cells as u128 / len.max(1) as u128;
            all[(cell as usize).min(cells - 1)] += count;
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_when_bins_widen() {
        let mut bins = Bins::default();
        for offset in (0..10 * MOST).step_by(7) {
            bins.add(offset);
        }
        assert!(bins.counts.len() <= MOST);
        let cells = bins.cells(10, 10 * MOST);
        assert_eq!(cells.iter().sum::<u64>(), (10 * MOST as u64).div_ceil(7));
        let even = MOST as u64 / 7;
        for cell in cells {
            assert!(cell.abs_diff(even) <= 16, "{cell} is not {even}");
        }
    }

    #[test]
    fn a_far_offset_widens_at_once() {
        let mut bins = Bins::default();
        bins.add(0);
        bins.add(usize::MAX);
        assert_eq!(bins.cells(2, usize::MAX), [1, 1]);
    }
}
