//! A store that never answers. In a program of its own: whether reads are interrupted is for a whole process.
#![cfg(feature = "object-store")]
#![allow(clippy::unwrap_used)]

use std::net::TcpListener;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use recurra_objects::{ObjectErrorKind, ObjectUrl, interrupt_reads_when};

static RAISED: AtomicBool = AtomicBool::new(false);

#[test]
fn a_read_that_waits_is_given_up() {
    interrupt_reads_when(|| RAISED.load(Ordering::Relaxed));
    // Connections are made, and nobody reads what is asked.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/object", listener.local_addr().unwrap());
    let object = ObjectUrl::of(Path::new(&url)).unwrap().unwrap();
    std::thread::scope(|scope| {
        let reads = [scope.spawn(|| object.get().map(|_| ())), scope.spawn(|| object.check())];
        let asked = [listener.accept().unwrap(), listener.accept().unwrap()];
        assert!(
            reads.iter().all(|read| !read.is_finished()),
            "it was given up by itself"
        );
        RAISED.store(true, Ordering::Relaxed);
        for read in reads {
            assert_eq!(read.join().unwrap().unwrap_err().kind, ObjectErrorKind::Interrupted);
        }
        drop(asked);
    });
}
