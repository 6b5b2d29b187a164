//! The receipt: read, written, locked.

use std::fs;
use std::path::{Path, PathBuf};

use iocpack::submit::{Receipt, ReceiptFile, State, Store as _};
use proptest::prelude::*;

use super::{creating, id, names};

/// A folder of its own for a test.
pub(super) fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_receipt_holds_no_item_and_reads_back() {
    let set = names(5);
    let plan = creating(&set);
    let receipt = Receipt::new(&plan);
    let json = receipt.to_json();
    assert!(!json.contains("example.com"), "{json}");
    assert_eq!(Receipt::parse(json.as_bytes()).unwrap(), receipt);
}

#[test]
fn every_prefix_of_a_receipt_is_refused() {
    let set = names(9);
    let json = Receipt::new(&creating(&set)).to_json();
    let whole = json.trim_end();
    for end in 0..whole.len() {
        let err = Receipt::parse(&whole.as_bytes()[..end]).unwrap_err();
        assert!(err.is_syntax());
    }
}

#[test]
fn the_second_process_is_refused() {
    let path = scratch("receipt-lock").join("r.json");
    let (first, _) = ReceiptFile::open(&path).unwrap();
    let err = ReceiptFile::open(&path).unwrap_err();
    assert!(err.is_limit());
    assert_eq!(
        err.to_string(),
        "receipt: expected to be the only process that sends it, found \
         another"
    );
    drop(first);
    assert!(ReceiptFile::open(&path).is_ok());
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_a_receipt() {
    use std::os::unix::fs::PermissionsExt as _;
    let path = scratch("receipt-mode").join("r.json");
    let set = names(2);
    let (mut file, none) = ReceiptFile::open(&path).unwrap();
    assert!(none.is_none());
    file.save(&Receipt::new(&creating(&set))).unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn the_receipt_of_another_plan_is_told() {
    let (set, other) = (names(4), names(5));
    assert!(!Receipt::new(&creating(&set)).is_of(&creating(&other)));
}

#[test]
fn only_a_doubtful_creation_is_adopted() {
    let set = names(4);
    let mut receipt = Receipt::new(&creating(&set));
    assert!(receipt.adopt(&id("c0ffee")).unwrap_err().is_argument());
    let json = receipt.to_json().replacen("planned", "unknown", 1);
    receipt = Receipt::parse(json.as_bytes()).unwrap();
    receipt.adopt(&id("c0ffee")).unwrap();
    assert_eq!(receipt.states().next(), Some(State::Ok));
    assert_eq!(
        receipt.link(),
        Some("https://www.virustotal.com/gui/collection/c0ffee/iocs")
    );
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        at in 0_usize..200,
    ) {
        let _ = Receipt::parse(&bytes);
        // And bytes that are almost right.
        let set = names(3);
        let mut json = Receipt::new(&creating(&set)).to_json().into_bytes();
        let at = at.min(json.len());
        let end = (at + bytes.len().min(4)).min(json.len());
        json[at..end].copy_from_slice(&bytes[..end - at]);
        if let Ok(receipt) = Receipt::parse(&json) {
            let again = Receipt::parse(receipt.to_json().as_bytes());
            prop_assert_eq!(again.unwrap(), receipt);
        }
    }
}
