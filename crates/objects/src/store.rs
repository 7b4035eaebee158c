//! Objects through the `object_store` crate. Credentials, endpoint and region come from the environment, time-outs and retries are that
//! crate's own.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::client::{HttpError, HttpErrorKind};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::http::HttpBuilder;
use object_store::path::Path;
use object_store::{ClientConfigKey, ClientOptions, Error, ObjectStore, ObjectStoreExt, PutMode, PutPayload};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use crate::ObjectErrorKind;
use crate::interruption::raised;
use crate::url::{ObjectUrl, Scheme};

/// A bucket, and what runs its requests. Several threads may use it at once.
struct Connection {
    store: Box<dyn ObjectStore>,
    runtime: Runtime,
}

/// One connection for each bucket: making one reads the certificates of the system, and greets the server anew.
static CONNECTIONS: Mutex<BTreeMap<String, Arc<Connection>>> = Mutex::new(BTreeMap::new());

impl Connection {
    fn to(url: &ObjectUrl) -> Result<Arc<Self>, ObjectErrorKind> {
        let mut connections = CONNECTIONS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = connections.get(url.place()) {
            return Ok(Arc::clone(known));
        }
        let runtime = Builder::new_current_thread().enable_all().build();
        let connection = Arc::new(Self {
            store: store(url).map_err(|error| explained(&error))?,
            runtime: runtime.map_err(|error| ObjectErrorKind::Failed {
                reason: error.to_string(),
            })?,
        });
        connections.insert(url.place().to_owned(), Arc::clone(&connection));
        Ok(connection)
    }

    /// Waits for what is put.
    fn wait<T>(&self, answer: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        self.runtime.block_on(answer)
    }

    /// Waits for what changes nothing, until somebody interrupts.
    fn read<T>(&self, answer: impl Future<Output = Result<T, Error>>) -> Result<T, ObjectErrorKind> {
        self.runtime.block_on(async {
            let mut answer = pin!(answer);
            loop {
                match timeout(LOOK, answer.as_mut()).await {
                    Ok(answer) => return answer.map_err(|error| explained(&error)),
                    Err(_) if raised() => return Err(ObjectErrorKind::Interrupted),
                    Err(_) => {}
                }
            }
        })
    }
}

/// How often a read that waits looks whether it is interrupted.
const LOOK: Duration = Duration::from_millis(100);

/// How long one request may take. The crate's own 30 seconds are for a whole upload too, so that a model of some megabytes would never
/// arrive through a slow line.
const TIMEOUT: Duration = Duration::from_secs(600);

fn store(url: &ObjectUrl) -> Result<Box<dyn ObjectStore>, Error> {
    // Whoever sets it has it.
    let given = |name: &str| std::env::var(name).unwrap_or_else(|_| format!("{}s", TIMEOUT.as_secs()));
    Ok(match url.scheme {
        Scheme::S3 => Box::new(
            AmazonS3Builder::from_env()
                .with_config(
                    AmazonS3ConfigKey::Client(ClientConfigKey::Timeout),
                    given("AWS_TIMEOUT"),
                )
                .with_bucket_name(url.bucket())
                .build()?,
        ),
        Scheme::Google => Box::new(
            GoogleCloudStorageBuilder::from_env()
                .with_config(
                    GoogleConfigKey::Client(ClientConfigKey::Timeout),
                    given("GOOGLE_TIMEOUT"),
                )
                .with_bucket_name(url.bucket())
                .build()?,
        ),
        Scheme::Azure => Box::new(
            MicrosoftAzureBuilder::from_env()
                .with_config(AzureConfigKey::Client(ClientConfigKey::Timeout), given("AZURE_TIMEOUT"))
                .with_url(url.place())
                .build()?,
        ),
        Scheme::Web => {
            // Whoever writes http:// means it; whoever writes https:// is not led away from it.
            let plain = url.place().to_ascii_lowercase().starts_with("http://");
            let options = ClientOptions::new().with_allow_http(plain).with_timeout(TIMEOUT);
            Box::new(
                HttpBuilder::new()
                    .with_url(url.place())
                    .with_client_options(options)
                    .build()?,
            )
        }
    })
}

