//! Archive timestamps: a piece of evidence is proven years later, through renewals, and nothing else is.

use crate::support::{Nation, noon};
use chrono::{DateTime, TimeDelta, Utc};
use customs_signatures::TrustStore;
use customs_signatures::archive::{ArchiveProof, leaf, root, stamped, way};
use customs_signatures::issue::{
    Credential, KeyKind, Subject, Usage, Validity, timestamp_of, timestamp_request,
};

const POLICY: &str = "1.2.398.3.3.2.6.4";

fn authority(nation: &Nation, from: DateTime<Utc>, days: i64) -> Credential {
    let validity = Validity { not_before: from, not_after: from + TimeDelta::days(days) };
    nation
        .issuing
        .issue(
            &Subject { common_name: "Timestamps".to_owned(), ..Subject::default() },
            Usage::TimeStamping,
            KeyKind::P256,
            validity,
        )
        .unwrap()
}

/// By the protocol, as an authority on the network would be asked.
fn asked(authority: &Credential, octets: &[u8], at: DateTime<Utc>) -> Vec<u8> {
    let request = timestamp_request(&openssl::sha::sha256(octets)).unwrap();
    let answer = authority.answer_timestamp(&request, POLICY, at).unwrap();
    timestamp_of(&answer).unwrap().unwrap()
}

fn trust(nation: &Nation, authorities: &[&Credential]) -> std::sync::Arc<TrustStore> {
    let mut trust = nation.trust();
    for authority in authorities {
        trust.timestamp_authority(authority.certificate(), &[POLICY]).unwrap();
    }
    trust.build()
}

#[test]
fn a_piece_is_proven_through_renewals_after_its_first_authority_has_ended() {
    let nation = Nation::new();
    let (first, second) = (authority(&nation, noon(), 30), authority(&nation, noon(), 200));
    let trust = trust(&nation, &[&first, &second]);
    let pieces: Vec<(Vec<u8>, Vec<u8>)> =
        (0..5_u8).map(|number| (vec![number; 10], vec![number; 20])).collect();
    let leaves: Vec<_> = pieces.iter().map(|(signed, evidence)| leaf(signed, evidence)).collect();
    let root = root(&leaves).unwrap();
    let mut tokens = vec![asked(&first, &stamped(&root, &[]), noon())];
    let renewed = noon() + TimeDelta::days(20);
    tokens.push(asked(&second, &stamped(&root, &tokens), renewed));
    let late = noon() + TimeDelta::days(100);
    let hexed = |tokens: &[Vec<u8>]| tokens.iter().map(hex::encode).collect::<Vec<_>>();
    for (at, (signed, evidence)) in pieces.iter().enumerate() {
        let proof = ArchiveProof { way: way(&leaves, at), tokens: hexed(&tokens) };
        let archived = trust.verify_archive(signed, evidence, &proof, late).unwrap();
        assert_eq!((archived.since, archived.timestamps.len()), (noon(), 2));
        assert!(trust.verify_archive(b"other", evidence, &proof, late).is_err());
        assert!(trust.verify_archive(signed, b"other", &proof, late).is_err());
        let alone = ArchiveProof { way: way(&leaves, at), tokens: hexed(&tokens[..1]) };
        assert!(trust.verify_archive(signed, evidence, &alone, renewed).is_ok());
        assert!(trust.verify_archive(signed, evidence, &alone, late).is_err());
        let none = ArchiveProof { way: way(&leaves, at), tokens: Vec::new() };
        assert!(trust.verify_archive(signed, evidence, &none, late).is_err());
        let swapped =
            ArchiveProof { way: way(&leaves, at), tokens: hexed(&[tokens[1].clone(), tokens[0].clone()]) };
        assert!(trust.verify_archive(signed, evidence, &swapped, renewed).is_err());
    }
}

#[test]
fn an_authority_refuses_what_it_cannot_read_and_weak_digests() {
    let nation = Nation::new();
    let authority = authority(&nation, noon(), 30);
    let refused = |request: &[u8]| {
        timestamp_of(&authority.answer_timestamp(request, POLICY, noon()).unwrap()).unwrap().is_none()
    };
    assert!(refused(b"no request"));
    let good = timestamp_request(&[7; 32]).unwrap();
    assert!(!refused(&good));
    let sha1 = hex::decode("301f020101301a300706052b0e03021a0414000000000000000000000000000000000000000000")
        .unwrap();
    assert!(refused(&sha1));
    assert!(refused(&good[..good.len() - 1]));
}

#[test]
fn a_token_of_a_stranger_proves_nothing() {
    let nation = Nation::new();
    let (known, stranger) = (authority(&nation, noon(), 30), authority(&nation, noon(), 30));
    let trust = trust(&nation, &[&known]);
    let at = noon() + TimeDelta::minutes(1);
    assert!(trust.verify_timestamp(b"octets", &asked(&known, b"octets", noon()), at).is_ok());
    assert!(trust.verify_timestamp(b"octets", &asked(&stranger, b"octets", noon()), at).is_err());
    assert!(trust.verify_timestamp(b"others", &asked(&known, b"octets", noon()), at).is_err());
}
