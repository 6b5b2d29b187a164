//! Streams: a window that moves over the text.
//!
//! ```text
//!        behind          block             ahead
//! ├──────────────┼──────────────────┼────────────────┤
//!                ▲ next anchor      ▲ last anchor of this window
//! ```
//!
//! Nothing that the engine decides depends on bytes more than
//! [`LOOK_BEHIND`] before or [`LOOK_AHEAD`] after an anchor. So each window
//! looks at the anchors of its block only, and its neighbours hold the rest:
//! the findings are those of the whole text, whatever the size of the block.

use std::io::{self, Read};
use std::ops::ControlFlow;

use super::engine::{Engine, LOOK_AHEAD, LOOK_BEHIND};
use super::queue::Queue;
use super::{Finding, Options};
use crate::Error;

pub(super) fn scan<R: Read>(
    options: &Options,
    rejections: bool,
    mut rdr: R,
    mut on: impl FnMut(Finding<'_>) -> ControlFlow<()>,
) -> Result<(), Error> {
    let block = options.block_size.max(1);
    let mut window = vec![0; LOOK_BEHIND + block + LOOK_AHEAD];
    let mut engine = Engine::new(options, rejections);
    // Offset in the stream of the window's first byte; bytes in the window.
    let mut base = 0;
    let mut len = 0;
    loop {
        let enough = LOOK_BEHIND + LOOK_AHEAD + block.min(SMALL);
        let filled = fill(&mut rdr, &mut window, &mut len, enough);
        let (ended, error) = match filled {
            Ok(ended) => (ended, None),
            // What came before the damage still counts.
            Err(err) => (true, Some(err)),
        };
        let text = &window[..len];
        let end = if ended { len } else { len - LOOK_AHEAD };
        let mut queue = Queue::default();
        while engine.step(text, end, &mut queue) {
            while let Some(finding) = queue.pop(text) {
                if on(finding.offset(base)).is_break() {
                    return Ok(());
                }
            }
        }
        if let Some(err) = error {
            return Err(err.into());
        }
        if ended {
            return Ok(());
        }
        let gone = end - LOOK_BEHIND.min(end);
        window.copy_within(gone..len, 0);
        engine.shift(gone, end);
        base += gone;
        len -= gone;
    }
}

/// Bytes that are worth a look while a slow source has no more, past what is
/// kept around them.
const SMALL: usize = 16 * 1024;

/// Fills the window, or reads `enough` of a source that gives less than it is
/// asked for; whether the stream ended.
fn fill<R: Read>(
    rdr: &mut R,
    window: &mut [u8],
    len: &mut usize,
    enough: usize,
) -> io::Result<bool> {
    while *len < window.len() {
        match rdr.read(&mut window[*len..]) {
            Ok(0) => return Ok(true),
            Ok(n) => {
                *len += n;
                if *len >= enough {
                    break;
                }
            }
            Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
            Err(err) => return Err(err),
        }
    }
    Ok(false)
}
