//! GOST 34.10-2015 of 512 bits as Kazakhstan's authority uses it: the curve tc26-512-paramSetA with Streebog-512.
//!
//! Key octets are X and Y, least significant octet first. A signature is the two numbers s and r, written as a whole
//! with its least significant octet first. Curve arithmetic is the library's; verification is GOST R 34.10-2012, 6.2.

use std::sync::OnceLock;

use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcPoint};
use openssl::error::ErrorStack;

use super::{AlgorithmFault, split};
use crate::der;
use crate::fault::Fault;
use crate::oid;

/// Octets of a coordinate and of each number of a signature.
const OCTETS: usize = 64;

const P: &str = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF\
                 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFDC7";
const A: &str = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF\
                 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFDC4";
const B: &str = "E8C2505DEDFC86DDC1BD0B2B6667F1DA34B82574761CB0E879BD081CFD0B6265\
                 EE3CB090F30D27614CB4574010DA90DD862EF9D4EBEE4761503190785A71C760";
const Q: &str = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF\
                 27E69532F48D89116FF22B8D4E0560609B4B38ABFAD2B85DCACDB1411F10B275";
const X: &str = "3";
const Y: &str = "7503CFE87A836AE3A61B8816E25450E6CE5E1C93ACF1ABC1778064FDCBEFA921\
                 DF1626BE4FD036E93D75E6A50E3A41E98028FE5FC235F5B889A589CB5215F2A4";

struct Curve {
    group: EcGroup,
    order: BigNum,
}

impl Curve {
    fn get() -> Option<&'static Self> {
        static CURVE: OnceLock<Option<Curve>> = OnceLock::new();
        CURVE.get_or_init(|| Self::build().ok()).as_ref()
    }

    fn build() -> Result<Self, ErrorStack> {
        let number = BigNum::from_hex_str;
        let mut ctx = BigNumContext::new()?;
        let mut group = EcGroup::from_components(number(P)?, number(A)?, number(B)?, &mut ctx)?;
        let order = number(Q)?;
        let generator = point(&group, &number(X)?, &number(Y)?, &mut ctx)?;
        group.set_generator(generator, number(Q)?, BigNum::from_u32(1)?)?;
        Ok(Self { group, order })
    }
}

/// The point with these coordinates; the library refuses one that is not on the curve.
fn point(group: &EcGroup, x: &BigNum, y: &BigNum, ctx: &mut BigNumContext) -> Result<EcPoint, ErrorStack> {
    let width = i32::try_from(OCTETS).unwrap_or(i32::MAX);
    let octets = [vec![4], x.to_vec_padded(width)?, y.to_vec_padded(width)?].concat();
    EcPoint::from_bytes(group, &octets, ctx)
}

/// A public key on the curve, in the octets it came in.
#[derive(Clone, Debug)]
pub(crate) struct GostKey {
    x: [u8; OCTETS],
    y: [u8; OCTETS],
}

fn reversed(octets: &[u8]) -> Option<[u8; OCTETS]> {
    let mut octets: [u8; OCTETS] = octets.try_into().ok()?;
    octets.reverse();
    Some(octets)
}

/// The key of a `SubjectPublicKeyInfo` when its algorithm is this one, `None` when it is another.
pub(super) fn key(spki: &[u8]) -> Result<Option<GostKey>, AlgorithmFault> {
    let mut fields = der::only(spki, der::SEQUENCE)?.inside();
    let (kind, parameters) = split(fields.take(der::SEQUENCE)?)?;
    if kind != oid::KZ_GOST_512_KEY {
        return Ok(None);
    }
    let refuse = |detail: &str| AlgorithmFault::new(Fault::AlgorithmUnsupported, detail);
    let parameters = parameters.ok_or_else(|| refuse("GOST key names no curve"))?;
    let mut named = parameters.expect(der::SEQUENCE)?.inside();
    let curve = named.take(der::OID)?.value;
    let digest = named.take(der::OID)?.value;
    named.end()?;
    if curve != oid::KZ_GOST_512_CURVE || digest != oid::KZ_STREEBOG_512 {
        return Err(refuse("GOST key on another curve or with another digest than those of 512 bits"));
    }
    let octets = der::whole_bits(fields.element()?)?;
    fields.end()?;
    let octets = der::only(octets, der::OCTET_STRING)?.value;
    let parts = octets.split_at_checked(OCTETS).filter(|(_, y)| y.len() == OCTETS);
    let parts = parts.and_then(|(x, y)| Some(GostKey { x: reversed(x)?, y: reversed(y)? }));
    let key = parts.ok_or_else(|| refuse("GOST key is of another length"))?;
    if key.point().is_ok() { Ok(Some(key)) } else { Err(refuse("GOST key is not on its curve")) }
}

/// The library could not compute.
struct Failed;

impl From<ErrorStack> for Failed {
    fn from(_: ErrorStack) -> Self {
        Self
    }
}

impl GostKey {
    fn point(&self) -> Result<EcPoint, Failed> {
        let curve = Curve::get().ok_or(Failed)?;
        let (x, y) = (BigNum::from_slice(&self.x)?, BigNum::from_slice(&self.y)?);
        Ok(point(&curve.group, &x, &y, &mut BigNumContext::new()?)?)
    }

    /// Whether `signature` over the digest `hash` verifies; a failure inside the library counts as a bad signature.
    pub(super) fn verifies(&self, hash: &[u8], signature: &[u8]) -> bool {
        self.check(hash, signature).unwrap_or(false)
    }

    fn check(&self, hash: &[u8], signature: &[u8]) -> Result<bool, Failed> {
        let curve = Curve::get().ok_or(Failed)?;
        let order = &curve.order;
        let (r, s) = signature.split_at_checked(OCTETS).ok_or(Failed)?;
        let r = BigNum::from_slice(&reversed(r).ok_or(Failed)?)?;
        let s = BigNum::from_slice(&reversed(s).ok_or(Failed)?)?;
        let zero = BigNum::new()?;
        if r <= zero || s <= zero || r >= *order || s >= *order {
            return Ok(false);
        }
        let mut ctx = BigNumContext::new()?;
        let mut hashed = BigNum::new()?;
        hashed.nnmod(BigNum::from_slice(&reversed(hash).ok_or(Failed)?)?.as_ref(), order, &mut ctx)?;
        if hashed == zero {
            hashed = BigNum::from_u32(1)?;
        }
        let mut inverse = BigNum::new()?;
        inverse.mod_inverse(&hashed, order, &mut ctx)?;
        let (mut of_base, mut of_key, mut negative) = (BigNum::new()?, BigNum::new()?, BigNum::new()?);
        of_base.mod_mul(&s, &inverse, order, &mut ctx)?;
        negative.checked_sub(order, &r)?;
        of_key.mod_mul(&negative, &inverse, order, &mut ctx)?;
        let mut sum = EcPoint::new(&curve.group)?;
        let point = self.point()?;
        sum.mul_full(&curve.group, &of_base, &point, &of_key, &mut ctx)?;
        if sum.is_infinity(&curve.group) {
            return Ok(false);
        }
        let (mut abscissa, mut ordinate, mut found) = (BigNum::new()?, BigNum::new()?, BigNum::new()?);
        sum.affine_coordinates(&curve.group, &mut abscissa, &mut ordinate, &mut ctx)?;
        found.nnmod(&abscissa, order, &mut ctx)?;
        Ok(found == r)
    }
}
