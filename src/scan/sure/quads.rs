//! IPv4 addresses, four at a time.
//!
//! An address has at most fifteen bytes. Of each of four runs the sixteen bytes
//! before its end are a quarter of a mask, the last one lowest, so that numbers
//! of any length are where others are, and each question is asked of all four at
//! once:
//!
//! ```text
//! text        evil.com⏎192.0.2.17
//! backwards   71.2.0.291⏎moc.l
//! digit       11.1.1.111......
//! three_up    1.......1.......
//! hundreds    .........1......    a digit, and the next two are digits
//! run         1111111111......    a carry comes out at the bit of ⏎
//! ```

/// Sixteen bytes of each of four runs, up to its end.
pub(in crate::scan) type Ends<'a> = [&'a [u8; LANE]; 4];

/// Bits of a mask that are of one run.
pub(in crate::scan) const LANE: usize = 16;

/// Which of these bytes are what; the last one of each run is the lowest bit of
/// its part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::scan) struct Quads {
    pub(in crate::scan) digit: u64,
    pub(in crate::scan) dot: u64,
    /// What must stand before an address.
    pub(in crate::scan) before: u64,
    pub(in crate::scan) zero: u64,
    pub(in crate::scan) two: u64,
    pub(in crate::scan) five: u64,
    /// Digits from three on, and from six on.
    pub(in crate::scan) three_up: u64,
    pub(in crate::scan) six_up: u64,
}

/// The lowest bit of each part.
const ONES: u64 = u64::MAX / 0xffff;
/// The highest one, which no byte of an address has.
const TOPS: u64 = ONES << (LANE - 1);

impl Quads {
    /// Looks at them one byte after the other.
    pub(in crate::scan) fn read(ends: &Ends<'_>, before: u8) -> Quads {
        let mut quads = Quads::default();
        let bytes = ends.iter().flat_map(|end| end.iter().rev());
        for (i, b) in bytes.enumerate() {
            let bit = |is: bool| u64::from(is) << i;
            quads.digit |= bit(b.is_ascii_digit());
            quads.dot |= bit(*b == b'.');
            quads.before |= bit(*b == before);
            quads.zero |= bit(*b == b'0');
            quads.two |= bit(*b == b'2');
            quads.five |= bit(*b == b'5');
            quads.three_up |= bit(matches!(b, b'3'..=b'9'));
            quads.six_up |= bit(matches!(b, b'6'..=b'9'));
        }
        quads
    }

    /// Which of the runs are no addresses, or have something else before them
    /// than what must: any bit of their part is set.
    #[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
    #[inline(always)]
    pub(super) fn none(&self) -> u64 {
        let Quads { digit, dot, .. } = *self;
        // The top bit of a part is left out, so that none reaches into the next.
        let any = (digit | dot) & !TOPS;
        let sums = any + ONES;
        let run = any & !sums;
        let stop = sums & !any;
        let (digit, dot) = (digit & run, dot & run);
        let beside = dot << 1 | stop >> 1 | ONES;
        // The first digits of numbers of two and more, and of three.
        let tens = digit & digit << 1;
        let hundreds = tens & digit << 2;
        let over = self.six_up | self.five & self.six_up << 1;
        let over = self.three_up | self.two & over << 1;
        let first = !(digit >> 1);
        let bad = stop & !self.before
            | dot & beside
            | hundreds & (digit << 3 | over)
            | tens & first & self.zero;
        // How many dots there are, none of which is beside another.
        let of_two = (dot | dot >> 1) & (0x5555 * ONES);
        let of_four =
            (of_two & (0x3333 * ONES)) + (of_two >> 2 & (0x3333 * ONES));
        let of_eight = (of_four + (of_four >> 4)) & (0x0f0f * ONES);
        let dots = (of_eight + (of_eight >> 8)) & (0xff * ONES);
        bad | (dots ^ (3 * ONES))
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use proptest::prelude::*;

    use super::*;

    fn are_none(texts: &[String; 4], before: u8) -> [bool; 4] {
        let padded = texts.each_ref().map(|text| format!("{text:>LANE$}"));
        let ends = padded
            .each_ref()
            .map(|text| text.as_bytes().last_chunk().expect("sixteen bytes"));
        let none = Quads::read(&ends, before).none();
        [0, 1, 2, 3].map(|i| (none >> (LANE * i)) as u16 != 0)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]
        #[test]
        fn an_address_is_what_the_standard_library_reads(
            texts in prop::array::uniform4(prop_oneof![
                "[0-9]{1,3}(\\.[0-9]{1,3}){3}",
                "[12]?[0-9]?[0-9](\\.[012]?[0-9]?[0-9]){2,4}",
                "[.0-9a]{0,15}",
            ]),
            lead in prop::array::uniform4("(|.*)[\n/a.0-9]"),
        ) {
            let mut lines = texts.clone();
            for (line, lead) in lines.iter_mut().zip(&lead) {
                line.insert_str(0, lead);
            }
            let none = are_none(&lines, b'\n');
            for i in 0..4 {
                let is_address = texts[i].parse::<Ipv4Addr>().is_ok()
                    && lead[i].ends_with('\n');
                prop_assert_eq!(!none[i], is_address, "{:?}", lines[i]);
            }
        }
    }
}
