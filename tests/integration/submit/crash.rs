//! The receipt cannot be written, at every byte of it: whatever is left
//! behind, going on leads to the same end, with one creation.

use iocpack::Error;
use iocpack::payload::Plan;
use iocpack::submit::{Client, Receipt, Retry, Settings, Stop, Store};

use super::fake::{Fake, FakeClock, Memory};
use super::state::VirusTotal;
use super::{creating, held, names};

/// Fails once so many bytes have been written, as a full disk would. What is
/// written replaces the old text only when it is whole.
struct Full<'m> {
    memory: &'m mut Memory,
    bytes: usize,
    /// The new text has its name already when the error comes.
    late: bool,
}

impl Store for Full<'_> {
    fn save(&mut self, receipt: &Receipt) -> Result<(), Error> {
        let length = receipt.to_json().len();
        if self.bytes < length {
            let fail = Err(std::io::Error::other("no space left").into());
            if self.late {
                self.memory.save(receipt)?;
            }
            self.bytes = 0;
            return fail;
        }
        self.bytes -= length;
        self.memory.save(receipt)
    }
}

fn client<'f>(fake: &'f Fake<'f>) -> Client<'f, &'f Fake<'f>, &'f FakeClock> {
    let mut client = Client::with_clock(fake, fake.clock);
    client.retry(Retry::new().seed(7));
    client
}

/// How many bytes are written from start to end.
fn all_bytes(plan: &Plan<'_>) -> usize {
    struct Count(usize);
    impl Store for Count {
        fn save(&mut self, receipt: &Receipt) -> Result<(), Error> {
            self.0 += receipt.to_json().len();
            Ok(())
        }
    }
    let clock = FakeClock::new();
    let fake = Fake::new(VirusTotal::default(), &clock);
    let mut count = Count(0);
    let mut receipt = Receipt::new(plan);
    client(&fake)
        .run(plan, &mut receipt, &mut count, &Settings::new())
        .unwrap();
    count.0
}

#[test]
fn a_writer_that_fails_at_any_byte_leads_to_the_same_end() {
    let set = names(10);
    let plan = creating(&set);
    assert_eq!(plan.len(), 5);
    let all = all_bytes(&plan);
    let mut doubts = 0;
    for bytes in 0..all {
        for late in [false, true] {
            let clock = FakeClock::new();
            let fake = Fake::new(VirusTotal::default(), &clock);
            let mut memory = Memory::default();
            let mut receipt = Receipt::new(&plan);
            let mut full = Full { memory: &mut memory, bytes, late };
            let err = client(&fake)
                .run(&plan, &mut receipt, &mut full, &Settings::new())
                .unwrap_err();
            assert!(err.is_io());

            let mut receipt =
                memory.receipt().unwrap_or_else(|| Receipt::new(&plan));
            let mut settings = Settings::new();
            let mut outcome = client(&fake)
                .run(&plan, &mut receipt, &mut memory, &settings)
                .unwrap();
            if let Some(Stop::Unknown(_)) = outcome.stop {
                doubts += 1;
                let there = !fake.server.borrow().collections.is_empty();
                settings.reconcile(true).create_again(!there);
                outcome = client(&fake)
                    .run(&plan, &mut receipt, &mut memory, &settings)
                    .unwrap();
            }
            assert_eq!(outcome.stop, None, "byte {bytes}");
            assert_eq!(outcome.shortfalls, []);
            assert!(memory.receipt().unwrap().is_finished());
            let server = fake.server.borrow();
            assert_eq!(fake.creates(), 1, "byte {bytes}");
            let items = server.collections.values().map(|it| &it.items);
            assert!(items.eq([&held(10)]), "byte {bytes}");
        }
    }
    println!(
        "{all} bytes, failing before and after the renaming at each; {doubts} runs left a creation in doubt"
    );
}