fn path(url: &ObjectUrl) -> Result<Path, ObjectErrorKind> {
    let path = match url.scheme {
        Scheme::Web => Path::from_url_path(url.key()),
        _ => Path::parse(url.key()),
    };
    path.map_err(|error| explained(&error.into()))
}

pub(crate) fn get(url: &ObjectUrl, most: u64) -> Result<Vec<u8>, ObjectErrorKind> {
    let (connection, path) = (Connection::to(url)?, path(url)?);
    connection.read(async {
        let found = connection.store.get(&path).await?;
        let size = found.meta.size;
        Ok(match size <= most {
            true => Ok(Vec::from(found.bytes().await?)),
            false => Err(ObjectErrorKind::TooLarge { size, most }),
        })
    })?
}

pub(crate) fn put(url: &ObjectUrl, bytes: &[u8]) -> Result<(), ObjectErrorKind> {
    put_as(url, bytes, PutMode::Overwrite)?.map_err(|error| explained(&error))
}

pub(crate) fn put_new(url: &ObjectUrl, bytes: &[u8]) -> Result<bool, ObjectErrorKind> {
    match put_as(url, bytes, PutMode::Create)? {
        Ok(()) => Ok(true),
        Err(Error::AlreadyExists { .. }) => Ok(false),
        Err(error) => Err(explained(&error)),
    }
}

fn put_as(url: &ObjectUrl, bytes: &[u8], mode: PutMode) -> Result<Result<(), Error>, ObjectErrorKind> {
    let (connection, path) = (Connection::to(url)?, path(url)?);
    let put = connection
        .store
        .put_opts(&path, PutPayload::from(bytes.to_vec()), mode.into());
    Ok(connection.wait(put).map(|_| ()))
}

pub(crate) fn list(url: &ObjectUrl) -> Result<Vec<ObjectUrl>, ObjectErrorKind> {
    if url.scheme == Scheme::Web {
        return Err(ObjectErrorKind::Unsupported {
            reason: "a web server's folders cannot be listed; name a file".to_owned(),
        });
    }
    let (connection, folder) = (Connection::to(url)?, path(url)?);
    let found = connection.read(connection.store.list_with_delimiter(Some(&folder)))?;
    let mut objects: Vec<ObjectUrl> = (found.objects.iter())
        // Some programs put an empty object where a folder is.
        .filter(|object| object.location != folder)
        .filter_map(|object| Some(url.join(object.location.filename()?)))
        .collect();
    objects.sort();
    Ok(objects)
}

/// Reads one byte: unlike the answer to a question for the metadata, that to a read says whether the bucket or the object is missing.
pub(crate) fn check(url: &ObjectUrl) -> Result<(), ObjectErrorKind> {
    let (connection, path) = (Connection::to(url)?, path(url)?);
    // The bucket itself is no object.
    if url.key().is_empty() {
        return list(url).map(|_| ());
    }
    match connection.read(connection.store.get_range(&path, 0..1)) {
        Ok(_) | Err(ObjectErrorKind::NoObject) => Ok(()),
        // Who may not list is not told that there is no such object, and may still write it.
        Err(ObjectErrorKind::Refused { reason }) if reason.starts_with("AccessDenied") => Ok(()),
        // An empty object has no first byte.
        Err(ObjectErrorKind::Failed { reason }) if reason.starts_with("InvalidRange") => Ok(()),
        Err(other) => Err(other),
    }
}

/// The error in our words.
fn explained(error: &Error) -> ObjectErrorKind {
    let text = error.to_string();
    let reason = said(&answer(&text).unwrap_or_else(|| innermost(error)));
    match error {
        Error::NotFound { .. } if text.contains("NoSuchBucket") || text.contains("ContainerNotFound") => {
            ObjectErrorKind::NoBucket
        }
        Error::NotFound { .. } => ObjectErrorKind::NoObject,
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => ObjectErrorKind::Refused { reason },
        Error::NotImplemented { .. } | Error::NotSupported { .. } => ObjectErrorKind::Unsupported { reason },
        // The address at which machines of a cloud ask for theirs.
        _ if text.contains("169.254.169.254") || text.contains("metadata.google.internal") => {
            ObjectErrorKind::NoCredentials
        }
        _ if text.contains("Account must be specified") => ObjectErrorKind::NoCredentials,
        _ if reason.contains("scheme is not allowed") => {
            ObjectErrorKind::Address("the endpoint is http:// and not https://; set AWS_ALLOW_HTTP=true to allow that")
        }
        _ if is_unreachable(error) => ObjectErrorKind::Unreachable { reason },
        _ => ObjectErrorKind::Failed { reason },
    }
}

