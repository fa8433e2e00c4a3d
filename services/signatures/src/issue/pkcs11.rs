//! Keys in a device, reached by PKCS#11: the private half never leaves it, every signature is made inside.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::Error;
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;

use super::{Credential, DeviceKey, IssueError, KeyKind, SigningKey};
use crate::algorithm::Digest;
use crate::certificate::Certificate;

/// Where a key is.
#[derive(Clone, Debug)]
pub struct DeviceAddress {
    /// The device's library.
    pub module: PathBuf,
    /// Label of the token.
    pub token: String,
    /// Label of the private key.
    pub key: String,
}

/// One module is initialised once in a process, whoever asks for it.
static MODULES: Mutex<Option<HashMap<PathBuf, Pkcs11>>> = Mutex::new(None);

fn module(path: &Path) -> Result<Pkcs11, Error> {
    let mut modules = MODULES.lock().unwrap_or_else(PoisonError::into_inner);
    let modules = modules.get_or_insert_default();
    if let Some(known) = modules.get(path) {
        return Ok(known.clone());
    }
    let opened = Pkcs11::new(path)?;
    opened.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))?;
    modules.insert(path.to_owned(), opened.clone());
    Ok(opened)
}

fn refused(error: &Error) -> IssueError {
    IssueError::Device(error.to_string())
}

/// A logged-in session with the key it signs with.
struct Opened {
    session: Session,
    key: ObjectHandle,
}

/// A key in a device; its session is opened again when it was lost.
struct Pkcs11Key {
    address: DeviceAddress,
    pin: AuthPin,
    kind: KeyKind,
    opened: Mutex<Option<Opened>>,
}

impl Credential {
    /// A credential whose key is in a device, with its certificate (DER) and the authorities above it (DER, nearest first).
    ///
    /// The key must be the certificate's: it signs once for proof.
    pub fn on_device(
        address: DeviceAddress,
        pin: &str,
        certificate: Vec<u8>,
        chain: Vec<Vec<u8>>,
    ) -> Result<Self, IssueError> {
        let spki = Certificate::parse(&certificate)?.spki.to_vec();
        let unknown = SigningKey::on_device(&spki, Arc::new(Nowhere))?;
        let device = Pkcs11Key {
            address,
            pin: AuthPin::new(pin.to_owned().into_boxed_str()),
            kind: unknown.kind()?,
            opened: Mutex::new(None),
        };
        let key = SigningKey::on_device(&spki, Arc::new(device))?;
        key.prove()?;
        Self::new(key, certificate, chain)
    }
}

/// Stands for the device until the kind of its key is known.
struct Nowhere;

impl DeviceKey for Nowhere {
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, IssueError> {
        Err(IssueError::OnDevice)
    }
}

impl DeviceKey for Pkcs11Key {
    fn sign(&self, content: &[u8]) -> Result<Vec<u8>, IssueError> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        // A device that was unplugged or restarted has forgotten the session: one more try with a fresh one.
        let first = opened.take().map(|known| (self.value(&known, content), known));
        let (value, known) = if let Some((Ok(value), known)) = first {
            (value, known)
        } else {
            let fresh = self.open().map_err(|error| refused(&error))?;
            (self.value(&fresh, content).map_err(|error| refused(&error))?, fresh)
        };
        *opened = Some(known);
        self.encoded(&value)
    }
}

impl Pkcs11Key {
    fn open(&self) -> Result<Opened, Error> {
        let module = module(&self.address.module)?;
        for slot in module.get_slots_with_token()? {
            if module.get_token_info(slot)?.label().trim_end() != self.address.token {
                continue;
            }
            let session = module.open_ro_session(slot)?;
            match session.login(UserType::User, Some(&self.pin)) {
                // Another key of the same token has logged in already: a log-in counts for the whole process.
                Ok(()) | Err(Error::Pkcs11(cryptoki::error::RvError::UserAlreadyLoggedIn, _)) => {}
                Err(error) => return Err(error),
            }
            let wanted = [
                Attribute::Class(ObjectClass::PRIVATE_KEY),
                Attribute::Label(self.address.key.clone().into_bytes()),
            ];
            if let Some(key) = session.find_objects(&wanted)?.first().copied() {
                return Ok(Opened { session, key });
            }
        }
        Err(Error::NotSupported)
    }

    fn value(&self, opened: &Opened, content: &[u8]) -> Result<Vec<u8>, Error> {
        match self.kind {
            KeyKind::P256 => opened.session.sign(&Mechanism::Ecdsa, opened.key, &Digest::Sha256.of(content)),
            KeyKind::P384 => opened.session.sign(&Mechanism::Ecdsa, opened.key, &Digest::Sha384.of(content)),
            KeyKind::Rsa2048 | KeyKind::Rsa3072 | KeyKind::Rsa4096 => {
                opened.session.sign(&Mechanism::Sha256RsaPkcs, opened.key, content)
            }
        }
    }

    /// The value as certificates and messages carry it: of ECDSA both numbers in DER.
    fn encoded(&self, value: &[u8]) -> Result<Vec<u8>, IssueError> {
        if !matches!(self.kind, KeyKind::P256 | KeyKind::P384) {
            return Ok(value.to_vec());
        }
        let (r, s) = value.split_at(value.len() / 2);
        Ok(EcdsaSig::from_private_components(BigNum::from_slice(r)?, BigNum::from_slice(s)?)?.to_der()?)
    }
}
