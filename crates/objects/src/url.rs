//! URLs of objects.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::{ObjectError, ObjectErrorKind};

/// The kinds of stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Scheme {
    /// Amazon S3, and what speaks its language.
    S3,
    /// Google Cloud Storage.
    Google,
    /// Azure's blobs.
    Azure,
    /// Any web server.
    Web,
}

/// The URL of an object, or of a folder of objects: `s3://bucket/folder/key`, in the same way `gs://` and `az://`, or `https://…`.
///
/// Keys are written as they are, without percent signs; in URLs of the web with them.
///
/// ```
/// use recurra_objects::ObjectUrl;
/// use std::path::Path;
///
/// let url = ObjectUrl::of(Path::new("s3://shop/panel/part-0.parquet"))?.expect("a URL");
/// assert_eq!((url.place(), url.key()), ("s3://shop", "panel/part-0.parquet"));
/// assert!(!url.is_folder());
/// assert_eq!(ObjectUrl::of(Path::new("panel/part-0.parquet"))?, None);
/// assert!(ObjectUrl::of(Path::new("ftp://shop/part-0.parquet")).is_err());
/// # Ok::<(), recurra_objects::ObjectError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectUrl {
    text: String,
    pub(crate) scheme: Scheme,
    /// Where the bucket's name begins, and where it ends.
    bucket: (usize, usize),
}

impl ObjectUrl {
    /// What a command-line argument or a field of a file names; nothing if it is a path of the file system.
    ///
    /// # Errors
    /// If it is a URL, but none of an object.
    pub fn of(path: &Path) -> Result<Option<Self>, ObjectError> {
        let Some(text) = path.to_str() else { return Ok(None) };
        let Some((scheme, rest)) = text.split_once("://") else {
            return Ok(None);
        };
        let is_scheme = |text: &str| text.len() > 1 && text.chars().all(|sign| sign.is_ascii_alphanumeric());
        if !is_scheme(scheme) {
            return Ok(None);
        }
        let wrong = |what| Err(ObjectErrorKind::Address(what).of(text));
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "s3" | "s3a" => Scheme::S3,
            "gs" => Scheme::Google,
            "az" | "azure" | "abfs" | "abfss" | "adl" => Scheme::Azure,
            "http" | "https" => Scheme::Web,
            _ => return wrong("no store is known by this scheme; there are s3://, gs://, az:// and https://"),
        };
        let start = text.len() - rest.len();
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return wrong("it names no bucket; write it as s3://BUCKET/KEY");
        }
        if scheme == Scheme::Web && bucket.contains('@') {
            // It would stand in pages and messages.
            return Err(ObjectErrorKind::Address(
                "a password in a URL is not read; download the file and give its name",
            )
            .of("https://…@…"));
        }
        if scheme == Scheme::Web && key.contains(['?', '#']) {
            return wrong("a URL with a query is not read; download the file and give its name");
        }
        let escaped = key.to_ascii_lowercase();
        if scheme == Scheme::Web && ["%2f", "%2b", "+"].iter().any(|sign| escaped.contains(sign)) {
            return wrong(
                "its `+`, or a slash or plus with percent signs, would be asked for in another form; download the file",
            );
        }
        let key = key.strip_suffix('/').unwrap_or(key);
        if !key.is_empty() && key.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return wrong("its key has an empty part, `.` or `..`");
        }
        Ok(Some(Self {
            text: text.to_owned(),
            scheme,
            bucket: (start, start + bucket.len()),
        }))
    }

    /// The URL up to the bucket: one connection serves all that is there.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.text[..self.bucket.1]
    }

    /// The name of the bucket, container or web server.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.text[self.bucket.0..self.bucket.1]
    }

    /// What follows the bucket, without slashes at its ends; empty for the bucket itself.
    #[must_use]
    pub fn key(&self) -> &str {
        self.text[self.bucket.1..].trim_matches('/')
    }

    /// The place that it names, in one form however it is written: two URLs of one place have the same.
    #[must_use]
    pub fn canonical(&self) -> String {
        let place = match self.scheme {
            Scheme::S3 => format!("s3://{}", self.bucket()),
            Scheme::Google => format!("gs://{}", self.bucket()),
            Scheme::Azure => format!("az://{}", self.bucket()),
            Scheme::Web => self.place().to_ascii_lowercase(),
        };
        format!("{place}/{}", self.key())
    }

    /// Whether it names a folder: it ends with a slash, or with the bucket.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        self.text.ends_with('/') || self.text.len() == self.bucket.1
    }

    /// The object `name` in this folder.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        Self {
            text: format!("{}/{name}", self.text.trim_end_matches('/')),
            ..self.clone()
        }
    }

    /// The URL as a path, for functions that take either.
    #[must_use]
    pub fn to_path(&self) -> PathBuf {
        PathBuf::from(&self.text)
    }

    /// The whole object.
    ///
    /// # Errors
    /// If there is none, the store refuses or cannot be reached, or the program was built without object stores.
    pub fn get(&self) -> Result<Vec<u8>, ObjectError> {
        self.get_at_most(u64::MAX)
    }

    /// The whole object, unless it has more than `most` bytes: then none of them is read.
    ///
    /// # Errors
    /// As of [`get`](Self::get), and if it is larger.
    pub fn get_at_most(&self, most: u64) -> Result<Vec<u8>, ObjectError> {
        self.one_object()?;
        access::get(self, most).map_err(|kind| kind.of(&self.text))
    }

    /// Writes the object, whole or not at all; one that is there is replaced.
    ///
    /// # Errors
    /// As of [`get`](Self::get).
    pub fn put(&self, bytes: &[u8]) -> Result<(), ObjectError> {
        self.one_object()?;
        access::put(self, bytes).map_err(|kind| kind.of(&self.text))
    }

    /// Writes the object unless there is one, in a single step of the store: of many that do it at once, one has its bytes kept. Says
    /// whether it was this one.
    ///
    /// # Errors
    /// As of [`get`](Self::get), and if the store cannot do it, as plain HTTP.
    pub fn put_new(&self, bytes: &[u8]) -> Result<bool, ObjectError> {
        self.one_object()?;
        access::put_new(self, bytes).map_err(|kind| kind.of(&self.text))
    }

    /// The objects of this folder, in the order of their names, without those of folders in it.
    ///
    /// # Errors
    /// As of [`get`](Self::get). A folder without objects is none: it gives an empty list.
    pub fn list(&self) -> Result<Vec<Self>, ObjectError> {
        access::list(self).map_err(|kind| kind.of(&self.text))
    }

    /// Asks whether the store is there and knows the caller, before hours of work for an object that it will not take. What the caller
    /// may write shows when it does.
    ///
    /// # Errors
    /// As of [`get`](Self::get); that there is no such object is none.
    pub fn check(&self) -> Result<(), ObjectError> {
        access::check(self).map_err(|kind| kind.of(&self.text))
    }

    /// The same for an object that will be put: there has to be a name for it, and a store that takes it.
    ///
    /// # Errors
    /// As of [`check`](Self::check), and if it is a folder or on the web, from which one reads.
    pub fn check_put(&self) -> Result<(), ObjectError> {
        self.one_object()?;
        self.check_folder()
    }

    /// The same for a folder of objects that will be put.
    ///
    /// # Errors
    /// As of [`check`](Self::check), and if it is on the web, from which one reads.
    pub fn check_folder(&self) -> Result<(), ObjectError> {
        if self.scheme == Scheme::Web {
            let reason = "what is on the web is read, not written".to_owned();
            return Err(ObjectErrorKind::Unsupported { reason }.of(&self.text));
        }
        self.check()
    }

    fn one_object(&self) -> Result<(), ObjectError> {
        match self.is_folder() {
            true => Err(ObjectErrorKind::Folder.of(&self.text)),
            false => Ok(()),
        }
    }
}

