//! Zip archives as Keras writes them, with entries changed.
#![allow(dead_code)]

use std::io::Write;

use rawzip::{CompressionMethod, ZipArchive, ZipArchiveWriter};

/// The bytes of one entry.
pub(crate) fn entry(archive: &[u8], name: &str) -> Vec<u8> {
    let opened = ZipArchive::from_slice(archive).unwrap();
    let mut entries = opened.entries();
    while let Some(header) = entries.next_entry().unwrap() {
        if header.file_path().as_ref() == name.as_bytes() {
            return opened.get_entry(header.wayfinder()).unwrap().data().to_vec();
        }
    }
    panic!("no entry {name}")
}

/// An archive of stored entries.
pub(crate) fn with_entries(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    for (name, data) in entries {
        let (mut file, config) = archive
            .new_file(name)
            .compression_method(CompressionMethod::STORE)
            .start()
            .unwrap();
        let mut writer = config.wrap(&mut file);
        writer.write_all(data).unwrap();
        let (_, descriptor) = writer.finish().unwrap();
        file.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    bytes
}

/// A `.keras` file with `from` in its config.json replaced by `to`, everywhere.
pub(crate) fn with_config(keras: &[u8], from: &str, to: &str) -> Vec<u8> {
    let config = String::from_utf8(entry(keras, "config.json")).unwrap();
    assert!(config.contains(from), "config.json has no {from}");
    let config = config.replace(from, to).into_bytes();
    with_entries(&[
        ("config.json", config),
        ("model.weights.h5", entry(keras, "model.weights.h5")),
    ])
}