/// Code and message of the answer in XML that S3, Google and Azure give.
fn answer(text: &str) -> Option<String> {
    let field = |name: &str| {
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        Some(rest.split_once(&format!("</{name}>"))?.0.trim())
    };
    let code = field("Code")?;
    Some(field("Message").map_or_else(|| code.to_owned(), |message| format!("{code}, {message}")))
}

/// What the last of the errors says that led to each other, in one line.
fn innermost(error: &Error) -> String {
    let mut last: &dyn std::error::Error = error;
    while let Some(next) = last.source() {
        last = next;
    }
    let text = last.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

/// The words of a server as a terminal may show them: one line, not endless, nothing that moves the cursor.
fn said(words: &str) -> String {
    const MOST: usize = 200;
    let line = words.split(|sign: char| sign.is_whitespace() || sign.is_control());
    let line = line.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{} …", &line[..end]),
        None => line,
    }
}

/// Whether no whole answer came, however often it was asked for.
fn is_unreachable(error: &Error) -> bool {
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<HttpError>() {
            return matches!(
                found.kind(),
                HttpErrorKind::Connect | HttpErrorKind::Request | HttpErrorKind::Timeout | HttpErrorKind::Interrupted
            );
        }
        next = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::path::Path;

    use crate::{ObjectErrorKind, ObjectUrl};

    /// An object of a server that gives every question this answer.
    fn answered(status: &'static str, body: &'static str) -> ObjectUrl {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/object", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let _ = stream.read(&mut [0; 4096]);
                let length = body.len();
                let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n");
                let _ = write!(
                    stream,
                    "{head}Last-Modified: Wed, 21 Oct 2015 07:28:00 GMT\r\nETag: \"1\"\r\n\r\n{body}"
                );
            }
        });
        ObjectUrl::of(Path::new(&url)).unwrap().unwrap()
    }

    const REFUSED: &str = "<Error><Code>InvalidAccessKeyId</Code><Message>Who are you?</Message></Error>";

    #[test]
    fn every_answer_has_its_words() {
        let cases = [
            ("404 Not Found", "", ObjectErrorKind::NoObject),
            ("404 Not Found", "<Code>NoSuchKey</Code>", ObjectErrorKind::NoObject),
            ("404 Not Found", "<Code>NoSuchBucket</Code>", ObjectErrorKind::NoBucket),
            (
                "403 Forbidden",
                REFUSED,
                ObjectErrorKind::Refused {
                    reason: "InvalidAccessKeyId, Who are you?".into(),
                },
            ),
        ];
        for (status, body, kind) in cases {
            let object = answered(status, body);
            assert_eq!(object.get().unwrap_err().kind, kind, "{status} {body}");
        }
        assert_eq!(answered("200 OK", "ds,y\n").get().unwrap(), b"ds,y\n");
    }

    #[test]
    fn a_place_may_be_written_unless_the_answer_says_otherwise() {
        for (status, body) in [
            ("404 Not Found", "<Code>NoSuchKey</Code>"),
            ("403 Forbidden", "<Code>AccessDenied</Code>"),
            ("416 Range Not Satisfiable", "<Code>InvalidRange</Code>"),
        ] {
            assert_eq!(answered(status, body).check(), Ok(()), "{status} {body}");
        }
        for (status, body) in [
            ("404 Not Found", "<Code>NoSuchBucket</Code>"),
            ("403 Forbidden", REFUSED),
            ("400 Bad Request", "<Code>AuthorizationHeaderMalformed</Code>"),
        ] {
            assert!(answered(status, body).check().is_err(), "{status} {body}");
        }
    }

    #[test]
    fn the_web_has_no_way_to_put_only_what_is_new() {
        let error = answered("200 OK", "").put_new(b"x").unwrap_err();
        assert!(matches!(error.kind, ObjectErrorKind::Unsupported { .. }), "{error}");
    }
}
