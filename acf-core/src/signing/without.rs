//! Signatures without the cargo feature `jwt`: there is no key, so nothing is ever signed.

use super::SigningAlgorithm;
use crate::error::Error;

pub(super) enum Pair {}

impl Pair {
    pub(super) fn read(_: &str) -> Result<(Self, SigningAlgorithm), Error> {
        Err(missing())
    }

    pub(super) fn sign(&self, _: SigningAlgorithm, _: &[u8]) -> Result<Vec<u8>, Error> {
        match *self {}
    }
}

pub(super) fn hmac(_: &[u8], _: &[u8]) -> Result<Vec<u8>, Error> {
    Err(missing())
}

fn missing() -> Error {
    Error::configuration("signing needs the cargo feature `jwt` of `acf-core`")
}
