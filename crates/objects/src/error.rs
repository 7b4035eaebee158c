//! What can go wrong with an object.

/// What went wrong with an object, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{url}: {kind}")]
pub struct ObjectError {
    /// The URL as it was given.
    pub url: String,
    /// What went wrong.
    pub kind: ObjectErrorKind,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectErrorKind {
    /// The program has no clients of object stores.
    #[error("this program was built without object stores; install it with --features object-store")]
    NotBuilt,
    /// A URL that names no place for objects.
    #[error("{0}")]
    Address(&'static str),
    /// A folder was given where an object is meant.
    #[error("it is a folder of objects; name one object")]
    Folder,
    /// More bytes than whoever reads it takes.
    #[error("it has {size} bytes, and at most {most} are read")]
    TooLarge {
        /// Its size.
        size: u64,
        /// The largest that is read.
        most: u64,
    },
    /// There is no object under this key.
    #[error("there is no such object (a folder of objects ends with /)")]
    NoObject,
    /// There is no such bucket or container.
    #[error("there is no such bucket")]
    NoBucket,
    /// The environment names no credentials.
    #[error(
        "no credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or AWS_SKIP_SIGNATURE=true for a public \
         bucket), GOOGLE_SERVICE_ACCOUNT, or AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY"
    )]
    NoCredentials,
    /// The store knows the caller, or does not, and refuses.
    #[error("the store refuses access: {reason}; check the credentials in the environment and what they may do")]
    Refused {
        /// The store's answer.
        reason: String,
    },
    /// Nothing answers, or no more.
    #[error(
        "the store cannot be reached: {reason}; check the network, and the endpoint if one is set (AWS_ENDPOINT_URL)"
    )]
    Unreachable {
        /// The system's answer.
        reason: String,
    },
    /// A read was given up: see [`interrupt_reads_when`](crate::interrupt_reads_when).
    #[error("interrupted while it was waited for")]
    Interrupted,
    /// The store has no such operation: plain HTTP cannot list or put without replacing.
    #[error("this kind of store cannot do that: {reason}")]
    Unsupported {
        /// Which operation.
        reason: String,
    },
    /// Anything else, in the store's own words.
    #[error("the store failed: {reason}")]
    Failed {
        /// The store's answer.
        reason: String,
    },
}

impl ObjectErrorKind {
    /// This error of the object or folder `url`.
    pub(crate) fn of(self, url: &str) -> ObjectError {
        ObjectError {
            url: url.to_owned(),
            kind: self,
        }
    }
}
