//! Against a server with a bucket, whose URL `RECURRA_TEST_BUCKET` says; `xtask/object-store/test.sh` starts one. Without it nothing is asked.
#![cfg(feature = "object-store")]
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::path::Path;

use recurra_objects::{ObjectErrorKind, ObjectUrl};

/// A folder of the bucket for one test.
fn folder(name: &str) -> Option<ObjectUrl> {
    let Some(bucket) = std::env::var_os("RECURRA_TEST_BUCKET") else {
        eprintln!("skipped: RECURRA_TEST_BUCKET names no bucket");
        return None;
    };
    let bucket = ObjectUrl::of(Path::new(&bucket)).unwrap().unwrap();
    Some(bucket.join("crate").join(name))
}

#[test]
fn what_is_put_is_got_and_replaced_as_a_whole() {
    let Some(folder) = folder("put") else { return };
    // Signs that URLs would have to escape, and more bytes than fit into one packet.
    let object = folder.join("a b+ü%20&.bin");
    let large: Vec<u8> = (0..3_000_000_u32).map(|at| at.to_le_bytes()[0]).collect();
    for bytes in [&large[..], b"short", b""] {
        object.put(bytes).unwrap();
        assert_eq!(object.get().unwrap(), bytes);
        assert_eq!(object.check(), Ok(()));
    }
    assert_eq!(folder.join("none").get().unwrap_err().kind, ObjectErrorKind::NoObject);
    assert_eq!(folder.join("none").check(), Ok(()));
}

// That it holds for many at once too is the server's part, and one that plays a store need not keep it.
#[test]
fn an_object_with_too_many_bytes_is_not_read() {
    let Some(folder) = folder("large") else { return };
    let object = folder.join("large.bin");
    object.put(&[7; 1000]).unwrap();
    assert_eq!(object.get_at_most(1000).unwrap(), [7; 1000]);
    let refused = object.get_at_most(999).unwrap_err();
    assert_eq!(refused.kind, ObjectErrorKind::TooLarge { size: 1000, most: 999 });
}

#[test]
fn an_object_that_is_there_is_not_put_anew() {
    let Some(folder) = folder("new") else { return };
    let object = folder.join("cell.json");
    assert_eq!(object.put_new(b"first"), Ok(true));
    for other in [&b"other"[..], b"first"] {
        assert_eq!(object.put_new(other), Ok(false));
        assert_eq!(object.get().unwrap(), b"first");
    }
}

#[test]
fn a_folder_lists_its_own_objects_by_name() {
    let Some(folder) = folder("list") else { return };
    assert_eq!(folder.list(), Ok(vec![]));
    // More than one page of an answer has, and what lies deeper or beside.
    for number in 0..1_005 {
        folder.join(&format!("part-{number:04}")).put(b"x").unwrap();
    }
    folder.join("deeper").join("part").put(b"x").unwrap();
    folder.join("").put(b"").unwrap_err();
    let found: Vec<String> = folder.list().unwrap().iter().map(ToString::to_string).collect();
    let expected: Vec<String> = (0..1_005).map(|number| format!("{folder}/part-{number:04}")).collect();
    assert_eq!(found, expected);
}