impl fmt::Display for ObjectUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(feature = "object-store")]
use crate::store as access;

/// What a program without the feature `object-store` answers.
#[cfg(not(feature = "object-store"))]
mod access {
    use super::{ObjectErrorKind, ObjectUrl};

    pub(super) fn get(_: &ObjectUrl, _: u64) -> Result<Vec<u8>, ObjectErrorKind> {
        Err(ObjectErrorKind::NotBuilt)
    }

    pub(super) fn put(_: &ObjectUrl, _: &[u8]) -> Result<(), ObjectErrorKind> {
        Err(ObjectErrorKind::NotBuilt)
    }

    pub(super) fn put_new(_: &ObjectUrl, _: &[u8]) -> Result<bool, ObjectErrorKind> {
        Err(ObjectErrorKind::NotBuilt)
    }

    pub(super) fn list(_: &ObjectUrl) -> Result<Vec<ObjectUrl>, ObjectErrorKind> {
        Err(ObjectErrorKind::NotBuilt)
    }

    pub(super) fn check(_: &ObjectUrl) -> Result<(), ObjectErrorKind> {
        Err(ObjectErrorKind::NotBuilt)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::path::Path;

    use super::{ObjectError, ObjectUrl, Scheme};
    use crate::ObjectErrorKind;

    fn url(text: &str) -> Result<Option<ObjectUrl>, ObjectError> {
        ObjectUrl::of(Path::new(text))
    }

    #[test]
    fn a_url_has_a_bucket_a_key_and_a_kind() {
        let cases = [
            ("s3://shop/a/b.csv", Scheme::S3, "s3://shop", "shop", "a/b.csv", false),
            ("S3A://shop/a/", Scheme::S3, "S3A://shop", "shop", "a", true),
            ("gs://shop", Scheme::Google, "gs://shop", "shop", "", true),
            ("az://shop/", Scheme::Azure, "az://shop", "shop", "", true),
            (
                "https://a.example:80/b%20c.csv",
                Scheme::Web,
                "https://a.example:80",
                "a.example:80",
                "b%20c.csv",
                false,
            ),
        ];
        for (text, scheme, place, bucket, key, is_folder) in cases {
            let url = url(text).unwrap().unwrap();
            assert_eq!(
                (url.scheme, url.place(), url.bucket()),
                (scheme, place, bucket),
                "{text}"
            );
            assert_eq!((url.key(), url.is_folder()), (key, is_folder), "{text}");
            assert_eq!(url.to_path(), Path::new(text));
        }
    }

    #[test]
    fn what_is_no_url_is_a_path() {
        for path in [
            "a.csv",
            "-",
            "s3:/shop/a.csv",
            "C://a.csv",
            "./s3://shop/a.csv",
            "://shop",
            "",
        ] {
            assert_eq!(url(path), Ok(None), "{path}");
        }
    }

    #[test]
    fn a_url_of_nothing_that_could_be_an_object_is_refused() {
        for text in [
            "https://a/b+c.csv",
            "https://a/b%2Fc",
            "ftp://shop/a",
            "s3://",
            "s3:///a",
            "s3://shop//a",
            "s3://shop/../a",
            "s3://shop/a/.",
            "https://a/b?c=d",
        ] {
            let error = url(text).unwrap_err();
            assert!(matches!(error.kind, ObjectErrorKind::Address(_)), "{text}: {error}");
            assert!(error.to_string().starts_with(text), "{error}");
        }
    }

    #[test]
    fn a_password_is_refused_and_not_said() {
        let error = url("https://someone:secret@shop.example/a.csv").unwrap_err();
        assert!(
            matches!(error.kind, ObjectErrorKind::Address(_)) && !error.to_string().contains("secret"),
            "{error}"
        );
        // Azure's way to name a container.
        assert!(url("abfss://shop@account.dfs.core.windows.net/a.csv").is_ok());
    }

    #[test]
    fn one_place_has_many_names() {
        let url = |text| url(text).unwrap().unwrap();
        for (one, other) in [
            ("s3://shop/a.csv", "S3A://shop/a.csv"),
            ("s3://shop/a", "s3://shop/a/"),
            ("https://Shop.example/a.csv", "HTTPS://shop.example/a.csv"),
        ] {
            assert_eq!(url(one).canonical(), url(other).canonical(), "{one} {other}");
        }
        for other in [
            "s3://Shop/a.csv",
            "s3://shop/A.csv",
            "gs://shop/a.csv",
            "s3://shop/b.csv",
        ] {
            assert_ne!(url("s3://shop/a.csv").canonical(), url(other).canonical(), "{other}");
        }
    }

    #[test]
    fn what_is_on_the_web_is_not_written() {
        let kind = url("https://shop.example/a.csv")
            .unwrap()
            .unwrap()
            .check_put()
            .unwrap_err()
            .kind;
        assert!(matches!(kind, ObjectErrorKind::Unsupported { .. }));
        let folder = url("s3://shop/a/").unwrap().unwrap();
        assert_eq!(folder.check_put().unwrap_err().kind, ObjectErrorKind::Folder);
    }

    #[test]
    fn names_are_joined_with_one_slash() {
        for folder in ["s3://shop", "s3://shop/", "s3://shop/a", "s3://shop/a/"] {
            let folder = url(folder).unwrap().unwrap();
            let name = folder.join("part.csv");
            assert_eq!(name.key(), format!("{}/part.csv", folder.key()).trim_start_matches('/'));
            assert!(!name.is_folder());
        }
    }

    #[test]
    fn a_folder_is_neither_read_nor_written_as_an_object() {
        let folder = url("s3://shop/a/").unwrap().unwrap();
        for refused in [
            folder.get().map(|_| ()),
            folder.put(b"x"),
            folder.put_new(b"x").map(|_| ()),
        ] {
            assert_eq!(refused.unwrap_err().kind, ObjectErrorKind::Folder);
        }
    }

    #[cfg(not(feature = "object-store"))]
    #[test]
    fn without_clients_every_access_says_how_to_get_them() {
        let object = url("s3://shop/a").unwrap().unwrap();
        let answers = [
            object.get().map(|_| ()),
            object.put(b"x"),
            object.put_new(b"x").map(|_| ()),
            object.list().map(|_| ()),
            object.check(),
        ];
        for answer in answers {
            assert!(answer.unwrap_err().to_string().contains("--features object-store"));
        }
    }
}
