//! Challenges: random texts that carry their own expiry and seal, so that any replica can take them back.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use customs_gateway_contract::{Challenge, problems};
use customs_kernel::Problem;
use openssl::{error::ErrorStack, hash::MessageDigest, memcmp, pkey::PKey, rand::rand_bytes, sign::Signer};

/// What every challenge starts with: a signature over it can be taken for nothing else.
const HEAD: &str = "ecustoms-login";

/// Makes challenges and recognises its own.
pub(crate) struct Challenges {
    key: [u8; 32],
    life: TimeDelta,
}

impl Challenges {
    /// Challenges sealed with `key`, good for `seconds`.
    pub(crate) fn new(key: [u8; 32], seconds: u32) -> Self {
        Self { key, life: TimeDelta::seconds(i64::from(seconds)) }
    }

    /// A fresh challenge at the instant `now`.
    pub(crate) fn make(&self, now: DateTime<Utc>) -> Result<Challenge, ErrorStack> {
        let mut random = [0; 32];
        rand_bytes(&mut random)?;
        let until = now + self.life;
        let body = format!("{HEAD}.{}.{}", URL_SAFE_NO_PAD.encode(random), until.timestamp());
        let challenge = format!("{body}.{}", self.seal(&body)?);
        let expires_at = DateTime::from_timestamp(until.timestamp(), 0).unwrap_or(until);
        Ok(Challenge { challenge, expires_at })
    }

    /// Until when `challenge` is good, if it was made here and is not too old at `now`.
    pub(crate) fn check(&self, challenge: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, Problem> {
        let refused = |why: &str| problems::CHALLENGE.because(why).at("/challenge");
        let (body, seal) = challenge.rsplit_once('.').ok_or_else(|| refused("this is no challenge"))?;
        let expected = self.seal(body).unwrap_or_default();
        if seal.len() != expected.len() || !memcmp::eq(seal.as_bytes(), expected.as_bytes()) {
            return Err(refused("the challenge was not made here"));
        }
        let until = body.rsplit('.').next().and_then(|seconds| seconds.parse().ok());
        let until = until.and_then(|seconds| DateTime::from_timestamp(seconds, 0)).unwrap_or_default();
        if until <= now {
            return Err(refused("the challenge is too old"));
        }
        Ok(until)
    }

    fn seal(&self, body: &str) -> Result<String, ErrorStack> {
        let key = PKey::hmac(&self.key)?;
        let mut signer = Signer::new(MessageDigest::sha256(), &key)?;
        signer.update(body.as_bytes())?;
        Ok(URL_SAFE_NO_PAD.encode(signer.sign_to_vec()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_good_until_it_expires_and_only_where_it_was_made() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let challenges = Challenges::new([1; 32], 120);
        let made = challenges.make(now).unwrap();
        assert!(made.challenge.len() <= 200, "{}", made.challenge.len());
        assert_eq!(challenges.check(&made.challenge, now).unwrap(), made.expires_at);
        assert!(challenges.check(&made.challenge, now + TimeDelta::seconds(120)).is_err());
        assert!(Challenges::new([2; 32], 120).check(&made.challenge, now).is_err());
        let later = made.challenge.replace("1800000120", "1900000120");
        assert_eq!(challenges.check(&later, now).unwrap_err().code, "challenge-refused");
        assert!(challenges.check("", now).is_err());
    }
}
